"""Loops that go on for ever end when they are told to."""

import asyncio

import pytest

from bot.loops import nap


async def test_a_nap_ends_when_woken_or_after_its_time() -> None:
    event = asyncio.Event()
    await nap(event, 0.01)
    napping = asyncio.create_task(nap(event, 30))
    await asyncio.sleep(0)
    event.set()
    await asyncio.wait_for(napping, 60)


async def test_whoever_is_cancelled_just_when_woken_is_cancelled() -> None:
    """Else a polite end would wait for ever for a loop that goes on."""
    event = asyncio.Event()

    async def loop() -> None:
        while True:
            await nap(event)
            await asyncio.sleep(0)

    going = asyncio.create_task(loop())
    for _ in range(3):
        await asyncio.sleep(0)
    event.set()
    await asyncio.sleep(0)
    going.cancel()
    done, _ = await asyncio.wait([going], timeout=60)
    assert done
    with pytest.raises(asyncio.CancelledError):
        await going
