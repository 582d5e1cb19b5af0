"""A new database for one test, in one open transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from storage import tables
from storage.db import Store
from storage.sealing import Keyring
from tests import databases

NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


@contextmanager
def open_session(folder: Path) -> Iterator[Session]:
    store = Store(databases.url(folder / "zhucun.db"), Keyring.new())
    tables.metadata.create_all(store.write)
    with store.writing() as session:
        yield session
    store.close()
