"""A session over an empty store, in which a test of a week settles its own county (tests/weeks.py)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from tests import weeks


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = weeks.new_store(tmp_path / "week.db")
    with store.writing() as session:
        yield session
    store.close()
