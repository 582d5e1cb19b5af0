"""What waits for a bot, with the rules of Telegram's own queue.

Rules read in the server's source (Client.cpp, TQueue.cpp): an offset forgets all earlier updates; one far
ahead of the queue falls back to its head and forgets nothing; a press is dropped after 150 s, all else after
24 h.
Ages are real time: moving the sandbox's clock must not kill a press made a second ago.
"""

from __future__ import annotations

import heapq
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PRESS_SECONDS = 150.0
UPDATE_SECONDS = 86_400.0
FAR_AHEAD = 10
NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")


@dataclass
class Update:
    id: int
    kind: str
    body: dict[str, Any]
    lane: str
    expires: float
    again: bool = False  # to be delivered once more after it was confirmed
    due: float = 0.0  # webhook: not before this real time
    tries: int = 0

    def wire(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.body}


class Queue:
    """Unconfirmed updates of one bot in the order of their ids."""

    def __init__(self) -> None:
        self.items: dict[int, Update] = {}
        self.next_id = 100_000_000 + secrets.randbelow(800_000_000)
        self.pollers = 0  # grows with each getUpdates; the one that waits compares
        self._deadlines: list[tuple[float, int]] = []

    def add(self, kind: str, body: dict[str, Any], lane: str, again: bool = False) -> Update:
        life = PRESS_SECONDS if kind == "callback_query" else UPDATE_SECONDS
        update = Update(self.next_id, kind, body, lane, time.time() + life, again)
        self.restore(update)
        return update

    def restore(self, update: Update) -> None:
        self.next_id = max(self.next_id, update.id + 1)
        self.items[update.id] = update
        heapq.heappush(self._deadlines, (update.expires, update.id))

    def expire(self, now: float) -> None:
        while self._deadlines and self._deadlines[0][0] <= now:
            self.items.pop(heapq.heappop(self._deadlines)[1], None)

    def head(self) -> int:
        return next(iter(self.items), self.next_id)

    def remove(self, update_id: int) -> None:
        """Confirm one update; one marked `again` stays for a second delivery."""
        update = self.items.get(update_id)
        if update is not None and update.again:
            update.again = False
        else:
            self.items.pop(update_id, None)

    def confirm(self, offset: int) -> None:
        """Apply the offset of getUpdates: 0 keeps all, a negative one keeps the last -offset."""
        if offset < 0:
            for update_id in list(self.items)[:offset]:
                self.items.pop(update_id)
        elif 0 < offset <= self.next_id + FAR_AHEAD:
            for update_id in list(self._before(offset)):
                self.remove(update_id)

    def _before(self, offset: int) -> Iterator[int]:
        for update_id in self.items:
            if update_id >= offset:
                return
            yield update_id

    def take(self, limit: int) -> list[dict[str, Any]]:
        self.expire(time.time())
        found: list[dict[str, Any]] = []
        for update in self.items.values():
            if len(found) == limit:
                break
            found.append(update.wire())
        return found

    def __len__(self) -> int:
        self.expire(time.time())
        return len(self.items)


def wanted(kind: str, allowed: list[str]) -> bool:
    """Whether a bot that asked for `allowed` kinds (empty: the default) gets this one."""
    return kind in allowed if allowed else kind not in NOT_BY_DEFAULT
