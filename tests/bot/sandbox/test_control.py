"""The control side: people, chats, links, edits, records, and one sentence for what a caller got wrong."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.bot.sandbox.test_receiving import drained
from tests.phone import Phone, Sandbox, SandboxError


def test_people_have_numbers_from_1001_up(sandbox: Sandbox) -> None:
    first, second = sandbox.phone("甲"), sandbox.phone("乙")
    assert 1001 <= first.id < second.id
    assert sandbox.phone("丙", user_id=5000).id == 5000
    assert sandbox.post("users", {"name": "别名", "id": 5000})["name"] == "丙"


def test_the_state_shows_everything(sandbox: Sandbox, wang: Phone) -> None:
    state = sandbox.state()
    assert state["bots"][0]["username"] == "zhucun_demo_bot"
    assert {"id": wang.id, "name": "王五", "username": None, "language": "zh-hans"} in state["users"]
    chat = next(one for one in state["chats"] if one.get("user_id") == wang.id)
    assert (chat["type"], chat["bot_id"], chat["started"], chat["blocked"]) == ("private", 42, True, False)


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("send", {"user": 1, "text": "x"}, "没有用户 1"),
        ("send", {"text": "x"}, "请求不对"),
        ("send", {"user": 5000, "chat": -9, "text": "x"}, "没有群 -9"),
        ("send", {"user": 5000}, "没有内容"),
        ("send", {"user": 5000, "text": "x", "bot": 8}, "还没有这个机器人"),
        ("press", {"user": 5000, "message_id": 999, "data": "x"}, "没有这条消息"),
        ("edit", {"user": 5000, "message_id": 999, "text": "x"}, "只能修改自己"),
        ("groups", {"title": "空"}, "至少要有一个人"),
        ("link", {"user": 5000, "url": "https://t.me/nobody"}, "没有机器人 nobody"),
        ("groups/-9/upgrade", {}, "没有群 -9"),
    ],
)
def test_mistakes_are_one_sentence(sandbox: Sandbox, path: str, body: dict[str, Any], sentence: str) -> None:
    sandbox.phone("丙", user_id=5000)
    with pytest.raises(SandboxError, match=sentence) as error:
        sandbox.post(path, body)
    assert error.value.status == 400
    assert list(error.value.body) == ["error"]


def test_messages_are_told_by_change(sandbox: Sandbox, wang: Phone) -> None:
    start = sandbox.get("messages", user=wang.id)["change"]
    said = sandbox.bot("sendMessage", chat_id=wang.id, text="<b>一</b>", parse_mode="HTML")
    news = sandbox.get("messages", user=wang.id, after=start, wait=5)
    assert [(one["html"], one["from"]["bot"]) for one in news["messages"]] == [("<b>一</b>", True)]
    assert sandbox.get("messages", user=wang.id, after=news["change"], wait=0.05)["messages"] == []
    sandbox.bot("deleteMessage", chat_id=wang.id, message_id=said["message_id"])
    gone = sandbox.get("messages", user=wang.id, after=news["change"])["messages"]
    assert [(one["message_id"], one["deleted"]) for one in gone] == [(said["message_id"], True)]
    everywhere = sandbox.get("messages", after=news["change"])["messages"]
    assert [one["chat"] for one in everywhere] == [wang.id]


def test_bots_do_not_see_each_others_private_chats(sandbox: Sandbox, wang: Phone) -> None:
    sandbox.wire.bot("43:SECOND", "getMe", {})
    sandbox.post("send", {"user": wang.id, "text": "给第二个", "bot": 43})
    updates = sandbox.wire.bot("43:SECOND", "getUpdates", {})
    assert [update["message"]["text"] for update in updates] == ["给第二个"]
    assert wang.sees("给第二个") is None


def test_an_edit_reaches_the_bot(sandbox: Sandbox, wang: Phone) -> None:
    said = wang.says("走访了李大爷")
    wang.edits(said["message_id"], "走访了王大爷")
    edited = sandbox.bot("getUpdates", offset=-1)[0]["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("走访了王大爷", said["message_id"])
    assert edited["edit_date"] >= edited["date"]


def test_forwarded_stickers_and_contacts_arrive(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    wang.says("转来的", forward=True)
    wang.sends_sticker()
    wang.sends_contact("13800000000", "李四")
    forwarded, sticker, contact = (one["message"] for one in sandbox.bot("getUpdates", offset=offset))
    assert forwarded["forward_origin"]["type"] == "hidden_user"
    assert sticker["sticker"]["type"] == "regular"
    assert contact["contact"]["first_name"] == "李四"


def test_a_link_starts_the_bot_with_its_token(sandbox: Sandbox) -> None:
    guest = sandbox.phone("赵六")
    guest.opens("https://t.me/zhucun_demo_bot?start=inv_8f3a")
    message = sandbox.bot("getUpdates", offset=-1)[0]["message"]
    assert (message["text"], message["from"]["id"]) == ("/start inv_8f3a", guest.id)
    assert guest.taps == 1


def test_calls_are_recorded_with_their_files(sandbox: Sandbox, wang: Phone) -> None:
    before = sandbox.calls()[-1]["n"]
    sandbox.bot("sendMessage", chat_id=wang.id, text="好")
    call = sandbox.calls(after=before)[0]
    assert (call["method"], call["ok"], call["bot"], call["params"]["text"]) == (
        "sendMessage",
        True,
        42,
        "好",
    )
    assert call["result_message_id"] == wang.screen()[-1]["message_id"]
    assert sandbox.calls(after=call["n"]) == []


def test_the_page_is_served_with_a_strict_policy(sandbox: Sandbox) -> None:
    with urllib.request.urlopen(sandbox.url + "/", timeout=60) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "text/html" in response.headers["Content-Type"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    for path in ("/nothing.js", "/..%2fserver.py", "/server.py"):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(sandbox.url + path, timeout=60)
        assert error.value.code == 404
        error.value.close()
