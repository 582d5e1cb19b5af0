"""Tallies: what was reported in a window of time, counted by set-based queries over the header rows.

A window is [start, end). A record counts in the window in which it was sent (a step: in which it was taken);
withdrawn ones do not count. A scope counts its own records: nothing is added up from the scopes inside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, distinct, func
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


Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Window:
    start: datetime
    end: datetime

    def holds(self, column: Any) -> ColumnElement[bool]:
        return (col(column) >= self.start) & (col(column) < self.end)


def total(session: Session, scope: Scope, window: Window) -> Tally:
    """The whole scope's counts."""
    rows = _count(session, scope, window, by=None)
    return Tally(**rows.get("", {}))


def by_part(session: Session, scope: Scope, window: Window) -> dict[str, Tally]:
    """Counts by the parts of a region: code of the region below it, or id of the team within a town."""
    rows = _count(session, scope, window, by=part(scope))
    return {key: Tally(**row) for key, row in rows.items() if key}


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


def _count(session: Session, scope: Scope, window: Window, by: ColumnElement[Any] | None) -> Counts:
    counts: Counts = {}
    for names, query in _queries(scope, window):
        grouped = query if by is None else query.add_columns(by).group_by(by)
        for row in session.exec(grouped):
            key = "" if by is None else str(row[-1] or "")
            counts.setdefault(key, {}).update(zip(names, row, strict=False))
    return counts


def _queries(scope: Scope, window: Window) -> list[tuple[Sequence[str], Any]]:
    sent = (scope.reports(), window.holds(Report.sent_at), col(Report.state) != ReportState.WITHDRAWN)
    kind, mend = col(Report.kind), _rectifications(scope)
    visited = func.count(distinct(col(Report.household_id)))
    urgent = col(HardshipCase.urgency) == Urgency.URGENT.value
    return [
        (("visits", "households"), _reports(visited).where(*sent, kind == "visit")),
        (("photos",), _reports().where(*sent, kind == "photo")),
        (("pictures",), _pictures().where(*sent)),
        (("cases",), _reports().where(*sent, kind == "hardship")),
        (("urgent",), _reports().join(HardshipCase).where(*sent, urgent)),
        (("issued",), _reports().where(*sent, kind == "rectification")),
        (("completed",), _steps(ReportState.COMPLETED, window).where(mend)),
        (("accepted",), _steps(ReportState.ACCEPTED, window).where(mend)),
        (("overdue",), _reports().where(mend, overdue_at(window.end))),
    ]


def _reports(*more: ColumnElement[Any]) -> Any:
    return rows_of(func.count(), *more).select_from(Report)


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
    return (col(Report.sent_at) < moment) & (col(Report.due_at) < moment) & still


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
        .where(window.holds(Report.sent_at), col(Report.kind).in_(OWN))
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


def visit_times(session: Session, scope: Scope, window: Window) -> list[datetime]:
    """When the visits of the window were sent; the reader puts them into days of its zone."""
    return list(
        session.exec(
            select(Report.sent_at).where(
                scope.reports(),
                window.holds(Report.sent_at),
                Report.kind == "visit",
                Report.state != ReportState.WITHDRAWN,
            )
        )
    )


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
        .where(scope.reports(), window.holds(Report.sent_at), Report.state != ReportState.WITHDRAWN)
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
