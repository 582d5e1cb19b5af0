"""What an SQLite file wants now and then, in small bites beside the answers: segments of the index of words are put
together, the write-ahead log is moved into the database."""

import asyncio
from contextlib import closing

from sqlmodel import Session

from bot.pen import Pen
from storage import search_merging
from storage.checkpoints import Checkpoints
from storage.db import Store

BETWEEN = 0.03
"""Seconds between two bites: the pen is others' most of the time."""
IDLE = 1.0


class Upkeep:
    """Of one data folder, by the process that has its desk. Nothing is written before `cleared`."""

    def __init__(self, pen: Pen, store: Store, cleared: asyncio.Event) -> None:
        self.pen, self.store, self.cleared = pen, store, cleared

    async def run(self) -> None:
        """Until cancelled."""
        with closing(Checkpoints(self.store.url)) as log:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._words())
                both.create_task(self._log(log))

    async def _words(self) -> None:
        await self.cleared.wait()
        while True:
            did = await self.pen(_bite)
            await asyncio.sleep(BETWEEN if did else IDLE)

    async def _log(self, log: Checkpoints) -> None:
        while True:
            await asyncio.to_thread(log.move)
            await asyncio.sleep(IDLE)


def _bite(session: Session) -> bool:
    return search_merging.merge(session.connection())
