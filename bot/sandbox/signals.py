"""Wake-up calls by name: long polls wait on a key and whoever changes something rings it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Signals:
    """Keys are free strings; ringing a key that nobody waits on costs nothing."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = defaultdict(set)

    def ring(self, key: str) -> None:
        for future in self._waiting.pop(key, ()):
            if not future.done():
                future.set_result(None)

    async def until(self, key: str, seconds: float) -> bool:
        """Wait for the next ring of `key`; False when `seconds` passed first."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[key].add(future)
        try:
            await asyncio.wait_for(future, seconds)
            return True
        except TimeoutError:
            return False
        finally:
            self._forget(key, future)

    def _forget(self, key: str, future: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.discard(future)
            if not waiting:
                del self._waiting[key]

    async def poll(self, key: str, look: Callable[[], T], seconds: float) -> T:
        """Ask `look` again after each ring until it finds something or `seconds` are over."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not (found := look()) and (left := end - loop.time()) > 0:
            await self.until(key, left)
        return found
