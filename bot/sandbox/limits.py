"""Telegram's sending limits, off unless switched on.

30/s a bot, 1/s a private chat with a burst of 3, 20/min a group. Sends and edits share them; answers
to presses and everything that shows nothing are free. Real time counts.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from bot.sandbox.call import Call
from bot.sandbox.errors import too_many


@dataclass
class Bucket:
    rate: float  # tokens a second
    most: float
    level: float
    at: float

    def wait(self, now: float, cost: float) -> float:
        """Seconds until `cost` tokens are there; 0 when they are."""
        self.level = min(self.most, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (cost - self.level) / self.rate)


class Limits:
    def __init__(self) -> None:
        self.on = False
        self._buckets: dict[tuple[int, str], Bucket] = {}

    def switch(self, on: bool) -> None:
        self.on = on
        self._buckets.clear()

    def check(self, call: Call) -> None:
        """Take what a call costs, or raise 429 with the seconds to wait."""
        if not self.on or not call.method.startswith(("send", "edit", "forward", "copy")):
            return
        if call.method == "sendChatAction":
            return
        cost = float(max(1, _album_size(call)))
        buckets = self._wanted(call, time.monotonic())
        wait = max(bucket.wait(time.monotonic(), min(cost, bucket.most)) for bucket in buckets)
        if wait > 0:
            raise too_many(math.ceil(wait))
        for bucket in buckets:
            bucket.level -= min(cost, bucket.most)

    def _wanted(self, call: Call, now: float) -> list[Bucket]:
        chat = call.text("chat_id")
        rates = {"all": (30.0, 30.0), chat: (20 / 60, 20.0) if chat.startswith("-") else (1.0, 3.0)}
        return [self._bucket((call.bot.id, name), rate, most, now) for name, (rate, most) in rates.items()]

    def _bucket(self, key: tuple[int, str], rate: float, most: float, now: float) -> Bucket:
        return self._buckets.setdefault(key, Bucket(rate, most, most, now))


def _album_size(call: Call) -> int:
    media = call.json("media") if call.method == "sendMediaGroup" else None
    return len(media) if isinstance(media, list) else 1
