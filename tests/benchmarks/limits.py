"""Limits that a Bot API server enforces: 30 calls a second for a bot, one a second in a private chat after a burst of
three, twenty a minute in a group. What is beyond is refused with 429, as Telegram does."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PER_SECOND = 30.0
PRIVATE, GROUP, ALL = (1.0, 3.0), (20 / 60, 20.0), (PER_SECOND, PER_SECOND)
"""What comes back a second, and the most that is held."""
FREE = ("answercallbackquery", "getme", "getupdates")
_EVERYBODY = 0


@dataclass
class Limits:
    now: Callable[[], float] = time.perf_counter
    refused: int = 0
    _held: dict[int, tuple[float, float]] = field(default_factory=dict)

    def refuse(self, method: str, chat: int) -> int:
        """Seconds to wait before the call is tried again; 0 when it may be made, which is then counted."""
        if method in FREE or not chat:
            return 0
        own = PRIVATE if chat > 0 else GROUP
        wait = self._take(chat, *own) or self._take(_EVERYBODY, *ALL)
        self.refused += wait > 0
        return wait

    def _take(self, chat: int, rate: float, most: float) -> int:
        now = self.now()
        held, since = self._held.get(chat, (most, now))
        held = min(most, held + (now - since) * rate)
        self._held[chat] = (held - 1 if held >= 1 else held, now)
        return 0 if held >= 1 else max(1, math.ceil((1 - held) / rate))
