"""What a restore changes: letters are kept for a decision, numbers are skipped, the gap is noted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage import cards, chats, claiming, delivering, installation, journal, letters, numbers, restored
from storage.chats import Chat
from storage.installation import Gap
from storage.letters import Lane, Letter, LetterState
from tests.storage.plain import NOW, open_session

BOT = 42
DAY = date(2026, 11, 17)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as one:
        yield one


@pytest.fixture
def chat(session: Session) -> Chat:
    return chats.chat_of(session, BOT, 7)


def say(
    session: Session, chat: Chat, text: str = "一", lane: Lane = Lane.TALK, key: str | None = None
) -> int:
    number = letters.say(session, chat, "sendMessage", {"text": text}, now=NOW, lane=lane, key=key)
    assert number is not None
    return number


def claim(session: Session) -> list[claiming.Claimed]:
    return claiming.claim(session, BOT, LATER, (), lambda *_: True)


def states(session: Session) -> list[LetterState]:
    session.flush()
    session.expire_all()
    return list(session.exec(select(Letter.state).order_by(Letter.id)))  # type: ignore[arg-type] # a column, to mypy an int


def test_whatever_was_not_sent_waits_for_a_decision(session: Session, chat: Chat) -> None:
    gone = chats.chat_of(session, BOT, 8)
    gone.unreachable_since = NOW
    for one in (chat, gone):
        say(session, one)
    on_the_wire = say(session, chats.chat_of(session, BOT, 9))
    sent = say(session, chats.chat_of(session, BOT, 10))
    for letter in claim(session):
        if letter.id == sent:
            delivering.sent(session, letter, 5, NOW)
        elif letter.id != on_the_wire:
            delivering.again(session, letter.id, NOW, None)
    parked = say(session, chat)
    delivering.park(session, parked, "too long")
    letters.say(session, chat, "answerCallbackQuery", {}, now=NOW)
    assert restored.bring_back(session, NOW, LATER) == 3
    assert states(session) == [
        LetterState.RESTORED, LetterState.RESTORED, LetterState.RESTORED, LetterState.SENT, LetterState.PARKED,
    ]  # fmt: skip
    assert claim(session) == []
    assert delivering.recover(session, BOT) == 0


def test_a_person_who_writes_again_does_not_release_them(session: Session, chat: Chat) -> None:
    say(session, chat)
    restored.bring_back(session, NOW, LATER)
    assert letters.release(session, chat.id or 0) == 0


def test_released_ones_are_sent_as_what_may_be_a_repeat(session: Session, chat: Chat) -> None:
    number, other = say(session, chat, lane=Lane.NOTICE), say(session, chat, lane=Lane.BULK)
    restored.bring_back(session, NOW, LATER)
    assert restored.release(session, [number, 99], LATER) == 1
    (one,) = claim(session)
    assert one.id == number
    assert one.repeats_aloud
    assert [letter.id for letter, _chat in restored.letters(session)] == [other]
    assert restored.release(session, [number], LATER) == 0


def test_released_for_somebody_who_blocked_the_bot_they_wait_for_that_person(
    session: Session, chat: Chat
) -> None:
    chat.unreachable_since = NOW
    number = say(session, chat)
    restored.bring_back(session, NOW, LATER)
    restored.release(session, [number], LATER)
    assert states(session) == [LetterState.HELD]


def test_dropped_ones_are_never_sent_nor_said_anew(session: Session, chat: Chat) -> None:
    number = say(session, chat, key="weekly:2026-W47:120114")
    restored.bring_back(session, NOW, LATER)
    assert restored.drop(session, [number], LATER) == 1
    assert claim(session) == []
    assert claiming.claim_ephemeral(session, BOT, LATER) == []
    again = letters.say(session, chat, "sendMessage", {"text": "一"}, now=LATER, key="weekly:2026-W47:120114")
    assert again is None
    assert delivering.prune(session, LATER + timedelta(days=8)) == 1, (
        "its words are emptied as those of others"
    )


def test_a_card_that_changes_later_is_shown_at_once(session: Session, chat: Chat) -> None:
    card = cards.show(session, chat, {"text": "一"}, now=NOW)
    restored.bring_back(session, NOW, LATER)
    assert claim(session) == []
    cards.show(session, chat, {"text": "二"}, now=LATER, card=card)
    (one,) = claim(session)
    assert one.payload["text"] == "二"
    delivering.sent(session, one, 5, LATER)
    restored.release(session, [letter.id or 0 for letter, _chat in restored.letters(session)], LATER)
    assert [one.method for one in claim(session)] == [""], "nothing is left to bring up to date"


def test_decisions_are_journaled(session: Session, chat: Chat) -> None:
    first, second = say(session, chat), say(session, chat)
    restored.bring_back(session, NOW, LATER)
    restored.release(session, [first], LATER)
    restored.drop(session, [second], LATER)
    restored.drop(session, [second], LATER)
    lines = journal.history(session, "installation")
    assert [(one["action"], one["letters"]) for one in lines] == [
        ("restore", "2"), ("letters.release", "1"), ("letters.drop", "1"),
    ]  # fmt: skip
    assert lines[0]["backup_of"] == NOW.isoformat()


def test_numbers_told_in_the_gap_are_never_given_again(session: Session) -> None:
    assert numbers.next_number(session, "ZF", DAY) == "ZF-20261117-0001"
    restored.bring_back(session, NOW, NOW + timedelta(seconds=30))
    assert numbers.next_number(session, "ZF", DAY) == "ZF-20261117-10032"
    assert numbers.next_number(session, "KN", DAY) == "KN-20261117-10031", "of kinds that had none yet, too"


def test_a_backup_restored_twice_skips_what_the_first_restore_told(session: Session) -> None:
    """Each second between the two gives room for one more."""
    with session.begin_nested() as first:
        restored.bring_back(session, NOW, LATER)
        told = numbers.next_number(session, "ZF", DAY)
        first.rollback()
    session.expire_all()
    restored.bring_back(session, NOW, LATER + timedelta(hours=1))
    assert (
        int(numbers.next_number(session, "ZF", DAY).rpartition("-")[2]) == int(told.rpartition("-")[2]) + 3600
    )


def test_after_a_long_gap_numbers_of_the_day_of_the_restore_are_skipped(session: Session) -> None:
    """The day is the county's: 16:30 in Greenwich is the next day there."""
    restored.bring_back(session, NOW, datetime(2026, 12, 24, 16, 30, tzinfo=UTC))
    assert numbers.next_number(session, "ZF", date(2026, 12, 25)) == "ZF-20261225-96401"
    assert numbers.next_number(session, "ZF", date(2026, 12, 26)) == "ZF-20261226-0001"


def test_the_gap_is_noted_until_it_is_told(session: Session) -> None:
    restored.bring_back(session, NOW, LATER)
    (gap,) = installation.untold(session)
    assert (gap.since, gap.until) == (NOW, LATER)
    gap.told_at = LATER
    session.flush()
    assert installation.untold(session) == []


def test_a_clock_that_went_back_makes_no_gap_of_less_than_nothing(session: Session) -> None:
    restored.bring_back(session, LATER, NOW)
    gap = session.exec(select(Gap)).one()
    assert gap.since == gap.until == LATER
