"""Loops that go on for ever, whatever happens in them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from storage.roles import StandbyError

PAUSE, LONGEST_PAUSE = 1.0, 30.0

log = logging.getLogger("zhucun")


async def kept(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Run a loop for ever: after trouble it begins again, with growing pauses. A part in trouble must not end
    the others."""
    pause = PAUSE
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await loop()
        except StandbyError:
            log.warning("%s: lost the connection, so somebody else may be at it", name)
            pause = PAUSE
        except Exception as error:
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE:
                pause = PAUSE
            log.error("%s stopped (%s), again in %.0f s", name, type(error).__name__, pause)
            log.debug("%s", name, exc_info=error)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def nap(event: asyncio.Event, seconds: float = 1) -> None:
    """Until woken, at most a second: the truth is in the table."""
    # Not wait_for: it forgets that it was cancelled when it is woken at the same moment.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
