"""The world: who is there, what was said, and the one count of changes everybody follows."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.faults import SLOW_SECONDS, UPDATE, Faults
from bot.sandbox.files import Files
from bot.sandbox.model import Bot, Chat, Json, Message, Press, User
from bot.sandbox.signals import Signals
from bot.sandbox.updates import Update, wanted

FIRST_USER = 1001
FIRST_GROUP = 5001
DEFAULT_TOKEN = "42:DEMO"  # noqa: S105  the invented token of the demo
KEPT_PRESSES = 20_000
_TOKEN = re.compile(r"(\d{1,15}):\S+")


class UnknownError(LookupError):
    """Somebody or something named by the caller is not there; the text says what to do."""


class World:
    def __init__(self, clock: Clock | None = None, files: Files | None = None) -> None:
        self.clock = clock or Clock()
        self.files = files or Files()
        self.signals = Signals()
        self.faults = Faults()
        self.change = 0
        self.bots: dict[int, Bot] = {}
        self.revoked: set[str] = set()
        self.users: dict[int, User] = {}
        self.chats: dict[str, Chat] = {}
        self.log: list[tuple[int, str, int]] = []  # (change, chat key, message id), rising
        self.presses: dict[str, Press] = {}
        self.next_group = FIRST_GROUP
        self.albums = 0

    # who

    def bot_for(self, token: str) -> Bot | None:
        """The bot of a token, made on first sight; None when revoked or not a token."""
        match = _TOKEN.fullmatch(token)
        if match is None or token in self.revoked:
            return None
        return self.bots.get(int(match[1])) or self._new_bot(int(match[1]))

    def _new_bot(self, bot_id: int) -> Bot:
        username = "zhucun_demo_bot" if bot_id == 42 else f"zhucun_{bot_id}_bot"
        bot = self.bots[bot_id] = Bot(bot_id, "驻村通", username)
        self.touch()
        return bot

    def bot(self, bot_id: int | None = None) -> Bot:
        """The bot asked for, else the first one."""
        found = self.bots.get(bot_id) if bot_id else next(iter(self.bots.values()), None)
        if found is None:
            raise UnknownError("还没有这个机器人：先让它调用一次 getMe。")
        return found

    def user(self, user_id: int) -> User:
        if user_id not in self.users:
            raise UnknownError(f"没有用户 {user_id}：先用 /sandbox/users 建立。")
        return self.users[user_id]

    def add_user(self, name: str, username: str | None, language: str, user_id: int | None) -> User:
        if user_id in self.users:
            return self.users[user_id]
        new_id = user_id or max([FIRST_USER - 1, *self.users]) + 1
        user = self.users[new_id] = User(new_id, name, username, language)
        self.touch()
        return user

    # chats

    def private(self, bot_id: int, user_id: int) -> Chat:
        """The private chat of a user with a bot, made when missing (not yet started)."""
        key = f"{bot_id}/{user_id}"
        if key not in self.chats:
            self.chats[key] = Chat(key, user_id, "private", bot_id=bot_id, members=[bot_id, user_id])
        return self.chats[key]

    def add_group(self, title: str, members: list[int], forum: bool, supergroup: bool) -> Chat:
        number, self.next_group = self.next_group, self.next_group + 1
        large = forum or supergroup
        chat_id = -1_000_000_000_000 - number if large else -number
        kind = "supergroup" if large else "group"
        chat = self.chats[str(chat_id)] = Chat(
            str(chat_id), chat_id, kind, title, forum=forum, members=members
        )
        self.touch()
        return chat

    def group(self, chat_id: int) -> Chat:
        if str(chat_id) not in self.chats:
            raise UnknownError(f"没有群 {chat_id}：先用 /sandbox/groups 建立。")
        return self.chats[str(chat_id)]

    def find_chat(self, bot_id: int, chat_id: int) -> Chat | None:
        """The chat a bot means by `chat_id`; None when there is no such user or group."""
        if chat_id > 0:
            return self.private(bot_id, chat_id) if chat_id in self.users else None
        return self.chats.get(str(chat_id))

    def bots_of(self, chat: Chat) -> list[Bot]:
        return [self.bots[member] for member in chat.members if member in self.bots]

    def instance(self, chat: Chat) -> str:
        """chat_instance of callback queries: the same for ever in one chat."""
        return str(int(hashlib.sha256(chat.key.encode()).hexdigest()[:15], 16))

    # messages

    def add_message(self, chat: Chat, sender: int, **content: Any) -> Message:
        message = Message(self._next_message_id(chat), int(self.clock.now()), sender, **content)
        chat.messages[message.message_id] = message
        self.changed(chat, message)
        return message

    def _next_message_id(self, chat: Chat) -> int:
        counter: Chat | Bot = self.bots[chat.bot_id] if chat.bot_id is not None else chat
        counter.last_message_id += 1
        return counter.last_message_id

    def message(self, chat: Chat, message_id: int | None) -> Message | None:
        found = chat.messages.get(message_id or 0)
        return None if found is None or found.deleted else found

    def changed(self, chat: Chat, message: Message) -> None:
        self.touch()
        message.change = self.change
        chat.log.append((self.change, message.message_id))
        self.log.append((self.change, chat.key, message.message_id))
        self.signals.ring("chat " + chat.key)

    def delete(self, chat: Chat, message: Message) -> None:
        message.deleted = True
        if message.message_id in chat.pinned:
            chat.pinned.remove(message.message_id)
        self.changed(chat, message)

    def touch(self) -> None:
        self.change += 1
        self.signals.ring("change")

    def new_album(self) -> str:
        """A media_group_id of its own."""
        self.albums += 1
        return str(13_000_000_000_000_000 + self.albums)

    # updates and presses

    def emit(self, bot: Bot, kind: str, body: Json, lane: str) -> Update | None:
        """Queue an update for a bot; None when it asked not to get this kind, or gets it late."""
        if not wanted(kind, bot.allowed):
            return None
        fault = self.faults.draw(UPDATE, "")
        if fault is not None and fault.kind == "late":
            late = SLOW_SECONDS if fault.seconds is None else fault.seconds
            asyncio.get_running_loop().call_later(late, self._queue, bot, kind, body, lane)
            return None
        return self._queue(bot, kind, body, lane, again=fault is not None)

    def _queue(self, bot: Bot, kind: str, body: Json, lane: str, again: bool = False) -> Update:
        update = bot.queue.add(kind, body, lane, again)
        self.signals.ring(f"queue {bot.id}")
        return update

    def add_press(self, press: Press) -> None:
        self.presses[press.id] = press
        if len(self.presses) > KEPT_PRESSES:
            self.presses.pop(next(iter(self.presses)))
