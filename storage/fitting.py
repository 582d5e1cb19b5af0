"""Which reports fit a question, as SQL that is made once for each shape of question: which things it asks for, of
whatever value. To put such a statement together takes longer than to run it.

What a question and its asker say are values by name (`values`, `scope.values`); the names alone tell the shape.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, ColumnElement, Subquery, bindparam, false, func, tuple_
from sqlmodel import SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import scope, search
from storage.identity import Actor
from storage.report import Report, ReportState

if TYPE_CHECKING:
    from storage.reading import Cursor, Filter

Values = dict[str, Any]
Names = tuple[str, ...]

KEPT = 2000
"""Statements; far more shapes than are asked for, so that this only stops a leak."""
_COLUMNS = SQLModel.metadata.tables["report"].c
_KEYS = (_COLUMNS.sent_at, _COLUMNS.id)
"""Lists are in their order; the index of words has it in its positions."""
_PLACE = "place"
_MOST = bindparam("most", type_=BigInteger)


def values(asked: "Filter") -> Values:
    """What a question says; a thing it does not ask for has no name."""
    others = [state for state in ReportState if state not in asked.states]
    # Of all states but one that one is named: a list of two dozen is written anew for each question.
    one = len(others) == 1
    said = {
        # Signs are in no index: nothing is found, rather than everything.
        "nothing": asked.words if not search.pieces(asked.words) else "",
        "kind": asked.kind,
        "team": asked.team_id,
        "authors": asked.authors,
        "households": asked.households,
        "ids": asked.ids,
        "without": others[0] if one else None,
        "states": () if one else asked.states,
        "since": asked.since,
        "until": asked.until,
        "due_before": asked.due_before,
        "number": _ending(asked.number) if asked.number else "",
        **scope.codes(_PLACE, asked.places),
    }
    return {name: value for name, value in said.items() if value is not None and value not in ("", ())}


def reach(actor: Actor | None, *, everything: bool) -> Values:
    """What an asker's territory says. Raises ValueError where there is neither an asker nor the machine's owner."""
    if actor is None and not everything:
        raise ValueError("nobody reads without a territory")
    return scope.values(actor)


def after(place: "Cursor | None") -> Values:
    """What a place in a list says that has no place in the index."""
    return {} if place is None else {"at": place.sent_at, "at_id": place.report_id}


def _ending(number: str) -> str:
    """A pattern of LIKE."""
    for sign in "/%_":
        number = number.replace(sign, f"/{sign}")
    return f"%{number}"


def _any_of(name: str, column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_(bindparam(name, type_=column.type, expanding=True))
    return found


def _is(name: str, column: Any) -> Any:
    return bindparam(name, type_=column.type)


_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "nothing": false(),
    "kind": _COLUMNS.kind == _is("kind", _COLUMNS.kind),
    "team": _COLUMNS.team_id == _is("team", _COLUMNS.team_id),
    "authors": _any_of("authors", _COLUMNS.author_id),
    "households": _any_of("households", _COLUMNS.household_id),
    "ids": _any_of("ids", _COLUMNS.id),
    "without": _COLUMNS.state != _is("without", _COLUMNS.state),
    "states": _any_of("states", _COLUMNS.state),
    "since": _COLUMNS.sent_at >= _is("since", _COLUMNS.sent_at),
    "until": _COLUMNS.sent_at < _is("until", _COLUMNS.sent_at),
    "due_before": _COLUMNS.due_at < _is("due_before", _COLUMNS.due_at),
    "number": _COLUMNS.number.like(_is("number", _COLUMNS.number), escape="/"),
}


def _fitting(names: Names) -> SelectOfScalar[Report]:
    """Those of these things, inside the territory of whoever asks."""
    asked = [_CONDITIONS[name] for name in names if name in _CONDITIONS]
    if f"{_PLACE}0" in names:
        asked.append(scope.within_named(Report.village, names, _PLACE))
    return select(Report).where(scope.visible_named(names), *asked)


@lru_cache(KEPT)
def listed(names: Names, found: Subquery | None, *, rising: bool, plain: bool) -> SelectOfScalar[Report]:
    """The first `most` of them, in the order of lists: of those that the index found (None: of all, behind a place if
    there is one); `plain` as rows without their class."""
    wanted = _among(names, found, rising)
    keys: Iterable[Any] = _KEYS if found is None else (found.c.position,)
    ordered = wanted.order_by(*(key.asc() if rising else key.desc() for key in keys)).limit(_MOST)
    return cast(SelectOfScalar[Report], ordered.with_only_columns(*_COLUMNS)) if plain else ordered


@lru_cache(KEPT)
def counted(names: Names, found: Subquery | None) -> SelectOfScalar[int]:
    """How many there are, counted no further than `most`."""
    some = _among(names, found, rising=False).with_only_columns(_COLUMNS.id).limit(_MOST).subquery()
    return select(func.count()).select_from(some)


def _among(names: Names, found: Subquery | None, rising: bool) -> SelectOfScalar[Report]:
    wanted = _fitting(names)
    if found is not None:
        return wanted.join(found, found.c.report_id == col(Report.id))
    return wanted.where(_beyond(rising)) if "at" in names else wanted


def _beyond(rising: bool) -> ColumnElement[bool]:
    keys, place = tuple_(*_KEYS), tuple_(_is("at", _COLUMNS.sent_at), _is("at_id", _COLUMNS.id))
    return keys > place if rising else keys < place
