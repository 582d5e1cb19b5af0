"""The turnstile before an SQLite file: processes that write it follow each other.

SQLite lets whoever comes by at the right moment have its lock; a process that writes without a pause kept another
waiting for as long as it went on (10 s and more, seen). So whoever wants to write holds the door first: it can be
held by one, who has the next turn, and a process that has just written must wait at it like everybody else.
SQLite's own lock stays the truth; on PostgreSQL storage/turns.py does this.
"""

import fcntl
import os
from contextlib import suppress
from types import TracebackType

from sqlalchemy import make_url


class Turnstile:
    """`with turnstile:` around a writing transaction. Nothing happens where the database is no file, or its folder
    cannot be written: the database says that better. For one thread."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        file = address.database if address.get_backend_name() == "sqlite" else None
        self._file = file if file and file != ":memory:" else None
        self._door: int | None = None
        self._turn: int | None = None

    def __enter__(self) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            if self._turn is None:
                self._door, self._turn = _open(f"{self._file}-door"), _open(f"{self._file}-turn")
            fcntl.flock(self._door, fcntl.LOCK_EX)
            try:
                fcntl.flock(self._turn, fcntl.LOCK_EX)
            finally:
                fcntl.flock(self._door, fcntl.LOCK_UN)

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._turn is not None:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        for handle in (self._door, self._turn):
            if handle is not None:
                os.close(handle)
        self._door = self._turn = None


def _open(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
