"""The clock: our own, or the sandbox's when it is followed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot import clock as clocks
from bot import following as following_clock
from bot.clock import system_now
from bot.following import Clock, ClockError
from tests.phone import Sandbox

NEAR = timedelta(seconds=5)


def real() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def following(sandbox: Sandbox) -> AsyncIterator[Clock]:
    clock = Clock(f"{sandbox.url}/sandbox/clock")
    await clock.start()
    try:
        yield clock
    finally:
        await clock.stop()


async def moved(clock: Clock) -> asyncio.Event:
    event = asyncio.Event()
    clock.on_move = event.set
    return event


async def test_without_an_address_it_is_ours() -> None:
    clock = Clock()
    await clock.start()
    assert abs(clock.now() - real()) < NEAR
    assert clock.now().tzinfo is not None
    await clock.stop()


async def test_it_follows_jumps_and_standing_still() -> None:
    with Sandbox.start(clock="2026-11-16T09:00+08:00") as sandbox:
        async with following(sandbox) as clock:
            assert abs(clock.now() - datetime(2026, 11, 16, 1, tzinfo=UTC)) < timedelta(seconds=30)
            event = await moved(clock)
            await asyncio.to_thread(sandbox.clock_to, "friday 16:00", True)
            await asyncio.wait_for(event.wait(), 60)
            assert clock.now() == clock.now() == datetime(2026, 11, 20, 8, tzinfo=UTC)
            event.clear()
            await asyncio.to_thread(sandbox.clock_to, "+3d", False)
            await asyncio.wait_for(event.wait(), 60)
            assert abs(clock.now() - datetime(2026, 11, 23, 8, tzinfo=UTC)) < NEAR


async def test_the_time_goes_on_when_the_followed_clock_is_lost() -> None:
    with Sandbox.start(clock="2026-11-16T09:00+08:00") as sandbox:
        clock = Clock(f"{sandbox.url}/sandbox/clock")
        await clock.start()
    before = clock.now()
    assert before < clock.now() < before + NEAR
    await clock.stop()


async def test_an_address_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following_clock, "_PATIENCE", 0.3)
    with pytest.raises(ClockError):
        await Clock("http://127.0.0.1:9/sandbox/clock").start()


def test_the_command_line_asks_the_followed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox.start(clock="2031-01-01T09:00+08:00") as sandbox:
        monkeypatch.setenv(clocks.VARIABLE, f"{sandbox.url}/sandbox/clock")
        assert abs(system_now() - datetime(2031, 1, 1, 1, tzinfo=UTC)) < timedelta(seconds=30)


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/", "file:///etc/hostname", "nonsense"])
def test_the_command_line_falls_back_on_our_own(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(clocks.VARIABLE, url)
    assert abs(system_now() - real()) < NEAR
