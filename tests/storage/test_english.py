"""The English of the catalogue on the phone: whoever reads English is not answered in Chinese."""

import re
from collections.abc import Iterable, Iterator

import pytest

from storage import teams
from storage.texts import _, labelled, listed, speaking
from tests.drawn import drawn
from tests.phone import Json, Phone
from tests.world import CAST, COUNTY, HEADS, VILLAGE, VILLAGE_TWO, World

CHINESE = re.compile(r"[\u3001\u3002\u3400-\u9fff\uff00-\uffef]")
"""Ideographs and the punctuation that goes with them."""
TYPED = "屋顶漏雨"
OWN_NAMES = ("中文", "语言")
"""A language is named in itself, for those who are lost in another one."""


@pytest.fixture(scope="module", autouse=True)
def english(world: World) -> None:
    """Member and leader choose it as people do; what they saw before is not counted."""
    for phone in (world.member, world.leader):
        phone.says("/start")
        phone.hears("加密保存")
        phone.says("/language")
        phone.presses("English")
        phone.hears("Language: English")
    world.settled(40)


@pytest.fixture(scope="module")
def names(world: World) -> list[str]:
    """What stays as it is in any language."""
    store = world.store()
    with store.reading() as session:
        places = teams.place_names(session, [VILLAGE, VILLAGE_TWO, COUNTY])
    store.close()
    people = [name for _number, name in CAST.values()]
    heads = [hidden for head in HEADS for hidden in (head, f"{head[0]}*{head[2:]}")]
    return ["黄庄一队", TYPED, *OWN_NAMES, *places, *people, *heads]


def said(messages: Iterable[Json]) -> Iterator[str]:
    """Text, caption and labels of what the bot has on the screen."""
    for one in messages:
        yield str(one.get("text") or one.get("caption") or "")
        yield from (str(button["text"]) for row in one.get("keyboard") or [] for button in row)
        keys = (one.get("reply_keyboard") or {}).get("keyboard", [])
        yield from (str(key["text"]) for row in keys for key in row)


def chinese(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """Texts with Chinese in them besides these names."""
    apart = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    return [text for text in texts if CHINESE.search(apart.sub("", text))]


def heard(phone: Phone, after: int) -> list[Json]:
    """What the bot said since a change of the chat."""
    return [one for one in phone.screen() if one["from"]["id"] != phone.id and one["change"] > after]


def changes(phone: Phone) -> int:
    return max(int(one["change"]) for one in phone.screen())


def visit(phone: Phone) -> Iterator[str]:
    """A visit with photos, wrong input, a correction and a withdrawal; yields what each step put on the
    screen, because the card is edited."""

    def shown(words: str) -> list[str]:
        return list(said([phone.hears(words)]))

    phone.says("/visit")
    yield from shown("Which household?")
    phone.says("nobody of this name, and far too long for one")
    yield from shown("Put under “Findings”")
    phone.presses(HEADS[0])
    yield from shown("What was it about?")
    phone.presses("Housing")
    yield from shown("Purpose: Housing")
    phone.says(TYPED)
    yield from shown(TYPED)
    phone.sends_photos([drawn(size=(90 + number, 60)) for number in range(2)], album=True)
    yield from shown("Photos: 2")
    phone.presses("+ Day")
    yield from shown("On which day was the visit?")
    phone.says("99-99")
    yield from shown("a date such as 11-21")
    phone.presses("Yesterday")
    yield from shown("Day: 11-16")
    phone.presses("✓ Send")
    yield from shown("✓ Visit sent")
    yield from shown("all saved")
    phone.presses("View")
    yield from shown("History")
    phone.presses("Correct")
    yield from shown("Which line?")
    phone.presses("Purpose:")
    yield from shown("What was it about?")
    phone.presses("Done")
    phone.presses("Edit")
    yield from shown("Which line?")
    phone.presses("Findings:")
    phone.says("mended")
    yield from shown("Changes")
    phone.presses("✓ Send correction")
    yield from shown("✓ Corrected")
    phone.presses("Withdraw")
    yield from shown("Why withdraw it?")
    phone.presses("Reported twice")
    phone.presses("Withdraw it")
    yield from shown("✓ Withdrawn")


def test_a_visit_is_english_from_the_first_word_to_the_last(world: World, names: list[str]) -> None:
    before = changes(world.leader)
    words = list(visit(world.member))
    assert chinese(words, names) == []
    world.settled(40)
    told = heard(world.leader, before)
    assert len(told) == 3
    assert chinese(said(told), names) == []


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/help", "Report a visit"),
        ("/start", "stored encrypted"),
        ("/mine", "What I sent"),
        ("/drafts", "No unfinished drafts"),
        ("/mend", "No rectification is waiting"),
        ("/query", "Search the records"),
        ("/query visit", "Search Visit"),
        ("/weekly", "weekly summary 2026-W46"),
        ("/weekly 47", "still open"),
        ("/weekly 2030-W01", "has not begun"),
        ("/village", "Default village"),
        ("/language", "Choose a language"),
        ("/nonsense", "did not get that"),
        ("/problem", "/help"),
        ("/bind", "/help"),
    ],
)
def test_a_command_is_answered_in_english(world: World, names: list[str], typed: str, answer: str) -> None:
    world.member.says(typed)
    assert chinese(said([world.member.hears(answer)]), names) == []


def test_the_chart_has_an_english_title(world: World, names: list[str]) -> None:
    world.leader.says("/weekly 47")
    world.leader.presses("Chart")
    picture = world.leader.hears("2026-W47", timeout=60)
    assert chinese(said([picture]), names) == []


def test_the_menu_of_telegram_is_english(world: World) -> None:
    calls = [
        call for call in world.sandbox.calls("setMyCommands") if str(world.member.id) in str(call["params"])
    ]
    assert chinese([str(calls[-1]["params"]["commands"])], OWN_NAMES) == []
    assert chinese([str(calls[0]["params"]["commands"])], OWN_NAMES) != []


def test_somebody_who_reads_chinese_is_seen_by_the_same_check(world: World, names: list[str]) -> None:
    world.colleague.says("/help")
    world.colleague.hears("记一次走访")
    assert chinese(said(heard(world.colleague, 0)), names) != []


def test_a_colleague_is_told_in_their_own_language(world: World) -> None:
    """What an English reader does reaches the supervisor in Chinese."""
    world.supervisor.says("/start")
    world.supervisor.hears("加密保存")
    world.member.says("/case")
    world.member.presses(HEADS[1])
    for label in ("Low income", "Illness", "All secure", "Urgent"):
        world.member.presses(label)
    world.member.hears("What is the situation?")
    world.member.says(TYPED)
    world.member.presses("✓ Send")
    notice = world.supervisor.hears("【紧急】")
    assert "类别：低收入" in notice["text"]
    assert "Low income" not in notice["text"]


@pytest.mark.parametrize(
    ("language", "several", "line"),
    [("zh", "甲、乙", "村：甲"), ("en", "甲, 乙", "Village: 甲"), ("fr", "甲、乙", "村：甲")],
)
def test_lists_and_lines_are_set_as_the_language_does(language: str, several: str, line: str) -> None:
    with speaking(language):
        assert listed(["甲", "乙"]) == several
        assert labelled(_("村"), "甲") == line
