"""Weekly summaries: figures frozen at the close of a week."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.db import Utc


class WeeklySummary(SQLModel, table=True):
    """One scope's week. `scope` is a region code or "team:ID"; `week` like "2026-W47" is the ISO week of the
    close; the window is [window_start, window_end). `figures` (reports.figures) never change afterwards."""

    __table_args__ = (UniqueConstraint("scope", "week"),)

    id: int | None = Field(default=None, primary_key=True)
    scope: str
    week: str
    window_start: datetime = Field(sa_type=Utc)
    window_end: datetime = Field(sa_type=Utc)
    figures: dict[str, Any] = Field(sa_type=JSON)
    made_at: datetime = Field(sa_type=Utc)
