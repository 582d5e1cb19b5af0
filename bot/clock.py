"""The one place that reads the clock. Everything else is handed `now`.

In the demo and in tests the sandbox owns the time (`ZHUCUN_CLOCK_URL`): we keep the difference to our own
clock, told anew whenever somebody moves it.
"""

import asyncio
import json
import os
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

VARIABLE = "ZHUCUN_CLOCK_URL"
_WAIT = 25
_PATIENCE = timedelta(seconds=15)


class ClockError(Exception):
    """The clock that should be followed gave no answer at start."""


@dataclass(frozen=True)
class _Reading:
    """How to tell the time: our clock plus `offset`, or standing at `stands`."""

    serial: int = 0
    offset: timedelta = timedelta(0)
    stands: datetime | None = None

    def now(self) -> datetime:
        return self.stands or datetime.now(UTC) + self.offset


def _reading(answer: dict[str, Any]) -> _Reading:
    now = datetime.fromisoformat(answer["now"]).astimezone(UTC)
    offset = timedelta(seconds=float(answer["offset"]))
    return _Reading(int(answer["serial"]), offset, now if answer.get("frozen") else None)


class Clock:
    """`now()` may be called from any thread. `on_move` is called (in the loop) whenever the time jumped."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url
        self.on_move: Callable[[], None] = lambda: None
        self._reading = _Reading()
        self._task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Aware UTC."""
        return self._reading.now()

    async def start(self) -> None:
        """Read the followed clock once, then keep following. Raises ClockError when it never answers."""
        if not self.url:
            return
        deadline = datetime.now(UTC) + _PATIENCE
        async with aiohttp.ClientSession() as http:
            while not await self._follow(http, wait=0):
                if datetime.now(UTC) > deadline:
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
        async with aiohttp.ClientSession() as http:
            while True:
                if not await self._follow(http, wait=_WAIT):
                    await asyncio.sleep(1)

    async def _follow(self, http: aiohttp.ClientSession, wait: int) -> bool:
        """Ask once, up to `wait` seconds long, what has changed. False when there was no answer."""
        query = {"after": str(self._reading.serial), "wait": str(wait)}
        try:
            timeout = aiohttp.ClientTimeout(total=wait + 5)
            async with http.get(str(self.url), params=query, timeout=timeout) as response:
                response.raise_for_status()
                self._take(_reading(await response.json()))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError):
            return False
        return True

    def _take(self, reading: _Reading) -> None:
        moved = reading.serial != self._reading.serial
        self._reading = reading
        if moved:
            self.on_move()


def system_now() -> datetime:
    """The time of one command of the command line: the followed clock's if one is set, else our own."""
    url = os.environ.get(VARIABLE)
    if url and url.startswith(("http://", "https://")):
        with suppress(OSError, ValueError, KeyError), _open(url) as answer:
            return _reading(json.load(answer)).now()
    return datetime.now(UTC)


def _open(url: str) -> Any:
    return urllib.request.urlopen(url, timeout=2)  # noqa: S310 - its caller lets only http(s) pass
