"""Workers: run errands, a few at a time, CPU-heavy parts in spawned processes.

An errand runs at least once; its effect and "done" are one transaction, made by the errand itself.
"""

import asyncio
import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlmodel import Session

from bot import crash
from bot.loops import nap
from bot.outcomes import LaterError, NotSentError, UnknownError
from bot.pen import Pen
from bot.wire import Wire
from storage import errands, roles
from storage.files import Files

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 4
OTHERS = 60
"""As many errands may be in the hands of other processes."""
ATTEMPTS = 6
"""An errand that fails for reasons of its own this often is put aside. Waiting for the network never counts."""
LONGEST_PAUSE = timedelta(hours=1)

log = logging.getLogger("zhucun.workers")


@dataclass
class Processes:
    """Spawned processes for work that would stop the loop, made at the first need."""

    most: int = 1
    _pool: "ProcessPoolExecutor | None" = field(default=None, repr=False)

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # Half a megabyte that only workers need.
        import multiprocessing
        from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.most, mp_context=multiprocessing.get_context("spawn"))
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(function, *args, **kwargs))
        except BrokenProcessPool:
            # A crashed decoder takes its pool along; the next call gets a new one.
            if self._pool is pool:
                self.close()
            raise

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


@dataclass(frozen=True)
class ErrandContext:
    """What an errand may use."""

    errand_id: int
    bot: int
    attempts: int
    pen: Pen
    wire: Wire
    files: Files
    process: Processes
    now: Callable[[], datetime]
    private_hooks: bool = False
    """Whether programs of the own network may be told (setting hooks_private)."""


@dataclass
class Workers:
    """One per process. `wake` when an errand was written down."""

    pen: Pen
    wire: Wire
    files: Files
    bot: int
    now: Callable[[], datetime]
    process: Processes = field(default_factory=Processes)
    private_hooks: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _finished: list[int] = field(default_factory=list)

    async def run(self) -> None:
        while True:
            self.wake.clear()
            if not await self.step():
                await nap(self.wake)

    async def step(self) -> bool:
        """Start what is due. Whether anything was."""
        room = AT_ONCE - len(self._under_way)
        todo = await self.pen(lambda session: self._due(session, room)) if room > 0 else []
        for errand_id, kind, attempts, body in todo:
            task = asyncio.create_task(self._run(errand_id, kind, attempts, body))
            self._under_way[errand_id] = task
        return bool(todo)

    def _due(self, session: Session, room: int) -> list[tuple[int, str, int, dict[str, Any]]]:
        while self._finished:
            roles.leave(session, _role(self._finished.pop()))
        todo: list[tuple[int, str, int, dict[str, Any]]] = []
        for one in errands.due(session, self.bot, self.now(), room + OTHERS, self._under_way):
            if len(todo) < room and roles.take(session, _role(one.id or 0)):
                todo.append((one.id or 0, one.kind, one.attempts, errands.body_of(session, one)))
        return todo

    @property
    def busy(self) -> bool:
        return bool(self._under_way)

    async def drain(self) -> None:
        """Wait for what is under way."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=20)

    async def stop(self) -> None:
        """What is under way is given up, and counted as no attempt: the next start runs it again."""
        given_up = list(self._under_way.values())
        for task in given_up:
            task.cancel()
        if given_up:
            await asyncio.wait(given_up, timeout=5)
        self.process.close()

    async def _run(self, errand_id: int, kind: str, attempts: int, body: dict[str, Any]) -> None:
        context = ErrandContext(
            errand_id,
            self.bot,
            attempts,
            self.pen,
            self.wire,
            self.files,
            self.process,
            self.now,
            self.private_hooks,
        )
        try:
            crash.point("errand.begun")
            await importlib.import_module(f"bot.errands.{kind}").run(context, body)
            crash.point("errand.done")
        except Exception as error:  # noqa: BLE001 - one errand's trouble must not stop the others
            await self._failed(errand_id, kind, attempts, error)
        finally:
            self._under_way.pop(errand_id, None)
            self._finished.append(errand_id)
            self.wake.set()

    async def _failed(self, errand_id: int, kind: str, attempts: int, error: Exception) -> None:
        said = type(error).__name__
        log.warning("errand %s (%s): %s", errand_id, kind, said)
        waits = isinstance(error, LaterError | NotSentError | UnknownError)
        try:
            if waits or attempts + 1 < ATTEMPTS:
                due = self.now() + pause_after(attempts, error)
                await self.pen(lambda session: errands.later(session, errand_id, due, said))
            else:
                await self.pen(lambda session: errands.park(session, errand_id, said))
        except Exception as trouble:  # noqa: BLE001 - the database says no: the errand is still waiting
            log.error("errand %s: %s", errand_id, type(trouble).__name__)
            await asyncio.sleep(1)


def _role(errand_id: int) -> str:
    return f"errand {errand_id}"


def pause_after(attempts: int, error: Exception) -> timedelta:
    """What Telegram asked, else 2, 4, 8 … seconds, at most an hour."""
    if isinstance(error, LaterError) and error.seconds:
        return timedelta(seconds=error.seconds)
    return min(timedelta(seconds=2 ** min(attempts + 1, 12)), LONGEST_PAUSE)
