"""Moving an installation from one database to another, every row compared on arrival.

All is written in one transaction: a move that breaks off leaves the target without a row, and the source is
only read. Files and keys stay where they are.
"""

import hashlib
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, FromClause, func, insert, select, text

from storage import migrate, revisions, tables
from storage.engines import on_postgresql
from storage.search_index import in_order, index, token_set

Told = Callable[[int, int], None]
"""Hears how far it is: done, all."""
AT_ONCE = 1000


class NotEmpty(Exception):
    """There is something in the target already; nothing was written."""


class Different(Exception):
    """What arrived in that table is not what left; nothing was written."""


def move(source: Engine, target: Engine, told: Told) -> dict[str, int]:
    """Copy every row of the source, which nobody writes to meanwhile and whose schema is this program's, and
    compare counts and hashes. How many rows each table has. Raises NotEmpty, Different."""
    if revisions.state(target) not in ("new", "current"):
        raise NotEmpty
    migrate.upgrade(target)
    with source.connect() as here, target.begin() as there:
        if any(_count(there, one) for one in _all()):
            raise NotEmpty
        counts = {one: _count(here, one) for one in _all()}
        progress = _Progress(told, 2 * sum(counts.values()))
        for one in _all():
            _copy(here, there, one, progress)
        for one, count in counts.items():
            if _count(there, one) != count or _hash(here, one) != _hash(there, one, progress):
                raise Different(one.description)
        _go_on_counting(there)
        return {one.description: count for one, count in counts.items()}


def _all() -> list[FromClause]:
    """Tables in an order in which no row comes before what it refers to, and the index of words."""
    return [*tables.metadata.sorted_tables, index]


class _Progress:
    def __init__(self, told: Told, total: int) -> None:
        self.told, self.total, self.done = told, total, 0

    def on(self, rows: int) -> None:
        self.done += rows
        self.told(self.done, self.total)


def _count(connection: Connection, one: FromClause) -> int:
    return int(connection.execute(select(func.count()).select_from(one)).scalar_one())


def _key(one: FromClause) -> list[Any]:
    return list(one.primary_key) or [index.c.rowid]


def _rows(connection: Connection, one: FromClause) -> Generator[list[dict[str, Any]]]:
    """In the order of the key, so that a region comes after the one around it."""
    ordered = select(one).order_by(*_key(one)).execution_options(yield_per=AT_ONCE)
    with connection.execute(ordered).mappings() as found:
        for some in found.partitions():
            yield [dict(row) for row in some]


def _copy(here: Connection, there: Connection, one: FromClause, progress: _Progress) -> None:
    spell = one is index and on_postgresql(here) and not on_postgresql(there)
    with closing(_rows(here, one)) as rows:
        for some in rows:
            if spell:
                some = [row | {"words": in_order(row["words"])} for row in some]
            there.execute(insert(one), some)  # type: ignore[arg-type] # the index is a table too
            progress.on(len(some))


def _hash(connection: Connection, one: FromClause, progress: _Progress | None = None) -> int:
    """Of all values as the program reads them, in whatever order: each database sorts text in its own."""
    total = 0
    with closing(_rows(connection, one)) as rows:
        for some in rows:
            total += sum(int.from_bytes(hashlib.sha256(_line(one, row)).digest(), "big") for row in some)
            if progress:
                progress.on(len(some))
    return total % 2**256


def _line(one: FromClause, row: dict[str, Any]) -> bytes:
    if one is index:
        row = row | {"words": sorted(token_set(row["words"]))}
    return orjson.dumps(row, default=_plain, option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(type(value).__name__)


def _go_on_counting(there: Connection) -> None:
    """The next row gets the number after the last one's."""
    if not on_postgresql(there):
        return
    for table in tables.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        last = f"(SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name})"  # noqa: S608 - names of ours
        sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
        there.execute(text(f"SELECT setval({sequence}, {last}, false)"))
