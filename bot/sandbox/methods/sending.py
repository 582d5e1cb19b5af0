"""send…: what a bot says once."""

from __future__ import annotations

from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.keyboards import markup
from bot.sandbox.methods.attachments import document_of, photo_of
from bot.sandbox.model import Chat, Json, Message
from bot.sandbox.shapes import message
from bot.sandbox.text import checked_caption, checked_text


def say(call: Call, chat: Chat, **content: Any) -> Json:
    """Put the bot's message into the chat, with the marks every send method knows."""
    keys = markup(call, chat)
    marks: Json = {"topic": call.topic(chat), "reply_to": call.reply_to(chat)}
    marks |= {"keyboard": keys.inline, "reply_markup": keys.reply}
    said = call.world.add_message(chat, call.bot.id, **marks, **content)
    return shown(call, chat, said)


def shown(call: Call, chat: Chat, said: Message) -> Json:
    return message(call.world, chat, said, call.bot.id)


async def send_message(call: Call) -> Json:
    chat = call.open_chat()
    text, entities = call.words("text", "entities")
    checked_text(text)
    return say(call, chat, text=text, entities=entities)


def caption_of(call: Call) -> Json:
    caption, entities = call.words("caption", "caption_entities")
    checked_caption(caption)
    return {"caption": caption, "entities": entities} if caption else {}


async def send_photo(call: Call) -> Json:
    chat, caption = call.open_chat(), caption_of(call)
    return say(call, chat, photo=await photo_of(call, call.text("photo"), "photo"), **caption)


async def send_document(call: Call) -> Json:
    chat, caption = call.open_chat(), caption_of(call)
    return say(call, chat, document=document_of(call, call.text("document"), "document"), **caption)


async def send_location(call: Call) -> Json:
    chat = call.open_chat()
    place = {}
    for name, most in (("latitude", 90.0), ("longitude", 180.0)):
        try:
            place[name] = float(call.text(name))
        except ValueError:
            raise bad("invalid location specified") from None
        if abs(place[name]) > most:
            raise bad("wrong location specified")
    return say(call, chat, location=place)


async def send_chat_action(call: Call) -> bool:
    call.open_chat()
    return True


METHODS: dict[str, Any] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendLocation": send_location,
    "sendChatAction": send_chat_action,
}
