"""The sandbox's own clock: real time plus an offset, or standing still. It never goes back."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta, timezone

ZONE_NAME = "Asia/Shanghai"
ZONE = timezone(timedelta(hours=8), ZONE_NAME)  # no summer time since 1991
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class ClockError(ValueError):
    """The wish cannot be read, or would turn the clock back."""


class Clock:
    def __init__(self, start: datetime | None = None) -> None:
        self.serial = 1
        self.offset = start.timestamp() - time.time() if start else 0.0
        self.stands_at: float | None = None

    def now(self) -> float:
        """Unix seconds in the sandbox's world."""
        return time.time() + self.offset if self.stands_at is None else self.stands_at

    def iso(self) -> str:
        return datetime.fromtimestamp(self.now(), ZONE).isoformat(timespec="milliseconds")

    def move(self, to: str | None, freeze: bool | None = None) -> None:
        """Go to `to` (see `parse`), stand still or run on; ClockError when that is in the past."""
        now = self.now()
        target = parse(to, datetime.fromtimestamp(now, ZONE)).timestamp() if to else now
        if target < now:
            raise ClockError("时钟不能往回拨：请给出晚于 " + self.iso() + " 的时间。")
        stand = self.stands_at is not None if freeze is None else freeze
        self.stands_at = target if stand else None
        self.offset = target - time.time()
        self.serial += 1

    def view(self) -> dict[str, object]:
        offset = self.now() - time.time()
        frozen = self.stands_at is not None
        return {
            "serial": self.serial,
            "now": self.iso(),
            "offset": offset,
            "frozen": frozen,
            "zone": ZONE_NAME,
        }


def parse(wish: str, now: datetime) -> datetime:
    """Read "+3d", "+2h30m", "friday 16:00" (the next after `now`) or an ISO time (no zone: the county's)."""
    wish = wish.strip().lower()
    if wish.startswith("+"):
        return now + _span(wish[1:])
    day, _, hour = wish.partition(" ")
    if day in _DAYS:
        return _next_day(_DAYS.index(day), hour or "00:00", now)
    try:
        moment = datetime.fromisoformat(wish.upper())
    except ValueError:
        raise ClockError(
            f"看不懂的时间 {wish!r}：可写 2026-11-20T16:00+08:00、friday 16:00、+3d、+2h。"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _span(wish: str) -> timedelta:
    parts = re.findall(r"(\d+)([dhms])", wish)
    if not parts or "".join(n + unit for n, unit in parts) != wish:
        raise ClockError(f"看不懂的时长 +{wish}：可写 +3d、+2h、+30m。")
    return timedelta(**{_UNITS[unit]: int(n) for n, unit in parts})


def _next_day(weekday: int, hour: str, now: datetime) -> datetime:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", hour)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ClockError(f"看不懂的钟点 {hour!r}：可写 friday 16:00。")
    day = now + timedelta(days=(weekday - now.weekday()) % 7)
    moment = day.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    return moment if moment > now else moment + timedelta(days=7)
