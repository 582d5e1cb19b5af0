"""Errands: slow work to do later, at least once (fetch a photo, draw a chart, set the commands menu)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, bindparam, delete, func
from sqlmodel import Field, Session, SQLModel, col, select

from storage.db import Utc, by_value, many, new_uid
from storage.sealing import open_json, seal_json

_LEFT = "errands left"
ANY = 0
"""The bot of errands that the workers of any may run."""


class ErrandState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class Errand(SQLModel, table=True):
    """`kind` names the step in bot/errands that runs it; `body` is its input as JSON, sealed."""

    __table_args__ = (Index("errand_due", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    bot: int = Field(sa_type=BigInteger)
    kind: str
    body: bytes = Field(sa_type=LargeBinary)
    key: str | None = Field(default=None, unique=True)
    state: ErrandState = Field(default=ErrandState.WAITING, sa_type=by_value(ErrandState))
    attempts: int = 0
    due_at: datetime = Field(sa_type=Utc)
    error: str | None = None


def send_on(
    session: Session, bot: int, kind: str, body: dict[str, Any], *, due_at: datetime, key: str | None = None
) -> Errand | None:
    """Write an errand down; None when one with that key exists already."""
    if key is not None and known(session, key):
        return None
    uid = new_uid()
    errand = Errand(
        uid=uid, bot=bot, kind=kind, body=seal_json(session, "errand", uid, body), key=key, due_at=due_at
    )
    session.add(errand)
    session.flush()
    session.info[_LEFT] = True
    return errand


def left(session: Session) -> bool:
    """Whether one was written down in this session since the last asking; perhaps given up again since."""
    return bool(session.info.pop(_LEFT, False))


def known(session: Session, key: str) -> bool:
    """Whether an errand of that key was written down, done or not."""
    return session.exec(select(Errand.id).where(Errand.key == key)).first() is not None


_DUE = (
    select(Errand)
    .where(Errand.state == ErrandState.WAITING, col(Errand.bot).in_((bindparam("of_bot"), ANY)))
    .where(col(Errand.due_at) <= bindparam("at", type_=Utc))
    .order_by(col(Errand.due_at), col(Errand.id))
    .limit(bindparam("most"))
)


def due(session: Session, bot: int, now: datetime, limit: int, not_these: Iterable[int] = ()) -> list[Errand]:
    """Waiting errands whose time has come, oldest first, without those already under way."""
    under_way = set(not_these)
    found = many(session, Errand, _DUE, of_bot=bot, at=now, most=limit + len(under_way))
    return [one for one in found if one.id not in under_way][:limit]


def body_of(session: Session, errand: Errand) -> dict[str, Any]:
    body: dict[str, Any] = open_json(session, "errand", errand.uid, errand.body)
    return body


def done(session: Session, errand_id: int) -> None:
    """Noted in the same transaction as the errand's effect."""
    session.get_one(Errand, errand_id).state = ErrandState.DONE


def later(session: Session, errand_id: int, due_at: datetime, error: str) -> None:
    errand = session.get_one(Errand, errand_id)
    errand.attempts += 1
    errand.due_at, errand.error = due_at, error[:200]


def park(session: Session, errand_id: int, error: str) -> None:
    errand = session.get_one(Errand, errand_id)
    errand.state, errand.error = ErrandState.PARKED, error[:200]


def count(session: Session, state: ErrandState) -> int:
    return session.exec(select(func.count()).select_from(Errand).where(Errand.state == state)).one()


def forget_waiting(session: Session) -> int:
    """Drop what waits, undone: for history that is written down long after it happened. How many errands."""
    return session.exec(delete(Errand).where(col(Errand.state) == ErrandState.WAITING)).rowcount


def parked(session: Session) -> list[Errand]:
    return list(
        session.exec(select(Errand).where(Errand.state == ErrandState.PARKED).order_by(col(Errand.id)))
    )


def retry(session: Session, errand_id: int, now: datetime) -> bool:
    """Let a parked errand be run again. False when it is not parked."""
    errand = session.get(Errand, errand_id)
    if errand is None or errand.state != ErrandState.PARKED:
        return False
    errand.state, errand.attempts, errand.error, errand.due_at = ErrandState.WAITING, 0, None, now
    return True
