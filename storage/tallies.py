"""Tallies: what was reported in a window of time, counted by set-based queries over the header rows.

A window is [start, end). A record counts in the window in which it was sent (a step: in which it was taken);
withdrawn ones do not count. A scope counts its own records: nothing is added up from the scopes inside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from storage.kinds.hardship import HardshipCase, Urgency
from storage.people import Team
from storage.photo import Photo, PhotoState
from storage.places import Region
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope

_CHILD = {0: 2, 2: 4, 4: 6, 6: 9}
"""Length of the codes one level below a code of that length; a town's rows are its teams."""

OWN = ("visit", "photo", "hardship")
"""Kinds that a team sends of its own accord."""


@dataclass(frozen=True)
class Tally:
    """Counts of one scope in one window; `overdue` as it stood at the window's end."""

    visits: int = 0
    households: int = 0
    photos: int = 0
    pictures: int = 0
    cases: int = 0
    urgent: int = 0
    issued: int = 0
    completed: int = 0
    accepted: int = 0
    overdue: int = 0

    def busy(self) -> bool:
        """Whether anything at all is counted."""
        return any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True)
class Window:
    start: datetime
    end: datetime

    def holds(self, column: Any) -> ColumnElement[bool]:
        return (col(column) >= self.start) & (col(column) < self.end)


def tally(session: Session, scope: Scope, window: Window) -> tuple[Tally, dict[str, Tally]]:
    """Counts of the whole scope, and of its parts: codes of the regions below it, or ids of teams."""
    parts: dict[str, dict[str, int]] = {}
    for name, key, count in _counts(session, scope, window):
        counts = parts.setdefault(str(key or ""), {})
        counts[name] = counts.get(name, 0) + count
    names = [field.name for field in fields(Tally)]
    whole = {name: sum(counts.get(name, 0) for counts in parts.values()) for name in names}
    # A household that two parts visited is one household.
    whole["households"] = session.exec(_households(scope, window)).one()[0]
    return Tally(**whole), {key: Tally(**counts) for key, counts in parts.items() if key}


_NAMES = {"visit": "visits", "photo": "photos", "hardship": "cases", "rectification": "issued"}


def _counts(session: Session, scope: Scope, window: Window) -> Iterator[tuple[str, Any, int]]:
    """(name of the count, part of the scope, count)."""
    by = part(scope)
    sent, kind, mend = _sent(scope, window), col(Report.kind), _rectifications(scope)
    kinds: Any = rows_of(kind, by, func.count()).where(*sent).group_by(kind, by)
    for of_kind, key, count in session.exec(kinds):
        if of_kind in _NAMES:
            yield _NAMES[of_kind], key, count
    urgent = col(HardshipCase.urgency) == Urgency.URGENT.value
    queries = (
        ("households", _households(scope, window)),
        ("pictures", _pictures().where(*sent)),
        ("urgent", _reports().join(HardshipCase).where(*sent, urgent)),
        ("completed", _steps(ReportState.COMPLETED, window).where(mend)),
        ("accepted", _steps(ReportState.ACCEPTED, window).where(mend)),
        ("overdue", _reports().where(mend, overdue_at(window.end))),
    )
    for name, query in queries:
        for count, key in session.exec(query.add_columns(by).group_by(by)):
            yield name, key, count


def _sent(scope: Scope, window: Window) -> tuple[ColumnElement[bool], ...]:
    """SQL over Report: what was sent in the window and not withdrawn. A week is few rows of a long history,
    so its moments choose the index: the other conditions are kept out of the planner's sight."""
    return (
        scope.reports(hidden=True),
        window.holds(Report.sent_at),
        col(Report.state) != ReportState.WITHDRAWN,
    )


def _households(scope: Scope, window: Window) -> Any:
    counted = func.count(distinct(col(Report.household_id)))
    return rows_of(counted).where(*_sent(scope, window), col(Report.kind).concat("") == "visit")


def by_teams(scope: Scope) -> bool:
    """Whether the parts of the scope are teams, not regions."""
    return scope.team is not None or len(scope.region) not in _CHILD


def part_of(scope: Scope, team: "TeamCount") -> str:
    """The part of the scope that a team belongs to."""
    return str(team.id) if by_teams(scope) else team.region[: _CHILD[len(scope.region)]]


def part(scope: Scope) -> Any:
    """SQL over Report: the part of the scope that a record belongs to."""
    if by_teams(scope):
        return col(Report.team_id)
    return func.substr(col(Report.village), 1, _CHILD[len(scope.region)])


def _reports() -> Any:
    return rows_of(func.count()).select_from(Report)


def _pictures() -> Any:
    counted = (PhotoState.WAITING, PhotoState.KEPT)
    return rows_of(func.count()).select_from(Photo).join(Report).where(col(Photo.state).in_(counted))


def _rectifications(scope: Scope) -> ColumnElement[bool]:
    return (
        scope.reports() & (col(Report.kind) == "rectification") & (col(Report.state) != ReportState.WITHDRAWN)
    )


def _steps(after: ReportState, window: Window) -> Any:
    steps = rows_of(func.count(distinct(col(Report.id)))).select_from(StepTaken).join(Report)
    return steps.where(col(StepTaken.after) == after.value, window.holds(StepTaken.at))


def overdue_at(moment: datetime) -> ColumnElement[bool]:
    """SQL over Report: a rectification that was still to be mended at that moment although its day was past.
    Its steps tell, so that a past moment can be asked about."""
    latest = (
        select(StepTaken.after)
        .where(StepTaken.report_id == Report.id, col(StepTaken.at) < moment)
        .order_by(col(StepTaken.at).desc(), col(StepTaken.id).desc())
        .limit(1)
        .correlate(Report)
        .scalar_subquery()
    )
    still = func.coalesce(latest, ReportState.ISSUED.value) == ReportState.ISSUED.value
    moved_since = select(StepTaken.report_id).where(col(StepTaken.at) >= moment)
    perhaps = (col(Report.state) == ReportState.ISSUED) | col(Report.id).in_(moved_since)
    return (col(Report.sent_at) < moment) & (col(Report.due_at) < moment) & perhaps & still


@dataclass(frozen=True)
class TeamCount:
    """A team and how many records of its own it sent in the window."""

    id: int
    name: str
    region: str
    sent: int


def teams(session: Session, scope: Scope, window: Window) -> list[TeamCount]:
    """The teams of the scope that were there at the window's end, by name."""
    own = (
        select(Report.team_id, func.count().label("sent"))
        .where(window.holds(Report.sent_at), col(Report.kind).concat("").in_(OWN))
        .where(col(Report.state) != ReportState.WITHDRAWN)
        .group_by(col(Report.team_id))
        .subquery()
    )
    there = col(Team.ended_at).is_(None) | (col(Team.ended_at) >= window.end)
    columns: Any = (Team.id, Team.name, Team.region, func.coalesce(own.c.sent, 0))
    rows = session.exec(
        select(*columns)
        .outerjoin(own, own.c.team_id == Team.id)
        .where(scope.teams(), there)
        .order_by(Team.name)
    )
    return [TeamCount(*row) for row in rows]


def visits_by_day(
    session: Session, scope: Scope, window: Window, days: list[tuple[datetime, datetime]]
) -> list[int]:
    """Visits of the window in each of these days [start, end)."""
    at = col(Report.sent_at)
    sums = [func.sum(case(((at >= start) & (at < end), 1), else_=0)) for start, end in days]
    query: Any = rows_of(*sums).where(*_sent(scope, window), col(Report.kind).concat("") == "visit")
    return [count or 0 for count in session.exec(query).one()]


@dataclass(frozen=True)
class Matter:
    """A record that asks for attention, without a name: number, village's name, its category or due day."""

    id: int
    number: str
    place: str
    at: datetime
    category: str = ""


_MATTER = (Report.id, Report.number, Region.name)


def urgent_cases(session: Session, scope: Scope, window: Window, limit: int = 10) -> list[Matter]:
    """Urgent hardship cases opened in the window, newest first."""
    return _cases(session, scope, window, (Urgency.URGENT.value,), limit)


def new_cases(session: Session, scope: Scope, window: Window, limit: int = 10) -> list[Matter]:
    """Hardship cases opened in the window, newest first."""
    return _cases(session, scope, window, tuple(one.value for one in Urgency), limit)


def _cases(
    session: Session, scope: Scope, window: Window, urgencies: tuple[str, ...], limit: int
) -> list[Matter]:
    columns: Any = (*_MATTER, Report.sent_at, HardshipCase.category)
    rows = session.exec(
        select(*columns)
        .join(HardshipCase)
        .join(Region, col(Region.code) == Report.village)
        .where(*_sent(scope, window))
        .where(col(HardshipCase.urgency).in_(urgencies))
        .order_by(col(Report.sent_at).desc(), col(Report.id).desc())
        .limit(limit)
    )
    return [Matter(*row) for row in rows]


def overdue(session: Session, scope: Scope, moment: datetime, limit: int = 10) -> list[Matter]:
    """Rectifications overdue at that moment, the longest first; `at` is when they were due."""
    columns: Any = (*_MATTER, Report.due_at)
    rows = session.exec(
        select(*columns)
        .join(Region, col(Region.code) == Report.village)
        .where(_rectifications(scope), overdue_at(moment))
        .order_by(col(Report.due_at), col(Report.id))
        .limit(limit)
    )
    return [Matter(*row) for row in rows]
