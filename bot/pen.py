"""The pen: the one writer thread of a process.

Every write is a job `Session -> T` on its queue, run under a savepoint. Jobs waiting together are
committed together; an awaiting caller gets its value only after the commit. So a job either happened (its future has a
value) or did not (it has an exception), and writers never starve each other.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session

from bot import crash
from storage import roles, turns
from storage.db import Store, savepoint
from storage.turnstile import Turnstile

T = TypeVar("T")
Job = Callable[[Session], T]
_Item = tuple[Callable[[Session], Any], Future[Any]]

SECONDS = 0.12
"""A transaction that is older takes no more jobs: other writers wait for it, and so do those who asked."""
PAUSE, LONGEST_PAUSE = 1.0, 30.0

log = logging.getLogger("zhucun.pen")


class Pen:
    """`await pen(job)` writes. `trouble` is what the last failed commit said, None when the last one held.
    `turn` waits for this process's turn to write (storage/turns.py)."""

    def __init__(self, store: Store, turn: Callable[[Session], None] = turns.alone) -> None:
        self.store, self._turn = store, turn
        self._turnstile = Turnstile(store.url)
        self.trouble: str | None = None
        self.commits = 0
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="pen", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is on the queue, then end the thread."""
        self._queue.put(None)
        self._thread.join()
        self._turnstile.close()

    async def __call__(self, job: Job[T]) -> T:
        return await asyncio.wrap_future(self.submit(job))

    async def surely(self, job: Job[T]) -> T:
        """Write what is known nowhere else, such as that a letter was sent: while the database says no (a full
        disk, or a wrong statement of another job in the same transaction), ask again, with growing pauses."""
        pause = PAUSE
        while True:
            try:
                return await self(job)
            except IntegrityError:
                raise
            except DBAPIError:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def submit(self, job: Job[T]) -> Future[T]:
        """Put a job on the queue; the future has its value after the commit."""
        future: Future[T] = Future()
        self._queue.put((job, future))
        return future

    def _run(self) -> None:
        while not self._stopping and (item := self._queue.get()) is not None:
            batch: list[_Done] = []
            try:
                self._write(item, batch)
                self._note(None)
            except Exception as error:  # noqa: BLE001 - told to every caller below
                # Whatever stopped the commit: no job of this batch happened, so none has a value.
                self._note(error)
                batch = [_Done(done.future, error=error) for done in batch]
            for done in batch:
                done.tell()

    def _note(self, error: Exception | None) -> None:
        """Tell the operator when writing fails and when it goes again, once each."""
        trouble = None if error is None else _reason(error)
        if trouble is not None and trouble != self.trouble:
            log.error("nothing can be written (%s): nothing is confirmed to Telegram until it can", trouble)
        elif trouble is None and self.trouble is not None:
            log.info("writing again")
        self.trouble = trouble

    def _write(self, item: _Item, batch: "list[_Done]") -> None:
        batch.append(_Done(item[1]))
        with self._turnstile, self.store.pen_session() as session:
            self._turn(session)
            start = time.monotonic()
            while True:
                _attempt(session, item[0], batch[-1])
                session.expunge_all()
                if (
                    len(batch) >= self.store.batch
                    or time.monotonic() - start > SECONDS
                    or self._queue.empty()
                ):
                    break
                following = self._queue.get()
                if following is None:
                    self._stopping = True
                    break
                item = following
                batch.append(_Done(item[1]))
            crash.point("pen.before_commit")
            session.commit()
        crash.point("pen.committed")
        self.commits += 1


@dataclass(frozen=True)
class Acting:
    """The pen in the hand of a role's holder: it raises StandbyError while the role is another process's."""

    pen: Pen
    role: str

    async def __call__(self, job: Job[T]) -> T:
        return await asyncio.wrap_future(self.submit(job))

    def submit(self, job: Job[T]) -> Future[T]:
        return self.pen.submit(roles.holding(self.role, job))

    async def surely(self, job: Job[T]) -> T:
        """What is known nowhere else is written all the same."""
        return await self.pen.surely(job)


@dataclass
class _Done:
    """What became of one job, told to its caller only after the commit."""

    future: Future[Any]
    value: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        with suppress(InvalidStateError):  # whoever asked has gone; they may go at any moment
            if self.error is not None:
                self.future.set_exception(self.error)
            else:
                self.future.set_result(self.value)


def _reason(error: Exception) -> str:
    """The database's own words where they hold no data ("database or disk is full"), else the class. Of errors
    that follow from each other the first one: a lost transaction has no savepoint to go back to."""
    said = type(error).__name__
    for cause in _causes(error):
        said = str(cause.orig) if isinstance(cause, OperationalError) else said
    return said


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__context__


def _attempt(session: Session, job: Job[Any], done: _Done) -> None:
    try:
        with savepoint(session):
            done.value = job(session)
    except Exception as error:
        # On a full disk SQLite drops the whole transaction and a later commit() "succeeds" with nothing, so any
        # database error but a broken constraint ends the batch.
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
            raise
        done.error = error
