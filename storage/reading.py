"""Reading reports: what is asked for, and pages of it in the order of sending, always inside the asker's territory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, false, func, literal, literal_column, or_, true, tuple_
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import scope, search
from storage.db import Utc
from storage.identity import Actor
from storage.kinds import KINDS
from storage.places import inside
from storage.report import Report, ReportState

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

_position: ColumnElement[int] = literal_column("found.position", BigInteger)


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
        return session.exec(_page(None, asked, after, limit, everything=True)).all()

    for some in _some_at_a_time(session, read, BATCH, most):
        yield from some


def batches(session: Session, actor: Actor | None, asked: Filter) -> Iterator[Sequence[Any]]:
    """Every report that the filter means inside the actor's territory (None: for the owner of the machine), in the
    order of the list, as plain rows with the columns of Report, for whoever reads a great many. No transaction is
    held behind the last one."""
    columns = SQLModel.metadata.tables["report"].c

    def read(after: Cursor | None, limit: int) -> Sequence[Any]:
        wanted = _page(actor, asked, after, limit, everything=actor is None)
        return session.connection().execute(wanted.with_only_columns(*columns)).all()

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
    rows = list(session.exec(_page(actor, asked, after, limit, back=back, everything=everything)))
    more, rows = len(rows) > limit, rows[:limit]
    if back:
        rows.reverse()
    before, behind = (more, bool(rows)) if back else (after is not None and bool(rows), more)
    return Page(rows, _at(rows[-1]) if behind else None, _at(rows[0]) if before else None)


def _page(
    actor: Actor | None,
    asked: Filter,
    after: Cursor | None,
    limit: int,
    *,
    back: bool = False,
    everything: bool,
) -> SelectOfScalar[Report]:
    """A row more than the page has, which tells whether there are others."""
    question, rising = _question(asked, actor), asked.oldest != back
    wanted = _wanted(question, asked, actor, everything)
    if after is not None:
        wanted = wanted.where(_beyond(question, after, rising))
    return wanted.order_by(*_order(question, rising)).limit(limit + 1)


def count_upto(
    session: Session, actor: Actor | None, asked: Filter, most: int = 1000, *, everything: bool = False
) -> int:
    """How many rows there are, counted no further than `most`."""
    wanted = _wanted(_question(asked, actor), asked, actor, everything)
    some = wanted.with_only_columns(col(Report.id)).limit(most).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def by_number(session: Session, actor: Actor, end: str) -> Report | None:
    """The newest report that the actor may see whose number ends so."""
    return next(iter(page(session, actor, Filter(number=end), limit=1).rows), None)


def number_end(prefix: str, day: str, serial: str) -> str:
    """ZF, 20261121, 42 → "ZF-20261121-0042"; without a prefix "-20261121-0042", of a serial alone "-0042"."""
    return f"{prefix.upper()}-{day}-{int(serial):04d}" if day else f"-{int(serial):04d}"


def _wanted(question: str, asked: Filter, actor: Actor | None, everything: bool) -> SelectOfScalar[Report]:
    wanted = select(Report).where(_territory(actor, everything), *_conditions(asked))
    if not question:
        return wanted
    found = search.matching(question, asked.since, asked.until).subquery("found")
    return wanted.join(found, found.c.report_id == col(Report.id))


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
        yield col(Report.state).in_(asked.states)
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


def _order(question: str, rising: bool) -> list[ColumnElement[Any]]:
    """The index is in the order of lists; without it the header's own indexes are."""
    if question:
        return [_position.asc() if rising else _position.desc()]
    return [key.asc() if rising else key.desc() for key in (col(Report.sent_at), col(Report.id))]


def _beyond(question: str, place: Cursor, rising: bool) -> ColumnElement[bool]:
    if question:
        position = search.position(place.sent_at, place.report_id)
        return _position > position if rising else _position < position
    keys = tuple_(col(Report.sent_at), col(Report.id))
    values = tuple_(literal(place.sent_at, Utc()), literal(place.report_id))
    return keys > values if rising else keys < values


def _at(report: Any) -> Cursor:
    return Cursor(report.sent_at, report.id or 0)


def _question(asked: Filter, actor: Actor | None) -> str:
    """What the index is asked; "" when nothing narrows the list, or the few reports of a household are read."""
    if asked.households and not (asked.words or asked.number):
        return ""
    words, groups = f"{asked.words} {asked.number}", [*_tokens(asked), _reach(actor)]
    # Beside words one group is enough: of every other the index would walk along all its reports.
    return search.asked(words, *([search.narrowest(groups)] if search.asked(words) else groups))


def _tokens(asked: Filter) -> list[list[str]]:
    # The usual state is that of nearly all: reading it from the index would narrow nothing.
    states = [] if ReportState.SENT in asked.states else asked.states
    return [
        [search.state_token(state) for state in states],
        [search.kind_token(asked.kind)] if asked.kind else [],
        [search.place_token(code) for code in asked.places],
        [search.team_token(asked.team_id)] if asked.team_id is not None else [],
        [search.author_token(author) for author in asked.authors],
    ]


def _reach(actor: Actor | None) -> list[str]:
    """Tokens of which every visible report has one, so that the index need not be read whole; none when the
    actor sees everything. Wider than the territory does no harm: `scope.visible` decides."""
    if actor is None or "" in actor.regions():
        return []
    return [
        search.author_token(actor.person_id),
        *(search.team_token(team) for team in actor.teams()),
        *(search.place_token(code) for code in actor.regions()),
    ]
