"""The scheduler: ticks, jumps, steps in trouble, a clock in doubt."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import scheduler as schedulers
from bot.following import Clock
from bot.jobs import remind
from bot.pen import Acting, Pen
from bot.scheduler import Scheduler
from storage import journal, roles
from storage.db import Store
from storage.errands import Errand
from storage.people import Role
from tests import databases, weeks
from tests.bot.jobs_world import Place, place
from tests.weeks import CLOSE


class Given(Clock):
    """A clock that stands where the test puts it."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at

    def jump(self, to: datetime) -> None:
        self.at = to
        self.on_move()


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[tuple[Place, Scheduler, Given, asyncio.Event]]:
    made = place(tmp_path, towns=1, villages=1)
    pen, clock, woken = Pen(made.store), Given(CLOSE - timedelta(minutes=1)), asyncio.Event()
    pen.start()
    scheduler = Scheduler(pen, weeks.BOT, clock, woken.set)
    yield made, scheduler, clock, woken
    scheduler.stop()
    await asyncio.to_thread(pen.stop)
    made.store.close()


def held(scheduler: Scheduler) -> bool:
    return scheduler.held is not None


Here = tuple[Place, Scheduler, Given, asyncio.Event]


def weeks_asked(made: Place) -> list[str]:
    with made.store.reading() as session:
        return [one.key or "" for one in session.exec(select(Errand))]


async def test_a_tick_does_what_is_due_and_says_so(here: Here) -> None:
    _made, scheduler, clock, woken = here
    await scheduler.tick()
    woken.clear()
    assert await scheduler.tick() == {}
    assert not woken.is_set()
    clock.at = CLOSE + timedelta(days=7)
    assert (await scheduler.tick())["weeks"] >= 2
    assert woken.is_set()


async def test_many_ticks_and_restarts_make_one_errand_each(here: Here) -> None:
    made, scheduler, clock, _woken = here
    clock.at = CLOSE
    for _each in range(3):
        await asyncio.gather(*(scheduler.tick() for _tick in range(3)))
        scheduler = Scheduler(scheduler.pen, weeks.BOT, clock, lambda: None)
    assert sorted(weeks_asked(made)) == ["weekly:2026-W47:120114", "weekly:2026-W47:team:1"]


async def test_what_waits_is_judged_by_no_clock_that_has_just_jumped(here: Here) -> None:
    _made, scheduler, clock, _woken = here
    await scheduler.tick()
    assert "alarm" not in scheduler.ran
    clock.at += timedelta(days=3)
    await scheduler.tick()
    assert "alarm" not in scheduler.ran
    clock.at += timedelta(seconds=20)
    await scheduler.tick()
    assert scheduler.ran["alarm"][0] == clock.at


async def test_a_moved_clock_ticks_at_once(here: Here) -> None:
    _made, scheduler, clock, woken = here
    await scheduler.tick()
    scheduler.start()
    woken.clear()
    clock.jump(CLOSE + timedelta(days=7))
    await asyncio.wait_for(woken.wait(), 60)


async def test_a_step_in_trouble_stops_no_other(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    _made, scheduler, clock, _woken = here

    def broken(session: Session, now: datetime) -> dict[str, int]:
        raise RuntimeError("no")

    monkeypatch.setattr(remind, "step", broken)
    clock.at = CLOSE
    assert (await scheduler.tick())["weeks"] == 2


async def test_held_it_does_nothing_by_the_clock_but_seals(here: Here) -> None:
    made, scheduler, clock, _woken = here
    clock.at = CLOSE
    scheduler.hold("for a test")
    with made.writing() as session:
        journal.write(session, None, "try", "x", CLOSE)
    assert await scheduler.tick() == {"sealed": 1}
    scheduler.held = None
    assert (await scheduler.tick())["weeks"] == 2


async def told(scheduler: Scheduler, made: Place) -> list[dict[str, Any]]:
    await asyncio.gather(*scheduler._tasks)
    with made.store.reading() as session:
        return [one for one in made.said(session) if (one["key"] or "").startswith("clock:")]


@pytest.mark.fault("clock off by more than 10 minutes")
async def test_a_clock_that_is_wrong_twice_holds_and_tells_administrators(here: Here) -> None:
    made, scheduler, clock, _woken = here
    with made.writing() as session:
        admin = weeks.add_person(session, "管理员", Role.ADMIN)
        weeks.add_chat(session, admin, 7777)
    scheduler.compare(clock.now() + timedelta(minutes=11))
    assert not held(scheduler), "one answer alone may be a jump on its way"
    for _each in range(3):
        scheduler.compare(clock.now() + timedelta(minutes=11))
    assert held(scheduler)
    (letter,) = await told(scheduler, made)
    assert "相差 11 分钟" in letter["text"]
    scheduler.compare(clock.now() + timedelta(minutes=9))
    assert not held(scheduler)


async def test_a_move_of_the_clock_ends_the_doubt(here: Here) -> None:
    _made, scheduler, clock, woken = here
    scheduler.start()
    for _each in range(2):
        scheduler.compare(clock.now() + timedelta(days=3))
    assert held(scheduler)
    clock.jump(clock.now() + timedelta(days=3))
    assert not held(scheduler)
    await asyncio.wait_for(woken.wait(), 60)


@pytest.mark.postgresql_only
async def test_who_only_looks_at_telegrams_clock_never_takes_the_clocks_role(
    here: Here, database: databases.Kind
) -> None:
    """Such as delivery while the clock is being started anew: it would do the work once, and keep the role."""
    assert database == "postgresql"
    made, looks, clock, _woken = here
    assert isinstance(looks.pen, Pen)
    pen, looks.pen = looks.pen, Acting(looks.pen, "clock")
    for difference in (11, 11, 9):
        looks.compare(clock.now() + timedelta(minutes=difference))
    await told(looks, made)
    assert not held(looks)
    assert looks.ticked_at is None
    other = Store(made.store.url, made.store.keyring)
    with other.pen_session() as session:
        assert roles.take(session, "clock"), "it is free for the clock"
    other.close()
    looks.pen = pen


async def test_small_differences_are_only_logged(here: Here, caplog: pytest.LogCaptureFixture) -> None:
    _made, scheduler, clock, _woken = here
    scheduler.compare(clock.now() - timedelta(seconds=30))
    assert not caplog.records
    scheduler.compare(clock.now() - timedelta(seconds=90))
    assert "90 s" in caplog.text
    assert not held(scheduler)


def test_every_step_but_the_seal_and_the_gap_needs_the_clock() -> None:
    assert set(schedulers.STEPS) - schedulers.BY_CLOCK == {"gap", "seal_journal"}
