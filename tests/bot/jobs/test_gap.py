"""The gap that a restore leaves: each administrator hears of it once, in private."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.jobs import gap
from bot.scheduler import BY_CLOCK, STEPS
from storage import bots, installation, letters, postings, roster
from storage.chats import Chat
from storage.installation import Gap
from storage.letters import Letter, LetterState
from storage.people import Person, Role
from tests import weeks
from tests.bot.jobs_world import Place

BOT = 42
SINCE, UNTIL = datetime(2026, 11, 17, 1, 0, tzinfo=UTC), datetime(2026, 11, 18, 4, 30, tzinfo=UTC)
NOW = UNTIL + timedelta(minutes=10)


@pytest.fixture
def session(here: Place) -> Iterator[Session]:
    """A database that was restored."""
    with here.writing() as session:
        bots.remember(session, BOT, "zhucun_bot")
        session.add(Gap(since=SINCE, until=UNTIL))
        yield session


def administrator(session: Session, account: int) -> Chat:
    person = roster.add_person(session, "周洁", telegram_id=account, by=None, now=SINCE)
    postings.post(session, person.id or 0, Role.ADMIN, region=weeks.COUNTY, by=None, now=SINCE)
    chat = Chat(bot=BOT, telegram_id=account)
    session.add(chat)
    session.flush()
    return chat


def test_each_administrator_hears_of_it_once(here: Place, session: Session) -> None:
    first, second = administrator(session, 71), administrator(session, 72)
    assert gap.step(session, NOW) == {"told of a gap": 2}
    assert gap.step(session, NOW + timedelta(hours=1)) == {}
    said = here.said(session)
    assert {one["chat"] for one in said} == {first.id, second.id}, "nobody else, no group"
    assert all("2026-11-17 09:00 到 2026-11-18 12:30" in one["text"] for one in said), "in the county's time"
    assert installation.untold(session) == []


def test_it_waits_for_an_administrator(here: Place, session: Session) -> None:
    assert gap.step(session, NOW) == {}
    administrator(session, 71)
    assert gap.step(session, NOW) == {"told of a gap": 1}
    assert len(here.said(session)) == 1


def test_messages_that_wait_for_a_decision_are_counted(here: Place, session: Session) -> None:
    chat = administrator(session, 71)
    number = letters.say(session, chat, "sendMessage", {"text": "一"}, now=SINCE)
    session.get_one(Letter, number).state = LetterState.RESTORED
    gap.step(session, NOW)
    assert "还没发出的消息有 1 条" in here.said(session)[-1]["text"]


def test_each_in_their_own_language(here: Place, session: Session) -> None:
    administrator(session, 71)
    for person in session.exec(select(Person)):
        person.language = "en"
    gap.step(session, NOW)
    assert "restored from a backup" in here.said(session)[-1]["text"]


def test_it_does_not_wait_for_a_clock_in_doubt() -> None:
    assert "gap" in STEPS
    assert "gap" not in BY_CLOCK
