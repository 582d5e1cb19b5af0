"""Who owes, what was asked of me and what policy mode turned on, on the phone: names where they belong, and nowhere
else."""

import pytest

from tests.world import COUNTY, World


@pytest.fixture(scope="module", autouse=True)
def greeted(world: World) -> None:
    for phone in (world.leader, world.supervisor, world.admin):
        phone.says("/start")
        phone.hears("我的")


def test_a_member_sees_their_own_line_and_the_leader_all(world: World) -> None:
    world.member.says("应办")
    own = world.member.hears("王磊：未到期或不要求")["text"]
    assert own.count("走访") == 1
    world.leader.says("应办")
    text = world.leader.hears("王磊：未到期或不要求")["text"]
    assert text.count("走访") == 3


def test_who_manages_opens_a_team_from_the_totals(world: World) -> None:
    world.supervisor.says("/owe")
    card = world.supervisor.hears("共 3 人：未到期或不要求 3")
    assert "王磊" not in card["text"]
    team = next(label for label in world.supervisor.labels(card) if "队" in label)
    world.supervisor.presses(team)
    world.supervisor.hears("王磊：未到期或不要求，走访")


def test_from_the_week_to_who_owes_and_back(world: World) -> None:
    """The leader has the list by name one tap below the team's week; a group has totals."""
    world.leader.says("周报 本周")
    world.leader.presses("应办")
    world.leader.hears("王磊：未到期或不要求")
    world.leader.presses("周报")
    world.leader.hears("黄庄一队 2026 年第 47 周")
    group = world.sandbox.group("管理组", world.admin, supergroup=True, privacy=False)
    world.zhucun("group", "bind", "--chat", str(group["id"]), "--region", COUNTY)
    managers = world.admin.in_group(group)
    managers.says("/weekly 本周")
    managers.presses("应办")
    assert "王磊" not in managers.hears("共 3 人：未到期或不要求 3")["text"]


def test_what_is_turned_on_is_shown_to_every_member(world: World) -> None:
    world.member.says("政策")
    world.member.hears("现在没有打开的政策开关")
    world.supervisor.says("政策 开 按人排名 2026-12-31 李主任 汛期值守")
    world.supervisor.hears("这条不在您负责的范围内")
    world.admin.says("政策 开 按人排名")
    world.admin.hears("请这样写")
    world.admin.says("政策 开 按人排名 2026-12-31 李主任 汛期值守")
    world.member.hears("打开了“按人排名”")
    world.member.says("政策")
    assert "原因 汛期值守，批准人 李主任，到 2026-12-31 为止" in world.member.hears("政策模式")["text"]
    world.leader.says("应办")
    world.leader.hears("政策开关：原因 汛期值守")
    world.admin.hears("政策模式")
    world.admin.presses("关闭：按人排名")
    world.member.hears("已关闭：按人排名")


def test_what_was_asked_of_me(world: World) -> None:
    world.member.says("减负")
    world.member.hears("一共要了您约")
    world.member.says("减负 走访")
    world.member.hears("位置（可不填）：本程序，自愿，不要求定位")
    world.member.says("减负 飞行")
    world.member.hears("没有叫“飞行”的表")
