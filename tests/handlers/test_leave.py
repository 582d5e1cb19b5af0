"""Leave and trips on the phone: one message or four taps, decided by a tap, told back; nobody away is reminded."""

import pytest

from tests.world import World


@pytest.fixture(scope="module", autouse=True)
def greeted(world: World) -> None:
    """A bot cannot begin a private chat: leader and supervisor have written to it."""
    for phone in (world.leader, world.supervisor):
        phone.says("/start")
        phone.hears("周报")


def test_asked_in_one_message_and_granted_by_the_leader(world: World) -> None:
    world.member.says("请假 11-23 2天 家里有事，电话 13812345678")
    card = world.member.hears("请假 11-23—11-24（2 天）：等待同意")
    assert world.member.labels(card) == ["撤回"]
    asked = world.leader.hears("王磊：请假 11-23—11-24（2 天）")
    assert "家里有事" in asked["text"]
    assert "13812345678" not in asked["text"]
    world.leader.presses("同意")
    world.leader.hears("已同意")
    world.member.hears("请假 11-23—11-24（2 天）：已同意")


def test_asked_by_taps(world: World) -> None:
    """Within what a report may cost: four taps at most behind the command."""
    world.member.says("/leave")
    world.member.hears("也可以一句话写完")
    world.member.presses("出差")
    world.member.hears("出差：从哪天起？")
    world.member.presses("明天")
    world.member.hears("出差：11-18 起，一共几天？")
    world.member.presses("1 天")
    world.member.hears("出差 11-18（1 天）：等待同意")
    world.leader.hears("王磊：出差 11-18（1 天）")
    world.leader.presses("不同意")
    world.leader.hears("未同意")
    world.member.hears("出差 11-18（1 天）：未同意")


def test_more_than_three_days_are_for_the_supervisor(world: World) -> None:
    world.member.says("出差 12-1到12-5 省里培训")
    world.member.hears("出差 12-01—12-05（5 天）：等待同意")
    world.supervisor.hears("王磊：出差 12-01—12-05（5 天）")
    world.member.presses("撤回")
    world.member.hears("出差 12-01—12-05（5 天）：已撤回")
    world.supervisor.presses("同意")
    world.sandbox.hears_call("answerCallbackQuery", text="这一条已经办过了：已撤回")


def test_no_signal_is_declared(world: World) -> None:
    world.member.says("没信号 后天 3天")
    world.member.hears("没信号 11-19—11-21（3 天）：已同意")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("请假 家里有事", "没看懂是哪几天"), ("请假 11-23", "已经有请假"), ("出差 明天 99天", "一次最多 60 天")],
)
def test_what_is_wrong_is_said_with_what_to_do(world: World, typed: str, sentence: str) -> None:
    world.member.says(typed)
    world.member.hears(sentence)


def test_not_for_those_who_serve_in_no_team(world: World) -> None:
    world.supervisor.says("/leave")
    world.supervisor.hears("不在您的职责里")
    world.stranger.says("/leave")
    world.stranger.hears("您还没有加入工作队")
