"""The bell: how processes that share a PostgreSQL database wake each other (LISTEN and NOTIFY).

It is a hint: what is to be done stands in the tables and is looked for each second, so a ring that is lost
costs a second. It has connections of its own, because a commit that also notifies waits for every other one.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

if TYPE_CHECKING:
    from psycopg import AsyncConnection

CHANNEL = "zhucun"
PAUSE = 5.0

log = logging.getLogger("zhucun.bell")


class Bell:
    """`ring(name)` calls `heard(name)` in every process of the database. On SQLite nobody hears anything."""

    def __init__(self, url: str, heard: Callable[[str], None]) -> None:
        address = make_url(url)
        self._url = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._there = address.get_backend_name() == "postgresql"
        self._heard = heard
        self._waiting: set[str] = set()
        self._wanted = asyncio.Event()

    def ring(self, name: str) -> None:
        """To be called in the event loop. Rings that wait together are one."""
        if self._there:
            self._waiting.add(name)
            self._wanted.set()

    async def run(self) -> None:
        """Until cancelled; lost connections are made anew."""
        while self._there:
            both = [asyncio.create_task(self._listen()), asyncio.create_task(self._ring())]
            try:
                done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                log.debug("no bell: %s", [type(task.exception()).__name__ for task in done])
            finally:
                for task in both:
                    task.cancel()
                    with suppress(asyncio.CancelledError, Exception):
                        await task
            await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        async with await self._connect() as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            async for notice in connection.notifies():
                self._heard(notice.payload)

    async def _ring(self) -> None:
        async with await self._connect() as connection:
            while await self._wanted.wait():
                self._wanted.clear()
                names, self._waiting = self._waiting, set()
                for name in names:
                    await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, name))

    async def _connect(self) -> "AsyncConnection[Any]":
        from psycopg import AsyncConnection  # on SQLite nobody needs it

        return await AsyncConnection.connect(self._url, autocommit=True)
