"""Groups: privacy, topics, members, administrators, the upgrade; and what getChat… tells of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.test_receiving import drained
from tests.bot.sandbox.test_sending import keys, refused
from tests.phone import Phone, Sandbox, SandboxError

BOT = 42


def news(sandbox: Sandbox, offset: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.bot("getUpdates", offset=offset)
    return found


def test_a_new_group_tells_the_bot(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    group = sandbox.group("管理组", wang)
    assert (group["type"], group["id"] < 0, group["members"]) == ("group", True, [wang.id, BOT])
    joined, service = news(sandbox, offset)
    assert joined["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["id"] == BOT


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("大家好", False),
        ("/weekly", True),
        ("/weekly@zhucun_demo_bot", True),
        ("/weekly@other_bot", False),
        ("周报", False),
    ],
)
def test_privacy_lets_only_commands_through(sandbox: Sandbox, wang: Phone, text: str, heard: bool) -> None:
    group = wang.in_group(sandbox.group("管理组", wang))
    offset = drained(sandbox)
    group.says(text)
    assert bool(news(sandbox, offset)) is heard


def test_privacy_lets_replies_and_presses_through(sandbox: Sandbox, wang: Phone) -> None:
    chat = sandbox.group("管理组", wang)
    group = wang.in_group(chat)
    card = keys([{"text": "看", "callback_data": "look"}])
    said = sandbox.bot("sendMessage", chat_id=chat["id"], text="周报", reply_markup=card)
    offset = drained(sandbox)
    group.says("这里不对", reply_to=said["message_id"])
    group.presses("看")
    message, press = news(sandbox, offset)
    assert message["message"]["reply_to_message"]["message_id"] == said["message_id"]
    assert press["callback_query"]["message"]["chat"]["id"] == chat["id"]


def test_without_privacy_or_as_administrator_the_bot_hears_all(sandbox: Sandbox, wang: Phone) -> None:
    loud = wang.in_group(sandbox.group("开放", wang, privacy=False))
    chat = sandbox.group("管理组", wang)
    offset = drained(sandbox)
    loud.says("大家好")
    assert len(news(sandbox, offset)) == 1
    sandbox.post(f"groups/{chat['id']}/admin", {"user": BOT})
    wang.in_group(chat).says("听见吗")
    _, promoted, heard = news(sandbox, offset)
    assert promoted["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert heard["message"]["text"] == "听见吗"


def test_topics_are_kept_apart(sandbox: Sandbox, wang: Phone) -> None:
    chat = sandbox.group("管理组", wang, topics=["周报", "整改"])
    weekly, mend = (topic["id"] for topic in chat["topics"])
    assert (chat["type"], chat["forum"]) == ("supergroup", True)
    said = sandbox.bot("sendMessage", chat_id=chat["id"], message_thread_id=weekly, text="第 47 周")
    assert (said["message_thread_id"], said["is_topic_message"]) == (weekly, True)
    assert wang.in_group(chat, weekly).sees("第 47 周")
    assert wang.in_group(chat, mend).sees("第 47 周") is None
    offset = drained(sandbox)
    wang.in_group(chat, mend).says("/mine")
    assert news(sandbox, offset)[0]["message"]["message_thread_id"] == mend
    sentence = refused(sandbox, "sendMessage", chat_id=chat["id"], message_thread_id=999, text="x")
    assert sentence.endswith("message thread not found")


def test_people_come_and_go(sandbox: Sandbox, wang: Phone) -> None:
    li = sandbox.phone("李四")
    chat = sandbox.group("管理组", wang)
    with pytest.raises(SandboxError, match="不在群里"):
        li.in_group(chat).says("我呢")
    offset = drained(sandbox)
    sandbox.member(chat["id"], li.id, True)
    sandbox.member(chat["id"], li.id, False)
    came, left = news(sandbox, offset)
    assert came["message"]["new_chat_members"][0]["id"] == li.id
    assert left["message"]["left_chat_member"]["id"] == li.id
    assert sandbox.bot("getChatMember", chat_id=chat["id"], user_id=li.id)["status"] == "left"


def test_a_bot_put_out_is_told_403(sandbox: Sandbox, wang: Phone) -> None:
    chat = sandbox.group("管理组", wang)
    offset = drained(sandbox)
    sandbox.post(f"groups/{chat['id']}/member", {"user": BOT, "in": False, "by": wang.id})
    assert news(sandbox, offset)[0]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert refused(sandbox, "sendMessage", chat_id=chat["id"], text="x") == (
        "403: Forbidden: bot was kicked from the group chat"
    )


def test_a_bot_leaves(sandbox: Sandbox, wang: Phone) -> None:
    chat = sandbox.group("管理组", wang)
    assert sandbox.bot("leaveChat", chat_id=chat["id"]) is True
    assert BOT not in next(one for one in sandbox.state()["chats"] if one["id"] == chat["id"])["members"]


def test_an_upgrade_points_to_the_new_chat(sandbox: Sandbox, wang: Phone) -> None:
    chat = sandbox.group("管理组", wang)
    offset = drained(sandbox)
    new = sandbox.upgrade(chat["id"])
    old_notice, new_notice = news(sandbox, offset)
    assert old_notice["message"]["migrate_to_chat_id"] == new["id"]
    assert new_notice["message"]["migrate_from_chat_id"] == chat["id"]
    with pytest.raises(SandboxError) as error:
        sandbox.bot("sendMessage", chat_id=chat["id"], text="x")
    assert error.value.body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new["id"]},
    }
    with pytest.raises(SandboxError, match="已升级"):
        wang.in_group(chat).says("还在这")
    assert sandbox.bot("sendMessage", chat_id=new["id"], text="搬好了")["chat"]["type"] == "supergroup"


def test_what_is_told_of_a_chat(sandbox: Sandbox, wang: Phone) -> None:
    chat = sandbox.group("管理组", wang)
    where = {"chat_id": chat["id"]}
    assert sandbox.bot("getChat", **where)["title"] == "管理组"
    assert sandbox.bot("getChatMemberCount", **where) == 2
    assert [one["status"] for one in sandbox.bot("getChatAdministrators", **where)] == ["creator"]
    assert sandbox.bot("getChatMember", user_id=BOT, **where)["status"] == "member"
    assert refused(sandbox, "getChatMember", user_id=1, **where).endswith("user not found")
    assert refused(sandbox, "getChatAdministrators", chat_id=wang.id).endswith(
        "there are no administrators in the private chat"
    )


def test_others_messages_are_deleted_by_administrators_only(sandbox: Sandbox, wang: Phone) -> None:
    chat = sandbox.group("管理组", wang)
    where = {"chat_id": chat["id"], "message_id": wang.in_group(chat).says("身份证 …")["message_id"]}
    assert refused(sandbox, "deleteMessage", **where).endswith("message can't be deleted")
    sandbox.post(f"groups/{chat['id']}/admin", {"user": BOT})
    assert sandbox.bot("deleteMessage", **where) is True


def test_menus_are_chosen_by_the_narrowest_scope(sandbox: Sandbox, wang: Phone) -> None:
    def offered(chat: int) -> list[str]:
        found = sandbox.post("command_menu", {"user": wang.id, "chat": chat})["commands"]
        return [command["command"] for command in found]

    def register(command: str, **scope: Any) -> None:
        commands = [{"command": command, "description": "说明"}]
        sandbox.bot("setMyCommands", commands=commands, scope=scope or None)

    group = sandbox.group("管理组", wang)["id"]
    register("help")
    assert offered(wang.id) == offered(group) == ["help"]
    register("weekly", type="all_group_chats")
    register("visit", type="chat", chat_id=wang.id)
    assert (offered(wang.id), offered(group)) == (["visit"], ["weekly"])
    sandbox.bot("deleteMyCommands", scope={"type": "chat", "chat_id": wang.id})
    assert offered(wang.id) == ["help"]
    bad = [{"command": "走访", "description": "x"}]
    assert refused(sandbox, "setMyCommands", commands=bad).endswith("BOT_COMMAND_INVALID")
