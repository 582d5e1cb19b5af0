"""Statements that are made once and run often.

Where each update passes, most of a statement's time is spent in building, compiling and wrapping it. Here a
Core statement, made at import with `bindparam`s for its values, is compiled once and handed to the driver
itself: a tenth of the time. Types, errors and meaning are SQLAlchemy's own.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Dialect,
    Executable,
    Exists,
    Insert,
    Table,
    bindparam,
    insert,
    select,
)
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

KEPT = 2000
"""Compiled statements; far more than the program has, so that this only stops a leak."""

_CURSOR = "zhucun.cursor"

Value = Callable[[Any], Any] | None
Ways = tuple[tuple[int, Callable[[Any], Any]], ...]


class Rows(list[Any]):
    """What a statement gave, as named tuples; `rowcount` is how many rows it changed."""

    __slots__ = ("rowcount",)
    rowcount: int

    def first(self) -> Any | None:
        return self[0] if self else None

    def all(self) -> "Rows":
        return self

    def scalar(self) -> Any | None:
        return self[0][0] if self else None

    def scalar_one(self) -> Any:
        ((value,),) = self
        return value

    def scalars(self) -> list[Any]:
        return [row[0] for row in self]


class Ready(NamedTuple):
    """A compiled statement: its text, the values it has by itself, and how values go in and come out."""

    text: str
    fixed: dict[str, Any]
    """As the driver takes them."""
    positional: bool
    into: tuple[tuple[str, Value], ...]
    """Each name and the way in of its value; in the order of the question marks, where the driver has those."""
    row: Callable[[Iterable[Any]], Any] | None
    """What makes a named tuple of a row; None where there are none."""
    out: Ways


_kept: dict[tuple[Executable, str, tuple[str, ...]], Ready | None] = {}


def run(session: Session, statement: Executable, **values: Any) -> Rows:
    """Run a statement that was made once, at import. It sees what was flushed."""
    # The pen's session (storage/keeping.py) has its cursor at hand.
    return _run(session.connection(), statement, values, getattr(session, "cursor", None))


def run_on(connection: Connection, statement: Executable, **values: Any) -> Rows:
    """The same on a connection, for those who listen to tables."""
    return _run(connection, statement, values)


def _run(
    connection: Connection,
    statement: Executable,
    values: dict[str, Any],
    at_hand: Callable[[], DBAPICursor] | None = None,
) -> Rows:
    ready = _ready(statement, connection.dialect, tuple(values))
    if ready is None:
        result = connection.execute(statement, values)
        return _told(result.all() if result.returns_rows else (), result.rowcount)
    cursor, given = cursor_of(connection) if at_hand is None else at_hand(), _given(ready, values)
    try:
        cursor.execute(ready.text, given)
    except Exception as error:
        raise as_sqlalchemy(error, ready.text, connection) from error
    if ready.row is None:
        return _told((), cursor.rowcount)
    found: Any = cursor.fetchall()
    if ready.out:
        found = [_out(one, ready.out) for one in found]
    return _told(map(ready.row, found), cursor.rowcount)


def run_many(session: Session, statement: Executable, rows: Sequence[dict[str, Any]]) -> None:
    """Run it for each of these values, which have the same names."""
    run_many_on(session.connection(), statement, rows)


def run_many_on(connection: Connection, statement: Executable, rows: Sequence[dict[str, Any]]) -> None:
    """The same on a connection."""
    ready = _ready(statement, connection.dialect, tuple(rows[0]))
    if ready is None:
        connection.execute(statement, rows)
        return
    given = [_given(ready, values) for values in rows]
    try:
        cursor_of(connection).executemany(ready.text, given)
    except Exception as error:
        raise as_sqlalchemy(error, ready.text, connection) from error


def insert_unless(table: Table, names: Sequence[str], there: Exists) -> Insert:
    """An insert of one row, its values by those names, unless there is one already: what is `there` may ask for the
    same names."""
    row = select(*(bindparam(name, type_=table.c[name].type) for name in names))
    return insert(table).from_select(names, row.where(~there))


def cursor_of(connection: Connection) -> DBAPICursor:
    """The one cursor of a connection: what a statement gives is fetched before the next one runs."""
    kept = connection.info
    cursor: DBAPICursor | None = kept.get(_CURSOR)
    if cursor is None:
        cursor = kept[_CURSOR] = connection.connection.cursor()
    return cursor


def as_sqlalchemy(error: Exception, said: str, connection: Connection) -> BaseException:
    """The error that SQLAlchemy would raise where the driver does at a statement of that text, without the values: they
    may be personal."""
    dbapi = connection.dialect.loaded_dbapi
    return DBAPIError.instance(
        said, None, error, dbapi.Error, hide_parameters=True, dialect=connection.dialect
    )


def _told(rows: Iterable[Any], rowcount: int) -> Rows:
    told = Rows(rows)
    told.rowcount = rowcount
    return told


def _out(row: Sequence[Any], ways: Ways) -> list[Any]:
    values = list(row)
    for place, way in ways:
        value = values[place]
        if value is not None:  # which all types leave as it is
            values[place] = way(value)
    return values


def _given(ready: Ready, values: dict[str, Any]) -> Any:
    if ready.fixed:
        values = ready.fixed | values
    if ready.positional:
        return [values[name] if way is None else way(values[name]) for name, way in ready.into]
    return {name: values[name] if way is None else way(values[name]) for name, way in ready.into}


def _ready(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> Ready | None:
    key = (statement, dialect.name, names)
    try:
        return _kept[key]
    except KeyError:
        if len(_kept) > KEPT:
            _kept.clear()
        made = _kept[key] = _compiled(statement, dialect, names)
        return made


def _compiled(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> Ready | None:
    """None for what must be written anew each time: a list of values within `in`."""
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(names))
    if compiled.post_compile_params or compiled.literal_execute_params:
        return None
    prefetched: list[Any] = [*compiled.insert_prefetch, *compiled.update_prefetch]
    if not all(column.default is not None and column.default.is_scalar for column in prefetched):
        return None
    processors: dict[str, Value] = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for bind, name in compiled.bind_names.items()
    }
    fixed = {name: value for name, value in compiled.params.items() if name not in names}
    fixed |= {column.key: column.default.arg for column in prefetched}
    fixed = {
        name: value if (way := processors[name]) is None else way(value) for name, value in fixed.items()
    }
    out = [
        (place, process)
        for place, column in enumerate(compiled._result_columns)  # noqa: SLF001 - the compiler tells its columns' types nowhere else
        if (process := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
    ]
    columns = [column.keyname for column in compiled._result_columns]  # noqa: SLF001 - as above
    row: Any = namedtuple("Row", columns, rename=True) if columns else None
    order = compiled.positiontup or () if compiled.positional else processors
    into = tuple((name, None if name in fixed else processors[name]) for name in order)
    return Ready(str(compiled), fixed, compiled.positional, into, row and row._make, tuple(out))
