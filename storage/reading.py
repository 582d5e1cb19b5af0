"""Reading reports: what is asked for, and pages of it in the order of sending, always inside the asker's territory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Subquery
from sqlmodel import Session

from storage import fitting, search, search_stretches
from storage.fitting import Values
from storage.identity import Actor
from storage.kinds import KINDS
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
    said = fitting.reach(actor, everything=everything) | fitting.values(asked)
    rising = asked.oldest != back

    def read(found: Subquery | None, more: Values, most: int) -> int:
        given = said | more | {"most": most}
        wanted = fitting.listed(tuple(given), found, rising=rising, plain=plain)
        before = len(rows)
        rows.extend(
            session.connection().execute(wanted, given) if plain else session.exec(wanted, params=given)
        )
        return len(rows) - before

    _read(session, asked, question(asked, actor), read, limit + 1, after, rising=rising)
    return rows


def count_upto(
    session: Session, actor: Actor | None, asked: Filter, most: int = 1000, *, everything: bool = False
) -> int:
    """How many rows there are, counted no further than `most`."""
    counted = [0]
    said = fitting.reach(actor, everything=everything) | fitting.values(asked)

    def read(found: Subquery | None, more: Values, left: int) -> int:
        given = said | more | {"most": left}
        counted.append(session.exec(fitting.counted(tuple(given), found), params=given).one())
        return counted[-1]

    _read(session, asked, question(asked, actor), read, most)
    return sum(counted)


def by_number(session: Session, actor: Actor, end: str) -> Report | None:
    """The newest report that the actor may see whose number ends so."""
    return next(iter(page(session, actor, Filter(number=end), limit=1).rows), None)


def number_end(prefix: str, day: str, serial: str) -> str:
    """ZF, 20261121, 42 → "ZF-20261121-0042"; without a prefix "-20261121-0042", of a serial alone "-0042"."""
    return f"{prefix.upper()}-{day}-{int(serial):04d}" if day else f"-{int(serial):04d}"


def _read(
    session: Session,
    asked: Filter,
    question: str,
    read: Callable[[Subquery | None, Values, int], int],
    most: int,
    after: Cursor | None = None,
    *,
    rising: bool = False,
) -> None:
    """Let `read` read the list behind a place, in parts that follow each other, until so many were found: it is told
    what the index found and how many are wanted still, and tells how many there were."""
    search.settle(session)
    if not question:
        read(None, fitting.after(after), most)
        return
    within = search.positions(asked.since, asked.until)
    if after is not None:
        place = search.position(after.sent_at, after.report_id)
        within = within.beyond(Range(place, place), rising=rising)
    search_stretches.read(session, question, within, most, read, rising=rising)


def _at(report: Any) -> Cursor:
    return Cursor(report.sent_at, report.id or 0)
