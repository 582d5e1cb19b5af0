"""What an operator's own tools ask: `/healthz` (200 or 503 with the reasons) and `/metrics` (Prometheus' text)."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.pen import Pen
from bot.version import VERSION
from storage import pulse
from storage.pulse import AGES, Pulse

if TYPE_CHECKING:
    from bot.scheduler import Scheduler

PATIENCE = 5.0
"""Seconds in which the database has to answer."""
STILL = timedelta(minutes=5)
"""A clock that has not ticked for so long has stopped."""

log = logging.getLogger("zhucun.watch")


class Watch:
    """The application of one process. `scheduler` is None where the clock is another process' work."""

    def __init__(self, pen: Pen, now: Callable[[], datetime], scheduler: "Scheduler | None") -> None:
        self.pen, self.now, self.scheduler = pen, now, scheduler
        self.app = Starlette(routes=[Route("/healthz", self.healthz), Route("/metrics", self.metrics)])

    async def healthz(self, _request: Request) -> Response:
        troubles = []
        try:
            found = await asyncio.wait_for(self._pulse(), PATIENCE)
            troubles += list(self._slow(found))
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            log.warning("healthz: %s", type(error).__name__)
            troubles.append("database")
        status = 503 if troubles else 200
        return JSONResponse({"ok": not troubles, "version": VERSION, "trouble": troubles}, status)

    def _slow(self, found: Pulse) -> Iterator[str]:
        if "arrivals" in found.late:
            yield "arrivals wait"
        if self.scheduler is not None and self.scheduler.held is not None:
            yield "clock in doubt"
        ticked = self.scheduler.ticked_at if self.scheduler is not None else None
        if ticked is not None and self.now() - ticked > STILL:
            yield "clock stands still"

    async def metrics(self, _request: Request) -> Response:
        try:
            found = await asyncio.wait_for(self._pulse(), PATIENCE)
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("metrics: %s", type(error).__name__)
            return PlainTextResponse("zhucun_up 0\n", 503)
        lines = ["zhucun_up 1", f'zhucun_info{{version="{VERSION}"}} 1', *told(found), *self._jobs()]
        return PlainTextResponse("\n".join([*lines, ""]), media_type="text/plain; version=0.0.4")

    async def _pulse(self) -> Pulse:
        """Through the pen: whether it writes is what matters most."""
        now = self.now()
        return await self.pen(lambda session: pulse.pulse(session, now))

    def _jobs(self) -> Iterator[str]:
        for name, (at, seconds) in (self.scheduler.ran if self.scheduler is not None else {}).items():
            yield f'zhucun_job_seconds{{job="{name}"}} {seconds:.6f}'
            yield f'zhucun_job_last_run_timestamp_seconds{{job="{name}"}} {at.timestamp():.0f}'


def told(found: Pulse) -> Iterator[str]:
    """What is known as lines of Prometheus' text."""
    yield f"zhucun_arrivals_waiting {found.arrivals}"
    yield f"zhucun_arrivals_lag_seconds {found.lag.total_seconds():.1f}"
    ages = [*(f"under_{age}s" for age in AGES), "older"]
    for lane, counts in found.letters.items():
        for age, count in zip(ages, counts, strict=True):
            yield f'zhucun_letters_waiting{{lane="{lane.name.lower()}",age="{age}"}} {count}'
    yield f"zhucun_letters_oldest_seconds {found.letter_age.total_seconds():.1f}"
    yield f"zhucun_letters_held {found.held}"
    yield f"zhucun_errands_waiting {found.errands}"
    yield f"zhucun_errands_oldest_seconds {found.errand_age.total_seconds():.1f}"
    for name, count in found.parked.items():
        yield f'zhucun_parked{{of="{name}"}} {count}'
