"""How the people of a scope spent the days of a week: in the village, on a trip, on leave. By the rules of one person's
account (storage/days.py), read for all of them at once; a day counts while they served in a team of the scope.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, exists, or_
from sqlalchemy import Date as DayType
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from storage import county
from storage.absences import Absence, AbsenceKind, AbsenceState
from storage.calendar import is_workday
from storage.days import DayMark, bounds
from storage.db import Utc, run
from storage.kinds.visit import Visit
from storage.people import Posting, Team
from storage.postings import TEAM_ROLES
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope
from storage.tallies import Window

_LOW, _HIGH = (bindparam(name, type_=String) for name in ("low", "high"))
_TEAM = bindparam("team", type_=Integer)
_START, _END = (bindparam(name, type_=Utc) for name in ("start", "end"))
_FIRST, _LAST = (bindparam(name, type_=DayType) for name in ("first", "last"))


@dataclass(frozen=True)
class Presence:
    """Of a scope's week: `people` who served, and person-days of theirs `inside` the village, on a `trip`, on
    `leave`."""

    people: int = 0
    inside: int = 0
    trip: int = 0
    leave: int = 0


class Served(NamedTuple):
    """Somebody's days in a team. The days of a week are bits: the first one is 1, the second 2."""

    person: int
    team: int
    region: str
    inside: int
    trip: int
    leave: int


def total(rows: Iterable[Served]) -> Presence:
    """Of these together: who served in two of the teams, or twice in one, counts once."""
    people: dict[int, tuple[int, int, int]] = {}
    for row in rows:
        inside, trip, leave = people.get(row.person, _NONE)
        people[row.person] = (inside | row.inside, trip | row.trip, leave | row.leave)
    return Presence(
        len(people), *(sum(map(int.bit_count, days)) for days in zip(*people.values(), strict=True))
    )


def served(session: Session, scope: Scope, window: Window) -> list[Served]:
    """Everybody who served in a team of the scope in the window, with what was known of their days at its end."""
    rhythm = county.rhythm(session, "")
    first, last = window.first_day(rhythm.zone), window.end.astimezone(rhythm.zone).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if not days:
        return []
    asked = _Asked(session, scope, window, days)
    work = sum(1 << place for place, day in enumerate(days) if is_workday(day, rhythm.extra))
    off = [(place, day) for place, day in enumerate(days) if not work >> place & 1]
    there, away, marks = asked.reported(off), asked.away(), asked.marks()
    found = []
    for person, team, region, on in asked.posts():
        trip, leave = away.get(person, (0, 0))
        said, inside = marks.get(person, (0, 0))
        inside |= (work | there.get(person, 0)) & ~(trip | leave | said)
        found.append(Served(person, team, region, inside & on, trip & on & ~said, leave & on & ~said))
    return found


_TRIP, _LEAVE = AbsenceKind.TRIP, AbsenceKind.LEAVE
_NONE = (0, 0, 0)


class _Asked:
    """What is known of a scope's people in these days."""

    def __init__(self, session: Session, scope: Scope, window: Window, days: list[date]) -> None:
        self.session, self.days, self.until = session, days, window.end
        self.team, self.zone = scope.team is not None, county.zone(session)
        whose = {"team": scope.team} if self.team else {"low": scope.region, "high": scope.region + "~"}
        start, end = bounds(days[0], days[-1], self.zone)
        self.whole: dict[str, Any] = whose | {"start": start, "end": end}
        self.dated: dict[str, Any] = whose | {"first": days[0], "last": days[-1]}

    def mask(self, first: date, last: date) -> int:
        """The bits of the days from first to last."""
        return sum(1 << place for place, day in enumerate(self.days) if first <= day <= last)

    def posts(self) -> Iterable[tuple[int, int, str, int]]:
        """(person, team, its region, days on which they served)."""
        every = (1 << len(self.days)) - 1
        for person, team, region, starts, ends in run(self.session, _posts(self.team), **self.whole):
            on = every if starts is None and ends is None else self._between(starts, ends)
            yield person, team, region, on

    def _between(self, starts: datetime | None, ends: datetime | None) -> int:
        first, last = (moment.astimezone(self.zone).date() if moment else None for moment in (starts, ends))
        return self.mask(first or self.days[0], last or self.days[-1])

    def away(self) -> dict[int, tuple[int, int]]:
        """Days on a trip and on leave."""
        found: dict[int, tuple[int, int]] = {}
        for person, kind, first, last in run(self.session, _absences(self.team), **self.dated):
            trip, leave = found.get(person, (0, 0))
            days = self.mask(first, last)
            found[person] = (trip | days, leave) if kind == _TRIP.value else (trip, leave | days)
        return found

    def marks(self) -> dict[int, tuple[int, int]]:
        """Days of which somebody says where they were, and those of them that were in the village; the last word
        counts."""
        found: dict[int, tuple[int, int]] = {}
        for person, day, inside, _number in run(self.session, _marks(self.team), **self.dated):
            said, there = found.get(person, (0, 0))
            bit = self.mask(day, day)
            found[person] = said | bit, there | bit if inside else there & ~bit
        return found

    def reported(self, off: list[tuple[int, date]]) -> dict[int, int]:
        """Days off on which they reported or took a step all the same. On a working day it makes no difference."""
        found: dict[int, int] = defaultdict(int)
        asked = {"".join((name, str(number))): value for number, (_place, day) in enumerate(off)
                 for name, value in self._span(day).items()}  # fmt: skip
        for person, *sent in (
            run(self.session, _sent(self.team, len(off)), **self.whole, **asked) if off else ()
        ):
            found[person] |= sum(1 << place for (place, _day), there in zip(off, sent, strict=True) if there)
        for place, day in off:
            span = self.whole | self._span(day)
            for statement, values in ((_told, span | {"end": self.until}), (_taken, span)):
                for (person,) in run(self.session, statement(self.team), **values):
                    found[person] |= 1 << place
        return found

    def _span(self, day: date) -> dict[str, Any]:
        start, end = bounds(day, day, self.zone)
        return {"start": start, "end": min(end, self.until), "day": day}


def _mine(team: bool) -> ColumnElement[bool]:
    """SQL over Posting and Team: who serves in the scope's teams."""
    role = or_(*(col(Posting.role) == one for one in sorted(TEAM_ROLES)))
    if team:
        return role & (col(Team.id) == _TEAM)
    return role & (col(Team.region) >= _LOW) & (col(Team.region) < _HIGH)


def _people(team: bool, *columns: Any) -> Any:
    found: Any = rows_of(*columns).select_from(Posting)
    return found.join(Team, col(Team.id) == col(Posting.team_id)).where(_mine(team))


@cache
def _posts(team: bool) -> Any:
    """(person, team, region, from, until) of whoever served between `start` and `end`; nothing for from and until that
    lie outside."""
    starts, ends = col(Posting.starts_at), col(Posting.ends_at)
    part = case((starts > _START, starts)), case((ends < _END, ends))
    found = _people(team, col(Posting.person_id), col(Team.id), col(Team.region), *part)
    return found.where(starts < _END, ends.is_(None) | (ends >= _START)).order_by(col(Posting.id))


@cache
def _absences(team: bool) -> Any:
    """(person, kind, first, last) of leave and trips that were granted."""
    found = _people(team, col(Posting.person_id), *map(col, (Absence.kind, Absence.first, Absence.last)))
    found = found.join(Absence, col(Absence.person_id) == col(Posting.person_id))
    kinds = or_(*(col(Absence.kind) == kind.value for kind in (_LEAVE, _TRIP)))
    granted = col(Absence.state) == AbsenceState.APPROVED
    return found.where(kinds, granted, col(Absence.first) <= _LAST, col(Absence.last) >= _FIRST)


@cache
def _marks(team: bool) -> Any:
    """(person, day, inside, number) in the order they were made."""
    columns = col(Posting.person_id), col(DayMark.day), col(DayMark.inside), col(DayMark.id)
    found = _people(team, *columns).join(DayMark, col(DayMark.person_id) == col(Posting.person_id))
    return found.where(col(DayMark.day) >= _FIRST, col(DayMark.day) <= _LAST).order_by(col(DayMark.id))


def _reports(more: ColumnElement[bool], start: Any = _START, end: Any = _END) -> ColumnElement[bool]:
    """SQL over Posting: sent something between `start` and `end` of which this holds."""
    at = col(Report.sent_at)
    mine = (col(Report.author_id) == col(Posting.person_id)) & (at >= start) & (at < end)
    return exists().where(mine, col(Report.state) != ReportState.WITHDRAWN, more)


_DAY = bindparam("day", type_=DayType)


@cache
def _sent(team: bool, days: int) -> Any:
    """(person, of each of so many days whether they sent something then that tells of no other day)."""

    def sent(number: int) -> ColumnElement[bool]:
        start, end = (bindparam(f"{name}{number}", type_=Utc) for name in ("start", "end"))
        day = bindparam(f"day{number}", type_=DayType)
        other = and_(
            col(Visit.report_id) == col(Report.id), col(Visit.day).is_not(None), col(Visit.day) != day
        )
        return _reports(~exists().where(other), start, end)

    return _people(team, col(Posting.person_id), *map(sent, range(days)))


@cache
def _told(team: bool) -> Any:
    """(person,) who sent, then or later, a visit of that day; of a region anybody: such visits are few."""
    at, then = col(Report.sent_at), col(Visit.day).is_not(None) & (col(Visit.day) == _DAY)
    if team:
        own = (col(Visit.report_id) == col(Report.id)) & then
        return _people(team, col(Posting.person_id)).where(_reports(exists().where(own)))
    found = rows_of(col(Report.author_id)).select_from(Visit).join(Report)
    return found.where(then, at >= _START, at < _END, col(Report.state) != ReportState.WITHDRAWN).distinct()


@cache
def _taken(team: bool) -> Any:
    """(person,) who took a step."""
    found = _people(team, col(Posting.person_id))
    found = found.join(StepTaken, col(StepTaken.by_id) == col(Posting.person_id))
    return found.where(col(StepTaken.at) >= _START, col(StepTaken.at) < _END).distinct()
