"""How often somebody may try: counted in memory, by this process."""

import math
from collections import deque
from datetime import datetime, timedelta

KEYS = 10_000
"""So many are remembered; beyond, the oldest are forgotten."""


class Limit:
    """At most `most` in `span` for each key."""

    def __init__(self, most: int, span: timedelta) -> None:
        self.most, self.span = most, span
        self._tries: dict[str, deque[datetime]] = {}

    def allows(self, key: str, now: datetime) -> bool:
        """Count a try. False when there were too many before it; those do not count."""
        tries = self._tries.pop(key, deque())
        while tries and tries[0] <= now - self.span:
            tries.popleft()
        self._tries[key] = tries  # the latest stands last
        while len(self._tries) > KEYS:
            del self._tries[next(iter(self._tries))]
        if len(tries) >= self.most:
            return False
        tries.append(now)
        return True

    def wait(self, key: str, now: datetime) -> int:
        """Whole seconds until the key may try again, at least one."""
        first = next(iter(self._tries.get(key, ())), now - self.span)
        return max(1, math.ceil((first + self.span - now).total_seconds()))
