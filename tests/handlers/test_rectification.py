"""Rectification as people live it: a problem goes down to the team and comes back mended, through the sandbox
and the real bot. Each test issues its own problem, known by its words."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import col, select

from storage import photos, postings
from storage.kinds.rectification import Rectification
from storage.people import Person, Role
from storage.photo import PhotoState
from storage.report import Report, StepTaken
from tests.drawn import shot
from tests.phone import Phone
from tests.world import CLOCK, World

_drawn = iter(range(1000))


def pictures(count: int) -> list[bytes]:
    """Pictures that nobody has sent before."""
    return [shot(next(_drawn)) for _number in range(count)]


@pytest.fixture(scope="module", autouse=True)
def everybody_is_here(world: World) -> None:
    for name in ("member", "colleague", "leader", "supervisor", "admin", "officer", "outsider"):
        phone = getattr(world, name)
        phone.says("/start")
        phone.hears("走访")


@pytest.fixture(autouse=True)
def counted_anew(world: World) -> Iterator[None]:
    """Phones begin at nothing; a draft left open by a test would take what the next one types."""
    for phone in world.phones.values():
        phone.count.taps = phone.count.typed = phone.count.messages = 0
    yield
    for phone in world.phones.values():
        if any("取消" in phone.labels(one) for one in phone.screen()):
            phone.says("/cancel")
    world.settled(40)


def issue(
    world: World, words: str, by: str = "supervisor", photos_before: int = 0, day: str = "3 个工作日"
) -> str:
    """A problem issued from the phone; its number."""
    phone = getattr(world, by)
    phone.taps_key("交办")
    phone.presses("黄庄一队")
    phone.hears("问题在哪个村")
    phone.presses("村", phone.card())
    phone.hears("发现了什么问题")
    if photos_before:
        phone.sends_photos(pictures(photos_before), caption=words)
    else:
        phone.says(words)
    phone.presses(day)
    phone.hears(f"{photos_before} 张" if photos_before else "有照片直接发过来")
    phone.presses("✓ 发送")
    receipt = phone.hears("已通知工作队")
    return str(receipt["text"]).split("\n")[1].strip()


def complete(world: World, words: str, done: str, by: str = "member", photos_after: int = 0) -> None:
    phone = getattr(world, by)
    notice = phone.hears(words, ever=True)
    phone.presses("去整改", notice)
    phone.hears("做了什么？")
    if photos_after:
        phone.sends_photos(pictures(photos_after))
        phone.hears(f"整改后照片：{photos_after} 张")
    phone.says(done)
    phone.hears(f"做了什么：{done}")
    phone.presses("✓ 发送")
    phone.hears("✓ 已提交验收")


def kept(world: World, number: str) -> dict[str, Any]:
    """The report and its steps as they stand in the database."""
    world.settled(40)
    store = world.store()
    with store.reading() as session:
        report = session.exec(select(Report).where(Report.number == number)).one()
        taken = select(StepTaken).where(StepTaken.report_id == report.id).order_by(col(StepTaken.id))
        steps = list(session.exec(taken))
        found = {
            "state": report.state.value,
            "returned": report.returned,
            "due_at": report.due_at,
            "findings": session.get_one(Rectification, report.id).findings,
            "steps": [(one.step, one.note) for one in steps],
            "photos": [
                (photo.question, [one.id for one in steps].index(photo.step_id) if photo.step_id else None)
                for photo in photos.of_report(session, report)
                if photo.state == PhotoState.KEPT
            ],
        }
    store.close()
    return found


def test_the_whole_way_with_the_fewest_taps(world: World) -> None:
    supervisor, member, admin = world.supervisor, world.member, world.admin
    number = issue(world, "河边垃圾没有清理", photos_before=2)
    assert (supervisor.taps, supervisor.typed, supervisor.messages) == (5, 0, 2)

    notice = member.hears("河边垃圾没有清理")
    assert f"孙涛交办整改 {number}，请整改" in notice["text"]
    assert "期限：11月20日（还有 3 天）" in notice["text"]
    world.settled(40)
    member.presses("去整改", notice)
    album = member.hears(f"整改前照片 {number}")
    assert "photo" in album
    member.hears("做了什么？")
    member.sends_photos(pictures(3), caption="垃圾已清运，立了警示牌")
    member.hears("整改后照片：3 张")
    member.presses("✓ 发送")
    member.hears("✓ 已提交验收")
    assert (member.taps, member.typed, member.messages) == (2, 0, 1)

    asked = supervisor.hears(f"王磊完成整改 {number}，请验收")
    assert "做了什么：垃圾已清运，立了警示牌" in asked["text"]
    assert "整改后照片 3 张" in asked["text"]
    supervisor.count.taps = 0
    supervisor.presses("查看照片", asked)
    assert "photo" in supervisor.hears(f"整改后照片 {number}")
    supervisor.presses("验收", asked)
    assert "可以请周洁办理" in supervisor.hears(f"✓ 已验收 {number}")["text"]

    admin.presses("✓ 已核实，销号", admin.hears(f"孙涛验收了整改 {number}，请核实销号"))
    admin.hears(f"✓ 已销号 {number}")
    member.hears(f"周洁销号 {number}，这件整改办结了")
    found = kept(world, number)
    assert found["state"] == "struck_off"
    assert found["steps"] == [
        ("complete", "垃圾已清运，立了警示牌"),
        ("accept", None),
        ("strike_off", "已核实"),
    ]
    assert found["photos"] == [("before", None)] * 2 + [("after", 0)] * 3
    assert found["due_at"] == datetime.fromisoformat("2026-11-20T23:59:59+08:00")


def test_a_return_reaches_the_member_with_a_one_tap_fix(world: World) -> None:
    number = issue(world, "护栏坏了")
    complete(world, "护栏坏了", "护栏已修", photos_after=1)
    supervisor, member = world.supervisor, world.member
    supervisor.presses("退回", supervisor.hears(f"完成整改 {number}"))
    supervisor.hears("为什么退回")
    supervisor.says("只修了一半，桥头那段也要修")
    supervisor.hears("退回原因：只修了一半")
    supervisor.presses("✓ 发送")
    supervisor.hears("✓ 已退回")
    assert kept(world, number)["returned"] is True

    member.count.taps = member.count.typed = 0
    notice = member.hears(f"孙涛退回整改 {number}")
    assert "退回原因：只修了一半，桥头那段也要修" in notice["text"]
    member.presses("去整改", notice)
    card = member.hears("做了什么：护栏已修")
    assert "退回原因：只修了一半" in card["text"]
    assert "整改后照片：1 张" in card["text"]
    member.sends_photos(pictures(1), caption="桥头也修好了")
    member.hears("整改后照片：2 张")
    member.presses("✓ 发送")
    member.hears("✓ 已提交验收")
    assert (member.taps, member.typed) == (2, 0)
    found = kept(world, number)
    assert (found["state"], found["returned"]) == ("completed", False)
    assert [step for step, _note in found["steps"]] == ["complete", "return", "complete"]
    assert found["steps"][2][1] == "护栏已修\n桥头也修好了"
    assert found["photos"] == [("after", 0), ("after", 2)]


def test_my_open_ones_are_a_list_to_open(world: World) -> None:
    number = issue(world, "路灯不亮", day="7 个工作日", photos_before=1)
    world.settled(40)
    member = world.member
    member.says("整改")
    card = member.hears("等您办理的整改")
    (line,) = [one for one in member.labels(card) if number in one]
    assert line == f"待整改｜{line.split('｜')[1]}｜11月26日（还有 9 天）｜{number}"
    member.presses(number, card)
    assert "photo" in member.hears(f"整改前照片 {number}")
    opened = member.hears("问题：路灯不亮")
    assert "完成整改" in member.labels(opened)
    assert "更正" not in member.labels(opened)  # it is the supervisor's
    member.presses("完成整改", opened)
    member.hears("做了什么？")
    member.says("换了灯泡")
    member.presses("✓ 发送")
    member.hears("✓ 已提交验收")
    assert kept(world, number)["state"] == "completed"


def test_an_overdue_and_a_returned_one_are_marked_in_the_list(fresh_world: World) -> None:
    world = fresh_world
    world.start()
    for name in ("member", "supervisor"):
        getattr(world, name).says("/start")
        getattr(world, name).hears("走访", timeout=60)  # the second bot of this test starts up
    first, second = issue(world, "水渠堵了"), issue(world, "墙要倒了", day="15 个工作日")
    complete(world, "墙要倒了", "拆了")
    supervisor, member = world.supervisor, world.member
    supervisor.presses("退回", supervisor.hears(f"完成整改 {second}"))
    supervisor.presses("还没有整改到位")
    supervisor.presses("✓ 发送")
    supervisor.hears("✓ 已退回")
    world.sandbox.clock_to("+5d")
    member.says("/mend")
    labels = member.labels(member.hears("等您办理的整改，共 2 件"))
    assert labels[0].startswith("待整改｜") and labels[0].endswith(f"｜11月20日（逾期 2 天）｜{first}")  # noqa: PT018 - two ends of one line
    assert labels[1].startswith("退回待改｜")
    assert labels[1].endswith(second)


def test_a_team_is_found_by_a_part_of_its_name_or_village(world: World) -> None:
    supervisor = world.supervisor
    supervisor.says("交办")
    supervisor.hears("交给哪个工作队")
    supervisor.says("没有这个队")
    supervisor.hears("没有找到“没有这个队”")
    supervisor.presses("看全部工作队")
    supervisor.hears("交给哪个工作队")
    supervisor.says("黄庄")
    supervisor.hears("工作队：黄庄一队")
    assert supervisor.sees("蒲圻一队") is None
    labels = supervisor.labels()
    assert len([one for one in labels if one.endswith(("村", "社区"))]) == 2


def test_the_day_may_be_typed_and_a_past_one_is_refused(world: World) -> None:
    supervisor = world.supervisor
    supervisor.says("/problem")
    supervisor.presses("黄庄一队")
    supervisor.hears("问题在哪个村")
    supervisor.presses("村", supervisor.card())
    supervisor.hears("发现了什么问题")
    supervisor.says("门口堆柴草")
    card = supervisor.hears("哪一天前整改完")
    assert [one for one in supervisor.labels(card) if "工作日" in one] == [
        "3 个工作日 11-20", "7 个工作日 11-26", "15 个工作日 12-8",
    ]  # fmt: skip
    supervisor.says("2026-11-01")
    supervisor.hears("日期不能早于今天")
    supervisor.says("12-1")
    supervisor.hears("期限：12月1日")
    supervisor.presses("✓ 发送")
    supervisor.hears("已通知工作队")


@pytest.mark.fault("two people press the same step")
def test_two_people_press_the_same_step(world: World) -> None:
    number = issue(world, "井盖丢了", by="admin")
    complete(world, "井盖丢了", "装好了")
    asked = [phone.hears(f"完成整改 {number}，请验收") for phone in (world.admin, world.supervisor)]
    world.admin.presses("验收", asked[0])
    world.admin.hears(f"✓ 已验收 {number}")
    world.supervisor.presses("验收", asked[1])
    answer = world.supervisor.answered()
    assert answer["text"] == f"{number} 现在是“已验收”，上一步由周洁办理，不用再办了。"
    assert [step for step, _note in kept(world, number)["steps"]] == ["complete", "accept"]


@pytest.mark.fault("two people press the same step")
def test_two_colleagues_mend_the_same_one(world: World) -> None:
    number = issue(world, "标语掉了")
    slower = world.colleague
    slower.presses("去整改", slower.hears("标语掉了"))
    slower.hears("做了什么？")
    slower.says("我来贴")
    slower.hears("做了什么：我来贴")
    complete(world, "标语掉了", "贴好了")
    slower.presses("✓ 发送")
    card = slower.hears("上一步由王磊办理，不用再办了")
    assert "做了什么：我来贴" in card["text"]
    assert [step for step, _note in kept(world, number)["steps"]] == ["complete"]


@pytest.mark.fault("button of an old card")
def test_old_buttons_refuse_politely(world: World) -> None:
    number = issue(world, "沟里有水")
    member, supervisor = world.member, world.supervisor
    notice = member.hears("沟里有水")
    complete(world, number, "抽干了")
    member.presses("去整改", notice)
    assert member.answered()["text"].startswith(f"{number} 现在是“待验收”")
    asked = supervisor.hears(f"完成整改 {number}")
    supervisor.presses("验收", asked)
    supervisor.hears(f"✓ 已验收 {number}")
    supervisor.presses_old("退回", asked)
    supervisor.hears("为什么退回")  # whoever accepted may think again until it is struck off
    supervisor.presses("取消")
    supervisor.presses_old("验收", asked)
    assert supervisor.answered()["text"].startswith(f"{number} 现在是“已验收”")
    supervisor.says("/mend")
    supervisor.presses(number, supervisor.hears("等您办理的整改"))
    assert not [one for one in supervisor.labels(supervisor.hears("问题：沟里有水")) if "销号" in one]


def test_whoever_accepted_is_told_whom_to_ask(world: World) -> None:
    number = issue(world, "树倒了", by="admin")
    complete(world, "树倒了", "锯了")
    asked = world.admin.hears(f"完成整改 {number}")
    world.admin.presses("验收", asked)
    assert "可以请孙涛办理" in world.admin.hears(f"✓ 已验收 {number}")["text"]
    supervisor = world.supervisor
    supervisor.presses("写情况销号", supervisor.hears(f"周洁验收了整改 {number}"))
    supervisor.hears("怎么核实的")
    supervisor.says("今天到现场看过")
    supervisor.presses("✓ 发送")
    supervisor.hears("✓ 已销号")
    assert kept(world, number)["steps"][-1] == ("strike_off", "今天到现场看过")


@pytest.mark.parametrize("name", ["member", "leader", "officer", "outsider"])
def test_only_managers_issue(world: World, name: str) -> None:
    phone = getattr(world, name)
    phone.says("/problem")
    phone.hears("不在您的职责里")
    phone.opens(f"https://t.me/{world.sandbox.state()['bots'][0]['username']}?start=rectification")
    phone.hears("这条不在您负责的范围内")


def test_nobody_outside_sees_or_hears_of_it(world: World) -> None:
    issue(world, "电线垂下来")
    world.settled(40)
    for name, answer in (("officer", "不在您的职责里"), ("outsider", "现在没有等您办理的整改")):
        phone = getattr(world, name)
        assert phone.sees("电线垂下来") is None
        phone.says("整改")
        phone.hears(answer)


@pytest.mark.fault("press by somebody whose posting ended")
def test_a_step_by_somebody_whose_posting_ended_is_refused(world: World) -> None:
    number = issue(world, "台阶塌了")
    colleague = world.colleague
    colleague.presses("去整改", colleague.hears("台阶塌了"))
    colleague.hears("做了什么？")
    colleague.says("补好了")
    colleague.hears("做了什么：补好了")
    store, now = world.store(), datetime.fromisoformat(CLOCK)
    with store.writing() as session:
        person = session.exec(select(Person).where(Person.telegram_id == colleague.id)).one()
        (posting,) = postings.active(session, person.id or 0, now)
        postings.end_posting(session, posting.id or 0, by=None, now=now)
        team = posting.team_id
    colleague.presses("✓ 发送")
    assert "您还没有加入工作队" in colleague.answered()["text"]
    assert kept(world, number)["steps"] == []
    with store.writing() as session:
        postings.post(session, person.id or 0, Role.MEMBER, team_id=team, by=None, now=now)
    store.close()
    colleague.presses("✓ 发送")
    colleague.hears("✓ 已提交验收")
    assert kept(world, number)["steps"] == [("complete", "补好了")]


def test_photos_that_come_after_the_completion_belong_to_it(world: World) -> None:
    number = issue(world, "广告牌歪了")
    complete(world, "广告牌歪了", "扶正了")
    member = world.member
    member.sends_photos(pictures(2))
    member.hears("发送后又收到 2 张，已加进这份报告。")
    assert kept(world, number)["photos"] == [("after", 0)] * 2
    assert member.sees("现场照片") is None


def test_the_issuer_takes_it_back(world: World) -> None:
    number = issue(world, "交办错了")
    supervisor, member = world.supervisor, world.member
    supervisor.presses("撤回")
    supervisor.presses("报重了")
    supervisor.presses("确认撤回")
    supervisor.hears("✓ 已撤回")
    member.hears(f"孙涛撤回了 {number}")
    member.presses("去整改", member.hears("交办错了", ever=True))
    assert member.answered()["text"].startswith(f"{number} 现在是“已撤回”")


def phone_of(world: World, name: str) -> Phone:
    phone: Phone = getattr(world, name)
    return phone


def test_in_a_group_the_form_is_led_into_the_private_chat(world: World) -> None:
    group = world.sandbox.group("管理组", phone_of(world, "supervisor"))
    inside = phone_of(world, "supervisor").in_group(group)
    inside.says("/problem")
    inside.hears("填报请在和我的私聊里进行")


def test_a_visit_that_is_being_filled_in_waits_meanwhile(world: World) -> None:
    issue(world, "门锁坏了")
    member = world.member
    member.presses("走访")
    member.presses("李大山")
    member.presses("政策宣传")
    member.hears("情况怎么样")
    complete(world, "门锁坏了", "换了锁")
    member.presses("继续填写", member.hears("草稿已存：走访", ever=True))
    member.hears("情况怎么样")
    member.says("一切都好")
    member.presses("✓ 发送")
    member.hears("✓ 走访已发送")


def test_a_found_record_has_the_steps_of_whoever_looks(world: World) -> None:
    number = issue(world, "晒场被占")
    complete(world, "晒场被占", "腾出来了")
    supervisor, leader = world.supervisor, world.leader
    for phone, offered in ((supervisor, ["验收", "退回"]), (leader, [])):
        phone.says(f"查询 {number}")
        card = phone.hears("问题：晒场被占")
        assert "腾出来了" in card["text"]
        assert [label for label in phone.labels(card) if label in ("验收", "退回", "完成整改")] == offered
    supervisor.presses("验收")
    supervisor.hears(f"✓ 已验收 {number}")
