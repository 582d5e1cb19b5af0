"""What people send by mistake or on purpose, through the running bot: each has its answer and loses nothing."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from storage import arrivals, cards, invitations, letters, photo_faults, postings
from storage.cards import Card
from storage.kinds import KINDS
from storage.people import Person, Posting, Role
from tests.drawn import drawn, lying, shot
from tests.phone import Json, Phone
from tests.world import CLOCK, World
from tests.world import world as make_world

NASTY = (
    "字" * 4096,
    "🧑‍🌾👨‍👩‍👧‍👦" * 200,
    "\u202eשלום ‏مرحبا\u202c\u2066x",
    "a\x00b\x07\x1b[31m",
    "\x00\u200b\u202e",
    "１２３４５６７８９０",
    "９９９９９９９９９９９９９９９９９９９９９",
    "-1",
    "<b>&lt;script&gt;</i>" * 100,
    "&" * 4000,
    '=HYPERLINK("http://x","y")',
    "%s {0} {name} \\ \" ' ; DROP TABLE report; --",
    "*" * 300 + " OR NEAR(^",
    "/走访 /visit@zhucun_demo_bot",
    "30-02-99",
    "第99999999999周",
    " \n\n\t ",
)
"""Long, invisible, turned around, markup, formulas, queries, numbers beyond all bounds."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """As usual, but nobody waits for Telegram's limits."""
    with make_world(tmp_path_factory.mktemp("world") / "data", started=False) as made:
        made.extra["ZHUCUN_SEND_RATE"] = "3000"
        made.start()
        made.ready()
        made.leader.says("/start")
        made.leader.hears("台账")
        yield made


def parked(world: World) -> list[str]:
    """What was put aside on the way in or out, with why."""
    store = world.store()
    with store.reading() as session:
        found = [f"{one.error} {arrivals.body_of(session, one)}" for one in arrivals.parked(session)]
        for one in letters.parked(session):
            card = session.get(Card, one.card_id) if one.card_id else None
            said = cards.wanted_of(session, card) if card else letters.payload_of(session, one)
            found.append(f"{one.error} {said}")
    store.close()
    return found


def say(phone: Phone, text: str) -> None:
    """Type something, unless it is nothing that a phone would send."""
    if text.strip():
        phone.says(text)


def draft_of(card: Json) -> int:
    return next(int(button["data"].split(":")[2]) for row in card["keyboard"] for button in row)


@pytest.mark.fault("strange text")
@pytest.mark.parametrize(
    ("who", "form", "asked"), [("colleague", "visit", "哪一户"), ("colleague", "hardship", "哪一户"),
                               ("colleague", "photo", "请发照片"), ("supervisor", "rectification", "哪个工作队")]
)  # fmt: skip
def test_strange_texts_at_every_question_of_a_form(world: World, who: str, form: str, asked: str) -> None:
    """Whatever is typed at whatever question, the card stays, and nothing is put aside on the way in or out."""
    phone: Phone = getattr(world, who)
    phone.says(f"/{KINDS[form].command}")
    card = phone.hears(asked)
    draft = draft_of(card)
    press = {"user": phone.id, "message_id": card["message_id"], "stale": True}
    for question in KINDS[form].asks:
        for text in NASTY:
            world.sandbox.post("press", press | {"data": f"f:ask:{draft}:{question}"})
            say(phone, text)
    world.settled(60)
    assert parked(world) == []
    phone.says("/drafts")
    phone.hears("没写完的草稿")
    phone.says("/cancel")
    phone.hears("已取消")


@pytest.mark.fault("strange text")
def test_strange_words_behind_every_command_and_alone(world: World) -> None:
    phone = world.supervisor
    for text in NASTY:
        for command in (
            "/query",
            "/weekly",
            "/visit",
            "周报",
            "/digest",
            "/start",
            "查询",
            "/mine",
            "/problem",
            "",
        ):
            say(phone, f"{command} {text}"[:4096])
        phone.says("/cancel")
    world.settled(60)
    assert parked(world) == []
    phone.says("/help")
    phone.hears("怎么用")


@pytest.mark.fault("strange text")
def test_strange_names_at_the_door(world: World) -> None:
    store = world.store()
    with store.writing() as session:
        leader = session.exec(select(Posting).where(Posting.role == Role.LEADER)).one()
        token = invitations.make(
            session, Role.MEMBER, team_id=leader.team_id, region=None, uses=5, valid=timedelta(days=7),
            by=leader.person_id, now=datetime.fromisoformat(CLOCK),
        )  # fmt: skip
    store.close()
    phone = world.sandbox.phone("\u202e<i>&", user_id=1950)
    phone.says(f"/start {token}")
    phone.hears("您被邀请加入")
    for text in ("\x00\u200b", "&" * 4000, "字" * 41, "１２３", "🧑‍🌾"):
        phone.says(text)
    phone.hears("姓名")
    phone.says("马\u202e<b>\x00&丽")
    phone.hears("欢迎，马<b>&丽！")
    world.settled()
    assert parked(world) == []


@pytest.mark.fault("strange text")
def test_the_longest_texts_go_all_the_way(world: World) -> None:
    """A message of 4,096 characters in each text of a rectification: every letter and every card still fits."""
    phone, supervisor, words = world.member, world.supervisor, "&" * 4096
    phone.says("/start")
    phone.hears("台账")
    supervisor.says("/problem")
    supervisor.presses("黄庄一队", supervisor.hears("哪个工作队"))
    supervisor.presses("老米店", supervisor.hears("哪个村"))
    supervisor.hears("发现了什么问题")
    supervisor.says(words)
    supervisor.presses("3 个工作日", supervisor.hears("哪一天前"))
    supervisor.presses("✓ 发送", supervisor.hears("问题：&&&"))
    number = supervisor.hears("已通知工作队")["text"].split("\n")[1].strip()
    phone.presses("去整改", phone.hears(f"交办整改 {number}", ever=True))
    phone.hears("做了什么？")
    phone.says(words)
    phone.presses("✓ 发送", phone.hears("做了什么：&&&"))
    supervisor.presses("退回", supervisor.hears(f"完成整改 {number}", ever=True))
    supervisor.hears("为什么退回")
    supervisor.says(words)
    supervisor.presses("✓ 发送", supervisor.hears("退回原因：&&&"))
    phone.hears("退回", ever=True)
    for one in (phone, supervisor):
        one.says(f"/query {number}")
        one.hears("&&&")
    phone.says("/mend")
    phone.hears("等您办理的整改")
    world.settled(40)
    assert parked(world) == []


@pytest.mark.fault("HTML and formulas in names")
def test_markup_and_formulas_are_shown_and_exported_as_they_were_typed(world: World) -> None:
    """In the name of a household and of a group, and in the text of a record: receipt, notice, list, record, csv."""
    phone, admin, words = world.member, world.admin, "=1+1<b>&lt;" + "<i>&" * 1000
    phone.says("/visit")
    phone.hears("哪一户")
    phone.says("<u>=1</u>李")
    phone.presses("新增")
    phone.presses("安全排查")
    phone.says(words)
    phone.hears("情况：=1+1<b>&lt;<i>&")
    phone.presses("✓ 发送")
    number = phone.hears("<u>=1</u>李")["text"].split("\n")[1]
    world.leader.hears("=1+1<b>&lt;", ever=True)
    phone.says("/mine")
    phone.presses("走访", phone.hears("我报过的"))
    phone.hears("户：<u>=1</u>李")
    phone.says(f"/query {number}")
    phone.hears("=1+1<b>&lt;")
    here = admin.in_group(world.sandbox.group("<b>=组</b>&", admin))
    here.says("/bind")
    here.presses("武清区")
    here.hears("本群已绑定")
    assert "<b>=组</b>&" in world.zhucun("group", "list").stdout
    lines = world.zhucun("reports", "list", "--format", "csv").stdout
    (row,) = [row for row in csv.reader(io.StringIO(lines)) if number in row]
    assert any(words in cell for cell in row)
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    world.settled()
    assert parked(world) == []


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        pytest.param("半张.jpg", drawn(size=(640, 480))[:2000], photo_faults.DAMAGED,
                     marks=pytest.mark.fault("damaged photo")),
        pytest.param("炸弹.png", lying((20_000, 20_000)), photo_faults.TOO_MANY_PIXELS,
                     marks=pytest.mark.fault("picture bomb")),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_shown_is_named_and_the_rest_is_sent(
    world: World, name: str, data: bytes, sentence: str
) -> None:
    phone = world.colleague
    good = shot(len(data))
    phone.sends_photos([("好.jpg", good), (name, data)], as_files=True, caption="村口积水")
    phone.hears(f"照片文件“{name}”没有存下")
    assert phone.sees(sentence.split("，")[0]) is not None
    phone.presses("✓ 发送")
    number = phone.hears("ZP-")["text"].split("\n")[1]
    world.settled(40)
    found = world.zhucun("reports", "list", "--format", "json").stdout.splitlines()
    (record,) = [one for one in map(json.loads, found) if one["number"] == number]
    kept = [one["sha256"] for one in record["photos"] if one["state"] == "kept"]
    assert kept == [hashlib.sha256(good).hexdigest()]


@pytest.mark.fault("photo gone at Telegram")
def test_a_photo_that_telegram_cannot_give_is_asked_for_again(world: World) -> None:
    phone = world.colleague
    world.sandbox.faults("400", "getFile", description="Bad Request: invalid file_id", count=1)
    phone.sends_photos(shot(333), album=False, caption="路灯不亮")
    phone.hears("Telegram 已经给不出这张照片了")
    phone.sends_photos(shot(333), album=False)
    phone.hears("照片：1 张")
    phone.presses("✓ 发送")
    phone.hears("1 张，已全部保存")


@pytest.mark.fault("forged or expired invitation")
def test_a_made_up_invitation_is_refused_in_one_sentence(world: World) -> None:
    for token in ("x", "A" * 64, "o_1", "o_²", "visit", "query"):
        world.stranger.says(f"/start {token}")
    world.stranger.hears("邀请链接")
    world.settled()
    assert parked(world) == []


@pytest.mark.fault("press by somebody whose posting ended")
def test_whoever_left_the_team_presses_in_vain_and_the_draft_stays(world: World) -> None:
    phone = world.outsider
    phone.says("/visit")
    phone.presses("不入户", phone.hears("哪一户"))
    phone.presses("安全排查")
    phone.says("门锁损坏")
    phone.hears("情况：门锁损坏")
    store = world.store()
    with store.writing() as session:
        person = session.exec(select(Person).where(Person.telegram_id == phone.id)).one()
        (post,) = session.exec(select(Posting).where(Posting.person_id == person.id))
        postings.end_posting(session, post.id or 0, by=None, now=datetime.fromisoformat(CLOCK))
    store.close()
    phone.presses("✓ 发送")
    assert "您还没有加入工作队" in phone.answered()["text"]
    world.settled()
    assert phone.sees("ZF-") is None
    assert phone.sees("情况：门锁损坏") is not None
    assert "门锁损坏" not in world.zhucun("reports", "list", "--format", "json").stdout
