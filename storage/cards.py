"""Cards: messages with a wanted state, which delivery brings about by sending or editing.

In chat-facing code a card is known by `-card.id` where a message id is expected, until Telegram's own id is
known; both are understood by `find`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, bindparam, exists, text
from sqlmodel import Field, Session, SQLModel, select

from storage.chats import Chat
from storage.db import Row, fresh, insert_unless, new_uid, one, run
from storage.letters import Lane, LetterState
from storage.private_numbers import outgoing
from storage.sealing import open_json, seal_text


class Card(Row, table=True):
    """A text message with buttons. `wanted` is its sendMessage payload, sealed; null means: delete it."""

    __table_args__ = (
        Index(
            "card_message",
            "chat_id",
            "message_id",
            unique=True,
            sqlite_where=text("message_id is not null"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    chat_id: int = Field(foreign_key="chat.id", index=True)
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    wanted: bytes | None = Field(default=None, sa_type=LargeBinary)
    wanted_no: int = 1
    sent_no: int = 0


_LETTERS = SQLModel.metadata.tables["letter"]
_SAID = ("uid", "bot", "chat_id", "lane", "method", "card_id", "state", "attempts", "created_at")
_WAITING = exists().where(
    _LETTERS.c.card_id == bindparam("card_id"), text("letter.state in ('waiting', 'held')")
)
_SAY = insert_unless(_LETTERS, _SAID, _WAITING)
"""A letter that brings a card up to date, unless one waits to do so."""
_OF_MESSAGE = select(Card).where(Card.chat_id == bindparam("chat"), Card.message_id == bindparam("message"))


def show(
    session: Session,
    chat: Chat,
    payload: dict[str, Any],
    *,
    now: datetime,
    card: Card | None = None,
    lane: Lane = Lane.TALK,
) -> Card:
    """Make a card wanted, or change what an existing one should show. Twelve changes become one edit."""
    if card is None:
        card = fresh(Card, chat_id=_id(chat), uid=new_uid(), wanted_no=0)
        session.add(card)
    card.wanted = seal_text(session, "card", card.uid, outgoing(session, payload, private=chat.private))
    _want(session, chat, card, now, lane)
    return card


def remove(session: Session, chat: Chat, card: Card, now: datetime) -> None:
    """Want the card's message gone."""
    card.wanted = None
    _want(session, chat, card, now, Lane.TALK)


def renew(session: Session, chat: Chat, card: Card, now: datetime) -> None:
    """Bring its message to what is wanted once more: it shows what somebody else made of it."""
    if card.wanted is not None:
        _want(session, chat, card, now, Lane.TALK)


def _want(session: Session, chat: Chat, card: Card, now: datetime, lane: Lane) -> None:
    card.wanted_no += 1
    if card.id is None:
        session.flush()
    state = LetterState.HELD if chat.unreachable_since else LetterState.WAITING
    run(
        session, _SAY, uid=new_uid(), bot=chat.bot, chat_id=chat.id, lane=lane, method="card", card_id=card.id,
        state=state, attempts=0, created_at=now,
    )  # fmt: skip


def find(session: Session, chat: Chat, message_id: int) -> Card | None:
    """The card of a message, by Telegram's id or by the negative number that stands for it."""
    if message_id < 0:
        card = session.get(Card, -message_id)
        return card if card is not None and card.chat_id == chat.id else None
    return one(session, Card, _OF_MESSAGE, chat=chat.id, message=message_id)


def known(session: Session, chat: Chat, message_id: int) -> Card:
    """The card of a message of ours that was pressed; a row is made for one we never noted as a card."""
    card = find(session, chat, message_id)
    if card is None:
        card = fresh(Card, uid=new_uid(), chat_id=_id(chat), message_id=message_id, wanted_no=0)
        session.add(card)
        session.flush()
    return card


def adopt(session: Session, chat: Chat, card_id: int, message_id: int) -> Card | None:
    """A press tells Telegram's id of a card whose sending was never noted (a crash in between). The card, when
    it is that message's."""
    card = session.get(Card, card_id)
    if card is None or card.chat_id != chat.id:
        return None
    if card.message_id is None:
        card.message_id = message_id
    return card if card.message_id == message_id else None


def wanted_of(session: Session, card: Card) -> dict[str, Any] | None:
    """The sendMessage payload the card should show, or None when it should be gone."""
    if card.wanted is None:
        return None
    wanted: dict[str, Any] = open_json(session, "card", card.uid, card.wanted)
    return wanted


def _id(chat: Chat) -> int:
    if chat.id is None:
        raise ValueError("the chat has no row yet")
    return chat.id
