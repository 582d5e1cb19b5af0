"""One request of a bot: its parameters in whatever encoding, and the chat it means."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.errors import ApiError, bad, forbidden
from bot.sandbox.files import Upload
from bot.sandbox.model import Bot, Chat, Message
from bot.sandbox.text import Entities, formatted
from bot.sandbox.world import World

_TRUE = ("true", "1", "yes")


@dataclass
class Call:
    """Parameters are strings (urlencoded, multipart) or JSON values; files are by part name."""

    world: World
    bot: Bot
    method: str
    params: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        found = self.params.get(name)
        if found is None:
            return ""
        return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in _TRUE

    def integer(self, name: str) -> int:
        """0 when missing or not a number, as the server reads it."""
        try:
            return int(self.text(name).strip() or 0)
        except ValueError:
            return 0

    def json(self, name: str) -> Any:
        """An object or a list, decoded when it came as a string; None when missing."""
        found = self.params.get(name)
        if not isinstance(found, str):
            return found
        if not found.strip():
            return None
        try:
            return json.loads(found)
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def chat(self) -> Chat:
        """The chat of `chat_id`, whether or not the bot may write there."""
        given = self.text("chat_id").strip()
        if not given:
            raise bad("chat_id is empty")
        number = int(given) if given.lstrip("-").isdigit() else 0
        found = self.world.find_chat(self.bot.id, number)
        if found is None or not (found.private or self.bot.id in found.members + found.former):
            raise bad("chat not found")
        if found.upgraded_to is not None:
            sentence = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, sentence, {"migrate_to_chat_id": found.upgraded_to})
        return found

    def open_chat(self) -> Chat:
        """The chat of `chat_id` when the bot may write there; else Telegram's 403."""
        chat = self.chat()
        if chat.private and chat.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.private and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if self.bot.id not in chat.members:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        return chat

    def topic(self, chat: Chat) -> int | None:
        topic = self.integer("message_thread_id")
        if not topic:
            return None
        if not chat.forum or topic not in chat.topics:
            raise bad("message thread not found")
        return topic

    def reply_to(self, chat: Chat) -> int | None:
        given = self.json("reply_parameters") or {}
        wanted = int(given.get("message_id", 0)) or self.integer("reply_to_message_id")
        if not wanted:
            return None
        if self.world.message(chat, wanted) is not None:
            return wanted
        if given.get("allow_sending_without_reply") or self.flag("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")

    def words(self, name: str, entities: str) -> tuple[str, Entities]:
        """`text` or `caption` with its entities, parsed as asked."""
        mode = self.text("parse_mode")
        if mode.lower().startswith("markdown"):
            self.warnings.append("parse_mode Markdown is taken as plain text here")
        return formatted(self.text(name), mode, self.json(entities))

    def own_message(self, chat: Chat) -> Message:
        """The bot's own message to be edited."""
        if not self.integer("message_id"):
            raise bad("message identifier is not specified")
        message = self.world.message(chat, self.integer("message_id"))
        if message is None:
            raise bad("message to edit not found")
        if message.sender != self.bot.id or message.reply_markup is not None or message.service:
            raise bad("message can't be edited")
        return message


async def read_params(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Query, form, multipart or JSON of a request; a body that is not JSON where it says so is a 400."""
    params: dict[str, Any] = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return params, {}
    if request.content_type == "application/json":
        return params | _json_body(await request.text()), {}
    files: dict[str, Upload] = {}
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            files[name] = Upload(part.filename or name, part.file.read())
        else:
            params[name] = part if isinstance(part, str) else bytes(part).decode(errors="replace")
    return params, files


def _json_body(body: str) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        found = json.loads(body)
    except ValueError:
        raise bad("can't parse request JSON object") from None
    if not isinstance(found, dict):
        raise bad("can't parse request JSON object")
    return {name: value for name, value in found.items() if value is not None}
