"""Drafts: reports not yet handed in. A draft never expires silently and survives restarts and deploys."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, LargeBinary, bindparam
from sqlmodel import Field, Session, col, select

from storage.db import Row, Utc, by_value, new_uid, one


class DraftState(StrEnum):
    OPEN = "open"
    SENT = "sent"
    CANCELLED = "cancelled"


class Draft(Row, table=True):
    """`answers` is sealed JSON by question name; `asking` the question on the screen (None: the summary);
    `focus` marks the one draft of a chat that takes what is typed; `report_id` the report it corrects,
    completes or (once sent) became; `step` the workflow step it fills, if any."""

    __table_args__ = (Index("draft_focus", "chat_id", "focus", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    bot: int = Field(sa_type=BigInteger)
    chat_id: int = Field(foreign_key="chat.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str
    step: str | None = None
    report_id: int | None = Field(default=None, foreign_key="report.id", index=True)
    answers: bytes = Field(sa_type=LargeBinary)
    asking: str | None = None
    card_id: int | None = Field(default=None, foreign_key="card.id")
    focus: bool = True
    state: DraftState = Field(default=DraftState.OPEN, sa_type=by_value(DraftState))
    created_at: datetime = Field(sa_type=Utc)
    touched_at: datetime = Field(sa_type=Utc)
    reminded_at: datetime | None = Field(default=None, sa_type=Utc)


_FOCUSED = select(Draft).where(
    Draft.chat_id == bindparam("chat"), col(Draft.focus).is_(True), Draft.state == DraftState.OPEN
)


def focused(session: Session, chat_id: int) -> Draft | None:
    """The open draft of a chat that takes what is typed and sent."""
    return one(session, Draft, _FOCUSED, chat=chat_id)
