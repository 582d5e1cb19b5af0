"""Claiming: which letters may go now, with everything their sending needs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, delete, func, text, union_all, update
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel

from storage.cards import Card
from storage.chats import Chat, ChatKind
from storage.db import run, run_many
from storage.letters import Lane, Letter, LetterState
from storage.sealing import open_json

HEADS = 200
"""Chats looked at in one go."""
DOUBT = "unknown"
"""`error` of a letter whose earlier sending may have succeeded; of several sendings "unknown 3"."""
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
    doubts: int
    """How many of its sendings may have succeeded."""
    card: int | None = None
    message_id: int | None = None
    wanted_no: int = 0

    @property
    def doubtful(self) -> bool:
        return self.doubts > 0

    @property
    def repeats_aloud(self) -> bool:
        """A repeat of it must be marked, because the reader may have it already: documents and summaries."""
        return self.doubtful and (self.method in _NEVER_TWICE or self.lane != Lane.TALK)


def doubts_in(error: str | None) -> int:
    """How many sendings an `error` says are in doubt."""
    if error is None or not error.startswith(DOUBT):
        return 0
    return int(error.removeprefix(DOUBT) or 1)


def doubt(count: int) -> str | None:
    """The `error` that says so; None for none."""
    return f"{DOUBT} {count}" if count > 1 else DOUBT if count else None


_L, _CHAT, _CARD = (SQLModel.metadata.tables[str(one.__tablename__)].c for one in (Letter, Chat, Card))
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# Written out, because the index of what is due is one of these rows only and a parameter hides that.
_DUE = text("letter.state = 'waiting'")
_WHOLE = (
    columns(
        _L.id, _L.uid, _L.chat_id, _L.lane, _L.method, _L.payload, _L.card_id, _L.attempts, _L.error, _L.not_before,
        _L.expires_at, _CHAT.telegram_id, _CHAT.topic, _CHAT.kind, _CHAT.not_before.label("chat_not_before"),
        _CARD.uid.label("card_uid"), _CARD.message_id, _CARD.wanted, _CARD.wanted_no, _CARD.sent_no,
    )
    .join_from(_L.id.table, _CHAT.id.table)
    .outerjoin(_CARD.id.table, _CARD.id == _L.card_id)
)  # fmt: skip
_QUICK = (
    _WHOLE.where(_L.bot == bindparam("bot"), _DUE, _L.expires_at.is_not(None)).order_by(_L.id).limit(HEADS)
)


def _first_of(lane: Lane) -> Select[Any]:
    """The oldest letter of each chat in a lane."""
    waiting = columns(func.min(_L.id).label("id")).where(
        _L.bot == bindparam("bot"), _L.lane == lane.value, _DUE
    )
    first = waiting.where(_L.expires_at.is_(None)).group_by(_L.chat_id).order_by(func.min(_L.id)).limit(HEADS)
    return columns(first.subquery().c.id)


_HEADS = _WHOLE.where(_L.id.in_(union_all(*map(_first_of, Lane)))).order_by(_L.lane, _L.id)
_TAKE = (
    update(_L.id.table)
    .where(_L.id == bindparam("letter"))
    .values(state=LetterState.SENDING, attempts=_L.attempts + 1)
)
DROP = delete(_L.id.table).where(_L.id.in_(_IDS))


def claim_ephemeral(session: Session, bot: int, now: datetime) -> list[Claimed]:
    """Answers to presses: no order, no budget. The expired ones are dropped."""
    session.flush()
    found = run(session, _QUICK, bot=bot).all()
    late = [one.id for one in found if one.expires_at < now]
    if late:
        run(session, DROP, ids=late)
    return _claim(session, [one for one in found if one.expires_at >= now])


def claim(
    session: Session,
    bot: int,
    now: datetime,
    busy: Iterable[tuple[int, int]],
    may: Callable[[int, bool, int], bool],
) -> list[Claimed]:
    """The first waiting letter of each chat and lane that may go now, marked as being sent.

    `busy` are (chat, lane) with a letter under way: order is kept within both. `may(chat's Telegram id, whether
    it is private, lane)` takes from the budget. Lanes in order, so an answer never waits for a broadcast."""
    session.flush()
    under_way = set(busy)
    taken = [
        one
        for one in run(session, _HEADS, bot=bot)
        if (one.chat_id, one.lane) not in under_way
        and _ripe(one, now)
        and may(one.telegram_id, one.kind == ChatKind.PRIVATE, one.lane)
    ]
    return _claim(session, taken)


def _ripe(one: Row[Any], now: datetime) -> bool:
    return not any(moment is not None and moment > now for moment in (one.not_before, one.chat_not_before))


def _claim(session: Session, taken: Sequence[Row[Any]]) -> list[Claimed]:
    if not taken:
        return []
    run_many(session, _TAKE, [{"letter": one.id} for one in taken])
    return [_claimed(session, one) for one in taken]


def _claimed(session: Session, letter: Row[Any]) -> Claimed:
    method: str = letter.method
    payload: dict[str, Any] = {}
    if letter.card_id is not None:
        method, payload = _card_call(session, letter)
    elif letter.payload is not None:
        payload = open_json(session, "letter", letter.uid, letter.payload)
    return Claimed(
        id=letter.id, chat=letter.chat_id, telegram_id=letter.telegram_id, topic=letter.topic,
        private=letter.kind == ChatKind.PRIVATE, lane=letter.lane, method=method, payload=payload,
        attempts=letter.attempts, doubts=doubts_in(letter.error), card=letter.card_id,
        message_id=letter.message_id, wanted_no=letter.wanted_no or 0,
    )  # fmt: skip


def _card_call(session: Session, card: Row[Any]) -> tuple[str, dict[str, Any]]:
    """The call that brings a letter's card up to date: send, edit or delete; "" when there is nothing to do."""
    wanted = open_json(session, "card", card.card_uid, card.wanted) if card.wanted is not None else None
    if card.sent_no >= card.wanted_no or (wanted is None and card.message_id is None):
        return "", {}
    if wanted is None:
        return "deleteMessage", {"message_id": card.message_id}
    marked = _marked(wanted, card.card_id)
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
