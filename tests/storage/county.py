"""A fixture for tests of people and places: the county of tests/storage/asking.py in an open session."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session

from storage import journal
from storage.db import Store
from storage.identity import Actor
from tests.storage.asking import County, new_store, settle


@dataclass
class Here:
    """The county with its store and a writing session."""

    store: Store
    session: Session
    county: County

    def actor(self, name: str) -> Actor:
        return self.county.actor(self.session, name)

    def person(self, name: str) -> int:
        return self.county.people[name]

    def team(self, name: str) -> int:
        return self.county.teams[name]

    def journaled(self, record: str) -> list[str]:
        """The actions noted about a record, in order."""
        self.session.flush()
        return [line["action"] for line in journal.history(self.session, record)]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    store = new_store(str(tmp_path / "zhucun.db"))
    with store.session(store.write) as session, session.begin():
        yield Here(store, session, settle(session))
    store.close()
