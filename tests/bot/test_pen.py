"""The pen: a job either happened or did not, and nobody hears before the commit."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session, select

from bot.pen import Pen
from storage import tables
from storage.chats import Chat
from storage.db import Store
from storage.sealing import Keyring
from tests import databases
from tests.bot.spine import pen_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(databases.url(tmp_path / "zhucun.db"), Keyring.new())
    tables.metadata.create_all(made.write)
    yield made
    made.close()


@pytest.fixture
def pen(store: Store) -> Iterator[Pen]:
    with pen_of(store) as made:
        yield made


def add(number: int, fails: bool = False, size: int = 1) -> Callable[[Session], int]:
    def job(session: Session) -> int:
        session.add(Chat(bot=1, telegram_id=number, title="x" * size))
        session.flush()
        if fails:
            raise ValueError(number)
        return number

    return job


def numbers(store: Store) -> set[int]:
    with store.reading() as session:
        return set(session.exec(select(Chat.telegram_id)))


async def test_a_value_is_told_only_after_the_commit(pen: Pen, tmp_path: Path) -> None:
    assert await pen(add(7)) == 7
    assert databases.ask(tmp_path / "zhucun.db", "select count(*) from chat") == [(1,)]


async def test_a_refused_job_leaves_nothing_and_its_neighbours_stay(pen: Pen, store: Store) -> None:
    jobs = [pen(add(number, fails=number % 10 == 3)) for number in range(200)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    happened = {result for result in results if isinstance(result, int)}
    assert sum(isinstance(result, ValueError) for result in results) == 20
    assert numbers(store) == happened
    assert len(happened) == 180


async def test_jobs_that_wait_together_share_a_commit(pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pen.SECONDS", 60)  # however slow the machine is
    await asyncio.gather(*(pen(add(number)) for number in range(pen.store.batch * 4)))
    assert pen.commits < pen.store.batch


async def test_a_broken_constraint_is_one_jobs_own_trouble(pen: Pen, store: Store) -> None:
    results: list[object] = list(
        await asyncio.gather(pen(add(1)), pen(add(1)), pen(add(2)), return_exceptions=True)
    )
    first, again, other = results
    assert (first, other) == (1, 2)
    assert isinstance(again, IntegrityError)
    assert numbers(store) == {1, 2}


@pytest.mark.sqlite_only(reason="a full disk is made by a limit of SQLite's")
@pytest.mark.fault("full disk")
async def test_on_a_full_disk_no_job_claims_to_have_happened(pen: Pen, store: Store, tmp_path: Path) -> None:
    def fill_up(session: Session) -> None:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages + 12}")

    await pen(fill_up)
    jobs = [pen(add(number, size=3000)) for number in range(100)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    happened = {result for result in results if isinstance(result, int)}
    assert any(isinstance(result, OperationalError) for result in results)
    assert numbers(store) == happened

    with pytest.raises(OperationalError):
        await pen(add(2000, size=3_000_000))
    assert pen.trouble == "database or disk is full"
    await pen(lambda s: s.connection().exec_driver_sql("PRAGMA max_page_count=100000").scalar_one())
    assert await pen(add(1000)) == 1000
    assert pen.trouble is None


@pytest.mark.sqlite_only(reason="a full disk is made by a limit of SQLite's")
@pytest.mark.fault("full disk")
async def test_what_is_known_nowhere_else_is_written_as_soon_as_there_is_room(
    pen: Pen, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.pen.PAUSE", 0.01)
    pages = "PRAGMA max_page_count="
    await pen(lambda s: s.connection().exec_driver_sql(pages + "1").scalar_one())
    sure = asyncio.create_task(pen.surely(add(1, size=100_000)))
    while pen.trouble is None:  # noqa: ASYNC110 - nobody tells of trouble, so it is looked at
        await asyncio.sleep(0)
    assert not sure.done()
    await pen(lambda s: s.connection().exec_driver_sql(pages + "100000").scalar_one())
    assert await sure == 1
    told = [one.getMessage() for one in caplog.records if one.name == "zhucun.pen"]
    assert "database or disk is full" in told[0], "the operator reads why"


async def test_what_is_known_nowhere_else_outlives_the_wrong_statement_of_a_neighbour(
    pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL gives up the whole transaction then; a letter that was sent would be sent again."""
    monkeypatch.setattr("bot.pen.PAUSE", 0.01)
    # Both jobs are in one transaction, however slow the machine is.
    monkeypatch.setattr("bot.pen.SECONDS", 60)
    held, wrong = threading.Event(), "select nothing from nowhere"
    first = pen.submit(lambda _: held.wait(60))
    sure = asyncio.create_task(pen.surely(add(1)))
    await asyncio.sleep(0)  # it is on the queue
    other = pen.submit(lambda session: session.connection().exec_driver_sql(wrong))
    held.set()
    with pytest.raises(DBAPIError):
        await asyncio.wrap_future(other)
    with pytest.raises(DBAPIError):
        await asyncio.wrap_future(first)
    assert await sure == 1


async def test_what_is_on_the_queue_is_finished_before_the_pen_stops(store: Store) -> None:
    pen = Pen(store)
    pen.start()
    futures = [pen.submit(add(number)) for number in range(pen.store.batch * 2 + 5)]
    pen.stop()
    assert [future.result(timeout=0) for future in futures] == list(range(pen.store.batch * 2 + 5))


async def test_two_writers_never_starve_each_other(pen: Pen, store: Store) -> None:
    many = asyncio.gather(*(pen(add(number)) for number in range(1000)))
    loop = asyncio.get_running_loop()
    started = loop.time()
    await pen(add(5000))
    waited = loop.time() - started
    await many
    assert waited < 30, "a job waits for its turn, not for a busy database"
    assert len(numbers(store)) == 1001


async def test_one_thread_writes(pen: Pen) -> None:
    await pen(lambda _: None)  # the turnstile is open: two that opened it at once would wait for ever
    threads = await asyncio.gather(*(pen(lambda _: threading.get_ident()) for _ in range(1000)))
    assert len(set(threads)) == 1


async def test_whoever_goes_away_takes_nothing_with_them(pen: Pen, store: Store) -> None:
    """A caller that was cancelled: its job is done all the same, and the pen goes on."""
    futures = [pen.submit(add(number)) for number in range(20)]
    for future in futures:
        future.cancel()
    assert await pen(add(100)) == 100
    assert numbers(store) == {*range(20), 100}
