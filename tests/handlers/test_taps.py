"""What a report costs: taps and messages from a chat where nothing is open, counted by the sandbox's phone. The limits
are the policy's (4 taps and 1 typed message for a visit with photos, 1 message and 1 tap for a photo report); what has
no limit of its own keeps to that of a visit."""

from collections.abc import Callable
from statistics import median

import pytest

from tests.drawn import shot
from tests.phone import Phone
from tests.world import World

Cost = tuple[int, int]
"""Taps, and messages (an album is one)."""


@pytest.fixture(scope="module", autouse=True)
def greeted(world: World) -> None:
    for phone in (world.member, world.leader, world.supervisor):
        phone.says("/start")
        phone.hears("我的")


def cost(phone: Phone, *ways: Callable[[], None]) -> Cost:
    """The median of these ways, each from a chat where nothing is open."""
    taps, messages = [], []
    for way in ways:
        phone.count.taps = phone.count.messages = 0
        way()
        taps.append(phone.count.taps)
        messages.append(phone.count.messages)
    return int(median(taps)), int(median(messages))


def visit(phone: Phone, head: str, pictures: int) -> Callable[[], None]:
    """By the key below the message field, whose word is a message of Telegram's own making."""

    def way() -> None:
        phone.taps_key("走访")
        phone.presses(head)
        phone.presses("安全排查")
        phone.hears("情况怎么样")
        if pictures:
            phone.sends_photos(
                [shot(800 + pictures * 10 + number) for number in range(pictures)], caption=f"{head}家里安全"
            )
        else:
            phone.says(f"{head}家里安全")
        phone.presses("✓ 发送")
        phone.hears("✓ 走访已发送")
        phone.count.messages -= 1  # the key's word

    return way


def test_a_visit(world: World) -> None:
    phone = world.member
    ways = visit(phone, "李大山", 0), visit(phone, "王秀英", 2), visit(phone, "张铁柱", 3)
    assert cost(phone, *ways) == (4, 1)


def photo(phone: Phone, number: int) -> Callable[[], None]:
    def way() -> None:
        phone.sends_photos([shot(900 + number)], caption=f"村口第{number}处已清理")
        phone.presses("发送")
        phone.hears(f"第{number}处已清理")
        phone.hears("✓ 现场照片已发送")

    return way


def test_a_photo_report(world: World) -> None:
    assert cost(world.member, *(photo(world.member, number) for number in (1, 2, 3))) == (1, 1)


def test_leave(world: World) -> None:
    phone = world.member

    def by_one_message() -> None:
        phone.says("请假 12-1 2天 家里有事")
        phone.hears("请假 12-01—12-02（2 天）：等待同意")

    def by_buttons() -> None:
        phone.says("出差")
        phone.presses("明天")
        phone.presses("1 天")
        phone.hears("（1 天）：等待同意")

    def declared() -> None:
        phone.says("没信号 12-7 3天")
        phone.hears("没信号 12-07—12-09（3 天）：已同意")

    assert cost(phone, by_one_message, by_buttons, declared) == (0, 1)


def issued(world: World, words: str) -> None:
    """A problem of this team, mended once and returned."""
    supervisor, member = world.supervisor, world.member
    supervisor.taps_key("交办")
    supervisor.presses("黄庄一队")
    supervisor.presses("村", supervisor.hears("问题在哪个村"))
    supervisor.hears("发现了什么问题")
    supervisor.says(words)
    supervisor.presses("3 个工作日")
    supervisor.presses("✓ 发送")
    supervisor.hears("已通知工作队")
    member.presses("去整改", member.hears(words, ever=True))
    member.hears("做了什么？")
    member.says(f"{words}：办了")
    member.presses("✓ 发送")
    member.hears("✓ 已提交验收")
    supervisor.presses("退回", supervisor.hears(f"{words}：办了"))
    supervisor.presses("还没有整改到位")
    supervisor.presses("✓ 发送")
    supervisor.hears("✓ 已退回")


def test_a_returned_rectification(world: World) -> None:
    phone, words = world.member, "路边护栏倒了"
    issued(world, words)

    def mended() -> None:
        phone.presses("去整改", phone.hears("孙涛退回整改"))
        phone.hears(f"做了什么：{words}：办了")
        phone.sends_photos([shot(950)], caption="护栏扶正，又加固了")
        phone.presses("✓ 发送", phone.hears("护栏扶正，又加固了"))
        phone.hears("✓ 已提交验收")

    assert cost(phone, mended) == (2, 1)
