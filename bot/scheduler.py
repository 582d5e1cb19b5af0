"""The scheduler only ticks: every tick runs the steps of bot/jobs, which do what is due by the clock.

Nothing is planned in memory, so a restart or a jump of the clock loses and repeats nothing.
"""

import asyncio
import importlib
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from bot import crash
from bot.following import Clock
from bot.pen import Acting, Pen
from storage import letters
from storage.letters import Lane
from storage.roles import StandbyError
from storage.texts import _, speaking

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

SECONDS = 20
STEPS = (
    "gap", "seal_journal", "draft_week", "close_week", "remind", "digest", "told_queries", "draft_reminders",
    "likeness", "alarm", "retain", "prune",
)  # fmt: skip
BY_CLOCK = frozenset(STEPS) - {"gap", "seal_journal"}
"""Steps that wait while our clock is in doubt."""
BY_STEADY_CLOCK = frozenset({"alarm"})
"""Steps that judge how long things waited. After a start or a jump of the clock all that waits looks old, and nobody
had time to do it: STEADY is the most between two ticks."""
STEADY = timedelta(minutes=2)
ALARM, HOLD = timedelta(seconds=60), timedelta(minutes=10)

log = logging.getLogger("zhucun.scheduler")


class Scheduler:
    """One per process; of several on one database one does the work. `wake` is called after a tick that did
    something: letters or errands may wait."""

    def __init__(self, pen: Pen | Acting, bot: int, clock: Clock, wake: Callable[[], None]) -> None:
        self.pen, self.bot, self.clock, self.wake = pen, bot, clock, wake
        self.held: str | None = None
        self.ran: dict[str, tuple[datetime, float]] = {}
        """When each step ran last, and how many seconds it took with its waiting."""
        self.ticked_at: datetime | None = None
        self._off = 0
        self._ticking = asyncio.Lock()
        self._tasks: set[asyncio.Task[dict[str, int]]] = set()
        self._scheduler: AsyncIOScheduler | None = None

    def start(self) -> None:
        """Tick at once, then regularly, and whenever somebody moves the clock."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # memory that only the clock wants

        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self.tick, "interval", seconds=SECONDS, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()
        self.clock.on_move = self._moved
        self._soon()

    def stop(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        for task in self._tasks:
            task.cancel()

    async def tick(self) -> dict[str, int]:
        """Run every step once; what they did together. A step in trouble does not stop the others."""
        done: dict[str, int] = {}
        before, self.ticked_at = self.ticked_at, self.clock.now()
        steady = before is not None and self.ticked_at - before < STEADY
        async with self._ticking:
            for name in STEPS:
                if (self.held is None or name not in BY_CLOCK) and (steady or name not in BY_STEADY_CLOCK):
                    done |= await self._step(name)
        if done:
            self.wake()
        return done

    async def _step(self, name: str) -> dict[str, int]:
        step: Callable[[Session, datetime], dict[str, int]] = importlib.import_module(f"bot.jobs.{name}").step
        now = self.clock.now()

        def work(session: Session) -> dict[str, int]:
            did = step(session, now)
            if did:
                crash.point(f"job.{name}.worked")
            return did

        begun = time.perf_counter()
        try:
            did = await self.pen(work)
        except StandbyError:
            return {}
        except Exception as error:
            # The next tick tries again.
            log.error("%s: %s", name, type(error).__name__, exc_info=log.isEnabledFor(logging.DEBUG))
            return {}
        self.ran[name] = (now, time.perf_counter() - begun)
        if did:
            crash.point(f"job.{name}.done")
            log.info("%s: %s", name, did)
        return did

    def hold(self, reason: str) -> None:
        """Do nothing by the clock until `release`: one wrong clock would remind and close everything."""
        if self.held is None:
            log.error("held: %s", reason)
        self.held = reason

    def release(self) -> None:
        """The clock is right (again)."""
        if self.held is not None:
            log.info("released")
            self.held = None
            if self._scheduler is not None:
                # Elsewhere Telegram's clock is only looked at: to tick would be to take the clock's role, and keep it.
                self._soon()

    def compare(self, date: datetime) -> None:
        """Our clock beside the Date header of an answer. A jump of the sandbox's clock reaches us by two
        ways, so one difference alone means nothing."""
        difference = abs(self.clock.now() - date)
        self._off = self._off + 1 if difference > HOLD else 0
        if self._off >= 2:
            self._doubt(difference)
        elif not self._off:
            self.release()
        if ALARM < difference <= HOLD:
            log.warning("our clock differs from Telegram's by %d s", difference.total_seconds())

    def _doubt(self, difference: timedelta) -> None:
        minutes = int(difference.total_seconds() // 60)
        if self.held is None:
            own = (
                self.pen.pen if isinstance(self.pen, Acting) else self.pen
            )  # whoever tells it need not be the clock
            self._keep(own(lambda session: self._tell(session, minutes)))
        self.hold(f"our clock differs from Telegram's by {minutes} min")

    def _tell(self, session: Session, minutes: int) -> dict[str, int]:
        """Administrators hear of it, once a day."""
        from storage import identity  # people, whom most processes never look up

        now = self.clock.now()
        for person, chat in identity.administrators(session, self.bot, now):
            with speaking(person.language):
                text = _("服务器的时钟和 Telegram 相差 {minutes} 分钟，提醒和周报已暂停。请校准服务器时间。")
            payload = {"text": text.format(minutes=minutes)}
            key = f"clock:{now.date()}:{chat.id}"
            letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)
        return {}

    def _moved(self) -> None:
        self._off, self.held = 0, None
        self._soon()

    def _soon(self) -> None:
        self._keep(self.tick())

    def _keep(self, work: Coroutine[Any, Any, dict[str, int]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
