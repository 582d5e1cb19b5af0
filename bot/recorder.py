"""The session of the bot that handlers hold: writes their calls down as cards and letters, sends nothing.

The list of methods is closed. Whatever must ask Telegram something (getFile, getChatMember) or is not
part of a conversation (menus, pins) is an errand.
"""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.types import Chat as TelegramChat
from aiogram.types import InputFile, Message
from pydantic import BaseModel

from handlers.turn import Turn
from storage import cards, chats, letters
from storage.chats import Chat

_SENT = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendLocation"})
_EDITS = frozenset({"editMessageText", "editMessageReplyMarkup", "deleteMessage"})
_SILENT = frozenset({"answerCallbackQuery", "sendChatAction"})


class CannotRecord(Exception):
    """A handler called a method that cannot be a card or a letter."""


class Recorder(BaseSession):
    """Set `turn` before each arrival is dispatched."""

    def __init__(self) -> None:
        super().__init__()
        self.turn: Turn | None = None

    async def close(self) -> None:
        """There is nothing to close."""

    def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        raise CannotRecord("a handler downloads nothing")

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ARG002, ASYNC109 - aiogram's signature
        if self.turn is None:
            raise CannotRecord("no arrival is being handled")
        name = method.__api_method__
        if name not in _SENT | _EDITS | _SILENT:
            raise CannotRecord(name)
        parameters = _plain({key: getattr(method, key) for key in type(method).model_fields})
        if name in _SILENT:
            return self._silent(self.turn, name, parameters)
        chat = _chat(self.turn, parameters)
        message = (_edit if name in _EDITS else _send)(self.turn, chat, name, parameters)
        return True if name == "deleteMessage" else message.as_(bot)

    def _silent(self, turn: Turn, name: str, parameters: dict[str, Any]) -> bool:
        turn.answered = turn.answered or name == "answerCallbackQuery"
        parameters.pop("chat_id", None)
        letters.say(turn.db, turn.chat, name, parameters, now=turn.now)
        return True


def _plain(value: Any) -> Any:
    """aiogram's objects as JSON values; what was not said is left out."""
    if isinstance(value, InputFile):
        raise CannotRecord("an upload is a reference to kept bytes (Turn.photo, Turn.document)")
    if isinstance(value, BaseModel):
        value = {key: getattr(value, key) for key in type(value).model_fields}
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v is not None and not isinstance(v, Default)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _chat(turn: Turn, parameters: dict[str, Any]) -> Chat:
    number, topic = int(parameters.pop("chat_id")), parameters.pop("message_thread_id", None) or 0
    if number == turn.chat.telegram_id:
        return turn.chat
    return chats.chat_of(turn.db, turn.bot, number, topic)


def _send(turn: Turn, chat: Chat, name: str, parameters: dict[str, Any]) -> Message:
    if name == "sendMessage" and "inline_keyboard" in parameters.get("reply_markup", {}):
        card = cards.show(turn.db, chat, parameters, now=turn.now)
        return _message(chat, -(card.id or 0), parameters)
    letters.say(turn.db, chat, name, parameters, now=turn.now)
    return _message(chat, 0, parameters)


def _edit(turn: Turn, chat: Chat, name: str, parameters: dict[str, Any]) -> Message:
    message_id = int(parameters.pop("message_id"))
    card = cards.known(turn.db, chat, message_id)
    if name == "deleteMessage":
        cards.remove(turn.db, chat, card, turn.now)
    elif name == "editMessageReplyMarkup":
        before = cards.wanted_of(turn.db, card) or {}
        before.pop("reply_markup", None)
        cards.show(turn.db, chat, before | parameters, now=turn.now, card=card)
    else:
        cards.show(turn.db, chat, parameters, now=turn.now, card=card)
    return _message(chat, message_id, parameters)


def _message(chat: Chat, message_id: int, parameters: dict[str, Any]) -> Message:
    return Message(
        message_id=message_id,
        date=datetime.fromtimestamp(0, UTC),
        chat=TelegramChat(id=chat.telegram_id, type=chat.kind.value),
        text=parameters.get("text"),
    )
