"""Plain words become a filter, for each person with the names of their own territory."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from storage import household_list, journal, reading
from storage.identity import Actor
from storage.kinds import KINDS
from storage.people import Team
from storage.reading import LIVE, UNFINISHED, Filter
from storage.refusals import Refusal
from storage.report import ReportState
from storage.sealing import keyring
from storage.understanding import LATE, kind_called, number_in, understand
from tests.storage.asking import NOW, PLACES, County, new_store, settle


def in_october(asked: Filter, said: str = "上月") -> Filter:
    """Sent in October of the county's zone, and not withdrawn."""
    since, until = datetime(2026, 9, 30, 16, 0, tzinfo=UTC), datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
    return replace(asked, since=since, until=until, states=LIVE, period=said)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, County]]:
    store = new_store(str(tmp_path_factory.mktemp("understanding") / "z.db"))
    with store.writing() as session:
        county = settle(session)
        session.add(Team(name="四队驻村工作队", region="120114001"))
        session.flush()
        yield session, county
    store.close()


def ask(world: tuple[Session, County], name: str, text: str) -> Filter:
    session, county = world
    return understand(session, county.actor(session, name), text, NOW)


def test_the_usual_question(world: tuple[Session, County]) -> None:
    asked = ask(world, "周正", "屋顶 漏雨 大桃园 上月")
    assert asked == in_october(Filter(places=(PLACES[0],), words="屋顶 漏雨"))


def test_known_things_need_no_spaces_between_them(world: tuple[Session, County]) -> None:
    asked = ask(world, "周正", "大桃园村上月走访")
    assert asked == in_october(Filter(kind="visit", places=(PLACES[0],)))
    assert ask(world, "周正", "大桃园屋顶漏雨").words == "屋顶漏雨"


@pytest.mark.parametrize("name", ["大桃园", "大桃园村", "大桃园村委会"])
def test_a_village_by_any_of_its_names(world: tuple[Session, County], name: str) -> None:
    assert ask(world, "孙丽", name) == Filter(places=(PLACES[0],), states=LIVE)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("碧溪园", PLACES[3]),
        ("碧溪园社区", PLACES[3]),
        ("梅厂镇", "120114101"),
        ("梅厂", "120114101"),
        ("武清", "120114"),
    ],
)
def test_communities_towns_and_counties(world: tuple[Session, County], name: str, code: str) -> None:
    assert ask(world, "周正", name).places == (code,)


def test_one_name_of_two_villages(world: tuple[Session, County]) -> None:
    both = PLACES[1], PLACES[2]
    assert ask(world, "周正", "刘庄").places == both
    assert ask(world, "周正", "梅厂镇 刘庄").places == (PLACES[2],)
    assert ask(world, "周正", "刘庄梅厂镇").places == (PLACES[2],)
    assert ask(world, "赵建国", "刘庄").places == (PLACES[2],), "own villages come first"
    assert ask(world, "孙丽", "刘庄").places == (PLACES[1],), "the other lies outside her territory"


def test_places_outside_the_territory_are_words(world: tuple[Session, County]) -> None:
    asked = ask(world, "王爱民", "碧溪园")
    assert (asked.places, asked.words) == ((), "碧溪园")


def test_a_member_may_name_the_town_around(world: tuple[Session, County]) -> None:
    assert ask(world, "王爱民", "杨村街道").places == ("120114001",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("走访", Filter(kind="visit", states=LIVE)),
        ("照片", Filter(kind="photo", states=LIVE)),
        ("困难", Filter(kind="hardship", states=LIVE)),
        ("未办结困难", Filter(kind="hardship", states=UNFINISHED)),
        ("超期困难", Filter(kind="hardship", due_before=NOW, states=LATE)),
        ("公示中", Filter(states=(ReportState.PUBLISHED,))),
        ("待鉴定", Filter(states=(ReportState.REPORTED,))),
        ("撤回原因", Filter(words="撤回原因", states=LIVE)),
        ("未办结 困难", Filter(kind="hardship", states=UNFINISHED)),
        ("已撤回", Filter(states=(ReportState.WITHDRAWN,))),
        ("超期", Filter(due_before=NOW, states=LATE)),
        ("0042", Filter(number="-0042")),
        ("zf-20261121-0042", Filter(number="ZF-20261121-0042")),
        ("ZF202611210042", Filter(number="ZF-20261121-0042")),
        ("20261121-42", Filter(number="-20261121-0042")),
        ("生活困难", Filter(words="生活困难", states=LIVE)),
        ("", Filter(states=LIVE)),
        ("  ，。 ", Filter(states=LIVE)),
    ],
)
def test_kinds_states_and_numbers(world: tuple[Session, County], text: str, expected: Filter) -> None:
    assert ask(world, "周正", text) == expected


def test_people_of_the_own_territory_by_their_exact_name(world: tuple[Session, County]) -> None:
    _session, county = world
    wang = county.people["王爱民"]
    assert ask(world, "孙丽", "王爱民") == Filter(authors=(wang,), states=LIVE)
    assert ask(world, "李明", "王爱民").authors == (wang,)
    assert ask(world, "李明", "郑强").authors == (county.people["郑强"],), (
        "his old reports are still asked for"
    )
    assert ask(world, "李明", "赵建国") == Filter(words="赵建国", states=LIVE)
    assert ask(world, "孙丽", "王爱").authors == ()
    assert ask(world, "王爱民", "我的").authors == (wang,)


def test_teams_by_name(world: tuple[Session, County]) -> None:
    _session, county = world
    assert ask(world, "孙丽", "一队").team_id == county.teams["一队"]
    assert ask(world, "孙丽", "四队").team_id is not None
    assert ask(world, "孙丽", "二队") == Filter(words="二队", states=LIVE)
    assert ask(world, "李明", "本队").team_id == county.teams["一队"]
    assert ask(world, "周正", "本队").words == "本队"


def test_an_officer_names_nobody(world: tuple[Session, County]) -> None:
    assert ask(world, "吴敏", "王爱民").words == "王爱民"


def test_words_of_kinds_and_numbers_alone() -> None:
    assert kind_called("visit") == "visit"
    assert kind_called("Case") == "hardship"
    assert kind_called("漏雨") == ""
    assert number_in("12") == ""
    assert number_in("ZF-2026-0042") == ""


def test_asking_opens_no_second_period(world: tuple[Session, County]) -> None:
    asked = ask(world, "周正", "10月 上周")
    assert asked == in_october(Filter(words="上周"), "10月")


def test_actors_are_those_of_the_county(world: tuple[Session, County]) -> None:
    session, county = world
    assert isinstance(county.actor(session, "周正"), Actor)


@pytest.fixture(scope="module")
def homes(world: tuple[Session, County]) -> dict[str, int]:
    """One 李大山 in each of two villages, one of them with a phone and a card."""
    session, _county = world
    near, household = (
        household_list.add(session, village, "李大山", by=None, now=NOW) for village in (PLACES[0], PLACES[2])
    )
    ring, phone = keyring(session), "13812345678"
    household.phone = ring.seal("household.phone", household.uid, phone)
    household.phone_index = ring.indexes("household.phone", phone)[0]
    session.flush()
    return {PLACES[0]: near.id or 0, PLACES[2]: household.id or 0}


def test_a_heads_name_is_found_in_the_village_that_is_asked_for(
    world: tuple[Session, County], homes: dict[str, int]
) -> None:
    assert ask(world, "王爱民", "李大山").households == (homes[PLACES[0]],), "of one's own village"
    assert ask(world, "周正", "李大山") == Filter(words="李大山", states=LIVE), (
        "no county is opened for a name"
    )
    found = ask(world, "周正", "大桃园 李大山 漏雨")
    assert (found.households, found.words) == ((homes[PLACES[0]],), "漏雨")
    assert ask(world, "王爱民", "李大").households == (), "the whole name"
    assert ask(world, "吴敏", "大桃园 李大山").households == (), "an officer knows no household"


def test_a_household_by_its_number_in_the_whole_territory(
    world: tuple[Session, County], homes: dict[str, int]
) -> None:
    for name, expected in {"周正": (homes[PLACES[2]],), "赵建国": (homes[PLACES[2]],), "王爱民": ()}.items():
        assert ask(world, name, "13812345678").households == expected, name
    session, _county = world
    assert journal.history(session, f"household:{homes[PLACES[2]]}")[-1]["reason"] == "search"


@pytest.mark.fault("question of signs only")
@pytest.mark.parametrize("text", ["🏠🔥", "\"'", '" ( ) * ^ - : %', "';--", "\u202e\u202e", "（）“”！"])
def test_signs_alone_find_nothing_and_say_so(world: tuple[Session, County], text: str) -> None:
    with pytest.raises(Refusal) as refused:
        ask(world, "周正", text)
    assert "没有能查的字词" in refused.value.sentence


@pytest.mark.fault("question of operators and SQL")
@pytest.mark.parametrize(
    "text",
    ["NOT AND OR", "' OR 1=1; DROP TABLE report; --", "words:屋 NEAR(屋 顶)", "屋*", '"屋', "\0屋", "% _"],
)
def test_no_word_is_an_order(world: tuple[Session, County], text: str) -> None:
    session, county = world
    with suppress(Refusal):
        asked = ask(world, "周正", text)
        assert reading.page(session, county.actor(session, "周正"), asked).rows == []
    assert reading.count_upto(session, None, Filter(), everything=True) == 0


@pytest.mark.fault("question of 4,096 characters")
@pytest.mark.parametrize(
    "text", ["屋" * 4096, "屋顶漏雨" * 1024, "a" * 4096, "屋顶a1" * 1024, "13" * 2048, "🏠屋" * 2048]
)
def test_a_very_long_word_is_looked_up_like_any_other(world: tuple[Session, County], text: str) -> None:
    session, county = world
    assert reading.page(session, county.actor(session, "周正"), ask(world, "周正", text)).rows == []


@pytest.mark.fault("question of 4,096 characters")
def test_many_words_are_refused_at_once(world: tuple[Session, County]) -> None:
    with pytest.raises(Refusal) as refused:
        ask(world, "周正", "屋顶 " * 1365)
    assert "词太多了（1365 个）" in refused.value.sentence


def test_what_is_not_closed_is_unfinished_in_every_life() -> None:
    lives = [kind.life for kind in KINDS.values() if kind.life is not None]
    assert {state for life in lives for state in life.live} == set(UNFINISHED)
    assert not {ReportState.SENT, ReportState.STRUCK_OFF, ReportState.PASSED, ReportState.NOT_TRUE} & set(
        UNFINISHED
    )
    assert {ReportState.VERIFIED, ReportState.DANGEROUS, ReportState.ISSUED} < set(LATE)
    assert not {ReportState.COMPLETED, ReportState.ACCEPTED} & set(LATE)
