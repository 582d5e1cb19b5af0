"""The turnstile before an SQLite file: processes that write it follow each other.

SQLite lets whoever comes by at the right moment have its lock; a process that writes without a pause kept another
waiting for as long as it went on (10 s and more, seen). So whoever wants to write holds the door first: it can be
held by one, who has the next turn, and a process that has just written must wait at it like everybody else.
SQLite's own lock stays the truth; on PostgreSQL storage/turns.py does this.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from sqlalchemy import make_url


class Turnstile:
    """`with turnstile:` around a writing transaction. Nothing happens where the database is no file, or its folder
    cannot be written: the database says that better. For one thread."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        file = address.database if address.get_backend_name() == "sqlite" else None
        self._folder = Path(file).parent if file and file != ":memory:" else None
        self._handles: tuple[int, int] | None = None

    def __enter__(self) -> None:
        if self._folder is None:
            return
        with suppress(OSError):
            if self._handles is None:
                self._handles = _open(self._folder / "zhucun.door"), _open(self._folder / "zhucun.turn")
            door, turn = self._handles
            fcntl.flock(door, fcntl.LOCK_EX)
            try:
                fcntl.flock(turn, fcntl.LOCK_EX)
            finally:
                fcntl.flock(door, fcntl.LOCK_UN)

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._handles is not None:
            fcntl.flock(self._handles[1], fcntl.LOCK_UN)

    def close(self) -> None:
        for handle in self._handles or ():
            os.close(handle)
        self._handles = None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
