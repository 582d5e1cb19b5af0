"""Segments of the index of words are put together in bites, beside those who write.

Every transaction leaves FTS5 a segment, and a question looks into all of them. Left to itself FTS5 puts them together
within the commit of whoever wrote the 64th page since the last time, 64 pages for each level of segments: among a
million reports 30 ms in which nobody gets an answer; and where a level has sixteen, all of it at once (250 ms, seen).
So it is told not to (`own_pace`), and whoever runs or writes in bulk calls `merge`. On PostgreSQL nothing is to do.
"""

import sqlite3

from sqlalchemy import Connection, text

from storage.engines import on_postgresql

BITE = 8
"""Pages of 4 KB that a call writes: one or two milliseconds."""
CRISIS = 256
"""Segments of one level at which FTS5 does all of it at once after all: nobody has called for long."""

_MERGE = text("INSERT INTO report_search(report_search, rank) VALUES ('merge', :pages)")
_SET = text("INSERT INTO report_search(report_search, rank) VALUES (:name, :value)")
_ITS_OWN = {"automerge": 4, "crisismerge": 16}
"""What FTS5 does by itself."""


def own_pace(connection: Connection) -> None:
    """From now on segments are put together by `merge`. The index itself keeps it."""
    _tell(connection, {"automerge": 0, "crisismerge": CRISIS})


def its_pace(connection: Connection) -> None:
    """From now on FTS5 does it as it likes, for a migration back."""
    _tell(connection, _ITS_OWN)


def _tell(connection: Connection, settings: dict[str, int]) -> None:
    if not on_postgresql(connection):
        for name, value in settings.items():
            connection.execute(_SET, {"name": name, "value": value})


def merge(connection: Connection, pages: int = BITE) -> bool:
    """Put segments together, so many pages of them; fewer than none begins with all there are. Whether there was
    anything to do."""
    line = connection.connection.driver_connection
    if not isinstance(line, sqlite3.Connection):
        return False
    before = line.total_changes
    connection.execute(_MERGE, {"pages": pages})
    return line.total_changes - before > 1
