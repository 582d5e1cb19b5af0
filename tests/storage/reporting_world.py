"""A fixture for tests of drafts and reports: the county of tests/storage/asking.py, chats and households."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from storage import chats, drafts, household_list, letters, photos, reporting
from storage.chats import Chat
from storage.draft import Draft
from storage.identity import Actor
from storage.letters import Lane, Letter
from storage.people import Person
from storage.photo import Photo
from storage.report import Report
from tests.storage.asking import NOW, PLACES, County, new_store, settle

BOT = 42
HEADS = ("李爱民", "王秀英", "张建国")


@dataclass
class Desk:
    """The county in a writing session; `at` is its clock."""

    session: Session
    county: County
    households: list[int]
    at: datetime = NOW
    messages: Iterator[int] = field(default_factory=lambda: count(1))

    def actor(self, name: str = "王爱民") -> Actor:
        return self.county.actor(self.session, name)

    def chat(self, name: str = "王爱民") -> Chat:
        person = self.session.get_one(Person, self.county.people[name])
        assert person.telegram_id is not None
        return chats.chat_of(self.session, BOT, person.telegram_id)

    def start(self, kind: str = "visit", name: str = "王爱民", **answers: Any) -> Draft:
        return drafts.start(self.session, self.chat(name), self.actor(name), kind, self.at, answers=answers)

    def visit(self, name: str = "王爱民", **answers: Any) -> Draft:
        """A visit with all it needs."""
        usual: dict[str, Any] = {
            "household": self.households[0],
            "purposes": ["policy"],
            "findings": "屋顶漏雨",
        }
        return self.start(name=name, **(usual | answers))

    def case(self, **answers: Any) -> Draft:
        usual: dict[str, Any] = {"household": self.households[0], "category": "allowance", "causes": ["illness"],
                 "guarantees": ["housing"], "urgency": "normal", "findings": "摔伤住院"}  # fmt: skip
        return self.start("hardship", **(usual | answers))

    def photo(self, unique: str = "", **owner: Any) -> Photo | None:
        number = next(self.messages)
        unique = unique or f"u{number}"
        return photos.add(
            self.session, bot=BOT, chat=self.chat(), message_id=number, file_id=f"f{number}",
            unique_id=unique, now=self.at, **owner,
        )  # fmt: skip

    def send(self, draft: Draft, name: str = "王爱民") -> Report:
        return reporting.hand_in(self.session, draft, self.actor(name), self.at)

    def later(self, **more: float) -> None:
        self.at += timedelta(**more)

    def told(self, name: str) -> list[dict[str, Any]]:
        """What that person was told by letters of the notice lane, oldest first."""
        chat = self.chat(name)
        said = select(Letter).where(Letter.chat_id == chat.id, Letter.lane == Lane.NOTICE)
        return [
            letters.payload_of(self.session, one) for one in self.session.exec(said.order_by(col(Letter.id)))
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = new_store(str(tmp_path / "zhucun.db"))
    with store.session(store.write) as session, session.begin():
        county = settle(session)
        for name, person_id in county.people.items():
            person = session.get_one(Person, person_id)
            person.telegram_id = 1000 + person_id
            session.flush()
            chats.chat_of(session, BOT, person.telegram_id)
            assert name
        added = [household_list.add(session, PLACES[0], head, by=None, now=NOW) for head in HEADS]
        yield Desk(session, county, [one.id or 0 for one in added])
    store.close()
