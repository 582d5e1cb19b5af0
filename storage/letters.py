"""Letters: what is said once, written in the same transaction as its cause and sent by delivery."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from sqlalchemy import BigInteger, Index, LargeBinary, bindparam, delete, exists, func, insert, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.db import Utc, by_value, insert_unless, new_uid, run
from storage.private_numbers import outgoing
from storage.sealing import open_json, seal_text

EPHEMERAL = frozenset({"answerCallbackQuery", "sendChatAction"})
"""Worth nothing after some seconds: no order, no budget, errors ignored."""
EPHEMERAL_LIFE = timedelta(seconds=10)


class Lane(IntEnum):
    """An answer never waits for a broadcast: lanes are emptied in this order."""

    TALK = 0
    NOTICE = 1
    BULK = 2


class LetterState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    PARKED = "parked"
    EXPIRED = "expired"
    RESTORED = "restored"
    """Waited when the backup was made, so it may have been sent since: a person releases or drops it."""


ALBUM = 10
"""Pictures that Telegram puts into one album."""

_DUE = text("state = 'waiting'")


class Letter(SQLModel, table=True):
    """One call to the Bot API. `payload` is its parameters as JSON, sealed whole; an upload is a reference
    {"$file": sha256, "name": …}. With `card_id` the letter means: bring that card up to date."""

    __table_args__ = (
        Index("letter_due", "bot", "lane", "chat_id", "id", sqlite_where=_DUE),
        Index("letter_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    bot: int = Field(sa_type=BigInteger)
    chat_id: int = Field(foreign_key="chat.id", index=True)
    lane: int = Lane.TALK
    method: str
    payload: bytes | None = Field(default=None, sa_type=LargeBinary)
    card_id: int | None = Field(default=None, foreign_key="card.id", index=True)
    key: str | None = Field(default=None, unique=True)
    state: LetterState = Field(default=LetterState.WAITING, sa_type=by_value(LetterState))
    attempts: int = 0
    created_at: datetime = Field(sa_type=Utc)
    not_before: datetime | None = Field(default=None, sa_type=Utc)
    expires_at: datetime | None = Field(default=None, sa_type=Utc)
    sent_at: datetime | None = Field(default=None, sa_type=Utc)
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None


_TABLE = SQLModel.metadata.tables["letter"]
_SAY = insert(_TABLE).returning(_TABLE.c.id)
_ROW = (
    "uid", "bot", "chat_id", "lane", "method", "payload", "key", "state", "attempts", "created_at", "not_before",
    "expires_at",
)  # fmt: skip
_SAID = exists().where(_TABLE.c.key == bindparam("key"))
_SAY_ONCE = insert_unless(_TABLE, _ROW, _SAID).returning(_TABLE.c.id)


class Address(Protocol):
    """The chat's row, or as much of it as a letter needs."""

    @property
    def id(self) -> int | None: ...

    @property
    def bot(self) -> int: ...

    @property
    def unreachable_since(self) -> datetime | None: ...

    @property
    def private(self) -> bool: ...


def say(
    session: Session,
    chat: Address,
    method: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    lane: Lane = Lane.TALK,
    key: str | None = None,
    not_before: datetime | None = None,
) -> int | None:
    """Write a letter; `payload` lacks chat_id and message_thread_id, which the chat's row gives at sending.
    The letter's id, or None when a letter with that key exists already (it is said once)."""
    uid = new_uid()
    row = {
        "uid": uid,
        "bot": chat.bot,
        "chat_id": chat.id,
        "lane": lane,
        "method": method,
        "payload": seal_text(session, "letter", uid, outgoing(session, payload, private=chat.private)),
        "key": key,
        "state": LetterState.HELD
        if chat.unreachable_since and method not in EPHEMERAL
        else LetterState.WAITING,
        "attempts": 0,
        "created_at": now,
        "not_before": not_before,
        "expires_at": now + EPHEMERAL_LIFE if method in EPHEMERAL else None,
    }
    made: int | None = run(session, _SAY if key is None else _SAY_ONCE, **row).scalar()
    return made


def album(shas: Sequence[str], words: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The calls (method, payload) that show kept pictures: ten to an album, a single one by itself. `words`, such as
    a caption and how to read it, stand under the first."""
    for start in range(0, len(shas), ALBUM):
        part, first = shas[start : start + ALBUM], dict(words) if start == 0 else {}
        if len(part) == 1:
            yield "sendPhoto", {"photo": {"$file": part[0], "name": "photo.jpg"}, **first}
            continue
        media = [{"type": "photo", "media": {"$file": sha, "name": f"{sha[:8]}.jpg"}} for sha in part]
        yield "sendMediaGroup", {"media": [media[0] | first, *media[1:]]}


def payload_of(session: Session, letter: Letter) -> dict[str, Any]:
    """The parameters of the call; empty for a card's letter and after the payload was emptied."""
    if letter.payload is None:
        return {}
    payload: dict[str, Any] = open_json(session, "letter", letter.uid, letter.payload)
    return payload


def hold(session: Session, chat_id: int) -> int:
    """Keep back what waits for an unreachable chat, until it can be reached again. How many letters."""
    return _move(session, chat_id, LetterState.WAITING, LetterState.HELD)


def release(session: Session, chat_id: int) -> int:
    """Send what was held for a chat. How many letters."""
    return _move(session, chat_id, LetterState.HELD, LetterState.WAITING)


def _move(session: Session, chat_id: int, old: LetterState, new: LetterState) -> int:
    moved = update(Letter).where(col(Letter.chat_id) == chat_id, col(Letter.state) == old).values(state=new)
    return session.exec(moved).rowcount


def parked(session: Session) -> list[Letter]:
    return list(
        session.exec(select(Letter).where(Letter.state == LetterState.PARKED).order_by(col(Letter.id)))
    )


def retry(session: Session, letter_id: int) -> bool:
    """Let a parked letter be sent again. False when it is not parked."""
    letter = session.get(Letter, letter_id)
    if letter is None or letter.state != LetterState.PARKED:
        return False
    letter.state, letter.attempts, letter.error, letter.not_before = LetterState.WAITING, 0, None, None
    return True


def count(session: Session, state: LetterState) -> int:
    return session.exec(select(func.count()).select_from(Letter).where(Letter.state == state)).one()


def forget_waiting(session: Session) -> int:
    """Drop what waits, unsent: for history that is written down long after it was told. How many letters."""
    return session.exec(delete(Letter).where(col(Letter.state) == LetterState.WAITING)).rowcount
