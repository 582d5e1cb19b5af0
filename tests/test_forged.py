"""Forged buttons: whatever data a press carries, nothing is parked, and nothing of others is shown.

Buttons live for ever and their data is in the hands of whoever holds the phone, so every prefix is pressed with
every kind of nonsense, by a member, by one of another county, and by nobody.
"""

import itertools

import pytest
from sqlmodel import col, func, select

from handlers import keys
from storage import arrivals, cards, letters
from storage.cards import Card
from storage.chats import Chat
from storage.draft import Draft
from storage.letters import Letter
from tests.buttons import BUTTONS
from tests.phone import Phone
from tests.world import COUNTY, FAR_VILLAGE, HEADS, VILLAGE, World

SECRET = "屋顶漏雨三处"
"""What the member's team wrote; nobody else may read it."""
HUGE = "999999999999999999999"
NUMBERS = ("x", "²", HUGE, "1")
LISTED = {
    "f": "set say typed flip none last skip done more page ask back edit sum send cancel kind undo use new "
    "idle",
    "m": "page open see photos fix drop", "o": "",
    "r": "page open mend fill do photos heed kept order ledger notice todo",
    "q": "usual back drop export keep kept n o one pick run set tell",
    "w": "s l c d x b n p r u", "wd": "h g s", "lv": "a d n u y x", "dy": "d m f",
    "g": "b u d", "j": "y n", "l": "zh", "h": "v", "p": "stamped pair sheet",
    "i": "r w p u x l b", "il": "template as import leave", "ow": "w", "po": "off",
    "n": "why who show", "d": "show name list", "v": "give yes no", "x": "make cancel",
    "c": "list show yes all no visit print pair homes who ask end over",
}  # fmt: skip
"""The verbs of each prefix, as the modules tell them."""
QUESTIONS = ("village", "household", "team", "purpose", "findings", "photos", "due", "place", "nothing")
VALUES = ("²", HUGE, VILLAGE, FAR_VILLAGE, "1")


@pytest.fixture(scope="module")
def told(world: World) -> World:
    """A world with reports of each sort, drafts and a query, so that small ids mean something."""
    member, supervisor = world.member, world.supervisor
    for phone in (member, world.leader, supervisor, world.outsider):
        phone.says("/start")
        phone.hears("台账")
    world.stranger.says("/start")
    world.stranger.hears("邀请")
    visit(member)
    member.says("/case")
    member.hears("哪一户有困难")
    member.says("/visit")
    member.hears("走访哪一户")
    member.says("/query 屋顶")
    member.hears("查询", timeout=60)
    supervisor.says("/problem")
    supervisor.hears("交给哪个工作队")
    world.outsider.says("/visit")
    world.outsider.hears("走访哪一户")
    world.settled()
    return world


def visit(phone: Phone) -> None:
    phone.says("/visit")
    phone.presses("李大山")
    phone.presses("安全排查")
    phone.says(SECRET)
    phone.presses("✓ 发送")
    phone.hears("ZF-")


def plain() -> list[str]:
    """Every verb of every prefix with every sort of number, and data that no button ever had."""
    short = [
        ":".join(filter(None, (prefix, verb, number)))
        for prefix, verbs in LISTED.items()
        for verb in (verbs.split() or [""])
        for number in NUMBERS
    ]
    odd = ["", ":", "~", "f", "f:", "zz:1", "f:set", "f:set:~1", f"m:page:0~{HUGE}", "m:page:0~²", "q:1:back:~²",
           "f:" + ":" * 60, "\x00", "🙂" * 16, f"f:set:{HUGE}:x", "m:page:-1", f"o:1:{HUGE}", "o:2:1", "h:v:²",
           f"h:v:{FAR_VILLAGE}", "l:", f"g:d:{COUNTY}:{HUGE}", f"g:b:{FAR_VILLAGE}",
           f"g:d:{FAR_VILLAGE}:0", "r:do", "r:fill", "r:heed", "c:homes", f"c:homes:{FAR_VILLAGE}:0", "c:ask:1:1",
           "d:show", "v:give:1:1", "r:do:take_on:1:0", "r:fill:given:1",
           "il:template:pairs", "il:as:1:pairs", "il:import:1:pairs"]  # fmt: skip
    return [*short, *odd]


def deep() -> list[str]:
    """Beyond the verb: where the ids of one thing are used for another."""
    heads = (*(f"q:1:{verb}" for verb in LISTED["q"].split()),
             "q:1:set:time", "q:1:set:place", "q:1:set:state", "q:1:set:x", "q:1:o", "q:1:n", "q:1:pick",
             "q:1:pick:place", "w:s:t1", "w:s:t²", "w:l:t2", f"w:c:{COUNTY}", f"w:s:{COUNTY}", "r:fill:accept",
             "r:do:accept", "r:do:strike_off:1", "i:u:member:1", "i:w:admin", "i:p:admin", "m:open:1",
             "n:show:1:0", "n:show:1:0:check", "n:who:1:0", f"wd:h:{COUNTY}", "wd:g:²", "lv:d:leave", "lv:n:trip",
             "lv:n:leave:2026-11-23", "dy:d", "dy:m", f"w:x:{COUNTY}", "w:b:t1", "w:n:t1", "w:p:t1",
             f"w:r:{COUNTY}:2026-W47", f"w:r:{COUNTY}:2026-W47:visits", "w:r:t1:2026-W47",
             f"w:u:{COUNTY}", "w:u:t1:2026-W47:²")  # fmt: skip
    tails = ("²", HUGE, "0001-W01", "9999-W52", "0001-01-01", "9999-12-31")
    days = [f"w:d:{scope}:{day}:m" for scope in ("t1", COUNTY) for day in ("20261117", "00010101", "x")]
    far = ["q:1:o:ffffffffffffffffffff.1", "q:1:o:5e9d0a1b2c3d4.fffffffffffffffff", "q:1:n:-1.-1"]
    return [*days, *far, *(f"{head}:{tail}" for head, tail in itertools.product(heads, tails))]


def forms(drafts: list[int]) -> list[str]:
    """Every verb on every question of these drafts, and on some they do not have."""
    made = []
    for draft, question in itertools.product(drafts, QUESTIONS):
        made += [f"f:{verb}:{draft}:{question}:{value}" for verb in ("set", "flip") for value in VALUES]
        made += [f"f:{verb}:{draft}:{question}" for verb in ("more", "done", "none", "last", "skip", "typed")]
        made += [f"f:{verb}:{draft}:{question}:{HUGE}" for verb in ("page", "say")]
    return made


def newest_drafts(world: World) -> list[int]:
    """One draft of each of the three who have one."""
    store = world.store()
    with store.reading() as session:
        found = session.exec(select(Draft.person_id, func.max(Draft.id)).group_by(col(Draft.person_id)))
        drafts = [number for _person, number in found if number is not None]
    store.close()
    return drafts


def press_all(world: World, phone: Phone, data: list[str]) -> None:
    """Press forged data on a message of the bot, and wait until the last press was answered."""
    message = next(one for one in reversed(phone.screen()) if one["from"]["id"] != phone.id)
    press = {"user": phone.id, "message_id": message["message_id"], "stale": True}
    pressed = [world.sandbox.post("press", press | {"data": one}) for one in data]
    phone.answered(str(pressed[-1]["callback_query_id"]), timeout=60)


def parked(world: World) -> list[str]:
    store = world.store()
    with store.reading() as session:
        found = [str(one.error) + str(arrivals.body_of(session, one)) for one in arrivals.parked(session)]
    store.close()
    return found


def said_to(world: World, phone: Phone) -> str:
    """Everything that was ever written for that chat, sent or not."""
    store = world.store()
    with store.reading() as session:
        chat = session.exec(select(Chat).where(Chat.telegram_id == phone.id)).one()
        written = session.exec(select(Letter).where(Letter.chat_id == chat.id, col(Letter.card_id).is_(None)))
        shown = session.exec(select(Card).where(Card.chat_id == chat.id))
        said = [str(letters.payload_of(session, one)) for one in written]
        said += [str(cards.wanted_of(session, one)) for one in shown]
    store.close()
    return "\n".join(said)


def test_every_prefix_is_pressed() -> None:
    """The list above is the list that handlers/keys.py tells, and the modules that keep their own."""
    told = {part.strip().split(" ")[0] for part in (keys.__doc__ or "").split("Prefixes:")[1].split(",")}
    assert {one for one in told if len(one) <= 2} | {"i"} == set(LISTED)
    assert set(BUTTONS) == set(LISTED), "what handlers answer to"
    unpressed = {prefix: known - set(LISTED[prefix].split()) for prefix, known in BUTTONS.items()}
    assert not {prefix: verbs for prefix, verbs in unpressed.items() if verbs}


@pytest.mark.fault("forged button")
def test_a_village_of_others_cannot_be_picked_by_forging_its_code(told: World) -> None:
    """Picking it would list the names of its households."""
    phone = told.outsider
    phone.says("/visit")
    card = phone.hears("走访哪一户")
    draft = card["keyboard"][0][0]["data"].split(":")[2]
    for data in (f"f:set:{draft}:village:{VILLAGE}", f"f:last:{draft}:village", f"f:typed:{draft}:village"):
        if "typed" in data:
            phone.says(VILLAGE)
            phone.hears("没有找到")
        press_all(told, phone, [data])
    read = said_to(told, phone)
    assert not [head for head in HEADS if head in read]
    assert phone.sees("远方") is not None, "the village on the card is still one's own"
    phone.presses("取消")


@pytest.mark.fault("forged button")
@pytest.mark.parametrize("who", ["member", "outsider", "stranger", "supervisor"])
def test_forged_data_parks_nothing_and_shows_nothing_of_others(told: World, who: str) -> None:
    phone: Phone = getattr(told, who)
    drafts = newest_drafts(told) if who in ("member", "supervisor") else []
    press_all(told, phone, [*plain(), *deep(), *forms(drafts)])
    assert parked(told) == []
    if who in ("outsider", "stranger"):
        read = said_to(told, phone)
        assert SECRET not in read
        assert not [head for head in HEADS if head in read]
