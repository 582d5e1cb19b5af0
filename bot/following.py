"""The running bot's clock, which follows the sandbox's where one is set."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from bot.clock import Reading, reading

if TYPE_CHECKING:  # what follows a clock loads it, and nothing else needs to: nine megabytes
    import aiohttp

_WAIT = 25
_PATIENCE = 15.0


class ClockError(Exception):
    """The clock that should be followed gave no answer at start."""


class Clock:
    """`now()` may be called from any thread. `on_move` is called (in the loop) whenever the time jumped."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url
        self.on_move: Callable[[], None] = lambda: None
        self._reading = Reading()
        self._task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Aware UTC."""
        return self._reading.now()

    async def start(self) -> None:
        """Read the followed clock once, then keep following. Raises ClockError when it never answers."""
        if not self.url:
            return
        import aiohttp

        deadline = time.monotonic() + _PATIENCE
        async with aiohttp.ClientSession() as http:
            while not await self._follow(http, wait=0):
                if time.monotonic() > deadline:
                    raise ClockError(self.url)
                await asyncio.sleep(0.2)
        self._task = asyncio.create_task(self._keep_following(), name="clock")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _keep_following(self) -> None:
        import aiohttp

        async with aiohttp.ClientSession() as http:
            while True:
                if not await self._follow(http, wait=_WAIT):
                    await asyncio.sleep(1)

    async def _follow(self, http: "aiohttp.ClientSession", wait: int) -> bool:
        """Ask once, up to `wait` seconds long, what has changed. False when there was no answer."""
        import aiohttp

        query = {"after": str(self._reading.serial), "wait": str(wait)}
        try:
            timeout = aiohttp.ClientTimeout(total=wait + 5)
            async with http.get(str(self.url), params=query, timeout=timeout) as response:
                response.raise_for_status()
                self._take(reading(await response.json()))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError):
            return False
        return True

    def _take(self, reading: Reading) -> None:
        moved = reading.serial != self._reading.serial
        self._reading = reading
        if moved:
            self.on_move()
