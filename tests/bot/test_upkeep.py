"""Beside the answers: segments are put together and the log is moved, until the program ends."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import upkeep
from bot.pen import Pen
from bot.upkeep import Upkeep
from storage.db import Store
from tests import databases
from tests.bot.spine import pen_of
from tests.storage.asking import add_report, new_store, settle

WAIT = 60
BURST = 20

pytestmark = pytest.mark.skipif(databases.kind() != "sqlite", reason="an SQLite file's own")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(str(tmp_path / "z.db"))
    with made.writing() as session:
        county = settle(session)
    for _ in range(BURST):
        with made.pen_session() as session:
            add_report(session, county.people["王爱民"], text="屋顶漏雨")
            session.commit()
    yield made
    made.close()


@pytest.fixture
def pen(store: Store) -> Iterator[Pen]:
    with pen_of(store) as made:
        yield made


@asynccontextmanager
async def kept_up(pen: Pen, cleared: asyncio.Event) -> AsyncIterator[None]:
    task = asyncio.create_task(Upkeep(pen, pen.store, cleared).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT):
        while not await asyncio.to_thread(true):
            continue


def segments(store: Store) -> int:
    with store.read.connect() as connection:
        return int(
            connection.execute(text("SELECT count(DISTINCT segid) FROM report_search_idx")).scalar_one()
        )


def moved(folder: Path) -> bool:
    """Whether the file of the database has all reports without its log."""
    alone = folder / "alone.db"
    alone.write_bytes((folder / "z.db").read_bytes())
    with closing(sqlite3.connect(alone)) as connection, suppress(sqlite3.Error):
        return bool(connection.execute("SELECT count(*) FROM report").fetchone()[0] == BURST)
    return False


async def test_segments_become_few_and_the_log_moves(pen: Pen, store: Store, tmp_path: Path) -> None:
    assert segments(store) == BURST
    assert not moved(tmp_path)
    cleared = asyncio.Event()
    cleared.set()
    async with kept_up(pen, cleared):
        await until(lambda: segments(store) < 4)
        await until(lambda: moved(tmp_path))


async def test_nothing_is_written_before_what_was_in_hand_is_cleared(
    pen: Pen, store: Store, tmp_path: Path
) -> None:
    cleared = asyncio.Event()
    async with kept_up(pen, cleared):
        await until(lambda: moved(tmp_path))
        assert (pen.commits, segments(store)) == (0, BURST)
        cleared.set()
        await until(lambda: segments(store) < 4)


async def test_who_has_nothing_to_do_asks_seldom(
    pen: Pen, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    cleared = asyncio.Event()
    cleared.set()
    monkeypatch.setattr(asyncio, "sleep", sleep)
    async with kept_up(pen, cleared):
        await asyncio.wait_for(_turned(slept), WAIT)
    assert segments(store) < 4
    assert slept.index(upkeep.BETWEEN) < len(slept) - 1 - slept[::-1].index(upkeep.IDLE)


async def _turned(slept: list[float]) -> None:
    """Until it slept long after it had slept shortly."""
    while upkeep.BETWEEN not in slept or slept[-3:] != [upkeep.IDLE] * 3:
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
