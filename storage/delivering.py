"""What delivery reads and writes: which letters may go now, and what became of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, update
from sqlmodel import Session, col, select

from storage import cards, letters
from storage.cards import Card
from storage.chats import Chat, ChatKind, find_chat
from storage.letters import EPHEMERAL, Lane, Letter, LetterState

HEADS = 200
"""Chats looked at in one go."""
DOUBT = "unknown"
"""`error` of a letter whose earlier sending may have succeeded."""
_NEVER_TWICE = frozenset({"sendPhoto", "sendDocument", "sendMediaGroup"})


@dataclass(frozen=True)
class Claimed:
    """A letter on its way: everything its sending needs, read while it was claimed."""

    id: int
    chat: int
    telegram_id: int
    topic: int
    private: bool
    lane: int
    method: str
    payload: dict[str, Any]
    attempts: int
    doubtful: bool
    card: int | None = None
    message_id: int | None = None
    wanted_no: int = 0

    @property
    def repeats_aloud(self) -> bool:
        """A repeat of it must be marked, because the reader may have it already: documents and summaries."""
        return self.doubtful and (self.method in _NEVER_TWICE or self.lane != Lane.TALK)


def claim_ephemeral(session: Session, bot: int, now: datetime) -> list[Claimed]:
    """Answers to presses: no order, no budget. The expired ones are dropped."""
    session.exec(delete(Letter).where(col(Letter.bot) == bot, col(Letter.expires_at) < now))
    found = session.exec(
        select(Letter, Chat)
        .join(Chat)
        .where(Letter.bot == bot, Letter.state == LetterState.WAITING, col(Letter.method).in_(EPHEMERAL))
        .limit(HEADS)
    ).all()
    return _claim(session, found)


def claim(
    session: Session,
    bot: int,
    now: datetime,
    busy: Iterable[tuple[int, int]],
    may: Callable[[Chat, int], bool],
) -> list[Claimed]:
    """The first waiting letter of each chat and lane that may go now, marked as being sent.

    `busy` are (chat, lane) with a letter under way: order is kept within both. `may(chat, lane)` takes from the
    budget. Lanes in order, so an answer never waits for a broadcast."""
    taken: list[tuple[Letter, Chat]] = []
    under_way = set(busy)
    for lane in Lane:
        for letter, chat in _heads(session, bot, lane):
            if (letter.chat_id, lane) in under_way or not _ripe(letter, chat, now):
                continue
            if may(chat, lane):
                taken.append((letter, chat))
    return _claim(session, taken)


def _heads(session: Session, bot: int, lane: Lane) -> list[tuple[Letter, Chat]]:
    first = (
        select(func.min(Letter.id))
        .where(Letter.bot == bot, Letter.lane == lane, Letter.state == LetterState.WAITING)
        .where(col(Letter.expires_at).is_(None))
        .group_by(col(Letter.chat_id))
        .order_by(func.min(Letter.id))
        .limit(HEADS)
    )
    found = select(Letter, Chat).join(Chat).where(col(Letter.id).in_(first)).order_by(col(Letter.id))
    return [(letter, chat) for letter, chat in session.exec(found)]


def _ripe(letter: Letter, chat: Chat, now: datetime) -> bool:
    return not any(moment is not None and moment > now for moment in (letter.not_before, chat.not_before))


def _claim(session: Session, taken: Iterable[tuple[Letter, Chat]]) -> list[Claimed]:
    claimed = [_claimed(session, letter, chat) for letter, chat in taken]
    if claimed:
        ids = [one.id for one in claimed]
        session.exec(
            update(Letter)
            .where(col(Letter.id).in_(ids))
            .values(state=LetterState.SENDING, attempts=Letter.attempts + 1)
            .execution_options(synchronize_session=False)
        )
    return claimed


def _claimed(session: Session, letter: Letter, chat: Chat) -> Claimed:
    card = session.get_one(Card, letter.card_id) if letter.card_id else None
    method, payload = letter.method, {}
    if card is None:
        payload = letters.payload_of(session, letter)
    else:
        method, payload = card_call(session, card)
    return Claimed(
        id=letter.id or 0, chat=letter.chat_id, telegram_id=chat.telegram_id, topic=chat.topic, private=chat.private,
        lane=letter.lane, method=method, payload=payload, attempts=letter.attempts,
        doubtful=letter.error == DOUBT, card=letter.card_id,
        message_id=card.message_id if card else None, wanted_no=card.wanted_no if card else 0,
    )  # fmt: skip


def card_call(session: Session, card: Card) -> tuple[str, dict[str, Any]]:
    """The call that brings a card up to date: send, edit or delete; "" when there is nothing to do."""
    wanted = cards.wanted_of(session, card)
    if card.sent_no >= card.wanted_no or (wanted is None and card.message_id is None):
        return "", {}
    if wanted is None:
        return "deleteMessage", {"message_id": card.message_id}
    marked = _marked(wanted, card.id or 0)
    if card.message_id is None:
        return "sendMessage", marked
    marked.pop("disable_notification", None)
    return "editMessageText", marked | {"message_id": card.message_id}


def _marked(wanted: dict[str, Any], card_id: int) -> dict[str, Any]:
    """Each button's data ends with the card's number, so that a press tells which card it was."""
    if "reply_markup" not in wanted:
        return dict(wanted)
    rows = [
        [b | {"callback_data": f"{b['callback_data']}~{card_id}"} if "callback_data" in b else b for b in row]
        for row in wanted["reply_markup"].get("inline_keyboard", [])
    ]
    return wanted | {"reply_markup": {"inline_keyboard": rows}}


def sent(session: Session, letter: Claimed, message_id: int | None, now: datetime) -> None:
    """It was sent. Answers to presses are forgotten, a card notes its message."""
    if letter.method in EPHEMERAL:
        session.exec(delete(Letter).where(col(Letter.id) == letter.id))
        return
    _set(session, letter.id, state=LetterState.SENT, sent_at=now, message_id=message_id, error=None)
    if letter.card is not None:
        card = session.get_one(Card, letter.card)
        card.sent_no = max(card.sent_no, letter.wanted_no)
        if card.message_id is None and letter.method == "sendMessage":
            card.message_id = message_id


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


def next_ripe(session: Session, bot: int, now: datetime) -> datetime | None:
    """When the next letter that was put off may go."""
    return session.exec(
        select(func.min(Letter.not_before)).where(
            Letter.bot == bot, Letter.state == LetterState.WAITING, col(Letter.not_before) > now
        )
    ).one()


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
