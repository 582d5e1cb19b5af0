"""Working days: weekends, public holidays and make-up days (调休) of mainland China.

The library's tables end with the last year the State Council has published; beyond it Monday to Friday count,
with the county's own list, and `confirmed` says so.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar
from chinese_calendar import constants

FIRST_YEAR: int = min(constants.holidays).year
LAST_YEAR: int = max(constants.holidays).year


@dataclass(frozen=True)
class Extra:
    """A county's own days off and make-up days; they overrule every table."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def plus(self, off: frozenset[date], on: frozenset[date]) -> "Extra":
        """These days too; a later list overrules an earlier one."""
        return Extra((self.off - on) | off, (self.on - off) | on)


NONE = Extra()


def is_workday(day: date, extra: Extra = NONE) -> bool:
    if day in extra.off or day in extra.on:
        return day in extra.on
    if not confirmed(day):
        return day.weekday() < 5
    workday: bool = chinese_calendar.is_workday(day)
    return workday


def confirmed(day: date) -> bool:
    """Whether the table of that year is published (否则：周一至周五，另加县里自定的日子)."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def next_workday(day: date, extra: Extra = NONE) -> date:
    """The first working day after `day`."""
    return add_workdays(day, 1, extra)


def previous_workday(day: date, extra: Extra = NONE) -> date:
    """The last working day before `day`."""
    return add_workdays(day, -1, extra)


def add_workdays(day: date, count: int, extra: Extra = NONE) -> date:
    """`count` working days later (earlier when negative); `day` itself is not counted."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_workday(day, extra):
            day += step
    return day


def workdays(first: date, last: date, extra: Extra = NONE) -> list[date]:
    """Working days from `first` to `last`, both included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if is_workday(day, extra)]


def in_quiet_hours(local: datetime, quiet_from: time, quiet_until: time) -> bool:
    """Whether nobody may be disturbed at that local time; the hours may run over midnight."""
    moment = local.time()
    if quiet_from <= quiet_until:
        return quiet_from <= moment < quiet_until
    return moment >= quiet_from or moment < quiet_until
