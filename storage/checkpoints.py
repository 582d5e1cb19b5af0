"""SQLite's write-ahead log is moved into the database beside those who write.

Left to itself SQLite moves it within the commit of whoever wrote its thousandth page: in a large file these pages lie
far apart, and nobody gets an answer until all are on the disk. So a connection of its own moves it once a second
(`PASSIVE`, which is in nobody's way). What has moved may be written over only from a moment at which nothing is left
to move and nobody reads what came before: when the log is long, its last few pages are moved while nobody writes.
Where this does not run, a commit does it after all (`engines.LOG`), so the log stays as long as that, or as the
longest reader makes it.

One moment is dangerous: in all versions of SQLite before 3.51.3 (3.50.7, 3.44.6) a move that begins while a writer goes
back to the front of the log may take over what the log held before, and a later move then skips pages that were
committed (sqlite.org/wal.html, "the WAL-reset bug"). A writer goes back only while nothing is left to move. So a move
begins only when something is left (nobody else moves anything then), or while nobody writes.
"""

import sqlite3
import threading
from contextlib import suppress

from sqlalchemy import make_url

from storage.engines import LOG
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
        self._pages = self._left = self._seen = 0
        """What the last pass found, and the version of the database then."""
        self._sure = False
        """Whether nobody else can have moved anything since."""

    def move(self) -> int:
        """Move what is in the log. How many of its pages are left: a reader is in the way. Trouble of the disk is the
        writers' to tell."""
        with self._one, suppress(sqlite3.OperationalError):
            if self._closed:
                return 0
            self._beside()
            if self._pages >= LONG:
                self._beside()
                if self._left < NEAR and self._something_left():
                    self._alone()
            return self._left
        return 0

    def close(self) -> None:
        with self._one:
            self._closed = True
            self._turnstile.close()
            if self._line is not None:
                self._line.close()

    def _alone(self) -> None:
        with self._turnstile:
            self._pass()

    def _beside(self) -> None:
        if not self._sure:
            self._alone()
        elif self._something_left():
            self._pass()

    def _something_left(self) -> bool:
        """Whether pages were left by the last pass, or came after it."""
        return self._left != 0 or self._version() != self._seen

    def _pass(self) -> None:
        """Note the pages in the log, and those that are left: -1 and none while somebody else is at it."""
        line = self._open()
        _busy, pages, moved = line.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        # Asked afterwards: what was committed since is surely left, whatever the pass has met.
        self._pages, self._left, self._seen = pages, pages - moved, self._version()
        self._sure = 0 <= pages < LOG  # somebody else is at it; or a commit will be

    def _version(self) -> int:
        """Another one after each commit of others."""
        return int(self._open().execute("PRAGMA data_version").fetchone()[0])

    def _open(self) -> sqlite3.Connection:
        if self._line is None:
            self._line = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
            self._line.execute("PRAGMA synchronous=FULL")
        return self._line
