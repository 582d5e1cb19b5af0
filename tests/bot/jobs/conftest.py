"""What the jobs share: one village unless a file says otherwise, and a transaction in its database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.bot.jobs_world import Place, place


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path, towns=1, villages=1)
    yield made
    made.store.close()


@pytest.fixture
def session(here: Place) -> Iterator[Session]:
    with here.writing() as session:
        yield session
