"""SQLite's write-ahead log is moved into the database beside those who write.

Left to itself SQLite moves it within the commit of whoever wrote its thousandth page: in a large file these pages lie
far apart, and nobody gets an answer until all are on the disk. So a connection of its own moves it once a second
(`PASSIVE`, which is in nobody's way). What has moved may be written over only from a moment at which nothing is left
to move and nobody reads what came before: when the log is long, its last few pages are moved while nobody writes.
Where this does not run, a commit does it after all (`engines.LOG`), so the log stays as long as that, or as the
longest reader makes it.
"""

import sqlite3
import threading
from contextlib import suppress

from sqlalchemy import make_url

from storage.turnstile import Turnstile

LONG = 8_000
"""Pages of the log (32 MB) from which on it is to begin anew."""
NEAR = 500
"""Writers wait while so many pages are moved at most: a few milliseconds."""


class Checkpoints:
    """Of one SQLite file. `move` may be called in any thread."""

    def __init__(self, url: str) -> None:
        self._file, self._turnstile = make_url(url).database or "", Turnstile(url)
        self._line: sqlite3.Connection | None = None
        self._one = threading.Lock()
        self._closed = False

    def move(self) -> int:
        """Move what is in the log. How many of its pages are left: a reader is in the way. Trouble of the disk is the
        writers' to tell."""
        with self._one, suppress(sqlite3.OperationalError):
            if self._closed:
                return 0
            pages, left = self._pass()
            if pages >= LONG:
                pages, left = self._pass()
                if left < NEAR:
                    with self._turnstile:
                        _pages, left = self._pass()
            return left
        return 0

    def close(self) -> None:
        with self._one:
            self._closed = True
            self._turnstile.close()
            if self._line is not None:
                self._line.close()

    def _pass(self) -> tuple[int, int]:
        """Pages in the log, and those that are left; both -1 while somebody else is at it."""
        if self._line is None:
            self._line = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
            self._line.execute("PRAGMA synchronous=FULL")
        _busy, pages, moved = self._line.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return pages, pages - moved
