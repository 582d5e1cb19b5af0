"""/healthz and /metrics: what an operator's tools are told, well and in trouble."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.following import Clock
from bot.pen import Pen
from bot.scheduler import STEPS, Scheduler
from bot.web import server
from bot.web.watch import Watch
from storage import arrivals
from tests.bot.spine import BOT, TOKEN
from tests.storage.asking import NOW, new_store


class Stood(Clock):
    at = NOW

    def now(self):  # type: ignore[no-untyped-def] # a clock that stands still
        return self.at


class Asked:
    """The application behind a real server, and a scheduler that has ticked once."""

    def __init__(
        self, pen: Pen, clock: Stood, scheduler: Scheduler, http: aiohttp.ClientSession, url: str
    ) -> None:
        self.pen, self.clock, self.scheduler, self.http, self.url = pen, clock, scheduler, http, url

    async def get(self, path: str) -> tuple[int, str]:
        async with self.http.get(self.url + path) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Asked]:
    store = new_store(str(tmp_path / "z.db"))
    pen, clock = Pen(store), Stood()
    pen.start()
    scheduler = Scheduler(pen, BOT, clock, lambda: None)
    for _each in range(2):  # what waits is judged from the second tick on
        await scheduler.tick()
    listening = server.listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    serving = asyncio.create_task(server.serve(Watch(pen, clock.now, scheduler).app, listening))
    async with aiohttp.ClientSession() as http:
        yield Asked(pen, clock, scheduler, http, url)
    serving.cancel()
    await asyncio.wait([serving])
    await asyncio.to_thread(pen.stop)
    store.close()


async def test_all_is_well(asked: Asked) -> None:
    status, text = await asked.get("/healthz")
    assert (status, '"ok":true' in text) == (200, True)
    status, text = await asked.get("/metrics")
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines())
    assert (status, lines["zhucun_up"], lines["zhucun_arrivals_waiting"]) == (200, "1", "0")
    for name in STEPS:
        assert float(lines[f'zhucun_job_seconds{{job="{name}"}}']) > 0
    assert lines['zhucun_letters_waiting{lane="talk",age="older"}'] == "0"
    assert TOKEN not in text


async def test_what_waits_too_long_is_trouble(asked: Asked) -> None:
    await asked.pen(lambda session: arrivals.keep(session, BOT, [(1, b"{}")], NOW - timedelta(minutes=6)))
    status, text = await asked.get("/healthz")
    assert (status, "arrivals wait" in text) == (503, True)
    assert "zhucun_arrivals_lag_seconds 360.0" in (await asked.get("/metrics"))[1]


async def test_a_clock_in_doubt_or_standing_still_is_trouble(asked: Asked) -> None:
    asked.scheduler.hold("doubt")
    assert "clock in doubt" in (await asked.get("/healthz"))[1]
    asked.scheduler.held = None
    asked.clock.at = NOW + timedelta(minutes=6)
    status, text = await asked.get("/healthz")
    assert (status, "clock stands still" in text) == (503, True)


async def test_a_database_that_does_not_answer_is_trouble(asked: Asked) -> None:
    await asyncio.to_thread(asked.pen.stop)
    assert (await asked.get("/healthz"))[0] == 503
    assert await asked.get("/metrics") == (503, "zhucun_up 0\n")
