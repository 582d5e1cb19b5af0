"""What became of each letter that was claimed: sent, to be sent again, held, put aside."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, case, delete, func, or_, update
from sqlmodel import Session, SQLModel, col, select

from storage import letters
from storage.cards import Card
from storage.chats import Chat, ChatKind, find_chat
from storage.claiming import DOUBT, DROP, Claimed
from storage.db import run, run_many
from storage.letters import EPHEMERAL, Letter, LetterState

_L, _CARD = (SQLModel.metadata.tables[name].c for name in ("letter", "card"))
_SENT = (
    update(_L.id.table)
    .where(_L.id == bindparam("letter"))
    .values(state=LetterState.SENT, sent_at=bindparam("at"), message_id=bindparam("message"), error=None)
)
_SHOWN = (
    update(_CARD.id.table)
    .where(_CARD.id == bindparam("card"))
    .values(
        sent_no=case((_CARD.sent_no < bindparam("no"), bindparam("no")), else_=_CARD.sent_no),
        message_id=func.coalesce(_CARD.message_id, bindparam("message", type_=BigInteger)),
    )
)


def sent(session: Session, letter: Claimed, message_id: int | None, now: datetime) -> None:
    """It was sent. Answers to presses are forgotten, a card notes its message."""
    sent_all(session, [(letter, message_id)], now)


def sent_all(session: Session, some: Sequence[tuple[Claimed, int | None]], now: datetime) -> None:
    """These were sent, with those message ids."""
    quick = [letter.id for letter, _ in some if letter.method in EPHEMERAL]
    if quick:
        run(session, DROP, ids=quick)
    lasting = [(letter, number) for letter, number in some if letter.method not in EPHEMERAL]
    if lasting:
        rows = [{"letter": letter.id, "at": now, "message": number} for letter, number in lasting]
        run_many(session, _SENT, rows)
    shown = [
        {
            "card": letter.card,
            "no": letter.wanted_no,
            "message": number if letter.method == "sendMessage" else None,
        }
        for letter, number in lasting
        if letter.card is not None
    ]
    if shown:
        run_many(session, _SHOWN, shown)


def again(session: Session, letter_id: int, not_before: datetime, error: str | None) -> None:
    """Send it later; `error` DOUBT when it may have arrived already."""
    _set(session, letter_id, state=LetterState.WAITING, not_before=not_before, error=error)


def anew(session: Session, letter: Claimed, now: datetime) -> None:
    """The card's message is gone: forget it and send the card again."""
    if letter.card is not None:
        session.get_one(Card, letter.card).message_id = None
    again(session, letter.id, now, None)


def park(session: Session, letter_id: int, error: str) -> None:
    _set(session, letter_id, state=LetterState.PARKED, error=error[:200])


def drop(session: Session, letter_id: int) -> None:
    session.exec(delete(Letter).where(col(Letter.id) == letter_id))


def slow_down(session: Session, chat_id: int, not_before: datetime) -> None:
    """Telegram's wish for one chat after a 429, kept across restarts."""
    session.get_one(Chat, chat_id).not_before = not_before


def unreachable(session: Session, letter: Claimed, now: datetime) -> None:
    """Nobody reads there: hold all its letters, this one too, until the chat can be reached again."""
    chat = session.get_one(Chat, letter.chat)
    chat.unreachable_since = chat.unreachable_since or now
    _set(session, letter.id, state=LetterState.HELD)
    letters.hold(session, letter.chat)


def migrated(session: Session, letter: Claimed, new_id: int, now: datetime) -> None:
    """A group became a supergroup: one update, for all its topics, and its cards' messages are forgotten."""
    migrate(session, letter.chat, new_id)
    again(session, letter.id, now, None)


def migrate(session: Session, chat_id: int, new_id: int) -> None:
    """Give a group's rows (one a topic) the supergroup's id."""
    chat = session.get_one(Chat, chat_id)
    if chat.telegram_id == new_id:
        return
    for row in session.exec(
        select(Chat).where(Chat.bot == chat.bot, Chat.telegram_id == chat.telegram_id)
    ).all():
        session.exec(update(Card).where(col(Card.chat_id) == row.id).values(message_id=None))
        newcomer = find_chat(session, row.bot, new_id, row.topic)
        if newcomer is not None and newcomer.id is not None:
            # A message in the supergroup came before the notice of the move: its letters join ours.
            session.exec(update(Letter).where(col(Letter.chat_id) == newcomer.id).values(chat_id=row.id))
            session.exec(update(Card).where(col(Card.chat_id) == newcomer.id).values(chat_id=row.id))
            session.delete(newcomer)
            session.flush()
        row.telegram_id, row.kind = new_id, ChatKind.SUPERGROUP
        session.flush()


def recover(session: Session, bot: int) -> int:
    """After a start: what was being sent when the process ended may have arrived. It waits again, in doubt.
    How many."""
    found = update(Letter).where(col(Letter.bot) == bot, col(Letter.state) == LetterState.SENDING)
    return session.exec(found.values(state=LetterState.WAITING, error=DOUBT)).rowcount


def put_back(session: Session, some: Sequence[int]) -> None:
    """These were claimed and their sending was never begun."""
    mine = update(Letter).where(col(Letter.id).in_(some), col(Letter.state) == LetterState.SENDING)
    session.exec(mine.values(state=LetterState.WAITING))


def prune(session: Session, now: datetime, kept: timedelta = timedelta(days=7)) -> int:
    """Empty the payloads of letters sent long ago: what was said is in the chat. How many."""
    old = or_(col(Letter.sent_at) < now - kept, col(Letter.expires_at) < now - kept)
    return session.exec(
        update(Letter).where(old, col(Letter.payload).is_not(None)).values(payload=None)
    ).rowcount


def _set(session: Session, letter_id: int, **values: Any) -> None:
    session.exec(
        update(Letter)
        .where(col(Letter.id) == letter_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
