"""Duties: what teams owe, and when those who owe are reminded of it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.db import Utc


class Reminder(SQLModel, table=True):
    """Somebody was reminded of a duty at one of its slots ("start", "half", "before"): once each, so at most
    three times. `duty` is like "visit:7:2026-W47" or "report:ZG-20261121-0003"."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    duty: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    sent_at: datetime = Field(sa_type=Utc)
