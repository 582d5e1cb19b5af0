"""Tallies: what was reported in a window of time, counted by set-based queries over the header rows.

A window is [start, end). A record counts in the window in which it was sent (a step: in which it was taken);
withdrawn ones do not count. A scope counts its own records: nothing is added up from the scopes inside it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from itertools import chain, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from storage import counting, county
from storage.db import run
from storage.kinds.hardship import HardshipCase
from storage.kinds.rectification import Rectification
from storage.prepared import Rows
from storage.report import Report, ReportState
from storage.summaries import Scope


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

    def first_day(self, zone: ZoneInfo) -> date:
        """The first day of the county that lies whole in a week which closed in the afternoon: what is asked of people
        begins with it, and so do rules that hold from a day on."""
        return self.start.astimezone(zone).date() + timedelta(days=1)


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
    if not known(session, window):
        return Tally(), {}  # a year ago there was nothing yet
    asked = _Asked(session, scope, window)
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, key, count in chain(asked.done(), asked.standing() if all_of_it else ()):
        if count:
            parts[str(key or "")][name] += count
    whole = sum(parts.values(), Counter[str]())
    if counting.by_teams(asked.shape) and whole["households"]:
        # A household that two teams visited is one household.
        whole["households"] = asked.rows(counting.homes).scalar_one()
    return Tally(**whole), {key: Tally(**counts) for key, counts in parts.items() if key}


def known(session: Session, window: Window) -> bool:
    """Whether anybody had sent anything by the window's end: what was before is not known."""
    oldest = run(session, counting.OLDEST).scalar()
    return oldest is not None and oldest < window.end


Counted = Iterator[tuple[str, Any, int]]
"""(name of the count, part of the scope, count)."""


class _Asked:
    """What is counted of a scope in a window."""

    def __init__(self, session: Session, scope: Scope, window: Window) -> None:
        self.session, self.shape = session, counting.shape_of(session, scope)
        first = window.start.astimezone(county.zone(session)).date()
        self.values = counting.values(scope) | {"since": window.start, "until": window.end, "day": first}

    def rows(self, statement: Callable[..., Any], *more: Any) -> Rows:
        return run(self.session, statement(self.shape, *more), **self.values)

    def done(self) -> Counted:
        """What was done in the window."""
        ((low, high),) = run(
            self.session, counting.ends(), since=self.values["since"], until=self.values["until"]
        )
        if low is not None:
            self.values |= {"low": low, "high": high}
            yield from self.sent(low, high)
        for key, kind, state, count in self.rows(counting.moved):
            if (kind, state) in _MOVED:
                yield _MOVED[kind, state], key, count

    def sent(self, low: int, high: int) -> Counted:
        """What was sent, by the ids that nearly all of it lies between."""
        headers = self.rows(counting.header)
        for row in headers:
            part = counting.part_by(self.shape, row)
            for name, count in counting.counts(self.shape, row).items():
                yield name, part, count
        dense = counting.dense(headers, low, high)
        for name, statement in (("belated", counting.belated), ("pictures", counting.pictures)):
            for row in self.rows(statement, dense):
                yield name, counting.part_by(self.shape, row), row[-1]
        for key, count, urgent in self.rows(counting.cases):
            yield "cases", key, count
            yield "urgent", key, urgent
        for key, count in self.rows(counting.issued):
            yield "issued", key, count

    def standing(self) -> Counted:
        """What stood at the window's end, and the clocks."""
        for key, count in self.rows(counting.overdue):
            yield "overdue", key, count
        for kind, names in counting.STOOD.items():
            for state, key, count in self.rows(counting.stood, kind):
                if state in names:
                    yield names[state], key, count
        for key, *counts in self.rows(counting.clocks):
            for name, count in zip(counting.CLOCKS, counts, strict=True):
                yield name, key, count


_MOVED = {
    (Rectification.kind, ReportState.COMPLETED.value): "completed",
    (Rectification.kind, ReportState.ACCEPTED.value): "accepted",
    (Rectification.kind, ReportState.ISSUED.value): "returned",
    (Rectification.kind, ReportState.STRUCK_OFF.value): "struck_off",
    (HardshipCase.kind, counting.ENDED): "closed",
}


def sent_in(scope: Scope, window: Window) -> tuple[ColumnElement[bool], ...]:
    """SQL over Report: what was sent in the window and not withdrawn. A week is few rows of a long history,
    so its moments choose the index: the other conditions are kept out of the planner's sight."""
    return (
        scope.reports(hidden=True),
        window.holds(Report.sent_at),
        col(Report.state) != ReportState.WITHDRAWN,
    )


def late(session: Session, scope: Scope, window: Window) -> tuple[tuple[str, str, int], ...]:
    """(kind, clock, how many) of the clocks that ran late at the window's end, the most first."""
    values = counting.values(scope) | {"since": window.start, "until": window.end}
    rows = run(session, counting.late(counting.shape_of(session, scope)), **values)
    return tuple((kind, clock, count) for kind, clock, count in rows)


def by_teams(scope: Scope) -> bool:
    """Whether the parts of the scope are teams, not regions."""
    return scope.team is None and len(scope.region) not in counting.CHILD


def part_of(scope: Scope, team: int, region: str) -> str:
    """The part of the scope that a team of that region belongs to."""
    return str(team) if by_teams(scope) else region[: counting.CHILD[len(scope.region)]]


def of_kind(scope: Scope, kind: str) -> ColumnElement[bool]:
    """SQL over Report: what the scope has of a kind, whenever it was sent. Cases are few among all that a region has,
    so their kind chooses the index."""
    return (
        scope.reports(hidden=True) & (col(Report.kind) == kind) & (col(Report.state) != ReportState.WITHDRAWN)
    )


def visits_by_day(
    session: Session, scope: Scope, window: Window, days: list[tuple[datetime, datetime]]
) -> list[int]:
    """Visits of the window in each of these days [start, end), which touch each other."""
    shape, values = counting.shape_of(session, scope), counting.values(scope)
    if shape.shared:
        edges = {f"edge{number}": end for number, (_start, end) in enumerate(days)}
        bounds = {"since": max(window.start, days[0][0]), "until": window.end}
        (before,) = run(session, counting.visits_by_edge(shape, len(days)), **values, **bounds, **edges)
        return [later - earlier for earlier, later in pairwise((0, *before))]
    # Each day is a piece of an index.
    spans = ((max(start, window.start), min(end, window.end)) for start, end in days)
    ((lowest, highest),) = run(session, counting.PLACES)
    alone = lowest is not None and values["first"] <= lowest and highest < values["last"]
    each = counting.visits(shape, alone)
    return [run(session, each, **values, since=start, until=end).scalar_one() for start, end in spans]
