"""The things of the sandbox's world as plain data: users, chats, messages, files, presses, bots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.updates import Queue

Json = dict[str, Any]


@dataclass
class User:
    id: int
    name: str
    username: str | None = None
    language: str = "zh-hans"


@dataclass
class StoredFile:
    """One file as Telegram would keep it; every size of a photo is a file of its own."""

    n: int
    kind: str  # "photo" or "document"
    sha256: str
    size: int
    mime: str
    name: str | None = None
    width: int = 0
    height: int = 0
    smallest: int = 0  # of a photo: the number its sizes begin with


@dataclass
class Message:
    message_id: int
    date: int  # unix seconds of the sandbox's clock
    sender: int
    topic: int | None = None
    text: str | None = None
    caption: str | None = None
    entities: list[Json] = field(default_factory=list)
    photo: list[int] = field(default_factory=list)  # file numbers, smallest first
    document: int | None = None
    media_group_id: str | None = None
    location: Json | None = None
    contact: Json | None = None
    sticker: bool = False
    service: Json | None = None
    keyboard: list[list[Json]] | None = None
    reply_markup: Json | None = None  # a reply keyboard, its removal, or a forced reply
    reply_to: int | None = None
    forward: bool = False
    edited: int = 0
    first: str | None = None  # its words before the first edit
    reactions: list[str] = field(default_factory=list)
    deleted: bool = False
    change: int = 0


@dataclass
class Chat:
    """A group, or the private chat of one user with one bot (`key` tells those apart)."""

    key: str
    id: int
    type: str
    title: str = ""
    bot_id: int | None = None
    started: bool = False  # private: the user has written to the bot
    blocked: bool = False
    forum: bool = False
    privacy: bool = True
    topics: dict[int, str] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)  # users and bots
    former: list[int] = field(default_factory=list)  # those who left or were put out
    admins: list[int] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    upgraded_to: int | None = None
    last_message_id: int = 0
    menu_button: Json | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    log: list[tuple[int, int]] = field(default_factory=list)  # (change, message id), rising

    @property
    def private(self) -> bool:
        return self.type == "private"


@dataclass
class Press:
    """A pressed button: `made` is real time, for a press dies however the clock is moved."""

    id: str
    made: float
    bot_id: int
    chat_key: str
    user: int
    answer: Json | None = None


@dataclass
class Bot:
    id: int
    name: str
    username: str
    queue: Queue = field(default_factory=Queue)
    last_message_id: int = 0  # private chats share one count, as in Telegram
    commands: dict[str, list[Json]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # name, description, short description
    allowed: list[str] = field(default_factory=list)
    webhook: Json = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
