"""The one place that reads the clock. Everything else is handed `now`.

In the demo and in tests the sandbox owns the time (`ZHUCUN_CLOCK_URL`): we keep the difference to our own
clock, told anew whenever somebody moves it.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

VARIABLE = "ZHUCUN_CLOCK_URL"


@dataclass(frozen=True)
class Reading:
    """How to tell the time: our clock plus `offset`, or standing at `stands`."""

    serial: int = 0
    offset: timedelta = timedelta(0)
    stands: datetime | None = None

    def now(self) -> datetime:
        return self.stands or datetime.now(UTC) + self.offset


def reading(answer: dict[str, Any]) -> Reading:
    now = datetime.fromisoformat(answer["now"]).astimezone(UTC)
    offset = timedelta(seconds=float(answer["offset"]))
    return Reading(int(answer["serial"]), offset, now if answer.get("frozen") else None)


def system_now() -> datetime:
    """The time of one command of the command line: the followed clock's if one is set, else our own."""
    url = os.environ.get(VARIABLE)
    if url and url.startswith(("http://", "https://")):
        with suppress(OSError, ValueError, KeyError), _open(url) as answer:
            return reading(json.load(answer)).now()
    return datetime.now(UTC)


def _open(url: str) -> Any:
    import urllib.request  # half a megabyte, for who follows a clock

    return urllib.request.urlopen(url, timeout=2)  # noqa: S310 - its caller lets only http(s) pass
