"""Lines of the index of words, written together at the end of a transaction.

FTS5 writes what it has in hand to a segment of its own at every savepoint, and merges the segments later: a report that
is indexed when its row is made, and again with its words, a few savepoints before the next report, costs as much as all
else that is written of it. Twenty of them in one go cost little more than one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, update

from storage.prepared import run_many_on, run_on
from storage.search_index import index

_ADD = insert(index)
_SAY = (
    update(index)
    .where(index.c.rowid == bindparam("at"))
    .values(words=bindparam("said", type_=index.c.words.type))
)


class Line(NamedTuple):
    """What the index has of a report: its row's number there, its tokens; `new`: it has no line yet."""

    at: int
    report_id: int
    tokens: tuple[str, ...]
    new: bool


def write(connection: Connection, lines: Sequence[Line]) -> None:
    """Write them, in their order: of several of one report the last one counts."""
    fresh: dict[int, Line] = {}
    for line in lines:
        if line.new or line.at in fresh or _said(connection, line) == 0:
            fresh[line.at] = line
    if fresh:
        # In rising order: FTS5 begins a new segment for each row number that is less than the one before.
        run_many_on(connection, _ADD, [_row(fresh[at]) for at in sorted(fresh)])


def _said(connection: Connection, line: Line) -> int:
    return run_on(connection, _SAY, at=line.at, said=" ".join(line.tokens)).rowcount


def _row(line: Line) -> dict[str, Any]:
    return {"rowid": line.at, "words": " ".join(line.tokens), "report_id": line.report_id}
