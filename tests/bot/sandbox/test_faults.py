"""Misbehaviour on request, and Telegram's limits when they are on."""

from __future__ import annotations

import time
import urllib.error
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.limits import Bucket, Limits
from bot.sandbox.world import World
from tests.phone import Phone, Sandbox, SandboxError


@pytest.fixture(autouse=True)
def _peace_afterwards(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.clear_faults()


def send(sandbox: Sandbox, wang: Phone, text: str = "好") -> Any:
    return sandbox.bot("sendMessage", chat_id=wang.id, text=text)


@pytest.mark.parametrize(
    ("kind", "more", "body"),
    [
        ("429", {"retry_after": 9}, {"error_code": 429, "parameters": {"retry_after": 9}}),
        ("500", {}, {"error_code": 500, "description": "Internal Server Error"}),
        ("400", {"description": "Bad Request: x"}, {"error_code": 400, "description": "Bad Request: x"}),
        ("403", {}, {"error_code": 403, "description": "Forbidden: bot was blocked by the user"}),
        ("401", {}, {"error_code": 401, "description": "Unauthorized"}),
    ],
)
def test_an_error_strikes_once_and_nothing_is_sent(
    sandbox: Sandbox, wang: Phone, kind: str, more: dict[str, Any], body: dict[str, Any]
) -> None:
    sandbox.faults(kind, "sendMessage", count=1, **more)
    with pytest.raises(SandboxError) as error:
        send(sandbox, wang, "没有送到")
    assert body.items() <= error.value.body.items()
    assert wang.sees("没有送到") is None
    assert send(sandbox, wang)["message_id"]
    struck = sandbox.calls("sendMessage")[-2]
    assert (struck["ok"], struck["error_code"], struck["warnings"]) == (False, int(kind), [f"fault {kind}"])


def test_each_fault_has_the_share_it_was_given() -> None:
    faults = Faults()
    for kind in ("429", "500", "502", "slow", "reset"):
        faults.add({"kind": kind, "share": 0.1})
    faults.add({"kind": "twice", "share": 1})
    drawn = Counter(fault.kind if (fault := faults.draw("sendMessage", "1")) else "" for _ in range(20_000))
    assert set(drawn) == {"429", "500", "502", "slow", "reset", ""}, "an update's fault strikes no call"
    assert all(1700 < drawn[kind] < 2300 for kind in drawn if kind), drawn
    assert 9400 < drawn[""] < 10_600


def test_an_update_is_given_out_twice(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.faults("twice", "update", count=1)
    wang.says("两次")
    (first,) = [one for one in sandbox.bot("getUpdates") if one.get("message", {}).get("text") == "两次"]
    (again,) = sandbox.bot("getUpdates", offset=first["update_id"] + 1)
    assert again == first
    assert sandbox.bot("getUpdates", offset=first["update_id"] + 1) == []


def test_an_update_comes_late_and_under_a_later_number(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.faults("late", "update", count=1, seconds=0.2)
    assert wang.says("早")["update_id"] is None
    later = wang.says("晚")["update_id"]
    (early,) = sandbox.bot("getUpdates", offset=later + 1, timeout=10)
    assert (early["message"]["text"], early["update_id"] > later) == ("早", True)


@pytest.mark.fault("answer lost after the effect")
def test_an_answer_is_lost_after_a_while(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.faults("timeout", "sendMessage", count=1, after_effect=True, seconds=0.1)
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        send(sandbox, wang, "送到而没有答复")
    assert wang.sees("送到而没有答复")


def test_a_lost_answer_leaves_the_effect(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.faults("reset", "sendMessage", count=1, after_effect=True)
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        send(sandbox, wang, "送到了")
    assert wang.sees("送到了")
    assert sandbox.calls("sendMessage")[-1]["warnings"] == ["fault reset after the effect"]


def test_a_reset_before_the_effect_sends_nothing(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.faults("reset", "sendMessage", count=1)
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        send(sandbox, wang, "没有送到")
    assert wang.sees("没有送到") is None


def test_a_proxy_answers_502_with_a_page(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.faults("502", "sendMessage", count=1)
    with pytest.raises(SandboxError, match="502 Bad Gateway") as error:
        send(sandbox, wang)
    assert error.value.status == 502


def test_a_slow_answer_comes(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.faults("slow", "sendMessage", count=1, seconds=0.3)
    start = time.monotonic()
    assert send(sandbox, wang)["text"] == "好"
    assert time.monotonic() - start >= 0.3


def test_faults_can_be_for_one_chat_or_a_share(sandbox: Sandbox, wang: Phone) -> None:
    li = sandbox.phone("李四")
    li.says("/start")
    sandbox.faults("403", "sendMessage", chat=li.id)
    assert send(sandbox, wang)
    with pytest.raises(SandboxError, match="blocked"):
        send(sandbox, li)
    sandbox.clear_faults()
    sandbox.faults("500", share=0.5)
    outcomes = {bool(attempt(sandbox)) for _ in range(64)}
    assert outcomes == {True, False}


def attempt(sandbox: Sandbox) -> Any:
    try:
        return sandbox.bot("getMe")
    except SandboxError:
        return None


def test_downloads_fail_on_request(sandbox: Sandbox, wang: Phone) -> None:
    wang.sends_file("a.txt", b"a")
    document = sandbox.bot("getUpdates", offset=-1)[0]["message"]["document"]
    path = sandbox.bot("getFile", file_id=document["file_id"])["file_path"]
    sandbox.faults("500", "file", count=1)
    with pytest.raises(urllib.error.HTTPError) as error:
        sandbox.wire.bytes(f"/file/bot{sandbox.token}/{path}")
    error.value.close()
    assert sandbox.wire.bytes(f"/file/bot{sandbox.token}/{path}") == b"a"


def test_a_fault_that_does_not_exist_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="kind"):
        sandbox.faults("418")


def test_limits_let_a_burst_of_three_through(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.limits()
    for _ in range(3):
        send(sandbox, wang)
    with pytest.raises(SandboxError, match="retry after 1"):
        send(sandbox, wang)
    assert sandbox.bot("sendChatAction", chat_id=wang.id, action="typing")
    sandbox.limits(False)
    assert send(sandbox, wang)


def call_to(chat: int, method: str = "sendMessage", **params: Any) -> Call:
    world = World()
    bot = world.bot_for("42:DEMO")
    assert bot is not None
    return Call(world, bot, method, {"chat_id": chat} | params)


def passed(limits: Limits, calls: list[Call]) -> int:
    """How many go before the first 429."""
    for count, call in enumerate(calls):
        try:
            limits.check(call)
        except ApiError:
            return count
    return len(calls)


def test_groups_take_twenty_a_minute_and_the_bot_thirty_a_second() -> None:
    limits = Limits()
    assert passed(limits, [call_to(-5)] * 50) == 50
    limits.switch(True)
    assert passed(limits, [call_to(-5)] * 50) == 20
    limits.switch(True)
    assert 30 <= passed(limits, [call_to(chat) for chat in range(1, 60)]) <= 33


def test_edits_and_sends_share_a_budget_and_albums_cost_their_parts() -> None:
    limits = Limits()
    limits.switch(True)
    both = [call_to(7), call_to(7, "editMessageText"), call_to(7), call_to(7, "editMessageText")]
    assert passed(limits, both) == 3
    album = call_to(-5, "sendMediaGroup", media=[{}] * 8)
    assert passed(limits, [album] * 4) == 2
    assert passed(limits, [call_to(7, "answerCallbackQuery")] * 9) == 9


def test_a_bucket_fills_with_time() -> None:
    bucket = Bucket(rate=1.0, most=3.0, level=0.0, at=100.0)
    assert bucket.wait(100.0, 1.0) == 1.0
    assert bucket.wait(100.5, 1.0) == 0.5
    assert bucket.wait(200.0, 3.0) == 0.0
    assert bucket.level == 3.0
