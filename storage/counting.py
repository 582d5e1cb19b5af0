"""What a tally is counted by: statements over the records of a scope and window, made once for each shape of scope.

Their values are `values`; what they give is (keys of `keys` or `part`, then counts). A year of records lies in the
tables and a week is asked for: on SQLite a region's week is read village by village from an index that holds all that
is counted, on PostgreSQL the planner chooses.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, distinct, func, or_
from sqlalchemy import Date as Day
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from storage import standing
from storage.clock_runs import ClockRun
from storage.db import Utc
from storage.engines import on_postgresql
from storage.kinds.hardship import HardshipCase, Urgency
from storage.kinds.photo_report import PhotoReport
from storage.kinds.rectification import Rectification
from storage.kinds.visit import Visit
from storage.photo import Photo, PhotoState
from storage.places import Region
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope
from storage.unindexed import unindexed

CHILD = {0: 2, 2: 4, 4: 6, 6: 9}
"""Length of the codes one level below a code of that length; a town's rows are its teams."""
MANY = {"visits": Visit.kind, "photos": PhotoReport.kind}
"""Kinds by the name of their count, of which there are many; the others are few, and quicker counted by themselves."""
SENT = MANY | {"cases": HardshipCase.kind, "issued": Rectification.kind}
ENDED = "ended"
CLOCKS = ("ended", "on_time", "running_late", "cases_overdue")

_SINCE, _UNTIL = (bindparam(name, type_=Utc) for name in ("since", "until"))
_FIRST, _LAST = (bindparam(name, type_=String) for name in ("first", "last"))
_TEAM, _LOW, _HIGH = (bindparam(name, type_=Integer) for name in ("team", "low", "high"))
_DAY = bindparam("day", type_=Day)

OLDEST = rows_of(func.min(col(Report.sent_at)))
"""(when the first report was sent,)."""
PLACES = rows_of(*(rows_of(way(col(Report.village))).scalar_subquery() for way in (func.min, func.max)))
"""(lowest and highest code of the villages of all reports), each from the end of an index."""
_EDGE = 1000
"""So many reports at either end of a window tell between which ids it lies, as a rule."""


class Shape(NamedTuple):
    """What the statements of a scope depend on: whether it is a team, the length of the codes of its parts (None: its
    parts are teams), and whether the database is PostgreSQL."""

    team: bool
    below: int | None
    shared: bool


def shape_of(session: Session, scope: Scope) -> Shape:
    below = None if scope.team is not None else CHILD.get(len(scope.region))
    return Shape(scope.team is not None, below, on_postgresql(session.connection()))


def values(scope: Scope) -> dict[str, Any]:
    """What is handed in for the scope; the window's are `since` and `until`."""
    return {"first": scope.region, "last": scope.region + "~", "team": scope.team}


def by_teams(shape: Shape) -> bool:
    return not shape.team and shape.below is None


def keys(shape: Shape) -> tuple[Any, ...]:
    """SQL: by what the records of a window are grouped, in the order in which an index holds them."""
    if shape.team:
        return (col(Report.village),)
    place = col(Report.village) if shape.shared else col(Region.code)
    return (place, col(Report.team_id)) if by_teams(shape) else (place,)


def part_by(shape: Shape, row: Any) -> str:
    """The part of the scope that a group of `keys` belongs to."""
    if by_teams(shape):
        return str(row[1] or "")
    return str(row[0] or "")[: shape.below]


def part(shape: Shape) -> Any:
    """SQL over Report: the part of the scope that a record belongs to."""
    if shape.team:
        return col(Report.village)
    return col(Report.team_id) if by_teams(shape) else func.substr(col(Report.village), 1, shape.below)


def mine(shape: Shape) -> ColumnElement[bool]:
    """SQL over Report: the scope's; a region's condition chooses no index."""
    if shape.team:
        return col(Report.team_id) == _TEAM
    village = unindexed(Report.village)
    return (village >= _FIRST) & (village < _LAST)


def sent() -> tuple[ColumnElement[bool], ...]:
    """SQL over Report: sent in the window and not withdrawn."""
    at = col(Report.sent_at)
    return (at >= _SINCE, at < _UNTIL, col(Report.state) != ReportState.WITHDRAWN)


def _read(shape: Shape, query: Any, *more: ColumnElement[bool]) -> Any:
    """The query over what was sent in the window. Villages without a report are rows of nothing on SQLite: count what
    is there."""
    if shape.team or shape.shared:
        return query.select_from(Report).where(mine(shape), *sent(), *more)
    # An outer join keeps the planner from beginning with anything else.
    there = and_(col(Report.village) == Region.code, *sent(), *more)
    found = query.select_from(Region).outerjoin(Report, there)
    return found.where(col(Region.code) >= _FIRST, col(Region.code) < _LAST)


@cache
def ends() -> Any:
    """(low, high): ids of the first and last reports of anybody in the window; nothing where there is none."""

    def end(way: Any, *order: Any) -> Any:
        at = col(Report.sent_at)
        few = rows_of(col(Report.id)).where(at >= _SINCE, at < _UNTIL).order_by(*order).limit(_EDGE)
        return rows_of(way(few.subquery().c.id)).scalar_subquery()

    time, number = col(Report.sent_at), col(Report.id)
    return rows_of(end(func.min, time, number), end(func.max, time.desc(), number.desc()))


@cache
def header(shape: Shape) -> Any:
    """(keys, a count for each of MANY, households visited, reports outside of `low` to `high`) from headers alone. A
    household's visits are all of its village."""
    kinds = (func.count().filter(col(Report.kind) == kind) for kind in MANY.values())
    # The lowest and the highest id themselves would be a quarter of the time.
    outside = func.count().filter(or_(col(Report.id) < _LOW, col(Report.id) > _HIGH))
    return _read(shape, rows_of(*keys(shape), *kinds, _homes(), outside)).group_by(*keys(shape))


def counts(shape: Shape, row: Any) -> dict[str, int]:
    """Of a row of `header`: how many there are of each of MANY, and `households`."""
    return dict(zip((*MANY, "households"), row[len(keys(shape)) : -1], strict=True))


@cache
def homes(shape: Shape) -> Any:
    """(households visited,) of the whole scope: teams may share one."""
    return _read(shape, rows_of(_homes()))


def _homes() -> Any:
    return func.count(distinct(col(Report.household_id))).filter(col(Report.kind) == Visit.kind)


@cache
def pictures(shape: Shape, dense: bool) -> Any:
    """(keys, pictures of what was sent)."""
    here = or_(*(col(Photo.state) == state for state in (PhotoState.WAITING, PhotoState.KEPT)))
    return _beside(shape, Photo.report_id, here, dense)


@cache
def belated(shape: Shape, dense: bool) -> Any:
    """(keys, visits of a day before `day`)."""
    told = col(Visit.day).is_not(None) & (unindexed(Visit.day) < _DAY)
    return _beside(shape, Visit.report_id, told, dense)


def _beside(shape: Shape, key: Any, which: ColumnElement[bool], dense: bool) -> Any:
    """(keys, rows of another table that belong to what was sent). `dense`: nearly all that was sent from `low` to
    `high` is the scope's, so that the rows of these are gone through, and not the reports."""
    key = col(key)
    if not dense:
        joined = _read(shape, rows_of(*keys(shape), func.count(key)))
        return joined.outerjoin(key.table, and_(key == Report.id, which)).group_by(*keys(shape))
    by = (col(Report.village), col(Report.team_id)) if by_teams(shape) else (col(Report.village),)
    # Its rows choose the reports, not the other way round: no index serves this side of the join.
    there = and_(col(Report.id) == unindexed(key), mine(shape), *sent())
    found = rows_of(*by, func.count()).select_from(key.table).join(Report, there)
    return found.where(which, key >= _LOW, key <= _HIGH).group_by(*by)


@cache
def visits(shape: Shape, alone: bool) -> Any:
    """(visits,) of the window. A county has most of what was sent on a day, which stands together in the index of
    kinds; a town is read village by village. A visit that was not withdrawn is as it was sent. `alone`: all reports
    are of the region, so that their villages are not looked at."""
    kind = col(Report.kind) == Visit.kind
    if shape.team or shape.below is None:
        return _read(shape, rows_of(func.count(col(Report.id))), kind)
    there = (
        rows_of(func.count())
        .select_from(Report)
        .where(kind, col(Report.state) == ReportState.SENT, *sent()[:2])
    )
    return there if alone else there.where(mine(shape))


@cache
def visits_by_edge(shape: Shape, edges: int) -> Any:
    """(visits before `edge0`, before `edge1` ...) of the window, in one reading."""
    at = col(Report.sent_at)
    before = (func.count().filter(at < bindparam(f"edge{one}", type_=Utc)) for one in range(edges))
    return _read(shape, rows_of(*before), col(Report.kind) == Visit.kind)


@cache
def cases(shape: Shape) -> Any:
    """(part, cases, urgent ones)."""
    by = part(shape)
    urgent = func.count().filter(col(HardshipCase.urgency) == Urgency.URGENT.value)
    found = rows_of(by, func.count(), urgent).select_from(Report).join(HardshipCase)
    return found.where(mine(shape), *sent(), col(Report.kind) == HardshipCase.kind).group_by(by)


@cache
def issued(shape: Shape) -> Any:
    """(part, rectifications)."""
    by = part(shape)
    found = rows_of(by, func.count()).select_from(Report)
    return found.where(mine(shape), *sent(), col(Report.kind) == Rectification.kind).group_by(by)


@cache
def moved(shape: Shape) -> Any:
    """(part, kind, state, cases that a step brought into that state); a step that leaves the state as it was brings
    nothing, and all endings of a hardship case are one."""
    by = part(shape)
    after, before = col(StepTaken.after), col(StepTaken.before)
    ended = (col(Report.kind) == HardshipCase.kind) & _one_of(after)
    state = case((ended, ENDED), else_=after).label("state")
    found: Any = rows_of(by, col(Report.kind), state, func.count(distinct(col(Report.id))))
    steps = found.select_from(StepTaken).join(Report).where(
        col(StepTaken.at) >= _SINCE, col(StepTaken.at) < _UNTIL, before != after, ~(ended & _one_of(before)),
        mine(shape), col(Report.state) != ReportState.WITHDRAWN,
    )  # fmt: skip
    return steps.group_by(by, col(Report.kind), state)


def _one_of(column: Any) -> ColumnElement[bool]:
    """Whether it is an ending of a hardship case."""
    return or_(*(column == one.value for one in standing.ENDS))


@cache
def overdue(shape: Shape) -> Any:
    """(part, rectifications overdue at the window's end)."""
    by = part(shape)
    return rows_of(by, func.count()).select_from(Report).where(late_rectifications(shape)).group_by(by)


def late_rectifications(shape: Shape) -> ColumnElement[bool]:
    """SQL over Report: the scope's rectifications that were overdue at the window's end."""
    live = (col(Report.kind) == Rectification.kind) & (col(Report.state) != ReportState.WITHDRAWN)
    return mine(shape) & live & standing.overdue_at(_UNTIL)


STOOD: dict[str, dict[ReportState, str]] = {
    Rectification.kind: standing.RECTIFYING, HardshipCase.kind: dict.fromkeys(standing.OPEN, "open"),
}  # fmt: skip
"""Of each kind the states a case may stand in → the name of the count."""


@cache
def stood(shape: Shape, kind: str) -> Any:
    """(state, part, cases of the kind that stood in it at the window's end), of ended ones not all."""
    # States are not chosen from here: SQLite would look for the last step once for each that it compares.
    found = standing.by_state(kind, part(shape), _UNTIL, *STOOD[kind]).where(mine(shape)).subquery()
    return rows_of(found.c.state, found.c.part, func.count()).group_by(found.c.state, found.c.part)


@cache
def clocks(shape: Shape) -> Any:
    """(part, a count for each of CLOCKS)."""
    return standing.clocks(part(shape), _SINCE, _UNTIL).where(mine(shape))


@cache
def late(shape: Shape) -> Any:
    """(kind, clock, how many of them ran late at the window's end), the most first."""
    by, many = (col(Report.kind), col(ClockRun.clock)), func.count()
    found: Any = rows_of(*by, many).select_from(ClockRun).join(Report)
    _ended, _on_time, running_late = standing.of_clocks(_SINCE, _UNTIL)
    live = col(Report.state) != ReportState.WITHDRAWN
    return found.where(running_late, mine(shape), live).group_by(*by).order_by(many.desc(), *by)


def dense(rows: Sequence[Any], low: int, high: int) -> bool:
    """Whether all reports of these headers lie between these ids, and nearly all that lie there are theirs."""
    count = sum(sum(row[-4:-2]) for row in rows)
    return not any(row[-1] for row in rows) and high - low < 4 * count
