"""What a database knows of itself: which installation it belongs to, and the gaps that restores have left.

An installation's name stands in its database and in the instance file beside it (bot/instance.py). A backup is
given another name, so that it is nobody's until somebody adopts it.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from storage.db import Utc, new_uid, run

THE_ONE = 1
WHOLE_SECONDS = timedelta(seconds=2)
"""Telegram's times have no fractions, and its clock is not ours."""


class Installation(SQLModel, table=True):
    """The one row that says whose data this is."""

    id: int = Field(default=THE_ONE, primary_key=True)
    uid: str = Field(default_factory=new_uid)


class Gap(SQLModel, table=True):
    """A stretch of time whose records are lost: from a backup to its restore. `told_at`: when administrators
    heard of it."""

    id: int | None = Field(default=None, primary_key=True)
    since: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    told_at: datetime | None = Field(default=None, sa_type=Utc)


def name(session: Session) -> str | None:
    """The installation that the data belongs to; None before its first run."""
    row = session.get(Installation, THE_ONE)
    return row.uid if row else None


def be(session: Session, uid: str) -> None:
    """The data belongs to that installation from now on."""
    session.merge(Installation(id=THE_ONE, uid=uid))
    session.flush()


def untold(session: Session) -> list[Gap]:
    """Gaps that administrators have not heard of."""
    return list(session.exec(select(Gap).where(col(Gap.told_at).is_(None)).order_by(col(Gap.id))))


_LOST = (
    select(Gap.id).where(col(Gap.since) <= bindparam("latest"), col(Gap.until) >= bindparam("at")).limit(1)
)


def lost(session: Session, at: datetime) -> bool:
    """Whether what happened at that moment is lost."""
    return run(session, _LOST, at=at, latest=at + WHOLE_SECONDS).first() is not None
