"""The running program: intake first, then everything that follows from what it writes down.

Starting order matters: Telegram forgets a button press after 150 s, so intake answers before aiogram (seconds
to import) is even loaded. All parts run in one process, or each in its own (bot/parts.py); then they wake each
other by the bell, and on PostgreSQL those that one process at a time may do are roles with standbys.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from bot import instance, lock
from bot.delivery import Delivery
from bot.errors import fail
from bot.following import Clock
from bot.hand import Hand
from bot.intake import Intake
from bot.loops import LONGEST_PAUSE, PAUSE, kept, nap
from bot.opening import open_desk
from bot.outcomes import WireError
from bot.parts import ALONE, TAKING, Part, chosen
from bot.pen import Acting, Pen
from bot.scheduler import Scheduler
from bot.settings import Settings, open_files, open_store
from bot.upkeep import Upkeep
from bot.wire import Wire
from bot.workers import Workers
from storage import bots, keyhole, roles, turns
from storage.bell import Bell
from storage.texts import _

if TYPE_CHECKING:
    from bot.desk import Desk

CAREFUL = 120
"""More than Telegram gives at once: what was not yet written down when the process ended comes again."""
STANDBY = 1.0
"""Seconds between two tries of a standby to take a role."""
DATE = 60
"""Seconds between two looks at Telegram's clock where nothing else brings its time."""

log = logging.getLogger("zhucun")


@dataclass
class App:
    """One bot: its parts in one process, or those of them that were named."""

    settings: Settings
    adopted_at: datetime | None = None
    """When somebody said that a copy of the data goes on here; None: nobody did."""
    only: tuple[Part, ...] = ()
    desk: "Desk | None" = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts = chosen(self.only, self.settings.webhook_url is not None, self.settings.pages)
        self.clock = Clock(self.settings.clock_url)
        self.bot = int(self.settings.secret.partition(":")[0])
        self.small = self.parts == {Part.DELIVERY} and self.settings.watching is None
        """Delivery alone, which loads no more than it works with."""
        self.store = open_store(self.settings, whole=not self.small)
        self._check_keys()
        self.lock = self._lock()
        instance.bind(self.store, self.settings.data, self.adopted_at)
        self.files = open_files(self.settings)
        decides = self.parts - TAKING or (Part.WEB in self.parts and self.settings.pages)
        self.pen = Pen(self.store, partial(turns.of_bot, bot=self.bot) if decides else turns.none)
        self._holds: set[Part] = set(self.parts - ALONE)

    @property
    def _together(self) -> bool:
        """Whether what is said is claimed in the transaction that says it: the delivery is here, and nowhere
        else."""
        return Part.DELIVERY in self.parts and not self.store.shared

    def _check_keys(self) -> None:
        """A key file of other data would seal beside what nobody opens any more."""
        if not keyhole.opens(self.store):
            fail(
                _(
                    "密钥文件 {file} 打不开这里的数据：它不是这份数据的密钥。请把原来的密钥放回原处，或按恢复单重写；"
                    "没有密钥，姓名和号码再也打不开。"
                ).format(file=self.settings.keys)
            )

    def _lock(self) -> IO[str] | None:
        """On SQLite a part runs once; on PostgreSQL another process of the same stands by."""
        return None if self.store.shared else lock.take(self.settings.data, self.parts)

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
        settings, now = self.settings, self.clock.now
        told = (settings.secret, settings.api_url, settings.proxy)
        self.bell = Bell(self.store.url, self._heard)
        self.wire = Wire(*told, self._compare)
        await self.wire.open()
        early = self.parts >= {Part.INTAKE, Part.DESK} and not self.store.shared
        wake = partial(self._wake, Part.DESK)
        self.intake = Intake(self._acting(Part.INTAKE), *told, now, wake, early)
        self.intake.on_date = self._compare
        self.scheduler = Scheduler(self._acting(Part.CLOCK), self.bot, self.clock, self._wake_all)
        sender = self._acting(Part.DELIVERY)
        inside, together = settings.hooks_private, self._together
        self.delivery = Delivery(sender, self.wire, self.files, self.bot, now, settings.send_rate, together)
        self.workers = Workers(self.pen, self.wire, self.files, self.bot, now, private_hooks=inside)
        self.opened, self.cleared, self.desk_wake = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._look_at_the_hand()
        self._events = {
            Part.DESK: self.desk_wake,
            Part.DELIVERY: self.delivery.wake,
            Part.WORKERS: self.workers.wake,
        }
        self._keep("bell", self.bell.run)
        if Part.DESK in self.parts and not self.store.shared:
            self._keep("upkeep", Upkeep(self.pen, self.store, self.cleared).run)
        for part in Part:
            if part in self.parts:
                self._keep(part, getattr(self, f"_{part}"))
        if settings.watching is not None:
            self._keep("watch", partial(self._watch, *settings.watching))
        log.info("running: %s", ", ".join(part for part in Part if part in self.parts))

    async def _stop(self) -> None:
        """Nothing new is taken, what is on the wire is waited for."""
        self.scheduler.stop()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self.delivery.drain()
        await self.workers.stop()
        await self.wire.close()
        await self.clock.stop()
        await asyncio.to_thread(self.pen.stop)
        self.store.close()
        if self.lock is not None:
            self.lock.close()

    def _look_at_the_hand(self) -> None:
        """Where one process does all, an arrival that was in hand when the last one ended is tried while nobody
        but intake works: if it ends again, it was that arrival, and no letter or errand of the same moment."""
        self.hand = Hand(self.settings.data, self.bot)
        if Part.DESK not in self.parts or self.store.shared or not self.hand.holds():
            self.cleared.set()

    def _keep(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(kept(name, loop), name=name))

    # who does what

    def _acting(self, part: Part) -> Acting:
        # What is due by the clock is due for all bots of the installation: one clock does it.
        return Acting(self.pen, part if part == Part.CLOCK else f"{part} {self.bot}")

    async def _hold(self, part: Part) -> None:
        """Until this process has the role. A standby asks each second, so it is at work soon after a crash."""
        acting = self._acting(part)
        self._holds.discard(part)
        if not await self.pen(partial(roles.take, role=acting.role)):
            log.info("%s: standing by", part)
            while not await self.pen(partial(roles.take, role=acting.role)):  # noqa: ASYNC110 - another process tells nobody
                await asyncio.sleep(STANDBY)
            log.info("%s: taking over", part)
        self._holds.add(part)

    def _wake(self, part: Part) -> None:
        """There is something to do: here, or in another process."""
        if part in self._holds:
            self._events[part].set()
        else:
            self.bell.ring(f"{part} {self.bot}")

    def _wake_all(self) -> None:
        self._wake(Part.DELIVERY)
        self._wake(Part.WORKERS)

    def _heard(self, name: str) -> None:
        for part, event in self._events.items():
            if name == f"{part} {self.bot}":
                event.set()

    def _compare(self, date: datetime) -> None:
        self.scheduler.compare(date)

    # the parts

    async def _intake(self) -> None:
        await self._hold(Part.INTAKE)
        await self.intake.run()

    async def _web(self) -> None:
        """Listen before Telegram is told where."""
        from starlette.applications import Starlette  # half a second that polling need not wait

        from bot.web import server
        from bot.web.mounts import mounts
        from bot.web.webhook import Webhook

        settings, now, app = self.settings, self.clock.now, Starlette()
        listening = server.listen(*settings.listening)
        async with asyncio.TaskGroup() as both:
            if settings.webhook_url is not None:
                wake = partial(self._wake, Part.DESK)
                hook = Webhook(self.pen, settings.secret, settings.webhook_url, now, wake)
                app.routes.extend(hook.app.routes)
                both.create_task(self._register(hook.registration))
            app.routes.extend(mounts(settings, self.pen, self.files, now, self.bot, self._wake_all))
            both.create_task(server.serve(app, listening))

    async def _watch(self, host: str, port: int) -> None:
        """For the operator's own tools."""
        from bot.web import server, watch  # as above

        scheduler = self.scheduler if Part.CLOCK in self.parts else None
        listening = server.listen(host, port)
        await server.serve(watch.Watch(self.pen, self.clock.now, scheduler).app, listening)

    async def _register(self, registration: dict[str, Any]) -> None:
        pause = PAUSE
        while True:
            try:
                await self.wire.call("setWebhook", registration)
            except WireError as error:
                log.error("the webhook is not set (%s), again in %.0f s", error, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                log.info("taking updates at %s", registration["url"])
                return

    async def _delivery(self) -> None:
        await self.cleared.wait()
        await self._hold(Part.DELIVERY)
        await self.delivery.run()

    async def _workers(self) -> None:
        await self.cleared.wait()
        await self.workers.run()

    async def _clock(self) -> None:
        """Tick, once the desk is open: what the clock does can wait, a waiting arrival cannot. Where nothing else
        talks to Telegram, its clock is asked for."""
        if Part.DESK in self.parts:
            await self.opened.wait()
        await self.cleared.wait()
        self.scheduler.start()
        while True:
            if not self.parts & {Part.INTAKE, Part.DELIVERY}:
                with suppress(WireError):
                    await self.wire.me()
            await asyncio.sleep(DATE)

    async def _desk(self) -> None:
        """Handle arrivals for ever. The first ones after a start are taken one by one: whatever ended the process, or
        the last batch, is among them."""
        if self.desk is None:
            acting = self._acting(Part.DESK)
            write = self.delivery.after if self._together else acting
            told = (self.settings.secret, self.clock.now, self.hand, self.delivery.hush, write)
            self.desk = await open_desk(acting, self.wire, *told)
            await self.pen(partial(bots.open_console, bot=self.bot, address=self.settings.console_url))
            self.opened.set()
        desk = self.desk
        await self._hold(Part.DESK)
        careful = CAREFUL
        while True:
            self.desk_wake.clear()
            try:
                handled = await (desk.careful_step() if careful > 0 else desk.step())
            finally:
                self.cleared.set()
            careful -= handled
            if handled and desk.errands:
                self._wake(Part.WORKERS)
            if handled and not self._together:
                self._wake(Part.DELIVERY)
            if not desk.more:
                await nap(self.desk_wake)
