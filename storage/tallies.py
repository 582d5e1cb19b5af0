"""Tallies: what was reported in a window of time, counted by set-based queries over the header rows.

A window is [start, end). A record counts in the window in which it was sent (a step: in which it was taken);
withdrawn ones do not count. A scope counts its own records: nothing is added up from the scopes inside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import chain
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, bindparam, case, distinct, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from storage import county, standing
from storage.db import Utc
from storage.kinds.hardship import HardshipCase, Urgency
from storage.kinds.photo_report import PhotoReport
from storage.kinds.rectification import Rectification
from storage.kinds.visit import Visit
from storage.photo import Photo, PhotoState
from storage.places import Region, inside
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope

_CHILD = {0: 2, 2: 4, 4: 6, 6: 9}
"""Length of the codes one level below a code of that length; a town's rows are its teams."""

_ENDED = "ended"


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
    visited = _visited(session, scope, window)
    for key, homes in visited.items():
        parts[key]["households"] = len(homes)
    # A household that two parts visited is one household.
    whole["households"] = len(set().union(*visited.values()))
    return Tally(**whole), {key: Tally(**counts) for key, counts in parts.items() if key}


def _counts(session: Session, scope: Scope, window: Window) -> Iterator[tuple[str, Any, int]]:
    """(name of the count, part of the scope, count)."""
    late = (col(Visit.report_id) == Report.id) & (col(Visit.day) < _first_day(session, window))
    here = (col(Photo.report_id) == Report.id) & col(Photo.state).in_((PhotoState.WAITING, PhotoState.KEPT))
    by_kind = (func.sum(case((col(Report.kind) == kind, 1), else_=0)) for kind in _SENT.values())
    for columns, beside, names in (
        ((*by_kind, func.count(col(Visit.report_id))), (Visit, late), (*_SENT, "belated")),
        ((func.count(col(Photo.id)),), (Photo, here), ("pictures",)),
    ):
        keys = _keys(scope)
        query = _read(scope, window, rows_of(*keys, *columns), beside=beside).group_by(*keys)
        for row in session.exec(query):
            key, counts = _part(scope, row), row[len(keys) :]
            yield from ((name, key, count) for name, count in zip(names, counts, strict=True) if count)
    yield from _by_steps_and_urgency(session, scope, window)


_SENT = {
    "visits": Visit.kind, "photos": PhotoReport.kind, "cases": HardshipCase.kind, "issued": Rectification.kind,
}  # fmt: skip
"""Kinds by the name of their count."""


def _keys(scope: Scope) -> tuple[Any, ...]:
    """SQL: by what the records of a window are grouped, in the order in which an index holds them."""
    if scope.team is not None:
        return (col(Report.village),)
    return (col(Region.code), col(Report.team_id)) if by_teams(scope) else (col(Region.code),)


def _part(scope: Scope, keys: Any) -> str:
    """The part of the scope that a group belongs to."""
    if scope.team is not None:
        return str(keys[0])
    return str(keys[1] or "") if by_teams(scope) else str(keys[0])[: _CHILD[len(scope.region)]]


def _read(
    scope: Scope,
    window: Window,
    query: Any,
    *more: ColumnElement[bool],
    beside: tuple[Any, Any] | None = None,
) -> Any:
    """The query over what was sent in the window and not withdrawn; of a region it is read village by village, whose
    index holds all that is counted. Villages without a report are rows of nothing: count what is there."""
    sent = (window.holds(Report.sent_at), col(Report.state) != ReportState.WITHDRAWN, *more)
    if scope.team is not None:
        found = query.select_from(Report).where(scope.reports(), *sent)
    else:
        # An outer join keeps the planner from beginning with anything else.
        found = query.select_from(Region).outerjoin(Report, and_(col(Report.village) == Region.code, *sent))
        found = found.where(inside(Region.code, scope.region)) if scope.region else found
    return found if beside is None else found.outerjoin(*beside)


def _visited(session: Session, scope: Scope, window: Window) -> dict[str, set[int]]:
    """The households that were visited, by part of the scope."""
    keys, home = _keys(scope), col(Report.household_id)
    query = _read(scope, window, rows_of(*keys, home), col(Report.kind) == Visit.kind, home.is_not(None))
    found: dict[str, set[int]] = {}
    for row in session.exec(query.distinct()):
        if row[-1] is not None:
            found.setdefault(_part(scope, row), set()).add(row[-1])
    return found


def _by_steps_and_urgency(session: Session, scope: Scope, window: Window) -> Iterator[tuple[str, Any, int]]:
    by = part(scope)
    urgent = _reports().join(HardshipCase).where(
        *sent_in(scope, window), col(Report.kind) == HardshipCase.kind,
        col(HardshipCase.urgency) == Urgency.URGENT.value,
    )  # fmt: skip
    for count, key in session.exec(urgent.add_columns(by).group_by(by)):
        yield "urgent", key, count
    for kind, state, key, count in session.exec(_moved(scope, window, by)):
        if (kind, state) in _MOVED:
            yield _MOVED[kind, state], key, count


_MOVED = {
    (Rectification.kind, ReportState.COMPLETED.value): "completed",
    (Rectification.kind, ReportState.ACCEPTED.value): "accepted",
    (Rectification.kind, ReportState.ISSUED.value): "returned",
    (Rectification.kind, ReportState.STRUCK_OFF.value): "struck_off",
    (HardshipCase.kind, _ENDED): "closed",
}


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
        found = standing.by_state(kind, by, window.end, *states).where(scope.reports(hidden=True)).subquery()
        counted: Any = rows_of(found.c.state, found.c.part, func.count())
        counted = counted.group_by(found.c.state, found.c.part)
        for state, key, count in session.exec(counted.where(found.c.state.in_(states))):
            yield standing.RECTIFYING.get(state, "open"), key, count
    for key, *counts in session.exec(
        standing.clocks(by, window.start, window.end).where(scope.reports(hidden=True))
    ):
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


def by_teams(scope: Scope) -> bool:
    """Whether the parts of the scope are teams, not regions."""
    return scope.team is None and len(scope.region) not in _CHILD


def part_of(scope: Scope, team: int, region: str) -> str:
    """The part of the scope that a team of that region belongs to."""
    return str(team) if by_teams(scope) else region[: _CHILD[len(scope.region)]]


def part(scope: Scope) -> Any:
    """SQL over Report: the part of the scope that a record belongs to."""
    if scope.team is not None:
        return col(Report.village)
    if by_teams(scope):
        return col(Report.team_id)
    return func.substr(col(Report.village), 1, _CHILD[len(scope.region)])


def _reports() -> Any:
    return rows_of(func.count()).select_from(Report)


def of_kind(scope: Scope, kind: str) -> ColumnElement[bool]:
    """SQL over Report: what the scope has of a kind, whenever it was sent. Cases are few among all that a region has,
    so their kind chooses the index."""
    return (
        scope.reports(hidden=True) & (col(Report.kind) == kind) & (col(Report.state) != ReportState.WITHDRAWN)
    )


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


def visits_by_day(
    session: Session, scope: Scope, window: Window, days: list[tuple[datetime, datetime]]
) -> list[int]:
    """Visits of the window in each of these days [start, end)."""
    since, until = (bindparam(name, type_=Utc) for name in ("since", "until"))
    each: Any = Window(cast(Any, since), cast(Any, until))
    query = _read(scope, each, rows_of(func.count(col(Report.id))), col(Report.kind) == Visit.kind)
    spans = ((max(start, window.start), min(end, window.end)) for start, end in days)
    return [session.exec(query, params={"since": start, "until": end}).one()[0] for start, end in spans]
