"""Chats and their members, reactions and pins."""

from __future__ import annotations

from typing import Any

from bot.sandbox import acts, groups, shapes
from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.model import Chat, Json

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


async def get_chat(call: Call) -> Json:
    chat = call.chat()
    shape = shapes.chat(call.world, chat)
    shape |= {"accent_color_id": chat.id % 7, "max_reaction_count": 11}
    shape["accepted_gift_types"] = dict.fromkeys(_GIFTS, False)
    if not chat.private:
        shape["permissions"] = dict.fromkeys(_PERMISSIONS, True)
    if chat.pinned:
        said = chat.messages[chat.pinned[-1]]
        shape["pinned_message"] = shapes.message(call.world, chat, said, call.bot.id, deep=False)
    return shape


def member(call: Call, chat: Chat, who: int) -> Json:
    return acts.member_state(shapes.anyone(call.world, who), groups.status(chat, who))


async def get_chat_member(call: Call) -> Json:
    chat, who = call.chat(), call.integer("user_id")
    if who not in call.world.users and who not in call.world.bots:
        raise bad("user not found")
    return member(call, chat, who)


async def get_chat_administrators(call: Call) -> list[Json]:
    chat = call.chat()
    if chat.private:
        raise bad("there are no administrators in the private chat")
    return [member(call, chat, who) for who in chat.admins if who not in call.world.bots]


async def get_chat_member_count(call: Call) -> int:
    return len(call.chat().members)


async def leave_chat(call: Call) -> bool:
    chat = call.open_chat()
    if chat.private:
        raise bad("chat not found")
    groups.leave(call.world, chat, call.bot.id, call.bot.id)
    return True


async def set_message_reaction(call: Call) -> bool:
    chat = call.open_chat()
    said = call.world.message(chat, call.integer("message_id"))
    if said is None:
        raise bad("message to react not found")
    given = call.json("reaction") or []
    if not isinstance(given, list) or len(given) > 1:
        raise bad("REACTIONS_TOO_MANY")
    said.reactions = [str(one.get("emoji", "")) for one in given if isinstance(one, dict)]
    call.world.changed(chat, said)
    return True


async def pin_chat_message(call: Call) -> bool:
    chat = call.open_chat()
    said = call.world.message(chat, call.integer("message_id"))
    if said is None:
        raise bad("message to pin not found")
    if said.message_id in chat.pinned:
        return True
    chat.pinned.append(said.message_id)
    call.world.changed(chat, said)
    notice = call.world.add_message(chat, call.bot.id, service={"pinned_message": said.message_id})
    acts.tell(call.world, chat, notice, "message")
    return True


async def unpin_chat_message(call: Call) -> bool:
    chat = call.open_chat()
    wanted = call.integer("message_id") or next(reversed(chat.pinned), 0)
    if wanted not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(wanted)
    call.world.changed(chat, chat.messages[wanted])
    return True


async def unpin_all_chat_messages(call: Call) -> bool:
    call.open_chat().pinned.clear()
    call.world.touch()
    return True


METHODS: dict[str, Any] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
}
