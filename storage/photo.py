"""Photos of drafts and reports: what Telegram said at once, and what the bytes say once they are here."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from storage.db import Utc, by_value, new_uid

_BYTES = text("sha256 is not null")


class PhotoState(StrEnum):
    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"
    GONE = "gone"
    REPEATED = "repeated"
    """The same bytes as another photo of that draft or report: kept, counted once."""


class Photo(SQLModel, table=True):
    """A picture sent by a person. Unique by (chat, message); in one draft also by Telegram's unique id.
    `question` is the question it answers; `place` holds sealed "lat,lon" from its EXIF (WGS-84)."""

    __table_args__ = (
        Index("photo_once", "chat_id", "message_id", unique=True),
        Index("photo_bytes", "received_at", sqlite_where=_BYTES),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    bot: int = Field(sa_type=BigInteger)
    chat_id: int = Field(foreign_key="chat.id")
    message_id: int = Field(sa_type=BigInteger)
    media_group: str | None = Field(default=None, index=True)
    draft_id: int | None = Field(default=None, foreign_key="draft.id", index=True)
    report_id: int | None = Field(default=None, foreign_key="report.id", index=True)
    question: str = "photos"
    step_id: int | None = Field(default=None, foreign_key="steptaken.id", index=True)
    file_id: str
    unique_id: str = Field(index=True)
    as_file: bool = False
    name: str | None = None
    size: int | None = None
    received_at: datetime = Field(sa_type=Utc)
    state: PhotoState = Field(default=PhotoState.WAITING, sa_type=by_value(PhotoState))
    problem: str | None = None
    """The sentence (message id) that says why it was refused."""
    give_up_at: datetime | None = Field(default=None, sa_type=Utc)
    """Set when Telegram first says that it cannot give the file: until then it is asked again."""
    sha256: str | None = Field(default=None, index=True)
    length: int | None = None
    """Bytes kept."""
    mime: str | None = None
    width: int | None = None
    height: int | None = None
    """Of the upright picture; `orientation` (EXIF's 1 to 8) is how it lies in the file."""
    orientation: int | None = None
    taken_at: str | None = None
    camera: str | None = None
    software: str | None = None
    place: bytes | None = Field(default=None, sa_type=LargeBinary)


class SentFile(SQLModel, table=True):
    """Telegram's file id of bytes a bot has sent already, so that they are uploaded once."""

    bot: int = Field(primary_key=True, sa_type=BigInteger)
    sha256: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    file_id: str
