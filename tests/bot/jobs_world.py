"""A county ready for jobs: every member and leader has written to the bot, a group is bound."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from storage import errands, letters
from storage.chats import Chat
from storage.db import Store
from storage.errands import Errand
from storage.letters import Letter
from tests import weeks
from tests.weeks import County


@dataclass
class Place:
    """The store is written to directly, as the pen would."""

    store: Store
    county: County
    group: int

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.store.writing() as session:
            yield session

    def said(self, session: Session, chat_id: int | None = None) -> list[dict[str, Any]]:
        """What was said so far (payloads, cards' too), oldest first, with the chat it goes to."""
        rows = session.exec(select(Letter).order_by(col(Letter.id))).all()
        return [
            letters.payload_of(session, one) | {"chat": one.chat_id, "method": one.method, "key": one.key}
            for one in rows
            if chat_id in (None, one.chat_id)
        ]

    def sent_on(self, session: Session) -> list[dict[str, Any]]:
        """Bodies of the errands so far."""
        rows = session.exec(select(Errand).order_by(col(Errand.id))).all()
        return [errands.body_of(session, one) for one in rows]

    def chat(self, session: Session, telegram: int) -> Chat:
        return session.exec(select(Chat).where(Chat.telegram_id == telegram)).one()


def place(path: Path, **size: int) -> Place:
    store = weeks.new_store(path / "jobs.db")
    with store.writing() as session:
        county = weeks.settle(session, **size)
        for number, team in enumerate(county.teams):
            weeks.add_chat(session, county.leaders[team], 5000 + number)
            weeks.add_chat(session, county.members[team], 6000 + number)
        group = weeks.add_group(session, weeks.COUNTY)
        assert group.id is not None
        return Place(store, county, group.id)
