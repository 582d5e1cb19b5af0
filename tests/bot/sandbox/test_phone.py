"""The phone that tests hold: it waits, finds buttons, counts, and shows its screen when it waited in vain."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.phone import Phone, Sandbox, SandboxError

VISIT = {
    "inline_keyboard": [
        [{"text": "走访 ✎", "callback_data": "visit"}, {"text": "照片", "callback_data": "p"}]
    ]
}


def soon(sandbox: Sandbox, method: str, **params: Any) -> threading.Timer:
    """Let the bot call a method a little later, from another thread."""
    timer = threading.Timer(0.2, lambda: sandbox.bot(method, **params))
    timer.start()
    return timer


def test_it_hears_what_comes_later(sandbox: Sandbox, wang: Phone) -> None:
    timer = soon(sandbox, "sendMessage", chat_id=wang.id, text="欢迎，王五")
    assert wang.hears("欢迎")["text"] == "欢迎，王五"
    timer.join()


def test_it_hears_a_state_once_for_the_same_words(sandbox: Sandbox, wang: Phone) -> None:
    said = sandbox.bot("sendMessage", chat_id=wang.id, text="照片 1 张")
    wang.hears("照片")
    with pytest.raises(AssertionError, match="照片 1 张"):
        wang.hears("照片", timeout=0.1)
    timer = soon(sandbox, "editMessageText", chat_id=wang.id, message_id=said["message_id"], text="照片 2 张")
    assert wang.hears("照片")["text"] == "照片 2 张"
    timer.join()


def test_it_does_not_hear_what_was_there_before_its_act(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.bot("sendMessage", chat_id=wang.id, text="旧的回答")
    wang.says("新的问题")
    with pytest.raises(AssertionError, match="not heard"):
        wang.hears("旧的", timeout=0.1)
    assert wang.hears("旧的", ever=True)


def test_it_presses_by_label_part_and_data(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.bot("sendMessage", chat_id=wang.id, text="菜单", reply_markup=VISIT)
    for wish in ("走访 ✎", "走访", "visit"):
        press = wang.presses(wish)
        sandbox.bot("answerCallbackQuery", callback_query_id=press, text="好")
        assert wang.answered() == {"answered": True, "text": "好", "alert": False}
    assert wang.taps == 3


def test_it_waits_for_a_button_and_takes_the_newest(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.bot("sendMessage", chat_id=wang.id, text="一", reply_markup=VISIT)
    newest = sandbox.bot("sendMessage", chat_id=wang.id, text="二", reply_markup=VISIT)
    wang.presses("照片")
    update = sandbox.bot("getUpdates", offset=-1)[0]
    assert update["callback_query"]["message"]["message_id"] == newest["message_id"]
    extra = {"inline_keyboard": [[{"text": "提交", "callback_data": "send"}]]}
    timer = soon(sandbox, "sendMessage", chat_id=wang.id, text="三", reply_markup=extra)
    wang.presses("提交")
    timer.join()


def test_a_card_that_goes_under_the_finger_is_pressed_where_it_came_again(
    sandbox: Sandbox, wang: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = sandbox.bot("sendMessage", chat_id=wang.id, text="卡片", reply_markup=VISIT)
    wang.hears("卡片")
    pressing = wang._press

    def late(wish: Any) -> str:
        monkeypatch.setattr(wang, "_press", pressing)
        sandbox.bot("deleteMessage", chat_id=wang.id, message_id=old["message_id"])
        sandbox.bot("sendMessage", chat_id=wang.id, text="卡片", reply_markup=VISIT)
        return pressing(wish)

    monkeypatch.setattr(wang, "_press", late)
    assert wang.presses("照片")
    assert wang.taps == 1
    with pytest.raises(SandboxError):
        wang.sandbox.post(
            "press", {"user": wang.id, "chat": wang.id, "message_id": old["message_id"], "data": "p"}
        )


def test_it_presses_a_button_that_is_gone(sandbox: Sandbox, wang: Phone) -> None:
    said = sandbox.bot("sendMessage", chat_id=wang.id, text="菜单", reply_markup=VISIT)
    assert wang.labels() == ["走访 ✎", "照片"]
    sandbox.bot("editMessageText", chat_id=wang.id, message_id=said["message_id"], text="完了")
    with pytest.raises(AssertionError, match="no button"):
        wang.presses("走访", timeout=0.1)
    wang.presses_old("走访")
    assert sandbox.bot("getUpdates", offset=-1)[0]["callback_query"]["data"] == "visit"


def test_a_reply_keyboard_button_sends_its_text(sandbox: Sandbox, wang: Phone) -> None:
    keys = {"keyboard": [[{"text": "跳过"}]], "resize_keyboard": True}
    sandbox.bot("sendMessage", chat_id=wang.id, text="位置？", reply_markup=keys)
    wang.presses("跳过")
    assert wang.screen()[-1]["text"] == "跳过"
    assert (wang.taps, wang.messages, wang.typed) == (1, 2, 1)


def test_a_link_button_starts_the_bot(sandbox: Sandbox, wang: Phone) -> None:
    link = {"inline_keyboard": [[{"text": "接受邀请", "url": "https://t.me/zhucun_demo_bot?start=abc"}]]}
    sandbox.bot("sendMessage", chat_id=wang.id, text="邀请", reply_markup=link)
    wang.presses("接受邀请")
    assert wang.sees("/start abc")


def test_in_a_group_the_counts_are_shared(sandbox: Sandbox, wang: Phone) -> None:
    group = wang.in_group(sandbox.group("管理组", wang))
    group.says("大家好")
    assert group.sees("大家好")
    assert wang.sees("大家好") is None
    assert wang.messages == group.messages == 2


def test_calls_can_be_awaited(sandbox: Sandbox, wang: Phone) -> None:
    timer = soon(sandbox, "sendMessage", chat_id=wang.id, text="周报已送")
    assert sandbox.hears_call("sendMessage", chat_id=wang.id, text="周报")["ok"]
    timer.join()
    with pytest.raises(AssertionError, match="no call of sendPhoto"):
        sandbox.hears_call("sendPhoto", timeout=0.1)
