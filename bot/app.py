"""The running program: intake first, then everything that follows from what it writes down.

Starting order matters: Telegram forgets a button press after 150 s, so intake answers before aiogram (seconds
to import) is even loaded.
"""

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot import instance, lock
from bot.clock import Clock
from bot.delivery import Delivery
from bot.hand import Hand
from bot.intake import Intake
from bot.outcomes import BotDownError, WireError
from bot.pen import Pen
from bot.scheduler import Scheduler
from bot.settings import Settings, open_files, open_store
from bot.wire import Wire
from bot.workers import Workers
from storage import bots, errands

if TYPE_CHECKING:
    from bot.desk import Desk

PAUSE, LONGEST_PAUSE = 1.0, 30.0
CAREFUL = 20

log = logging.getLogger("zhucun")


@dataclass
class App:
    """One bot, all its parts in one process."""

    settings: Settings
    adopted_at: datetime | None = None
    """When somebody said that a copy of the data goes on here; None: nobody did."""
    clock: Clock = field(init=False)
    desk: "Desk | None" = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Clock(self.settings.clock_url)
        self.bot = int(self.settings.secret.partition(":")[0])
        self.store = open_store(self.settings)
        self.lock = lock.take(self.settings.data)
        instance.bind(self.store, self.settings.data, self.adopted_at)
        self.files = open_files(self.settings)
        self.pen = Pen(self.store)

    async def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        self.pen.start()
        await self.clock.start()
        await self._start()
        await stop.wait()
        await self._stop()

    async def _start(self) -> None:
        settings = self.settings
        self.desk_wake = asyncio.Event()
        self.intake = Intake(
            self.pen, settings.secret, settings.api_url, settings.proxy, self.clock.now, self.desk_wake.set
        )
        self._keep("intake", self.intake.run)
        self.scheduler = Scheduler(self.pen, self.bot, self.clock, self._wake_all)
        self.intake.on_date = self._compare
        self.wire = Wire(settings.secret, settings.api_url, settings.proxy, self._compare)
        await self.wire.open()
        self.delivery = Delivery(
            self.pen, self.wire, self.files, self.bot, self.clock.now, settings.send_rate
        )
        self.workers = Workers(self.pen, self.wire, self.files, self.bot, self.clock.now)
        self._keep("delivery", self.delivery.run)
        self._keep("workers", self.workers.run)
        self._keep("desk", self._desk)

    async def _stop(self) -> None:
        """Nothing new is taken, what is on the wire is waited for."""
        self.scheduler.stop()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self.delivery.drain()
        self.workers.process.close()
        await self.wire.close()
        await self.clock.stop()
        await asyncio.to_thread(self.pen.stop)
        self.store.close()
        self.lock.close()

    def _keep(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(_kept(name, loop), name=name))

    def _wake_all(self) -> None:
        self.delivery.wake.set()
        self.workers.wake.set()

    def _compare(self, date: datetime) -> None:
        self.scheduler.compare(date)

    async def _desk(self) -> None:
        """Handle arrivals for ever. What waits at the start is taken one by one for a batch: whatever ended the
        process, or the last batch, is among the oldest."""
        desk = self.desk = self.desk or await self._open_desk()
        careful = min(await self.pen(desk.backlog), CAREFUL)
        while True:
            self.desk_wake.clear()
            worked = await (desk.careful_step() if careful > 0 else desk.step())
            careful -= 1
            if worked:
                self._wake_all()
            else:
                await _nap(self.desk_wake)

    async def _open_desk(self) -> "Desk":
        """Load the handlers beside the running intake. Once: aiogram's routers cannot be attached again."""
        username = await self._username()
        await asyncio.to_thread(_load_handlers)
        from bot.desk import Desk

        hand = Hand(self.settings.data, self.bot)
        desk = Desk(self.pen, self.settings.secret, username, self.clock.now, hand)
        self.scheduler.start()
        gc.collect()
        gc.freeze()
        gc.set_threshold(
            10_000, 50, 50
        )  # what one arrival leaves is freed by counting; look for rings less often
        log.info("ready: @%s", username)
        return desk

    def _note_bot(self, session: Session, number: int, name: str) -> None:
        """Note the bot's name, and have the menus of strangers and groups registered."""
        bots.remember(session, number, name)
        errands.send_on(session, number, "commands", {"chat_id": None}, due_at=self.clock.now())

    async def _username(self) -> str:
        """The bot's @name from Telegram, or as it was noted when last asked."""
        pause = PAUSE
        while True:
            try:
                number, name = await self.wire.me()
                await self.pen(partial(self._note_bot, number=number, name=name))
                return name
            except WireError as error:
                with self.store.reading() as session:
                    known = bots.username(session, self.bot)
                if known is not None:
                    return known
                said = (
                    "Telegram refuses the token"
                    if isinstance(error, BotDownError)
                    else "Telegram is out of reach"
                )
                log.error("%s (%s)", said, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


async def _kept(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Run a loop for ever: after trouble it begins again, with growing pauses."""
    pause = PAUSE
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await loop()
        except Exception as error:
            # A part in trouble must not end the others.
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE:
                pause = PAUSE
            log.error("%s stopped (%s), again in %.0f s", name, type(error).__name__, pause)
            log.debug("%s", name, exc_info=error)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _nap(event: asyncio.Event) -> None:
    """Until woken, at most a second: the truth is in the table."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), 1)


def _load_handlers() -> None:
    import bot.desk  # noqa: F401 - loaded here, off the loop, because it takes seconds
