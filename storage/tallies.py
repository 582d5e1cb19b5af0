"""Tallies: what was reported in a window of time, counted by set-based queries over the header rows.

A window is [start, end). A record counts in the window in which it was sent (a step: in which it was taken);
withdrawn ones do not count. A scope counts its own records: nothing is added up from the scopes inside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from storage import county, standing
from storage.kinds.hardship import HardshipCase, Urgency
from storage.kinds.photo_report import PhotoReport
from storage.kinds.rectification import Rectification
from storage.kinds.visit import Visit
from storage.people import Team
from storage.photo import Photo, PhotoState
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope

_CHILD = {0: 2, 2: 4, 4: 6, 6: 9}
"""Length of the codes one level below a code of that length; a town's rows are its teams."""

_ENDED = "ended"
OWN = ("visit", "photo", "hardship")
"""Kinds that a team sends of its own accord."""


@dataclass(frozen=True)
class Tally:
    """Counts of one scope in one window. As they stood at the window's end: `overdue` (rectifications), `open` and
    `cases_overdue` (hardship cases), `to_mend`, `to_accept`, `to_strike`, `running_late` (clocks of any case).
    `belated`: visits of a day before the window. `ended`: clocks that were stopped, `on_time` of them."""

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
    belated: int = 0
    closed: int = 0
    open: int = 0
    cases_overdue: int = 0
    returned: int = 0
    struck_off: int = 0
    to_mend: int = 0
    to_accept: int = 0
    to_strike: int = 0
    ended: int = 0
    on_time: int = 0
    running_late: int = 0

    @property
    def punctual(self) -> float | None:
        """On time ÷ (ended + still running late), 0 to 1; None where nothing was due."""
        due = self.ended + self.running_late
        return self.on_time / due if due else None

    def busy(self) -> bool:
        """Whether anything at all is counted."""
        return any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True)
class Window:
    start: datetime
    end: datetime

    def holds(self, column: Any) -> ColumnElement[bool]:
        return (col(column) >= self.start) & (col(column) < self.end)


DONE = (
    "visits", "households", "photos", "pictures", "cases", "urgent", "issued", "completed", "accepted", "belated",
    "closed", "returned", "struck_off",
)  # fmt: skip
"""Counts of what was done in the window; the others are of its last moment, or of clocks."""


def tally(
    session: Session, scope: Scope, window: Window, *, all_of_it: bool = True
) -> tuple[Tally, dict[str, Tally]]:
    """Counts of the whole scope, and of its parts: codes of the regions below it, ids of teams, or a team's villages.
    Without `all_of_it` what stood at the end and the clocks are left out: of a year ago nobody asks."""
    parts: dict[str, dict[str, int]] = {}
    found = [_counts(session, scope, window), *([_standing(session, scope, window)] if all_of_it else [])]
    for name, key, count in chain.from_iterable(found):
        counts = parts.setdefault(str(key or ""), {})
        counts[name] = counts.get(name, 0) + count
    names = [field.name for field in fields(Tally)]
    whole = {name: sum(counts.get(name, 0) for counts in parts.values()) for name in names}
    # A household that two parts visited is one household.
    whole["households"] = session.exec(_households(scope, window)).one()[0]
    return Tally(**whole), {key: Tally(**counts) for key, counts in parts.items() if key}


def _counts(session: Session, scope: Scope, window: Window) -> Iterator[tuple[str, Any, int]]:
    """(name of the count, part of the scope, count)."""
    by = part(scope)
    for key, *counts in session.exec(_sent(session, scope, window, by)):
        for name, count in zip(_SENT, counts, strict=True):
            yield name, key, count
    sent, case_ = sent_in(scope, window), col(Report.kind) == HardshipCase.kind
    urgent = _reports().join(HardshipCase).where(*sent, case_)
    queries = (
        ("pictures", _pictures().where(*sent)),
        ("urgent", urgent.where(col(HardshipCase.urgency) == Urgency.URGENT.value)),
    )
    for name, query in queries:
        for count, key in session.exec(query.add_columns(by).group_by(by)):
            yield name, key, count
    for kind, state, key, count in session.exec(_moved(scope, window, by)):
        if (kind, state) in _MOVED:
            yield _MOVED[kind, state], key, count


_SENT = ("visits", "photos", "cases", "issued", "households", "belated")
_MOVED = {
    (Rectification.kind, ReportState.COMPLETED.value): "completed",
    (Rectification.kind, ReportState.ACCEPTED.value): "accepted",
    (Rectification.kind, ReportState.ISSUED.value): "returned",
    (Rectification.kind, ReportState.STRUCK_OFF.value): "struck_off",
    (HardshipCase.kind, _ENDED): "closed",
}


def _sent(session: Session, scope: Scope, window: Window, by: Any) -> Any:
    """(part, and the counts of _SENT) of what was sent, in one pass over it."""
    kind = col(Report.kind)
    visited = case((kind == Visit.kind, col(Report.household_id)))
    kinds = (Visit.kind, PhotoReport.kind, HardshipCase.kind, Rectification.kind)
    sums = (func.sum(case((kind == one, 1), else_=0)) for one in kinds)
    late = func.sum(case((col(Visit.day) < _first_day(session, window), 1), else_=0))
    found: Any = rows_of(by, *sums, func.count(distinct(visited)), late).select_from(Report)
    beside = found.outerjoin(Visit, col(Visit.report_id) == Report.id)
    return beside.where(*sent_in(scope, window)).group_by(by)


def _standing(session: Session, scope: Scope, window: Window) -> Iterator[tuple[str, Any, int]]:
    """(name of the count, part of the scope, count) of what stood at the window's end, and of the clocks."""
    by = part(scope)
    overdue = _reports().where(of_kind(scope, Rectification.kind), standing.overdue_at(window.end))
    for count, key in session.exec(overdue.add_columns(by).group_by(by)):
        yield "overdue", key, count
    for kind, states in (
        (Rectification.kind, tuple(standing.RECTIFYING)),
        (HardshipCase.kind, standing.OPEN),
    ):
        found = standing.by_state(kind, by, window.end, *states).where(scope.reports()).subquery()
        counted: Any = rows_of(found.c.state, found.c.part, func.count())
        counted = counted.group_by(found.c.state, found.c.part)
        for state, key, count in session.exec(counted.where(found.c.state.in_(states))):
            yield standing.RECTIFYING.get(state, "open"), key, count
    for key, *counts in session.exec(standing.clocks(by, window.start, window.end).where(scope.reports())):
        for name, count in zip(_CLOCKS, counts, strict=True):
            yield name, key, count


_CLOCKS = ("ended", "on_time", "running_late", "cases_overdue")


def _first_day(session: Session, window: Window) -> date:
    """The day on which the window begins, in the county's zone."""
    return window.start.astimezone(county.zone(session)).date()


def sent_in(scope: Scope, window: Window) -> tuple[ColumnElement[bool], ...]:
    """SQL over Report: what was sent in the window and not withdrawn. A week is few rows of a long history,
    so its moments choose the index: the other conditions are kept out of the planner's sight."""
    return (
        scope.reports(hidden=True),
        window.holds(Report.sent_at),
        col(Report.state) != ReportState.WITHDRAWN,
    )


def _households(scope: Scope, window: Window) -> Any:
    counted = func.count(distinct(col(Report.household_id)))
    return rows_of(counted).where(*sent_in(scope, window), col(Report.kind).concat("") == "visit")


def by_teams(scope: Scope) -> bool:
    """Whether the parts of the scope are teams, not regions."""
    return scope.team is None and len(scope.region) not in _CHILD


def part_of(scope: Scope, team: "TeamCount") -> str:
    """The part of the scope that a team belongs to."""
    return str(team.id) if by_teams(scope) else team.region[: _CHILD[len(scope.region)]]


def part(scope: Scope) -> Any:
    """SQL over Report: the part of the scope that a record belongs to."""
    if scope.team is not None:
        return col(Report.village)
    if by_teams(scope):
        return col(Report.team_id)
    return func.substr(col(Report.village), 1, _CHILD[len(scope.region)])


def _reports() -> Any:
    return rows_of(func.count()).select_from(Report)


def _pictures() -> Any:
    counted = (PhotoState.WAITING, PhotoState.KEPT)
    return rows_of(func.count()).select_from(Photo).join(Report).where(col(Photo.state).in_(counted))


def of_kind(scope: Scope, kind: str) -> ColumnElement[bool]:
    """SQL over Report: what the scope has of a kind, whenever it was sent."""
    return scope.reports() & (col(Report.kind) == kind) & (col(Report.state) != ReportState.WITHDRAWN)


def _moved(scope: Scope, window: Window, by: Any) -> Any:
    """(kind, state, part, cases that a step brought into that state); a step that leaves the state as it was brings
    nothing, and all endings of a hardship case are one."""
    ends = [one.value for one in standing.ENDS]
    after, before = col(StepTaken.after), col(StepTaken.before)
    ended = (col(Report.kind) == HardshipCase.kind) & after.in_(ends)
    state = case((ended, _ENDED), else_=after).label("state")
    found: Any = rows_of(col(Report.kind), state, by, func.count(distinct(col(Report.id))))
    steps = found.select_from(StepTaken).join(Report).where(
        window.holds(StepTaken.at), before != after, ~(ended & before.in_(ends)),
        scope.reports(hidden=True), col(Report.state) != ReportState.WITHDRAWN,
    )  # fmt: skip
    return steps.group_by(col(Report.kind), state, by)


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
    query: Any = rows_of(*sums).where(*sent_in(scope, window), col(Report.kind).concat("") == "visit")
    return [count or 0 for count in session.exec(query).one()]
