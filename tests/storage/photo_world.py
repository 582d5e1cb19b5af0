"""A member with a draft and a report: what photos hang on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, select

from storage import cards, letters, photos
from storage.chats import Chat, chat_of
from storage.db import Store, new_uid
from storage.draft import Draft, DraftState
from storage.errands import Errand, body_of
from storage.kinds.visit import Visit
from storage.letters import Letter
from storage.people import Person, Posting, Role, Team
from storage.photo import Photo
from storage.picture import Facts
from storage.places import Level, Region
from storage.report import Report
from storage.sealing import Keyring, seal_json, seal_text
from storage.tables import metadata

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
BOT = 42
MEMBER, CHIEF = 1001, 1002
FACTS = Facts("ab" * 32, 1234, "image/jpeg", 4000, 3000)


@dataclass
class World:
    """One database. `draft` and `report` are the member's, `chat` their private chat with the bot."""

    store: Store
    sent: int = 0

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.store.writing() as session:
            yield session

    def draft(self, session: Session) -> Draft:
        return session.exec(select(Draft).order_by(Draft.id)).one()  # type: ignore[arg-type]  # a column

    def report(self, session: Session) -> Report:
        return session.exec(select(Report)).one()

    def hand_in(self, session: Session) -> int:
        """The draft became the report and its card the receipt; the card's id."""
        draft, report = self.draft(session), self.report(session)
        session.add(Visit(report_id=report.id, findings="屋顶漏雨"))
        card = cards.show(session, self.chat(session), {"text": "回执"}, now=NOW)
        draft.state, draft.report_id, draft.card_id = DraftState.SENT, report.id, card.id
        photos.move(session, draft, report)
        return card.id or 0

    def chat(self, session: Session) -> Chat:
        return chat_of(session, BOT, MEMBER)

    def send(self, session: Session, **more: Any) -> Photo | None:
        """Add the next photo of the member, to the draft unless a report is given."""
        self.sent += 1
        given: dict[str, Any] = {
            "bot": BOT, "chat": self.chat(session), "message_id": self.sent, "file_id": f"file{self.sent}",
            "unique_id": f"unique{self.sent}", "now": NOW,
        }  # fmt: skip
        if "report" not in more:
            given["draft"] = self.draft(session)
        return photos.add(session, **(given | more))

    def sent_id(self, session: Session, **more: Any) -> int:
        photo = self.send(session, **more)
        assert photo is not None
        assert photo.id is not None
        return photo.id


def world(url: str) -> World:
    """An empty installation with one member (and their draft and report) and one administrator."""
    made = World(Store(url, Keyring.new()))
    metadata.create_all(made.store.write)
    with made.writing() as session:
        session.add(Region(code="120114", name="武清区", level=Level.COUNTY))
        session.add(Region(code="120114001", name="杨村街道", level=Level.TOWN, parent="120114"))
        session.add(Region(code="120114001007", name="王家庄村", level=Level.VILLAGE, parent="120114001"))
        session.flush()
        session.add(Team(id=1, name="杨村工作队", region="120114001"))
        session.flush()
        member = _person(session, MEMBER, "李卫国", Role.MEMBER)
        _person(session, CHIEF, "周敏", Role.ADMIN)
        _draft_and_report(session, member)
    return made


def _person(session: Session, telegram_id: int, name: str, role: Role) -> Person:
    uid = new_uid()
    person = Person(
        uid=uid, name=seal_text(session, "person.name", uid, name), telegram_id=telegram_id, created_at=NOW
    )
    session.add(person)
    session.flush()
    team = 1 if role == Role.MEMBER else None
    session.add(Posting(person_id=person.id or 0, role=role, team_id=team, starts_at=NOW))
    chat_of(session, BOT, telegram_id)
    return person


def _draft_and_report(session: Session, member: Person) -> None:
    uid = new_uid()
    session.add(
        Draft(
            uid=uid, bot=BOT, chat_id=chat_of(session, BOT, MEMBER).id or 0, person_id=member.id or 0,
            kind="visit", answers=seal_json(session, "draft.answers", uid, {}), created_at=NOW,
            touched_at=NOW,
        )
    )  # fmt: skip
    session.add(
        Report(
            kind="visit",
            number="ZF-20261120-0001",
            author_id=member.id or 0,
            village="120114001007",
            sent_at=NOW,
        )
    )


def said(session: Session) -> list[dict[str, Any]]:
    """The payloads of all letters, oldest first."""
    return [
        letters.payload_of(session, one)
        for one in session.exec(select(Letter).where(Letter.method != "card"))
    ]


def to_do(session: Session) -> list[tuple[str, dict[str, Any]]]:
    """Kind and body of all errands, oldest first."""
    return [(one.kind, body_of(session, one)) for one in session.exec(select(Errand))]
