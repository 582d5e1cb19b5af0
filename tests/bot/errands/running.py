"""Workers of the asked county at a sandbox: run what is due and see what was called."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.pen import Pen
from bot.wire import Wire
from bot.workers import Workers
from storage import chats, errands
from storage.db import Store
from storage.errands import Errand, ErrandState
from storage.files import Files
from storage.people import Person
from tests.bot.errands.heavy import processes
from tests.phone import Sandbox
from tests.storage.asking import NOW, County, new_store, settle

BOT = 42


class Here:
    """Runs in a thread what otherwise gets a process of its own, which takes seconds to start."""

    async def __call__(self, function: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.to_thread(function, *given)

    def close(self) -> None:
        pass


@dataclass
class Running:
    store: Store
    county: County
    files: Files
    workers: Workers

    def chat(self, telegram_id: int, name: str | None = None) -> int:
        """The private chat of an account, given to that person of the county."""
        with self.store.writing() as session:
            if name is not None:
                session.get_one(Person, self.county.people[name]).telegram_id = telegram_id
            return chats.chat_of(session, BOT, telegram_id).id or 0

    async def run(self, kind: str, body: dict[str, Any]) -> ErrandState:
        """Do one errand; what became of it."""
        with self.store.writing() as session:
            errand = errands.send_on(session, BOT, kind, body, due_at=NOW)
            assert errand is not None
            number = errand.id
        while await self.workers.step() or self.workers.busy:
            await self.workers.drain()
        with self.store.reading() as session:
            return session.exec(select(Errand).where(Errand.id == number)).one().state


@asynccontextmanager
async def running(sandbox: Sandbox, folder: Path) -> AsyncIterator[Running]:
    store = new_store(f"{folder}/zhucun.db")
    with store.writing() as session:
        county = settle(session)
    pen, files = Pen(store), Files(folder / "files")
    wire = Wire(sandbox.token, sandbox.api_url, None, lambda _: None)
    pen.start()
    await wire.open()
    workers = Workers(pen, wire, files, BOT, lambda: NOW, processes())
    try:
        yield Running(store, county, files, workers)
    finally:
        await wire.close()
        pen.stop()
        store.close()
