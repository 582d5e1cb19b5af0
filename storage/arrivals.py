"""Arrivals: updates from Telegram, written down before they are acknowledged."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, Index, LargeBinary, bindparam, delete, func, insert, text, update
from sqlalchemy import select as columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from storage.db import Utc, by_value, run, run_many, savepoint
from storage.sealing import keyring

KEPT = timedelta(days=7)
"""Telegram may number updates anew after a quiet week, so an older handled arrival must not swallow a new one."""


class ArrivalState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class Arrival(SQLModel, table=True):
    """One update. `body` is the raw JSON, sealed whole (it holds whatever was typed)."""

    __table_args__ = (
        Index("arrival_once", "bot", "update_id", unique=True),
        Index(
            "arrival_waiting",
            "bot",
            "id",
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "arrival_parked",
            "id",
            sqlite_where=text("state = 'parked'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    bot: int = Field(sa_type=BigInteger)
    update_id: int = Field(sa_type=BigInteger)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    received_at: datetime = Field(sa_type=Utc, index=True)
    state: ArrivalState = Field(default=ArrivalState.WAITING, sa_type=by_value(ArrivalState))
    attempts: int = 0
    error: str | None = None
    """Class and place only: the text of an error may hold personal data."""


_TABLE = SQLModel.metadata.tables["arrival"]
_INSERT = insert(_TABLE)
_DONE = _TABLE.update().where(_TABLE.c.id == bindparam("arrival")).values(state=ArrivalState.DONE)
# Written out, because the indexes of what waits and what is parked are of these rows only and a parameter hides that.
IN_STATE = {state: text(f"arrival.state = '{state}'") for state in ArrivalState}
_WAITING = (
    columns(
        _TABLE.c.id, _TABLE.c.bot, _TABLE.c.update_id, _TABLE.c.body, _TABLE.c.received_at, _TABLE.c.attempts
    )
    .where(_TABLE.c.bot == bindparam("of_bot"), IN_STATE[ArrivalState.WAITING])
    .order_by(_TABLE.c.id)
    .limit(bindparam("most"))
)


class Waiting(NamedTuple):
    """What the desk reads of an arrival."""

    id: int
    bot: int
    update_id: int
    body: bytes | None
    received_at: datetime
    attempts: int


def _uid(bot: int, update_id: int) -> str:
    return f"{bot}:{update_id}"


def keep(session: Session, bot: int, updates: Iterable[tuple[int, bytes]], now: datetime) -> int:
    """Write updates (id, raw JSON) down; those already here are left as they are. How many were new."""
    ring = keyring(session)
    rows = [
        {
            "bot": bot,
            "update_id": update_id,
            "body": ring.seal("arrival", _uid(bot, update_id), raw),
            "received_at": now,
            "state": ArrivalState.WAITING,
            "attempts": 0,
        }
        for update_id, raw in updates
    ]
    return _insert_new(session, rows) if rows else 0


def _insert_new(session: Session, rows: list[dict[str, Any]]) -> int:
    try:
        with savepoint(session):
            run_many(session, _INSERT, rows)
        return len(rows)
    except IntegrityError:
        # A redelivery: rare, so the whole batch goes in at once and only this path looks at each row.
        return sum(_insert_one(session, row) for row in rows)


def _insert_one(session: Session, row: dict[str, Any]) -> bool:
    try:
        with savepoint(session):
            run(session, _INSERT, **row)
        return True
    except IntegrityError:
        return False


def body_of(session: Session, arrival: Arrival | Waiting) -> Any:
    """The update as Telegram sent it. Raises CannotOpen without the right key."""
    if arrival.body is None:
        raise ValueError(f"arrival {arrival.id} was emptied")
    return orjson.loads(keyring(session).open("arrival", _uid(arrival.bot, arrival.update_id), arrival.body))


def waiting(session: Session, bot: int, limit: int) -> list[Waiting]:
    """The oldest arrivals to handle, in order."""
    session.flush()
    return [Waiting._make(row) for row in run(session, _WAITING, of_bot=bot, most=limit)]


def try_again(session: Session, arrival_id: int) -> int:
    """Count an attempt that ended the process, or the batch it was in. Attempts so far."""
    arrival = session.get_one(Arrival, arrival_id)
    arrival.attempts += 1
    return arrival.attempts


def done(session: Session, arrival_id: int) -> None:
    run(session, _DONE, arrival=arrival_id)


def park(session: Session, arrival_id: int, error: str) -> None:
    """Put aside an arrival whose handling failed; `zhucun arrivals retry` brings it back."""
    arrival = session.get_one(Arrival, arrival_id)
    arrival.state, arrival.error = ArrivalState.PARKED, error[:200]


def parked(session: Session) -> list[Arrival]:
    aside = select(Arrival).where(IN_STATE[ArrivalState.PARKED])
    return list(session.exec(aside.order_by(col(Arrival.id))))


def retry(session: Session, arrival_id: int) -> bool:
    """Let a parked arrival be handled again. False when it is not parked."""
    arrival = session.get(Arrival, arrival_id)
    if arrival is None or arrival.state != ArrivalState.PARKED or arrival.body is None:
        return False
    arrival.state, arrival.attempts, arrival.error = ArrivalState.WAITING, 0, None
    return True


def count(session: Session, state: ArrivalState) -> int:
    return session.exec(select(func.count()).select_from(Arrival).where(IN_STATE[state])).one()


def prune(session: Session, now: datetime, kept: timedelta = KEPT) -> int:
    """Delete handled arrivals older than KEPT, and empty those older than `kept`, which may be shorter. How many."""
    settled = (col(Arrival.state) == ArrivalState.DONE, col(Arrival.body).is_not(None))
    emptied = update(Arrival).where(*settled, col(Arrival.received_at) < now - kept).values(body=None)
    count = session.exec(emptied).rowcount if kept < KEPT else 0
    old = delete(Arrival).where(
        col(Arrival.state) == ArrivalState.DONE, col(Arrival.received_at) < now - KEPT
    )
    return count + session.exec(old).rowcount
