"""Slots: a rule does its work for a slot (a day, an hour, a week) once, whatever restarts or clocks do."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col

from storage.db import Utc

KEPT = timedelta(days=400)


class Slot(SQLModel, table=True):
    """`rule` has done `slot`, e.g. ("digest", "2026-11-16:120114:7")."""

    rule: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)


def take(session: Session, rule: str, slot: str, now: datetime) -> bool:
    """Note that the rule does this slot now. False when it was done before."""
    if session.get(Slot, (rule, slot)) is not None:
        return False
    session.add(Slot(rule=rule, slot=slot, at=now))
    session.flush()
    return True


def taken(session: Session, rule: str, slot: str) -> bool:
    """Whether the rule has done this slot."""
    return session.get(Slot, (rule, slot)) is not None


def prune(session: Session, now: datetime) -> int:
    """Forget slots of long ago. How many."""
    return session.exec(delete(Slot).where(col(Slot.at) < now - KEPT)).rowcount
