"""Reading reports: what is asked for, and pages of it in the order of sending, always inside the asker's territory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Subquery, false, func, literal, or_, true, tuple_
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import scope, search, search_stretches
from storage.db import Utc
from storage.identity import Actor
from storage.kinds import KINDS
from storage.places import inside
from storage.report import Report, ReportState
from storage.search_index import Range
from storage.search_question import question

T = TypeVar("T")

LIVE = tuple(state for state in ReportState if state != ReportState.WITHDRAWN)
BATCH = 200
"""Reports read in one go where all are wanted."""
PLAIN_BATCH = 1000
"""The same of plain rows."""
EVERYTHING = 1 << 40
"""As `most` of a count: more than there can be."""
_LIVES = [kind.life for kind in KINDS.values() if kind.life is not None]
UNFINISHED = tuple(state for state in ReportState if any(state in life.live for life in _LIVES))
"""未办结: a case, a dangerous house or a rectification that is not closed."""

_KEYS: tuple[Any, ...] = (col(Report.sent_at), col(Report.id))
"""Lists are in their order; the index of words has it in its positions."""
_COLUMNS = SQLModel.metadata.tables["report"].c


@dataclass(frozen=True)
class Filter:
    """What is asked for; empty fields ask for nothing. `places` (codes of regions), `authors`, `households` and
    `states`: any of them; sent in [since, until); `words` are looked up in the index; `due_before`: the
    deadline was earlier."""

    kind: str = ""
    places: tuple[str, ...] = ()
    team_id: int | None = None
    authors: tuple[int, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    states: tuple[ReportState, ...] = ()
    words: str = ""
    due_before: datetime | None = None
    number: str = ""
    """The end of a receipt number, as made by `number_end`."""
    households: tuple[int, ...] = ()
    period: str = ""
    """How since and until were said (上周), to be understood anew when the question is asked again."""
    oldest: bool = False
    """The oldest come first."""
    figure: str = ""
    """The figure of a week behind which these stand; `ids` are its records where nothing else finds them."""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cursor:
    """A place between two rows of a list."""

    sent_at: datetime
    report_id: int


@dataclass(frozen=True)
class Page:
    """Rows newest (or oldest) first; `next` leads on, `back` to those before, None where there are none."""

    rows: list[Report]
    next: Cursor | None = None
    back: Cursor | None = None


def every(session: Session, asked: Filter, most: int = 0) -> Iterator[Report]:
    """Every report that fits, newest first, at most so many (0: all), for the owner of the machine and for errands
    whose asker was checked."""

    def read(after: Cursor | None, limit: int) -> Sequence[Report]:
        return _rows(session, None, asked, after, limit, everything=True)

    for some in _some_at_a_time(session, read, BATCH, most):
        yield from some


def batches(session: Session, actor: Actor | None, asked: Filter) -> Iterator[Sequence[Any]]:
    """Every report that the filter means inside the actor's territory (None: for the owner of the machine), in the
    order of the list, as plain rows with the columns of Report, for whoever reads a great many. No transaction is
    held behind the last one."""

    def read(after: Cursor | None, limit: int) -> Sequence[Any]:
        return _rows(session, actor, asked, after, limit, everything=actor is None, plain=True)

    yield from _some_at_a_time(session, read, PLAIN_BATCH)
    _forget(session)


def _some_at_a_time(
    session: Session, read: Callable[[Cursor | None, int], Sequence[T]], size: int, most: int = 0
) -> Iterator[Sequence[T]]:
    """Pages of `size` rows, at most so many rows in all (0: every one), each forgotten before the next, so that years
    of them are no long transaction and take no memory. `read` finds a row more than the page has, if there is one."""
    after, given = None, 0
    while not most or given < most:
        limit = min(size, most - given) if most else size
        found = read(after, limit)
        if found:
            yield found[:limit]
        if len(found) <= limit:
            return
        given += limit
        _forget(session)
        after = _at(found[limit - 1])


def _forget(session: Session) -> None:
    session.expunge_all()
    session.rollback()


def page(
    session: Session,
    actor: Actor | None,
    asked: Filter,
    after: Cursor | None = None,
    limit: int = 20,
    *,
    back: bool = False,
    everything: bool = False,
) -> Page:
    """The rows after a place in the list (with `back`: those before it), or its newest ones.
    `everything` is for the command line of the machine's owner alone: without it there must be an actor."""
    rows = _rows(session, actor, asked, after, limit, back=back, everything=everything)
    more, rows = len(rows) > limit, rows[:limit]
    if back:
        rows.reverse()
    before, behind = (more, bool(rows)) if back else (after is not None and bool(rows), more)
    return Page(rows, _at(rows[-1]) if behind else None, _at(rows[0]) if before else None)


def _rows(
    session: Session,
    actor: Actor | None,
    asked: Filter,
    after: Cursor | None,
    limit: int,
    *,
    back: bool = False,
    everything: bool,
    plain: bool = False,
) -> list[Any]:
    """A row more than the page has, which tells whether there are others; `plain` without their classes."""
    rows: list[Any] = []

    def read(wanted: SelectOfScalar[Report], most: int) -> int:
        some, before = wanted.limit(most), len(rows)
        if plain:
            rows.extend(session.connection().execute(some.with_only_columns(*_COLUMNS)))
        else:
            rows.extend(session.exec(some))
        return len(rows) - before

    wanted = select(Report).where(_territory(actor, everything), *_conditions(asked))
    _read(session, wanted, asked, question(asked, actor), read, limit + 1, after, rising=asked.oldest != back)
    return rows


def count_upto(
    session: Session, actor: Actor | None, asked: Filter, most: int = 1000, *, everything: bool = False
) -> int:
    """How many rows there are, counted no further than `most`."""
    counted: list[int] = []

    def read(wanted: SelectOfScalar[Report], left: int) -> int:
        some = wanted.with_only_columns(col(Report.id)).order_by(None).limit(left).subquery()
        counted.append(session.exec(select(func.count()).select_from(some)).one())
        return counted[-1]

    wanted = select(Report).where(_territory(actor, everything), *_conditions(asked))
    _read(session, wanted, asked, question(asked, actor), read, most)
    return sum(counted)


def by_number(session: Session, actor: Actor, end: str) -> Report | None:
    """The newest report that the actor may see whose number ends so."""
    return next(iter(page(session, actor, Filter(number=end), limit=1).rows), None)


def number_end(prefix: str, day: str, serial: str) -> str:
    """ZF, 20261121, 42 → "ZF-20261121-0042"; without a prefix "-20261121-0042", of a serial alone "-0042"."""
    return f"{prefix.upper()}-{day}-{int(serial):04d}" if day else f"-{int(serial):04d}"


def _read(
    session: Session,
    wanted: SelectOfScalar[Report],
    asked: Filter,
    question: str,
    read: Callable[[SelectOfScalar[Report], int], int],
    most: int,
    after: Cursor | None = None,
    *,
    rising: bool = False,
) -> None:
    """Let `read` read the list behind a place, in parts that follow each other, until so many were found: it is told
    how many are wanted still, and tells how many there were."""
    if not question:
        read(
            _in_order(wanted if after is None else wanted.where(_beyond(after, rising)), rising, *_KEYS), most
        )
        return
    within = search.positions(asked.since, asked.until)
    if after is not None:
        place = search.position(after.sent_at, after.report_id)
        within = within.beyond(Range(place, place), rising=rising)

    def more(found: Subquery, left: int) -> int:
        there = wanted.join(found, found.c.report_id == col(Report.id))
        return read(_in_order(there, rising, found.c.position), left)

    search_stretches.read(session, question, within, most, more, rising=rising)


def _territory(actor: Actor | None, everything: bool) -> ColumnElement[bool]:
    if actor is None and not everything:
        raise ValueError("nobody reads without a territory")
    return true() if actor is None else scope.visible(actor)


def _conditions(asked: Filter) -> Iterator[ColumnElement[bool]]:
    if asked.words and not search.pieces(asked.words):
        yield false()  # signs are in no index: nothing is found, rather than everything
    if asked.kind:
        yield col(Report.kind) == asked.kind
    if asked.team_id is not None:
        yield col(Report.team_id) == asked.team_id
    if asked.authors:
        yield col(Report.author_id).in_(asked.authors)
    if asked.households:
        yield col(Report.household_id).in_(asked.households)
    if asked.places:
        yield or_(*(inside(Report.village, code) for code in asked.places))
    if asked.states:
        yield _in_state(asked.states)
    if asked.ids:
        yield col(Report.id).in_(asked.ids)
    if asked.since:
        yield col(Report.sent_at) >= asked.since
    if asked.until:
        yield col(Report.sent_at) < asked.until
    if asked.due_before:
        yield col(Report.due_at) < asked.due_before
    if asked.number:
        yield col(Report.number).endswith(asked.number, autoescape=True)


def _in_state(states: tuple[ReportState, ...]) -> ColumnElement[bool]:
    """Of all states but one that one is named: a list of two dozen is written anew for each question."""
    others = [state for state in ReportState if state not in states]
    return col(Report.state) != others[0] if len(others) == 1 else col(Report.state).in_(states)


def _in_order(
    wanted: SelectOfScalar[Report], rising: bool, *keys: ColumnElement[Any]
) -> SelectOfScalar[Report]:
    return wanted.order_by(*(key.asc() if rising else key.desc() for key in keys))


def _beyond(place: Cursor, rising: bool) -> ColumnElement[bool]:
    keys, values = tuple_(*_KEYS), tuple_(literal(place.sent_at, Utc()), literal(place.report_id))
    return keys > values if rising else keys < values


def _at(report: Any) -> Cursor:
    return Cursor(report.sent_at, report.id or 0)
