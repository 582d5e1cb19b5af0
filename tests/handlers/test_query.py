"""Asking in chat: words, buttons, pages, and records that open with their photos, over the real bot."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from storage import journal, names, reading
from storage.households import Household
from storage.people import Person, Team
from storage.places import Region
from storage.queries import Query
from storage.report import Report, ReportState
from storage.saved import SavedQuery
from tests.drawn import drawn
from tests.handlers.inviting_world import forge
from tests.storage.asking import add_full
from tests.world import CAST, CLOCK, FAR_VILLAGE, VILLAGE, VILLAGE_TWO, World

NOW = datetime.fromisoformat(CLOCK)
DENIED = "不在您负责的范围内"


@pytest.fixture(scope="module")
def asked(world: World) -> World:
    """Twenty visits of 王磊 and two others, one of them withdrawn; one of 郑远 in another county."""
    store = world.store()
    with store.writing() as session:
        wang, here = person(session, "member"), team(session, "黄庄一队")
        home = session.exec(
            select(Household.id).where(Household.village == VILLAGE).order_by(col(Household.id))
        ).first()
        light = {"village": VILLAGE, "household": home, "purposes": ["look"]}
        for number in range(1, 21):
            told, at = light | {"findings": f"路灯坏了第{number}处"}, NOW - timedelta(hours=number)
            add_full(session, "visit", wang, told, team=here, at=at, number=f"ZF-20261116-{number:04d}")
        roof = {"village": VILLAGE_TWO, "household": None, "purposes": ["housing"], "findings": "屋顶漏雨"}
        old = NOW - timedelta(days=40)
        add_full(session, "visit", wang, roof, team=here, at=old, number="ZF-20261008-0001")
        gone = add_full(session, "visit", wang, roof, team=here, at=NOW, number="ZF-20261117-0901")
        gone.state = ReportState.WITHDRAWN
        zheng, there = person(session, "outsider"), team(session, "蒲圻一队")
        far = roof | {"village": FAR_VILLAGE}
        add_full(session, "visit", zheng, far, team=there, at=NOW, number="ZF-20261117-0900")
    store.close()
    return world


def team(session: Session, name: str) -> int:
    found = session.exec(select(Team.id).where(Team.name == name)).one()
    assert found is not None
    return found


def person(session: Session, role: str) -> int:
    found = session.exec(select(Person.id).where(Person.telegram_id == CAST[role][0])).one()
    assert found is not None
    return found


def report_id(world: World, number: str) -> int:
    store = world.store()
    with store.reading() as session:
        found = session.exec(select(Report.id).where(Report.number == number)).one()
    store.close()
    return found or 0


def test_words_find_and_a_number_opens(asked: World) -> None:
    asked.member.says("查询 漏雨 10月")
    heard = asked.member.hears("共 1 份")
    assert "ZF-20261008-0001" in heard["text"]
    assert "2026-10-01 – 10-31" in heard["text"]
    asked.member.says("/query 20261008-0001")
    heard = asked.member.hears("经过")
    assert "屋顶漏雨" in heard["text"]


def test_pages_are_turned_and_a_record_leads_back_to_its_page(asked: World) -> None:
    asked.member.says("/query 路灯")
    heard = asked.member.hears("共 20 份")
    assert "ZF-20261116-0001" in heard["text"]
    assert "李大山" in heard["text"], "his own village in a private chat"
    asked.member.presses("较早")
    asked.member.hears("ZF-20261116-0009")
    asked.member.presses("3", heard)
    asked.member.hears("路灯坏了第11处")
    asked.member.presses("返回列表")
    heard = asked.member.hears("ZF-20261116-0009")
    asked.member.presses("较早")
    asked.member.hears("ZF-20261116-0020")
    asked.member.presses("较新")
    heard = asked.member.hears("ZF-20261116-0009")
    assert "ZF-20261116-0017" not in heard["text"]


def test_one_card_shows_it_all(asked: World) -> None:
    asked.member.says("/query 路灯")
    card = asked.member.hears("共 20 份")
    asked.member.presses("类型", card)
    asked.member.hears("选类型")
    asked.member.presses("走访", card)
    asked.member.hears("路灯坏了第1处")
    asked.member.presses("时间", card)
    asked.member.presses("今天", card)
    heard = asked.member.hears("共 10 份")
    assert heard["message_id"] == card["message_id"]
    asked.member.presses("✕ 路灯", card)
    heard = asked.member.hears("共 10 份")
    assert "“路灯”" not in heard["text"]
    asked.member.presses("状态", card)
    asked.member.presses("已撤回", card)
    heard = asked.member.hears("共 1 份")
    assert "[已撤回]" in heard["text"]


def test_the_usual_questions_without_a_word(asked: World) -> None:
    asked.leader.says("查询")
    asked.leader.hears("查询记录")
    asked.leader.presses("本队本周")
    heard = asked.leader.hears("共 20 份")
    assert "黄庄一队" in heard["text"]
    asked.supervisor.says("/query")
    asked.supervisor.hears("查询记录")
    asked.supervisor.presses("按村")
    card = asked.supervisor.hears("选地点")
    asked.supervisor.presses("黄庄街道", card)
    asked.supervisor.presses("整个黄庄街道", card)
    heard = asked.supervisor.hears("共 21 份")
    assert "李*山" in heard["text"], "a supervisor's list masks the heads"
    assert "李大山" not in heard["text"]


def test_a_heads_name_is_a_household_once_its_village_is_chosen(asked: World) -> None:
    asked.supervisor.says("/query 李大山")
    card = asked.supervisor.hears("“李大山”")
    asked.supervisor.presses("地点", card)
    card = asked.supervisor.hears("选地点")
    asked.supervisor.presses("黄庄街道", card)
    asked.supervisor.presses(spoken(asked), card)
    heard = asked.supervisor.hears(f"查询 {spoken(asked)} · 李*山")
    assert "共 20 份" in heard["text"]
    assert "“李大山”" not in heard["text"], "a household now, not a word"
    asked.supervisor.presses("✕ 李*山", heard)
    asked.supervisor.hears(f"查询 {spoken(asked)}\n共 20 份")


def spoken(world: World) -> str:
    """What the village is called on its button."""
    store = world.store()
    with store.reading() as session:
        name = session.exec(select(Region.name).where(Region.code == VILLAGE)).one()
    store.close()
    return names.spoken(name)


def test_a_query_is_kept_named_told_of_and_dropped(asked: World) -> None:
    asked.leader.says("/query 路灯 黄庄一队")
    card = asked.leader.hears("共 20 份")
    asked.leader.presses("排序", card)
    heard = asked.leader.hears("路灯坏了第20处")
    assert "1. 11-16" in heard["text"], "the oldest first"
    asked.leader.presses("较新", card)
    asked.leader.hears("路灯坏了第12处")
    asked.leader.presses("存为常用", card)
    asked.leader.hears("★ 黄庄一队 · “路灯”")
    asked.leader.presses("每周一", card)
    asked.leader.hears("告诉：每周一早上")
    asked.leader.says("查询 改名 路灯户")
    card = asked.leader.hears("★ 路灯户")
    asked.leader.presses("打开", card)
    asked.leader.hears("共 20 份")
    asked.leader.says("查询")
    panel = asked.leader.hears("查询记录")
    asked.leader.presses("★ 路灯户", panel)
    asked.leader.hears("路灯坏了第20处")
    asked.leader.says("查询")
    panel = asked.leader.hears("查询记录")
    asked.leader.presses("管理常用", panel)
    asked.leader.hears("常用查询，点一个")
    asked.leader.presses("路灯户", panel)
    asked.leader.hears("告诉：每周一早上")
    asked.leader.presses("删除", panel)
    asked.leader.hears("还没有常用查询")
    store = asked.store()
    with store.reading() as session:
        assert session.exec(select(SavedQuery)).all() == []
    store.close()


def test_what_the_screen_shows_is_exported_as_a_file(asked: World) -> None:
    asked.supervisor.says("/query 路灯")
    card = asked.supervisor.hears("共 20 份")
    asked.supervisor.presses("导出", card)
    wish = asked.supervisor.hears("要哪种文件？")
    assert "姓名和号码打码" in wish["text"]
    asked.supervisor.says("查询 理由 县审计局抽查")
    wish = asked.supervisor.hears("不打码，理由：县审计局抽查")
    asked.supervisor.presses("CSV", wish)
    heard = asked.supervisor.hears("✓ 已导出 20 份")
    assert heard["message_id"] == wish["message_id"]
    asked.settled()
    (file,) = [
        one["document"] for one in asked.sandbox.messages(asked.supervisor.chat) if one.get("document")
    ]
    assert "查询结果 " in str(file)
    asked.supervisor.presses("导出", card)
    wish = asked.supervisor.hears("要哪种文件？")
    asked.supervisor.presses("取消", wish)
    asked.supervisor.hears("已取消。要再导出")
    asked.member.says("/query 路灯")
    card = asked.member.hears("共 20 份")
    asked.member.presses("导出", card)
    assert "理由" not in asked.member.hears("要哪种文件？")["text"]
    asked.member.says("查询 理由 想看")
    asked.member.hears("只给队长、督查和管理员")
    asked.outsider.says("/query")
    there = asked.outsider.hears("查询记录")["message_id"]
    for data in ("x:make:1:csv", "x:cancel:1"):
        assert DENIED in forge(asked.outsider, there, data)["text"], data


def test_nobody_presses_the_saved_query_of_others(asked: World) -> None:
    asked.leader.says("/query 路灯")
    card = asked.leader.hears("共 20 份")
    asked.leader.presses("存为常用", card)
    asked.leader.hears("★ “路灯”")
    store = asked.store()
    with store.reading() as session:
        kept = session.exec(select(SavedQuery.id)).one()
    store.close()
    asked.outsider.says("/query")
    there = asked.outsider.hears("查询记录")["message_id"]
    for verb in ("one", "run", "tell", "drop"):
        assert DENIED in forge(asked.outsider, there, f"q:{verb}:{kept}:monday")["text"], verb
    for data in ("q:run:999999", "q:tell:x"):
        assert forge(asked.outsider, there, data)["text"], data


def test_nobody_sees_over_the_border_of_the_territory(asked: World) -> None:
    for phone in (asked.member, asked.leader, asked.supervisor, asked.admin):
        phone.says("/query 漏雨")
        heard = phone.hears("共 1 份")
        assert "ZF-20261117-0900" not in heard["text"]
        phone.says("/query ZF-20261117-0900")
        phone.hears("没有找到")
    asked.officer.says("/query 漏雨")
    asked.officer.hears("没有找到")
    asked.outsider.says("/query 漏雨")
    assert "ZF-20261117-0900" in asked.outsider.hears("共 1 份")["text"]


def test_presses_of_others_and_old_presses_are_refused(asked: World) -> None:
    asked.member.says("/query 路灯")
    card = asked.member.hears("共 20 份")
    store = asked.store()
    with store.reading() as session:
        newest = session.exec(select(Query.id).order_by(col(Query.id).desc())).first()
    store.close()
    foreign = report_id(asked, "ZF-20261117-0900")
    own = report_id(asked, "ZF-20261116-0001")
    asked.leader.says("/query")
    panel = asked.leader.hears("查询记录")["message_id"]
    asked.outsider.says("/query")
    there = asked.outsider.hears("查询记录")["message_id"]
    for phone, message, data, says in (
        (asked.leader, panel, f"q:{newest}:back", DENIED),
        (asked.leader, panel, f"o:{foreign}", DENIED),
        (asked.outsider, there, f"o:{own}", DENIED),
        (asked.member, card["message_id"], "q:999999:back", "过时"),
        (asked.member, card["message_id"], f"q:{newest}:o:nonsense", "过时"),
        (asked.member, card["message_id"], f"q:{newest}:set:kind:lost", "过时"),
        (asked.member, card["message_id"], f"q:{newest}:dance", "过时"),
        (asked.member, card["message_id"], "q:usual:week", "过时"),
        (asked.member, card["message_id"], "o:999999", "过时"),
    ):
        assert says in forge(phone, message, data)["text"], data


def test_strangers_are_told_how_to_join(asked: World) -> None:
    asked.stranger.says("/query 漏雨")
    asked.stranger.hears("还没有加入")


def test_a_record_opens_with_its_photos_and_no_reading_is_noted_where_nothing_was_sealed(
    asked: World,
) -> None:
    asked.member.sends_photos([drawn(size=(120, 80)), drawn(size=(80, 120))], caption="水渠塌了一段")
    asked.member.presses("发送")
    asked.member.hears("已发送")
    asked.settled()
    asked.supervisor.says("/query 水渠")
    card = asked.supervisor.hears("共 1 份")
    asked.supervisor.presses("1", card)
    heard = asked.supervisor.hears("经过")
    assert "水渠塌了一段" in heard["text"]
    asked.settled()
    shown = [one for one in asked.sandbox.messages(asked.supervisor.chat) if one.get("photo")]
    assert len(shown) == 2
    number = shown[0]["caption"]
    store = asked.store()
    with store.reading() as session:
        actions = [line["action"] for line in journal.history(session, f"report:{number}")]
        assert reading.count_upto(session, None, reading.Filter(words="水渠"), everything=True) == 1
    store.close()
    assert actions == ["photo.send"]


def test_in_a_group_a_button_leads_to_the_private_chat(asked: World) -> None:
    group = asked.sandbox.group("管理组", asked.supervisor)
    phone = asked.supervisor.in_group(group)
    phone.says("/query 漏雨")
    heard = phone.hears("私聊")
    assert "ZF-" not in heard["text"]
    phone.presses("私聊查询")
    asked.supervisor.hears("查询记录")


def test_a_deep_link_opens_a_record_of_the_own_territory_only(asked: World) -> None:
    own, foreign = report_id(asked, "ZF-20261008-0001"), report_id(asked, "ZF-20261117-0900")
    bot = asked.sandbox.bot("getMe")["username"]
    asked.supervisor.opens(f"https://t.me/{bot}?start=o_{own}")
    asked.supervisor.hears("屋顶漏雨")
    asked.supervisor.opens(f"https://t.me/{bot}?start=o_{foreign}")
    asked.supervisor.hears(DENIED)
