"""The bell is heard by other processes; when it is broken it mends itself, and nobody is disturbed."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from storage.bell import Bell
from tests import databases, postgres

pytestmark = pytest.mark.both_databases


class Process:
    """One with a bell, that remembers what it heard."""

    def __init__(self, url: str) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.bell = Bell(url, self.heard.put_nowait)
        self.task = asyncio.create_task(self.bell.run())

    async def until(self, name: str, ringing: Bell) -> None:
        """Rings again and again: a bell that is not listened to yet is heard by nobody."""
        async with asyncio.timeout(60):
            while True:
                ringing.ring(name)
                with suppress(TimeoutError):
                    if await asyncio.wait_for(self.heard.get(), 0.2) == name:
                        return

    async def end(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


async def test_others_hear_it(tmp_path: Path, database: databases.Kind) -> None:
    url = databases.url(tmp_path / "zhucun.db")
    one, other = Process(url), Process(url)
    try:
        if database == "sqlite":
            one.bell.ring("desk 1")
            await asyncio.wait_for(one.task, 60)
            assert one.heard.empty(), "there is no bell"
        else:
            await other.until("desk 1", ringing=one.bell)
            await one.until("delivery 1", ringing=other.bell)
    finally:
        await one.end()
        await other.end()


@pytest.mark.postgresql_only
async def test_a_broken_bell_mends_itself(
    tmp_path: Path, database: databases.Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.bell.PAUSE", 0.05)
    url = databases.url(tmp_path / "zhucun.db")
    one, other = Process(url), Process(url)
    try:
        await other.until("desk 1", ringing=one.bell)
        with postgres.server().look_into(tmp_path / "zhucun.db") as operator:
            operator.execute("select pg_terminate_backend(pid) from pg_stat_activity "
                             "where datname = current_database() and pid <> pg_backend_pid()")  # fmt: skip
        await other.until("desk 2", ringing=one.bell)
    finally:
        await one.end()
        await other.end()
