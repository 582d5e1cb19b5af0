"""Forgotten drafts, the journal's seal, pruning: each step does its work once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from bot.jobs import draft_reminders, prune, seal_journal
from bot.scheduler import STEPS
from storage import journal, slots
from storage.draft import Draft, DraftState
from storage.slots import Slot
from tests.bot.jobs_world import Place

NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def draft(here: Place, session: Session, touched: datetime, **more: Any) -> Draft:
    chat = here.chat(session, 6000)
    row = Draft(
        bot=42, chat_id=chat.id or 0, person_id=here.county.members[1], kind="visit", answers=b"",
        created_at=touched, touched_at=touched, **more,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_a_forgotten_draft_is_spoken_of_once(here: Place, session: Session) -> None:
    draft(here, session, NOON - DAY)
    draft(here, session, NOON - 2 * DAY, focus=False)
    assert draft_reminders.step(session, NOON) == {"drafts": 1}
    assert draft_reminders.step(session, NOON + DAY) == {}
    (letter,) = here.said(session)
    assert "2 份没交的草稿" in letter["text"]
    assert "reply_markup" not in letter


def test_a_single_one_is_taken_up_by_one_tap(here: Place, session: Session) -> None:
    left = draft(here, session, NOON - DAY)
    draft_reminders.step(session, NOON)
    (letter,) = here.said(session)
    ((button,),) = letter["reply_markup"]["inline_keyboard"]
    assert button == {"text": "继续填写", "callback_data": f"f:use:{left.id}"}


def test_a_fresh_or_finished_draft_is_not(here: Place, session: Session) -> None:
    draft(here, session, NOON - DAY + timedelta(minutes=1))
    draft(here, session, NOON - 2 * DAY, state=DraftState.SENT)
    draft(here, session, NOON - 2 * DAY, state=DraftState.CANCELLED)
    assert draft_reminders.step(session, NOON) == {}


def test_not_at_night_but_in_the_morning(here: Place, session: Session) -> None:
    draft(here, session, NOON - DAY)
    night = NOON.replace(hour=15)
    assert draft_reminders.step(session, night) == {}
    assert draft_reminders.step(session, night + timedelta(hours=9)) == {"drafts": 1}


def test_the_journal_joins_its_chain(session: Session) -> None:
    journal.write(session, None, "try", "x", NOON)
    assert seal_journal.step(session, NOON) == {"sealed": 1}
    assert seal_journal.step(session, NOON) == {}
    assert journal.head(session)
    assert list(journal.verify(session)) == []


def test_pruning_is_hourly(session: Session) -> None:
    slots.take(session, "digest", "long ago", NOON - 500 * DAY)
    assert prune.step(session, NOON) == {"slots": 1}
    slots.take(session, "digest", "long ago", NOON - 500 * DAY)
    assert prune.step(session, NOON + timedelta(minutes=59)) == {}
    assert prune.step(session, NOON + timedelta(minutes=60)) == {"slots": 1}
    assert {row.rule for row in session.exec(select(Slot))} == {"prune"}


def test_a_slot_is_taken_once(session: Session) -> None:
    assert slots.take(session, "digest", "2026-11-18", NOON)
    assert not slots.take(session, "digest", "2026-11-18", NOON + DAY)
    assert slots.take(session, "digest", "2026-11-19", NOON)


def test_every_step_is_a_module_with_words(here: Place) -> None:
    folder = Path(draft_reminders.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(STEPS)
