"""Edits, deletions and answers to presses."""

from __future__ import annotations

import time
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.keyboards import inline
from bot.sandbox.methods.sending import caption_of, shown
from bot.sandbox.model import Chat, Json, Message
from bot.sandbox.text import checked_text
from bot.sandbox.updates import PRESS_SECONDS

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
DELETABLE_SECONDS = 48 * 3600
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def apply(call: Call, chat: Chat, said: Message, **content: Any) -> Json:
    """Change a message; the keyboard goes when the call names none, as in Telegram."""
    given = call.json("reply_markup")
    content["keyboard"] = inline(given) if given else None
    if all(getattr(said, name) == value for name, value in content.items()):
        raise bad(NOT_MODIFIED)
    words = any(getattr(said, name) != value for name, value in content.items() if name != "keyboard")
    if words and said.first is None:
        said.first = said.caption if said.text is None else said.text
    for name, value in content.items():
        setattr(said, name, value)
    said.edited = int(call.world.clock.now()) if words else said.edited
    call.world.changed(chat, said)
    return shown(call, chat, said)


async def edit_message_text(call: Call) -> Json:
    chat = call.open_chat()
    text, entities = call.words("text", "entities")
    checked_text(text)
    said = call.own_message(chat)
    if said.text is None:
        raise bad("there is no text in the message to edit")
    return apply(call, chat, said, text=text, entities=entities)


async def edit_message_caption(call: Call) -> Json:
    chat, words = call.open_chat(), caption_of(call)
    said = call.own_message(chat)
    if not (said.photo or said.document):
        raise bad("there is no caption in the message to edit")
    return apply(call, chat, said, caption=words.get("caption"), entities=words.get("entities", []))


async def edit_message_reply_markup(call: Call) -> Json:
    chat = call.open_chat()
    return apply(call, chat, call.own_message(chat))


async def delete_message(call: Call) -> bool:
    chat = call.open_chat()
    said = call.world.message(chat, call.integer("message_id"))
    if said is None:
        raise bad("message to delete not found")
    _check_deletable(call, chat, said)
    call.world.delete(chat, said)
    return True


def _check_deletable(call: Call, chat: Chat, said: Message) -> None:
    if call.world.clock.now() - said.date > DELETABLE_SECONDS:
        raise bad("message can't be deleted for everyone")
    if not chat.private and said.sender != call.bot.id and call.bot.id not in chat.admins:
        raise bad("message can't be deleted")


async def delete_messages(call: Call) -> bool:
    """Those that are gone are passed over; the first that may not be deleted stops it."""
    chat = call.open_chat()
    wanted = call.json("message_ids")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 100:
        raise bad("wrong parameter message_ids in the request")
    found = [said for number in wanted if (said := call.world.message(chat, int(number)))]
    for said in found:
        _check_deletable(call, chat, said)
    for said in found:
        call.world.delete(chat, said)
    return True


async def answer_callback_query(call: Call) -> bool:
    press = call.world.presses.get(call.text("callback_query_id"))
    if press is None or press.bot_id != call.bot.id or time.time() - press.made > PRESS_SECONDS:
        raise bad(TOO_OLD)
    if len(call.text("text")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    press.answer = {"text": call.text("text"), "alert": call.flag("show_alert")}
    call.world.signals.ring("press " + press.id)
    return True


METHODS: dict[str, Any] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
}
