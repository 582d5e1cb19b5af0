"""Claiming: each letter with what its sending needs, its own card's and nobody else's."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from storage import cards, claiming, letters
from storage.chats import Chat
from storage.claiming import Claimed
from storage.letters import Lane, Letter, LetterState
from tests.storage.plain import NOW, open_session

BOT = 42


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as one:
        one.add_all([Chat(bot=BOT, telegram_id=5), Chat(bot=BOT, telegram_id=6)])
        one.flush()
        yield one


def chat(session: Session, number: int) -> Chat:
    return session.exec(select(Chat).where(Chat.telegram_id == number)).one()


def card(session: Session, number: int, text: str, lane: Lane = Lane.TALK) -> int:
    return cards.show(session, chat(session, number), {"text": text}, now=NOW, lane=lane).id or 0


def claim(session: Session, **more: Any) -> list[Claimed]:
    may = more.pop("may", lambda _chat, _private, _lane: True)
    return claiming.claim(session, BOT, NOW, more.pop("busy", ()), may)


def texts(claimed: list[Claimed]) -> list[str]:
    return [one.payload["text"] for one in claimed]


def test_each_letter_comes_once_with_its_own_card(session: Session) -> None:
    made = [card(session, 5, "一"), card(session, 5, "二"), card(session, 6, "三"), card(session, 6, "四")]
    first = claim(session)
    assert texts(first) == ["一", "三"]
    assert [one.card for one in first] == [made[0], made[2]]
    assert texts(claim(session)) == ["二", "四"]
    assert claim(session) == []


def test_a_claimed_letter_is_being_sent_and_its_attempt_counted(session: Session) -> None:
    card(session, 5, "一")
    card(session, 6, "二")
    taken = claim(session, may=lambda number, _private, _lane: number == 5)
    kept = session.exec(select(Letter).order_by(col(Letter.id))).all()
    for row in kept:
        session.refresh(row)
    assert [one.telegram_id for one in taken] == [5]
    assert [(row.state, row.attempts) for row in kept] == [(LetterState.SENDING, 1), (LetterState.WAITING, 0)]


def test_what_is_said_without_a_card_has_none(session: Session) -> None:
    letters.say(session, chat(session, 5), "sendMessage", {"text": "一"}, now=NOW)
    (only,) = claim(session)
    assert (only.card, only.message_id, only.wanted_no) == (None, None, 0)


def test_an_answer_is_claimed_before_a_broadcast(session: Session) -> None:
    card(session, 5, "群发", Lane.BULK)
    card(session, 6, "回答")
    assert texts(claim(session)) == ["回答", "群发"]


def test_a_chat_with_a_letter_under_way_waits_in_that_lane_only(session: Session) -> None:
    letters.say(session, chat(session, 5), "sendMessage", {"text": "提醒"}, now=NOW, lane=Lane.BULK)
    card(session, 5, "回答")
    busy = [(chat(session, 5).id or 0, Lane.TALK)]
    assert texts(claim(session, busy=busy)) == ["提醒"]


def test_what_telegram_put_off_is_not_claimed(session: Session) -> None:
    card(session, 5, "一")
    chat(session, 5).not_before = NOW + timedelta(seconds=3)
    session.flush()
    assert claim(session) == []


def test_answers_to_presses_that_came_too_late_are_dropped(session: Session) -> None:
    for late in (timedelta(seconds=30), timedelta(0)):
        payload = {"callback_query_id": f"{late.seconds}"}
        letters.say(session, chat(session, 5), "answerCallbackQuery", payload, now=NOW - late)
    quick = claiming.claim_ephemeral(session, BOT, NOW)
    assert [one.payload["callback_query_id"] for one in quick] == ["0"]
    assert len(session.exec(select(Letter)).all()) == 1


def test_a_cards_letter_sends_edits_or_deletes(session: Session) -> None:
    number = card(session, 5, "一")
    shown = session.get_one(cards.Card, number)
    assert [one.method for one in claim(session)] == ["sendMessage"]
    shown.message_id, shown.sent_no = 77, shown.wanted_no
    cards.show(session, chat(session, 5), {"text": "二"}, now=NOW, card=shown)
    assert [(one.method, one.message_id) for one in claim(session)] == [("editMessageText", 77)]
    cards.remove(session, chat(session, 5), shown, NOW)
    assert [one.method for one in claim(session)] == ["deleteMessage"]


def test_a_card_that_shows_what_is_wanted_needs_no_call(session: Session) -> None:
    shown = session.get_one(cards.Card, card(session, 5, "一"))
    shown.message_id, shown.sent_no = 77, shown.wanted_no
    session.flush()
    assert [one.method for one in claim(session)] == [""]
