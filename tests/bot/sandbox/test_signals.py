"""Waiting and waking: nothing is missed, nothing is left behind."""

from __future__ import annotations

import asyncio

from bot.sandbox.signals import Signals


async def test_a_ring_wakes_all_who_wait_for_this_key_only() -> None:
    signals = Signals()
    waiting = [asyncio.create_task(signals.until("a", 20)) for _ in range(3)]
    other = asyncio.create_task(signals.until("b", 0.05))
    await asyncio.sleep(0)
    signals.ring("a")
    assert await asyncio.gather(*waiting) == [True, True, True]
    assert await other is False


async def test_a_ring_without_waiters_is_not_kept() -> None:
    signals = Signals()
    signals.ring("a")
    assert await signals.until("a", 0.01) is False


async def test_a_poll_looks_first_and_again_after_each_ring() -> None:
    signals = Signals()
    found: list[int] = [1]
    assert await signals.poll("a", lambda: found, 20) == [1]
    found = []
    task = asyncio.create_task(signals.poll("a", lambda: found, 20))
    await asyncio.sleep(0)
    signals.ring("a")  # nothing there yet: it goes on waiting
    await asyncio.sleep(0)
    assert not task.done()
    found.append(2)
    signals.ring("a")
    assert await task == [2]


async def test_a_poll_ends_empty_at_its_deadline() -> None:
    assert await Signals().poll("a", list, 0.02) == []


async def test_those_who_gave_up_are_forgotten() -> None:
    signals = Signals()
    task = asyncio.create_task(signals.until("a", 20))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not signals._waiting
