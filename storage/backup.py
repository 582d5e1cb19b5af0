"""A consistent copy of the embedded database, made beside a running bot."""

import sqlite3
from contextlib import closing
from pathlib import Path


def copy_database(source: Path, target: Path) -> bool:
    """Copy an SQLite database page by page while others write. Whether the copy passes its integrity check."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
        (verdict,) = there.execute("PRAGMA integrity_check").fetchone()
        return bool(verdict == "ok")
