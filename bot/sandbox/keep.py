"""The world in a folder, so that it survives a restart: `world.json` and `files/` by content.

Written about a second after a change and at the end; a kill loses at most that second, so numbers given out
in it are skipped when the world is read again.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.files import Files
from bot.sandbox.model import Bot, Chat, Json, Message, Press, StoredFile, User
from bot.sandbox.updates import Queue, Update
from bot.sandbox.world import World

PAUSE = 1.0
LOOK = 5.0
SKIPPED = 100  # more than anybody says in a second


def packed(world: World) -> str:
    shape: Json = {
        name: getattr(world, name) for name in ("change", "next_group", "albums", "users", "presses", "bots")
    }
    shape["clock"] = {name: getattr(world.clock, name) for name in ("serial", "offset", "stands_at")}
    shape |= {"revoked": sorted(world.revoked), "chats": [_chat(chat) for chat in world.chats.values()]}
    shape["files"] = list(world.files.known.values())
    return json.dumps(shape, default=_plain, ensure_ascii=False)


def _plain(thing: Any) -> Any:
    if isinstance(thing, Queue):
        return {"next_id": thing.next_id, "items": list(thing.items.values())}
    return vars(thing)


def _chat(chat: Chat) -> Json:
    shape = {key: value for key, value in vars(chat).items() if key not in ("log", "messages", "topics")}
    return shape | {"messages": list(chat.messages.values()), "topics": list(chat.topics.items())}


def unpacked(text: str, files: Files) -> World:
    shape = json.loads(text)
    world = World(Clock(), files)
    vars(world.clock).update(shape["clock"])
    for name in ("change", "next_group", "albums"):
        setattr(world, name, shape[name])
    world.revoked = set(shape["revoked"])
    world.users = {int(key): User(**one) for key, one in shape["users"].items()}
    world.presses = {key: Press(**one) for key, one in shape["presses"].items()}
    world.bots = {int(key): _bot(one) for key, one in shape["bots"].items()}
    world.chats = {chat.key: chat for chat in map(_read_chat, shape["chats"])}
    files.known = {one["n"]: StoredFile(**one) for one in shape["files"]}
    _rebuild_log(world)
    return world


def _bot(shape: Json) -> Bot:
    kept = shape.pop("queue")
    bot = Bot(**shape)
    bot.queue.next_id = kept["next_id"] + SKIPPED
    for update in kept["items"]:
        bot.queue.restore(Update(**update))
    bot.last_message_id += SKIPPED
    return bot


def _read_chat(shape: Json) -> Chat:
    messages = [Message(**one) for one in shape.pop("messages")]
    topics = dict(shape.pop("topics"))
    chat = Chat(**shape, topics=topics, messages={one.message_id: one for one in messages})
    chat.last_message_id += SKIPPED
    chat.log = sorted((one.change, one.message_id) for one in messages)
    return chat


def _rebuild_log(world: World) -> None:
    entries = [(change, chat.key, number) for chat in world.chats.values() for change, number in chat.log]
    world.log = sorted(entries)


class Keeper:
    """Reads the folder once and writes it when something changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "world.json"
        self.files = Files(folder / "files")
        self._saved: Any = None

    def world(self, clock: Clock) -> World:
        """The kept world (its clock included), or a new one that starts at `clock`."""
        if not self.path.exists():
            return World(clock, self.files)
        return unpacked(self.path.read_text("utf-8"), self.files)

    async def run(self, world: World) -> None:
        while True:
            await world.signals.until("change", LOOK)
            await asyncio.sleep(PAUSE)
            self.save(world)

    def save(self, world: World) -> None:
        mark = (
            world.change,
            world.clock.serial,
            [(b.queue.next_id, len(b.queue)) for b in world.bots.values()],
        )
        if mark == self._saved:
            return
        part = self.path.with_suffix(".part")
        part.write_text(packed(world), "utf-8")
        part.replace(self.path)
        self._saved = mark
