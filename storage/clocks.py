"""How long a step may take and when it is spoken of: pure rules over days, hours and the calendar of a place.

A clock climbs its rungs: those who owe are reminded at its start, half-way and the day before; when it is
overdue the leader hears, then the supervisors, then the office, each after a delay of its own. Every rung is
at the region's hour of a working day.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from storage.calendar import add_workdays, in_quiet_hours, is_workday, next_workday, workdays
from storage.county import Rhythm
from storage.forms.choice import Labelled
from storage.texts import N_, _

END = time(23, 59, 59)


class Unit(Labelled):
    """What a length is counted in; calendar days that end on a day off end on the next working day (民法典 203)."""

    WORKDAY = "workday", N_("个工作日")
    DAY = "day", N_("天")
    HOUR = "hour", N_("小时")


class Rung(StrEnum):
    """What a clock says when, in this order."""

    START = "start"
    HALF = "half"
    BEFORE = "before"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    OFFICE = "office"


REMINDERS = (Rung.START, Rung.HALF, Rung.BEFORE)
OVERDUE = (Rung.LEADER, Rung.SUPERVISOR, Rung.OFFICE)


@dataclass(frozen=True)
class Rule:
    """A length, and after how many working days past its end leader, supervisors and office hear."""

    length: int
    unit: Unit = Unit.WORKDAY
    delays: tuple[int, int, int] = (1, 3, 5)

    @property
    def words(self) -> str:
        return _("{length} {unit}").format(length=self.length, unit=_(self.unit.label))


def end(since: datetime, rule: Rule, rhythm: Rhythm) -> datetime:
    """When a clock that begins at `since` ends. The first day is not counted; days end at their last second."""
    if rule.unit == Unit.HOUR:
        return since + timedelta(hours=rule.length)
    first = since.astimezone(rhythm.zone).date()
    if rule.unit == Unit.WORKDAY:
        return end_of(add_workdays(first, rule.length, rhythm.extra), rhythm)
    return end_of(_no_day_off(first + timedelta(days=rule.length), rhythm), rhythm)


def end_of(day: date, rhythm: Rhythm) -> datetime:
    """The last second of a day there."""
    return datetime.combine(day, END, rhythm.zone)


def _no_day_off(day: date, rhythm: Rhythm) -> date:
    return day if is_workday(day, rhythm.extra) else next_workday(day, rhythm.extra)


def shifted(due: datetime, paused: datetime, resumed: datetime, unit: Unit, rhythm: Rhythm) -> datetime:
    """The end of a clock that stood still from `paused` to `resumed`: what was left then is left again. One
    that was overdue stays as it was."""
    if paused >= due:
        return due
    if unit == Unit.HOUR:
        return due + (resumed - paused)
    at, today, last = (moment.astimezone(rhythm.zone).date() for moment in (paused, resumed, due))
    if unit == Unit.DAY:
        return end_of(_no_day_off(today + (last - at), rhythm), rhythm)
    left = len(workdays(at + timedelta(days=1), last, rhythm.extra))
    return end_of(add_workdays(today, left, rhythm.extra) if left else today, rhythm)


def rungs(
    since: datetime, due: datetime, rhythm: Rhythm, rule: Rule, *, team: bool = True, cadence: bool = False
) -> list[tuple[Rung, datetime]]:
    """When each rung is reached, in order. `team`: the team owes it, so that its leader is told first;
    `cadence`: it comes round, and its start is nothing to speak of."""
    found = reminders(since, due, rhythm)
    if cadence:
        found = [one for one in found if one[0] == Rung.BEFORE]
    last = due.astimezone(rhythm.zone).date()
    late = zip(OVERDUE, rule.delays, strict=True) if team else zip(OVERDUE[1:], rule.delays[:2], strict=True)
    return [
        *found,
        *((rung, _at(add_workdays(last, max(1, delay), rhythm.extra), rhythm)) for rung, delay in late),
    ]


def reminders(since: datetime, due: datetime, rhythm: Rhythm) -> list[tuple[Rung, datetime]]:
    """The first working day, half-way, and the last working day before it is due: at most three, each on a day
    of its own."""
    since, due = since.astimezone(rhythm.zone), due.astimezone(rhythm.zone)
    days = workdays(since.date() + timedelta(days=1), due.date(), rhythm.extra)
    days = [day for day in days if since < _at(day, rhythm) < due]
    if not days:
        return []
    before = max((day for day in days if day < due.date()), default=days[-1])
    chosen = {before: Rung.BEFORE}
    for rung, day in ((Rung.START, days[0]), (Rung.HALF, days[len(days) // 2])):
        if day < before:
            chosen.setdefault(day, rung)
    return [(rung, _at(day, rhythm)) for day, rung in sorted(chosen.items())]


def _at(day: date, rhythm: Rhythm) -> datetime:
    return datetime.combine(day, rhythm.remind_time, rhythm.zone)


def may_speak(rhythm: Rhythm, now: datetime) -> bool:
    """A working day, the hour of reminders has come, nobody is asleep."""
    local = now.astimezone(rhythm.zone)
    early = local.time() < rhythm.remind_time
    quiet = in_quiet_hours(local, rhythm.quiet_from, rhythm.quiet_until)
    return is_workday(local.date(), rhythm.extra) and not early and not quiet


def next_hour(rhythm: Rhythm, now: datetime) -> datetime:
    """The next hour of reminders, when now nobody may be spoken to."""
    local = now.astimezone(rhythm.zone)
    today = _at(local.date(), rhythm)
    if is_workday(local.date(), rhythm.extra) and local < today:
        return today
    return _at(next_workday(local.date(), rhythm.extra), rhythm)
