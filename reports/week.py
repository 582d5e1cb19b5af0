"""Weeks: a region's week is [its last close, this close), named by the ISO week of the close. Pure functions.

Half-open windows that touch each other: what is sent on Friday evening belongs to the next summary, never to
none. Each ISO week has one close at most, also when somebody changes the weekday.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from storage.county import Rhythm
from storage.tallies import Window
from storage.texts import _

_NAMES = {"上周": -1, "本周": 0, "": -1}  # not for people: matched
_NUMBER = re.compile(r"(?:(\d{4})[-年\s]*)?[wW第]?\s*(\d{1,2})\s*周?")  # not for people: matched

AT_MOST = 12
"""Missed weeks that are made up for; older ones are counted when somebody asks for them."""


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    def day(self, weekday: int) -> date:
        """The date of a weekday (0 is Monday)."""
        return date.fromisocalendar(self.year, self.number, weekday + 1)

    def plus(self, weeks: int) -> "Week":
        return week_of(self.day(0) + timedelta(weeks=weeks))

    def year_before(self) -> "Week":
        """The week of that number a year before; its last one when it had no 53rd."""
        then = Week(self.year - 1, self.number)
        try:
            then.day(0)
        except ValueError:
            return Week(then.year, then.number - 1)
        return then


def week_of(day: date) -> Week:
    return Week(*day.isocalendar()[:2])


def parse(text: str) -> Week:
    """The week written as "2026-W47". Raises ValueError."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", text)
    if found is None:
        raise ValueError(text)
    return _valid(int(found[1]), int(found[2]))


def _valid(year: int, number: int) -> Week:
    if not 2000 <= year < 2100:
        raise ValueError(year)
    week = Week(year, number)
    week.day(0)
    return week


def close_of(week: Week, rhythm: Rhythm) -> datetime:
    """When that week closes, in UTC."""
    local = datetime.combine(week.day(rhythm.summary_weekday), rhythm.summary_time, rhythm.zone)
    return local.astimezone(UTC)


def last_closed(now: datetime, rhythm: Rhythm) -> Week:
    week = running(now, rhythm)
    return week.plus(-1)


def running(now: datetime, rhythm: Rhythm) -> Week:
    """The week that closes next."""
    week = week_of(now.astimezone(rhythm.zone).date())
    return week if now < close_of(week, rhythm) else week.plus(1)


def wished(text: str, now: datetime, rhythm: Rhythm) -> Week | None:
    """The week somebody typed: nothing (the last one closed), 上周, 本周, 2026-W46, W46, 46, 第46周.
    A bare number is the latest such week. None when it is no week."""
    text = text.strip()
    if text in _NAMES:
        return running(now, rhythm).plus(_NAMES[text])
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    newest = running(now, rhythm)
    try:
        if found[1]:
            return _valid(int(found[1]), int(found[2]))
        week = _valid(newest.year, int(found[2]))
        return week if week <= newest else _valid(newest.year - 1, int(found[2]))
    except ValueError:
        return None


def weekday_name(weekday: int) -> str:
    """The name of a weekday, 0 is Monday."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[weekday]


@dataclass(frozen=True)
class Closed:
    """A week with its window [start, end)."""

    week: Week
    window: Window


def window(week: Week, rhythm: Rhythm, before: datetime | None = None) -> Window:
    """The window of a week: from the close before it (`before`, if that is known to have been another moment
    than the rhythm says) to its own close."""
    usual = close_of(week.plus(-1), rhythm)
    end = close_of(week, rhythm)
    known = before is not None and end - timedelta(weeks=2) < before < end
    return Window(before if known and before is not None else usual, end)


def due(last: Closed | None, now: datetime, rhythm: Rhythm) -> list[Closed]:
    """Closed weeks that have no summary yet, oldest first. `last` is the latest one that has; without one,
    only the week that closed last."""
    newest = last_closed(now, rhythm)
    week = newest if last is None else max(last.week.plus(1), newest.plus(1 - AT_MOST))
    before = last.window.end if last else None
    found: list[Closed] = []
    while week <= newest:
        found.append(Closed(week, window(week, rhythm, before)))
        before, week = found[-1].window.end, week.plus(1)
    return found
