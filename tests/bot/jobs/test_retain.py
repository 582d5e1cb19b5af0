"""What is kept no longer is erased some at a time, from the hour of reminders on, and administrators hear of it."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from bot.jobs import retain
from storage import chats, errands, letters, retention
from storage.errands import Errand
from storage.letters import Letter
from storage.people import Person
from storage.report import Report
from storage.retention import Retained, RetentionRule
from tests.storage.asking import NOW, PLACES, add_full, add_photo

BOT = 42
LONG_AGO = NOW - timedelta(days=800)


@pytest.fixture
def session(administered: Session) -> Session:
    """Reports are kept for a year."""
    since = date(2026, 1, 1)
    yearly = RetentionRule(
        region="", what=Retained.REPORTS, length=12, since=since, basis="津农9号", at=LONG_AGO
    )
    administered.add(yearly)
    administered.flush()
    return administered


@pytest.fixture
def author(session: Session) -> int:
    return session.exec(select(Person.id)).first() or 0


def old(session: Session, author: int, count: int) -> None:
    for number in range(count):
        answers = {"village": PLACES[0], "purposes": ["look"], "findings": f"第{number}户屋檐塌了"}
        made = add_full(session, "visit", author, answers, at=LONG_AGO, number=f"ZF-20240911-{number:04}")
        photo = add_photo(session, made)
        photo.sha256 = f"{made.id:064}"
    session.flush()


def sent_on(session: Session) -> list[str]:
    return [one.kind for one in session.exec(select(Errand).order_by(Errand.id))]  # type: ignore[arg-type]  # a column


def test_some_at_a_time_until_nothing_is_left(session: Session, author: int) -> None:
    old(session, author, retain.AT_ONCE + 2)
    assert retain.step(session, NOW) == {"reports": retain.AT_ONCE, "photos": retain.AT_ONCE, "people": 0}
    assert retain.step(session, NOW) == {"reports": 2, "photos": 2, "people": 0}
    assert retain.step(session, NOW) == {"swept": 1}
    assert retain.step(session, NOW) == {}
    assert sent_on(session) == ["erased_files", "erased_files", "erased_words"]
    assert all(one.erased_at == NOW for one in session.exec(select(Report)))
    body = errands.body_of(session, session.exec(select(Errand)).first() or pytest.fail("none"))
    assert len(body["files"]) == retain.AT_ONCE


def test_administrators_hear_once_what_begins(session: Session, author: int) -> None:
    old(session, author, 2)
    for _tick in range(3):
        retain.step(session, NOW)
    (letter,) = session.exec(select(Letter))
    said = letters.payload_of(session, letter)
    assert "个人信息：2025-11-20 以前的 2 项（津农9号）" in said["text"]
    assert said["disable_notification"] is True


def test_not_before_the_hour_of_reminders(session: Session, author: int) -> None:
    old(session, author, 1)
    assert retain.step(session, NOW.replace(hour=1, minute=59)) == {}
    assert retain.step(session, NOW.replace(hour=2, minute=0)) == {"reports": 1, "photos": 1, "people": 0}


def test_a_day_with_nothing_due_says_nothing_and_is_over(session: Session, author: int) -> None:
    assert retain.step(session, NOW) == {}
    old(session, author, 1)
    assert retain.step(session, NOW + timedelta(hours=1)) == {}
    assert retain.step(session, NOW + timedelta(days=1)) == {"reports": 1, "photos": 1, "people": 0}
    assert (
        session.exec(select(Letter)).one().key == f"retain:2026-11-21:{chats.chat_of(session, BOT, 7001).id}"
    )


def test_without_a_rule_nothing_goes(session: Session, author: int) -> None:
    old(session, author, 1)
    session.delete(session.exec(select(RetentionRule)).one())
    session.flush()
    assert retain.step(session, NOW) == {}
    assert retention.standing(session, NOW) == []
