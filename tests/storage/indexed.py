"""A county whose index of words is looked into: fixtures of the tests of the index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db import Store
from tests.storage.asking import County, new_store, settle


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(str(tmp_path / "z.db"))
    yield made
    made.close()


@pytest.fixture
def county(store: Store) -> County:
    with store.writing() as session:
        return settle(session)
