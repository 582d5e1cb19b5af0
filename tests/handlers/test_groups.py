"""Binding a group to a region, inside it, by those who answer for it; strangers are told once a day."""

import pytest

from tests.phone import Json, Phone
from tests.world import World


@pytest.fixture(scope="module")
def group(world: World) -> Json:
    people = (world.admin, world.supervisor, world.leader, world.member, world.stranger, world.outsider)
    return world.sandbox.group("武清管理组", *people, supergroup=True, forum=True, topics=["周报", "日常"])


def open_group(world: World, name: str, group: Json, topic: str | None = None) -> Phone:
    numbers = {str(one["name"]): int(one["id"]) for one in group["topics"]} if topic else {}
    phone: Phone = getattr(world, name).in_group(group, numbers[topic] if topic else None)
    return phone


def listed(world: World) -> str:
    return world.zhucun("group", "list").stdout


def test_a_member_and_a_stranger_are_refused(world: World, group: Json) -> None:
    member = open_group(world, "member", group)
    member.says("/bind")
    member.hears("不在您的职责里", timeout=60)
    stranger = open_group(world, "stranger", group)
    stranger.says("/bind")
    stranger.hears("您还没有加入工作队")
    assert "武清区" not in listed(world)


@pytest.mark.fault("stranger in a group")
def test_a_stranger_is_told_once_a_day_and_only_when_asking_the_bot(world: World, group: Json) -> None:
    stranger = open_group(world, "stranger", group)
    stranger.says("今天天气真好")
    stranger.says("/weekly")
    stranger.says("/bind@zhucun_demo_bot")
    stranger.says("/bind@another_bot")
    world.settled()
    told = [one for one in stranger.screen() if "您还没有加入工作队" in one.get("text", "")]
    assert len(told) == 1
    world.sandbox.clock_to("+1d")
    stranger.says("/weekly")
    stranger.hears("您还没有加入工作队")


def test_an_administrator_binds_by_buttons(world: World, group: Json) -> None:
    admin = open_group(world, "admin", group)
    admin.says("/bind")
    admin.hears("本群是哪个区域的管理组")
    admin.presses("武清区")
    admin.hears("本群已绑定 武清区")
    assert admin.sees("每天 18:00 发简报，每周五 16:00 发周报")
    assert "武清区" in listed(world)


@pytest.mark.fault("press by somebody else")
def test_somebody_else_cannot_press_the_buttons(world: World, group: Json) -> None:
    admin = open_group(world, "admin", group)
    admin.says("/bind")
    card = admin.hears("现在绑定的是 武清区")
    member = open_group(world, "member", group)
    member.presses("解除绑定", card)
    assert "不在您负责的范围内" in member.answered()["text"]
    assert "武清区" in listed(world)


def test_a_topic_has_a_region_of_its_own(world: World, group: Json) -> None:
    supervisor = open_group(world, "supervisor", group, "周报")
    supervisor.says("/bind")
    supervisor.presses("武清区下面的…")
    supervisor.presses("黄庄街道")
    supervisor.hears("本群已绑定 黄庄街道")
    assert "黄庄街道" in listed(world)
    assert "武清区" in listed(world)


@pytest.mark.fault("group became a supergroup")
def test_a_group_that_becomes_a_supergroup_keeps_its_region(world: World) -> None:
    small = world.sandbox.group("黄庄小组", world.admin)
    admin = world.admin.in_group(small)
    admin.says("/bind")
    admin.presses("武清区")
    admin.hears("本群已绑定")
    new = world.sandbox.upgrade(int(small["id"]))
    number = int(new["id"])
    moved = world.admin.in_group(number)
    moved.says("/bind")
    moved.hears("现在绑定的是 武清区")
    world.settled()
    table = listed(world)
    assert str(number) in table
    assert f"{small['id']} " not in table


def test_letting_go(world: World, group: Json) -> None:
    admin = open_group(world, "admin", group)
    admin.says("/unbind")
    admin.hears("已解除绑定")
    admin.says("/unbind")
    admin.hears("本群没有绑定区域")
    admin.says("/weekly")
    admin.hears("本群还没有绑定区域")


def test_in_private_there_is_nothing_to_bind(world: World) -> None:
    world.admin.says("/bind")
    world.admin.hears("请把我加进管理组的群")


def test_the_command_line_binds_too(world: World) -> None:
    done = world.zhucun("group", "bind", "--chat", "-1009", "--topic", "5", "--region", "120114004000")
    assert "已绑定" in done.stdout
    assert "-1009" in listed(world)
    world.zhucun("group", "unbind", "--chat", "-1009", "--topic", "5")
    assert "-1009" not in listed(world)


@pytest.mark.parametrize(
    "arguments",
    [
        ("bind", "--chat", "-1009", "--region", "999999"),
        ("bind", "--chat", "-1009", "--region", "x"),
        ("unbind", "--chat", "-4711"),
    ],
)
def test_the_command_line_says_no_in_one_sentence(world: World, arguments: tuple[str, ...]) -> None:
    done = world.zhucun("group", *arguments, check=False)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
