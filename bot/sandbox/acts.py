"""What people do with their phones, and the updates bots get from it."""

from __future__ import annotations

import secrets
import time
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.model import Bot, Chat, Json, Message, Press
from bot.sandbox.text import commands_in, found
from bot.sandbox.updates import Update
from bot.sandbox.world import UnknownError, World


class RefusedError(ValueError):
    """A phone could not do this; the text says why."""


def place_of(world: World, user_id: int, chat_id: int | None, bot_id: int | None) -> Chat:
    """Where a user writes: the group named, else the private chat with the bot."""
    world.user(user_id)
    if chat_id is None or chat_id == user_id:
        return world.private(world.bot(bot_id).id, user_id)
    group = world.group(chat_id)
    if user_id not in group.members:
        raise RefusedError("这个人不在群里：先用 /sandbox/groups/…/member 拉进群。")
    if group.upgraded_to is not None:
        raise RefusedError(f"本群已升级，请改用 {group.upgraded_to}。")
    return group


def say(
    world: World, chat: Chat, user_id: int, quiet: bool = False, **content: Any
) -> tuple[Message, Update | None]:
    """A person's message; in private chats the first one starts the bot, and /start lifts a block.

    A `quiet` one is in the chat, but its update is kept back.
    """
    text = content.get("text")
    words = text or content.get("caption")
    if words:
        content["entities"] = found(words, [])
    if chat.private:
        _open(world, chat, text or "")
    said = world.add_message(chat, user_id, **content)
    return said, None if quiet else tell(world, chat, said, "message")


def _open(world: World, chat: Chat, text: str) -> None:
    if chat.blocked and not text.startswith("/start"):
        raise RefusedError("已停用机器人：先发 /start 重新启用。")
    if chat.blocked:
        block(world, chat, False)
    chat.started = True


def tell(world: World, chat: Chat, said: Message, kind: str) -> Update | None:
    """Send a message to the bots that may see it; the last one's update (there is usually one bot)."""
    update = None
    for bot in world.bots_of(chat):
        if sees(world, chat, said, bot):
            shape = shapes.message(world, chat, said, bot.id)
            update = world.emit(bot, kind, shape, str(chat.id)) or update
    return update


def sees(world: World, chat: Chat, said: Message, bot: Bot) -> bool:
    """Privacy mode: in groups a bot gets commands, replies to itself and service messages."""
    if chat.private or not chat.privacy or bot.id in chat.admins or said.service:
        return True
    answered = world.message(chat, said.reply_to)
    if answered is not None and answered.sender == bot.id:
        return True
    words = said.text if said.caption is None else said.caption
    commands = commands_in(words or "", said.entities)
    return any(_for_bot(command, bot) for command in commands)


def _for_bot(command: str, bot: Bot) -> bool:
    name = command.partition("@")[2]
    return not name or name.lower() == bot.username.lower()


def edit(world: World, chat: Chat, user_id: int, message_id: int, text: str) -> Update | None:
    """A person changes an own message (the caption, when it has no text)."""
    said = world.message(chat, message_id)
    if said is None or said.sender != user_id:
        raise RefusedError("只能修改自己发过、还在的消息。")
    if said.text is None:
        said.caption = text
    else:
        said.text = text
    said.entities = found(text, [])
    said.edited = int(world.clock.now())
    world.changed(chat, said)
    return tell(world, chat, said, "edited_message")


def button(said: Message | None, wish: Json) -> Json:
    """The button meant by data, by text (whole, then part) or by row and col; RefusedError without it."""
    rows = said.keyboard or [] if said is not None else []
    if "row" in wish and "data" not in wish:
        row, col = int(wish["row"]), int(wish.get("col", 0))
        if row < len(rows) and col < len(rows[row]):
            return rows[row][col]
        raise RefusedError(f"没有第 {row} 行第 {col} 个按钮。")
    buttons = [one for row in rows for one in row]
    if "data" in wish:
        hits = [one for one in buttons if one.get("callback_data") == wish["data"]]
    else:
        label = str(wish.get("text", ""))
        hits = [one for one in buttons if one["text"] == label]
        hits = hits or [one for one in buttons if label and label in one["text"]]
    if not hits:
        raise RefusedError("消息上没有这个按钮：现有 " + "、".join(one["text"] for one in buttons))
    return hits[0]


def press(world: World, chat: Chat, user_id: int, message_id: int, wish: Json) -> Press:
    """Press a button; `stale` presses data that the message no longer shows (an old screen)."""
    said = chat.messages.get(message_id)
    if said is None or (said.deleted and not wish.get("stale")):
        raise RefusedError("没有这条消息。")
    data = wish["data"] if wish.get("stale") else button(said, wish).get("callback_data")
    if data is None:
        raise RefusedError("这个按钮不是回调按钮：网址按钮请用 /sandbox/link 打开。")
    bot = world.bots[said.sender]
    made = Press(_press_id(), time.time(), bot.id, chat.key, user_id)
    world.add_press(made)
    world.emit(bot, "callback_query", _query(world, chat, said, made, str(data)), f"user {user_id}")
    return made


def _press_id() -> str:
    return str(10**17 + secrets.randbelow(9 * 10**17))


def _query(world: World, chat: Chat, said: Message, made: Press, data: str) -> Json:
    query: Json = {"id": made.id, "from": shapes.anyone(world, made.user), "data": data}
    query["chat_instance"] = world.instance(chat)
    if said.deleted:
        gone = {"chat": shapes.chat(world, chat), "message_id": said.message_id, "date": 0}
        return query | {"message": gone}
    return query | {"message": shapes.message(world, chat, said, made.bot_id)}


def block(world: World, chat: Chat, blocked: bool) -> None:
    """Stop or restart a bot in the private chat; nothing happens when it is so already."""
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    world.touch()
    states = ("member", "kicked") if blocked else ("kicked", "member")
    member_changed(world, chat, world.bots[chat.bot_id or 0], chat.id, states)


def member_changed(world: World, chat: Chat, bot: Bot, by: int, states: tuple[str, str]) -> None:
    """my_chat_member for `bot`: what it was and what it is now."""
    old, new = (member_state(shapes.bot_user(bot), state) for state in states)
    body: Json = {"chat": shapes.chat(world, chat), "from": shapes.anyone(world, by)}
    body |= {"date": int(world.clock.now()), "old_chat_member": old, "new_chat_member": new}
    world.emit(bot, "my_chat_member", body, str(chat.id))


_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_promote_members",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_POWERS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def member_state(who: Json, status: str) -> Json:
    """A ChatMember of the status given."""
    shape: Json = {"user": who, "status": status}
    if status == "kicked":
        return shape | {"until_date": 0}
    if status == "creator":
        return shape | {"is_anonymous": False}
    if status == "administrator":
        return shape | dict.fromkeys(_RIGHTS, False) | dict.fromkeys(_POWERS, True)
    return shape


def open_link(world: World, user_id: int, url: str) -> tuple[Message, Update | None]:
    """Follow https://t.me/<bot>?start=TOKEN: the phone sends /start TOKEN."""
    rest = url.split("://", 1)[-1].removeprefix("t.me/")
    username, _, query = rest.partition("?")
    bot = next((b for b in world.bots.values() if b.username.lower() == username.strip("/").lower()), None)
    if bot is None:
        raise UnknownError(f"没有机器人 {username}：链接应形如 https://t.me/zhucun_demo_bot?start=…")
    token = next((part[6:] for part in query.split("&") if part.startswith("start=")), "")
    chat = world.private(bot.id, user_id)
    world.user(user_id)
    return say(world, chat, user_id, text=f"/start {token}".strip())
