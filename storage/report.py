"""Reports: the header row that every kind shares. Lists, pages, photos, scope, journal and counts touch it
alone; the answers of a kind are in the detail table beside it (storage/kinds)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from storage.db import Utc, by_value, new_uid

_NOT_ERASED = text("erased_at is null")


class ReportState(StrEnum):
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    # Hardship cases; each ending is a word of its own.
    OPEN = "open"
    VERIFIED = "verified"
    PUBLISHED = "published"
    SUPPORTED = "supported"
    ORDINARY = "ordinary"
    SECURED = "secured"
    PROPOSED = "proposed"
    RESOLVED = "resolved"
    NOT_TRUE = "not_true"
    NOT_OURS = "not_ours"
    VANISHED = "vanished"
    NOT_NOW = "not_now"
    # Dangerous houses.
    FOUND = "found"
    REPORTED = "reported"
    DANGEROUS = "dangerous"
    REHOUSED = "rehoused"
    REBUILT = "rebuilt"
    PASSED = "passed"
    SAFE = "safe"
    # Rectifications.
    ISSUED = "issued"
    COMPLETED = "completed"
    ACCEPTED = "accepted"
    STRUCK_OFF = "struck_off"


class Report(SQLModel, table=True):
    """One record of any kind. `number` is the receipt number; `village` a 12-digit code (its town and county
    are prefixes); `revision` counts corrections from 1; `version` guards against lost updates."""

    __table_args__ = (
        Index("report_newest", "sent_at", "id"),
        # What a week's figures count (storage/tallies.py) is read from this index alone.
        Index("report_village", "village", "sent_at", "id", "kind", "state", "team_id", "household_id"),
        Index("report_team", "team_id", "sent_at"),
        Index("report_author", "author_id", "sent_at"),
        # By its last columns what was sent on a day is counted from this index alone (storage/counting.py).
        Index("report_kind", "kind", "state", "sent_at", "id", "village"),
        Index("report_not_erased", "sent_at", sqlite_where=_NOT_ERASED),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True)
    kind: str
    number: str = Field(unique=True)
    author_id: int = Field(foreign_key="person.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    village: str = Field(foreign_key="region.code")
    household_id: int | None = Field(default=None, foreign_key="household.id", index=True)
    state: ReportState = Field(default=ReportState.SENT, sa_type=by_value(ReportState))
    sent_at: datetime = Field(sa_type=Utc)
    due_at: datetime | None = Field(default=None, sa_type=Utc, index=True)
    returned: bool = False
    """A supervisor sent it back: the author (or team) owes a correction."""
    revision: int = 1
    version: int = 1
    erased_at: datetime | None = Field(default=None, sa_type=Utc)
    """When what it says of people was erased."""


class Revision(SQLModel, table=True):
    """The answers of a report as they were before a correction or withdrawal, sealed JSON."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    report_id: int = Field(foreign_key="report.id", index=True)
    revision: int
    answers: bytes = Field(sa_type=LargeBinary)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Utc)
    reason: str | None = None


class StepTaken(SQLModel, table=True):
    """One step in a report's life (workflow): who moved it from where to where, when, with what answers."""

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    step: str
    before: str
    after: str
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Utc, index=True)
    note: str | None = None
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Counter(SQLModel, table=True):
    """The last number given out for a prefix and day (county's zone), e.g. "ZF-20261121" → 42."""

    name: str = Field(primary_key=True)
    last: int = 0
