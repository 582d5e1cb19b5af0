"""What the jobs share: one village unless a file says otherwise, and a transaction in its database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from storage import bots, chats
from storage.people import Person
from tests.bot.jobs_world import Place, place
from tests.storage.asking import new_store, settle

BOT = 42


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path, towns=1, villages=1)
    yield made
    made.store.close()


@pytest.fixture
def session(here: Place) -> Iterator[Session]:
    with here.writing() as session:
        yield session


@pytest.fixture
def administered(tmp_path: Path) -> Iterator[Session]:
    """The asked county: 周正 administers all of it and has written to the bot."""
    store = new_store(str(tmp_path / "z.db"))
    with store.writing() as session:
        people = settle(session).people
        session.get_one(Person, people["周正"]).telegram_id = 7001
        chats.chat_of(session, BOT, 7001)
        bots.remember(session, BOT, "zhucun_demo_bot")
        yield session
    store.close()
