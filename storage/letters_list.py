"""Letters as rows for the operator: what became of each, never what it says."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.cards import Card
from storage.chats import Chat
from storage.letters import Lane, Letter


def everything(session: Session) -> Iterator[dict[str, Any]]:
    """Every letter that is kept, oldest first; times are ISO in UTC. `chat` is our own number. A letter that
    brings a card up to date has the card's number, its message, and how much of it is shown."""
    found = (
        select(Letter, Chat, Card)
        .join(Chat, col(Chat.id) == col(Letter.chat_id))
        .join(Card, col(Card.id) == col(Letter.card_id), isouter=True)
        .order_by(col(Letter.id))
    )
    for letter, chat, card in session.exec(found.execution_options(yield_per=500)):
        yield _row(letter, chat, card)


def _row(letter: Letter, chat: Chat, card: Card | None) -> dict[str, Any]:
    return {
        "number": f"L{letter.id}",
        "bot": letter.bot,
        "chat": chat.id,
        "chat_kind": chat.kind.value,
        "lane": Lane(letter.lane).name.lower(),
        "method": letter.method,
        "key": letter.key,
        "state": letter.state.value,
        "attempts": letter.attempts,
        "created_at": letter.created_at.isoformat(),
        "sent_at": _iso(letter.sent_at),
        "expires_at": _iso(letter.expires_at),
        "message_id": letter.message_id if card is None else card.message_id,
        "card": None if card is None else card.id,
        "up_to_date": None if card is None else card.sent_no >= card.wanted_no,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
