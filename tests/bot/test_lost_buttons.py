"""Buttons that a message got in a time which a restore has lost: their numbers are of other rows by now."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

import handlers
from bot.desk import Desk
from bot.hand import Hand
from handlers.fallback import old_button
from storage import cards, installation
from storage.cards import Card
from storage.chats import Chat
from storage.installation import Gap
from storage.letters import Letter
from tests.bot.spine import BOT, NOW, TOKEN, Watch, open_pen, press_update
from tests.bot.test_desk import ADMIN, furnish, handled, trial_router

SINCE, UNTIL = NOW - timedelta(hours=3), NOW - timedelta(hours=1)


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A restored database, whose lost copy sent message 500 of the card."""
    router = trial_router()
    router.callback_query.register(old_button)
    monkeypatch.setattr(handlers, "routers", lambda: [router])
    with open_pen(tmp_path) as pen:
        await pen(furnish)
        await pen(lambda session: session.add(Gap(since=SINCE, until=UNTIL)))
        await pen(card)
        yield Desk(pen, TOKEN, "zhucun_demo_bot", Watch(), Hand(tmp_path, BOT))


def card(session: Session) -> None:
    chat = session.exec(select(Chat).where(Chat.telegram_id == ADMIN)).one()
    shown = cards.show(session, chat, {"text": "要发送吗"}, now=SINCE)
    session.flush()
    shown.message_id, shown.sent_no = 500, 1
    session.exec(select(Letter)).one().state = "sent"  # type: ignore[assignment] # its plain value


def press(data: str, date: Any, message_id: int = 500, edited: Any = None) -> dict[str, Any]:
    update = press_update(1, ADMIN, message_id, data)
    message = update["callback_query"]["message"]
    message["date"] = int(date.timestamp())
    if edited is not None:
        message["edit_date"] = int(edited.timestamp())
    return update


async def cards_there(desk: Desk) -> list[tuple[int | None, int]]:
    rows = await desk.pen(lambda session: session.exec(select(Card).order_by(col(Card.id))).all())
    return [(one.message_id, one.wanted_no) for one in rows]


@pytest.mark.fault("button of a time that a restore has lost")
async def test_a_button_of_the_gap_means_nothing_and_its_card_is_put_right(desk: Desk) -> None:
    """Sent long before, changed in the gap."""
    said = await handled(
        desk, press("t:yes~1", SINCE - timedelta(days=1), edited=SINCE + timedelta(minutes=5))
    )
    assert [one["method"] for one in said] == ["card", "answerCallbackQuery"]
    assert "已经过时" in said[1]["text"]
    assert said[0]["text"] == "要发送吗"
    assert await cards_there(desk) == [(500, 2)]


async def test_a_message_of_the_gap_takes_over_no_card(desk: Desk) -> None:
    """Its mark is the number of another card by now, which was not sent yet."""
    await desk.pen(lambda session: setattr(session.get_one(Card, 1), "message_id", None))
    said = await handled(desk, press("t:yes~1", SINCE + timedelta(minutes=5), message_id=700))
    assert ["已经过时" in one["text"] for one in said] == [True]
    assert await cards_there(desk) == [(None, 1)]


@pytest.mark.parametrize("shown", [SINCE - timedelta(minutes=1), UNTIL + timedelta(seconds=1)])
async def test_buttons_of_before_and_after_work(desk: Desk, shown: Any) -> None:
    hushed: list[str] = []
    desk.hush = hushed.extend
    (card,) = await handled(desk, press("t:yes~1", shown))
    assert card["text"] == "按了 yes"
    assert hushed == ["1"]


async def test_a_moment_is_lost_in_any_of_the_gaps(desk: Desk) -> None:
    later = Gap(since=NOW, until=NOW + timedelta(hours=1))
    await desk.pen(lambda session: session.add(later))
    moments = [
        SINCE,
        UNTIL,
        NOW,
        NOW + timedelta(hours=1),
        UNTIL + timedelta(minutes=1),
        SINCE - timedelta(seconds=3),
    ]
    found = await desk.pen(lambda session: [installation.lost(session, at) for at in moments])
    assert found == [True, True, True, True, False, False]
