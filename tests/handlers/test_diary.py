"""The diary and the days in the village on the phone."""

import time

from tests.phone import Json
from tests.world import World


def document(world: World, timeout: float = 60) -> Json:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = [one for one in world.member.screen() if ".docx" in str(one.get("document", ""))]
        if found:
            return found[-1]
        world.sandbox.calls(after=10**9, wait=0.2)
    raise AssertionError(world.member.picture())


def test_my_day_with_a_line_of_my_own_and_the_month_as_a_file(world: World) -> None:
    world.member.says("日记")
    card = world.member.hears("11月17日 周二")
    assert "想补一句" in card["text"]
    world.member.says("日记 晚上开了院坝会，有事打 13812345678")
    text = world.member.hears("补记：晚上开了院坝会")["text"]
    assert "13812345678" not in text
    world.member.hears("已隐去，带号码的那条消息会从聊天里删掉", ever=True)
    world.member.says("日记 昨天")
    world.member.hears("11月16日 周一")
    world.member.presses("本月文档")
    assert "驻村工作日记 2026-11" in str(document(world))


def test_days_are_counted_and_corrected(world: World) -> None:
    world.member.says("驻村天数")
    card = world.member.hears("2026年11月 驻村天数")
    assert "在村 " in card["text"]
    world.member.says("驻村天数 11-15 在 周日值班")
    world.member.hears("11月15日 周日　在村，工作日（本人更正） 周日值班")
    world.member.says("驻村天数 哪天呢")
    world.member.hears("没看懂要改哪一天")


def test_neither_is_for_those_who_serve_in_no_team(world: World) -> None:
    for command in ("/diary", "/days"):
        world.supervisor.says(command)
        world.supervisor.hears("不在您的职责里")
