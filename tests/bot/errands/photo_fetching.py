"""A member's phone, the sandbox's Bot API, and the workers that fetch what the phone sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.pen import Pen
from bot.wire import Wire
from bot.workers import Workers
from storage.errands import Errand
from storage.files import Files
from storage.photo import Photo
from tests import databases
from tests.bot.errands.heavy import processes
from tests.phone import Phone, Sandbox
from tests.storage.photo_world import BOT, MEMBER, NOW, World, said, world


@dataclass
class Fetching:
    """`now` is the workers' clock: it stands until it is moved."""

    world: World
    sandbox: Sandbox
    phone: Phone
    files: Files
    workers: Workers
    now: datetime = NOW
    _offset: int = field(default=0)

    async def work(self) -> None:
        """Do what is due, and what follows from it."""
        while await self.workers.step() or self.workers.busy:
            await self.workers.drain()

    async def wait(self, pause: timedelta) -> None:
        self.now += pause
        await self.work()

    def receive(self, **more: Any) -> list[int]:
        """Write down the photos and files that the phone has sent since, as the desk does; their ids."""
        updates = self.updates()
        messages = [one["message"] for one in updates if {"photo", "document"} & one["message"].keys()]
        with self.world.writing() as session:
            return [self.world.sent_id(session, **(_told(one) | more)) for one in messages]

    def updates(self) -> list[dict[str, Any]]:
        """What came since the last call."""
        new: list[dict[str, Any]] = self.sandbox.bot("getUpdates", offset=self._offset)
        self._offset = new[-1]["update_id"] + 1 if new else self._offset
        return new

    def photos(self) -> list[Photo]:
        with self.world.store.reading() as session:
            return list(session.exec(select(Photo)))

    def photo(self) -> Photo:
        (photo,) = self.photos()
        return photo

    def errand(self, kind: str = "fetch_photo") -> Errand:
        with self.world.store.reading() as session:
            return session.exec(select(Errand).where(Errand.kind == kind)).one()

    def errands(self, kind: str) -> list[Errand]:
        with self.world.store.reading() as session:
            return list(session.exec(select(Errand).where(Errand.kind == kind)))

    def letters(self) -> list[dict[str, Any]]:
        with self.world.store.reading() as session:
            return said(session)

    def served(self, photo: Photo) -> bytes:
        """The bytes that the Bot API serves for a photo, asked for by other means."""
        path = self.sandbox.bot("getFile", file_id=photo.file_id)["file_path"]
        return self.sandbox.wire.bytes(f"/file/bot{self.sandbox.token}/{path}")


def _told(message: dict[str, Any]) -> dict[str, Any]:
    """What `photos.add` is given of a message: the largest size of a photo, or the file."""
    one = message["photo"][-1] if "photo" in message else message["document"]
    return {
        "message_id": message["message_id"],
        "media_group": message.get("media_group_id"),
        "file_id": one["file_id"],
        "unique_id": one["file_unique_id"],
        "as_file": "document" in message,
        "name": one.get("file_name"),
    }


@asynccontextmanager
async def fetching(sandbox: Sandbox, folder: Path) -> AsyncIterator[Fetching]:
    """An installation of its own at that sandbox, whose member has pressed Start."""
    made = world(databases.url(f"{folder}/zhucun.db"))
    phone = sandbox.phone("李卫国", user_id=MEMBER)
    phone.says("/start")
    pen, files = Pen(made.store), Files(folder / "files")
    wire = Wire(sandbox.token, sandbox.api_url, None, lambda _: None)
    pen.start()
    await wire.open()
    workers = Workers(pen, wire, files, BOT, lambda: made_fetching.now, processes())
    made_fetching = Fetching(made, sandbox, phone, files, workers)
    made_fetching.updates()  # those of earlier tests at this sandbox
    try:
        yield made_fetching
    finally:
        sandbox.clear_faults()
        await wire.close()
        pen.stop()
        made.store.close()
