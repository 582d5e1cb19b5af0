"""The database as it is at one moment, copied while others write: always into an SQLite file. How a PostgreSQL
database gets there stands in storage/snapshot_rows.py."""

import errno
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from storage import snapshot_rows
from storage.db import new_uid
from storage.snapshot_rows import Damaged as Damaged
from storage.snapshot_rows import NoCopy as NoCopy

PAGES = 2000
"""Copied between two words about the progress."""


@dataclass(frozen=True)
class Facts:
    """What a copied database says: its schema's revision, the installation it belongs to, its bots, and the hashes
    of all the files it names."""

    schema: str
    name: str
    bots: list[str]
    files: set[str]


def _file(url: str) -> Path | None:
    """The file of that database; None where it is on a server. Raises FileNotFoundError where there is none yet."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite":
        return None
    path = Path(parts.database or "")
    if not path.is_file():
        raise FileNotFoundError(path)
    return path


def size(url: str) -> int:
    """Bytes that a copy will take. Raises NoCopy, FileNotFoundError where there is no database yet."""
    file = _file(url)
    if file is None:
        return snapshot_rows.size(url)
    with _reading(file) as connection:
        pages, each = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
        )
        return int(pages) * int(each)


def take(url: str, target: Path, told: Callable[[int, int], None]) -> None:
    """Copy the database into a new file that stands alone and is nobody's. Raises Damaged, and OSError where
    the target cannot be written."""
    try:
        _take(url, target, told)
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise Damaged(target) from error


def _take(url: str, target: Path, told: Callable[[int, int], None]) -> None:
    source = _file(url)
    if source is None:
        snapshot_rows.take(url, target, told)
    with closing(sqlite3.connect(target)) as there:
        if source is not None:
            _copy_pages(source, there, told)
        there.execute("PRAGMA journal_mode=DELETE")
        if _has(there, "installation"):
            there.execute("INSERT OR REPLACE INTO installation (id, uid) VALUES (1, ?)", (new_uid(),))
            there.commit()
        if there.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Damaged(target)


def _copy_pages(source: Path, there: sqlite3.Connection, told: Callable[[int, int], None]) -> None:
    with _reading(source) as here:
        # One reading transaction over all pages: what others write meanwhile is not seen, and does not make the
        # copy begin anew.
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
        here.backup(there, pages=PAGES, progress=lambda _s, left, all_: told(all_ - left, all_))


def facts(copied: Path) -> Facts:
    """Read with plain words, for the copy may be of an older schema than this program's."""
    with _reading(copied) as connection:
        named = "SELECT sha256 FROM photo WHERE sha256 IS NOT NULL UNION SELECT sha256 FROM photocopy"
        owner = (
            connection.execute("SELECT uid FROM installation") if _has(connection, "installation") else None
        )
        return Facts(
            schema=str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]),
            name=str(((owner and owner.fetchone()) or ("",))[0]),
            bots=[f"@{name}" for (name,) in connection.execute("SELECT username FROM bot ORDER BY id")],
            files={sha for (sha,) in connection.execute(named)},
        )


def _has(connection: sqlite3.Connection, table: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    return found.fetchone() is not None


def _reading(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None))
