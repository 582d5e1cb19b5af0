"""Photos: their rows from the moment Telegram names them until the bytes are kept, refused or gone.

A photo has one owner at a time: a draft, then the report it became. Photos refused, gone or sent twice stay
as rows, so that the report can say what became of each message.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, bindparam, false, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage import errands, journal, photo_letters
from storage.chats import Chat
from storage.db import flush_kind, run
from storage.draft import Draft
from storage.photo import Photo, PhotoState
from storage.photo_faults import EMPTY, LARGEST, LOST, NOT_A_PHOTO, TOO_LARGE
from storage.redact import HIDDEN, redact
from storage.refusals import Refusal
from storage.report import Report
from storage.sealing import open_text, seal_text
from storage.texts import _

if TYPE_CHECKING:  # the reader of pictures loads Pillow, which the desk and the command line never need
    from storage.picture import Facts

PATIENCE = timedelta(days=1)
"""Telegram calls a lost file and one it cannot read at the moment by the same sentence: ask for a day."""

PREVIEW, THUMBNAIL = "preview", "thumbnail"
"""Kinds of pictures made of a photo."""

_COUNTED = (PhotoState.WAITING, PhotoState.KEPT)


class PhotoCopy(SQLModel, table=True):
    """A picture derived from a photo (upright JPEG to show); its bytes are in Files under `sha256`."""

    photo_id: int = Field(foreign_key="photo.id", primary_key=True)
    kind: str = Field(primary_key=True)
    sha256: str


class Counts(NamedTuple):
    """`refused` counts what will never be kept: refused pictures and those Telegram no longer gives."""

    kept: int
    waiting: int
    refused: int


def add(
    session: Session,
    *,
    bot: int,
    chat: Chat,
    message_id: int,
    file_id: str,
    unique_id: str,
    now: datetime,
    draft: Draft | None = None,
    report: Report | None = None,
    question: str = "photos",
    media_group: str | None = None,
    as_file: bool = False,
    name: str | None = None,
    size: int | None = None,
    mime: str | None = None,
) -> Photo | None:
    """Write down a photo that was sent and the errand that fetches it.

    None when the message is known, or when the draft or report has that very file already (one that was
    refused or is gone may be sent again). `size` and `mime` are what Telegram said: Refusal when it is over
    20 MB, empty, a video or a recording.
    """
    _refuse(size, mime)
    photo = Photo(
        bot=bot, chat_id=_id(chat), message_id=message_id, media_group=media_group,
        draft_id=draft.id if draft else None, report_id=report.id if report else None, question=question,
        file_id=file_id, unique_id=unique_id, as_file=as_file, size=size, received_at=now,
        name=redact(name, HIDDEN) if name else None,
    )  # fmt: skip
    if _known(session, photo):
        return None
    session.add(photo)
    session.flush()
    errands.send_on(session, bot, "fetch_photo", {"photo_id": photo.id}, due_at=now, key=f"photo:{photo.id}")
    return photo


def _refuse(size: int | None, mime: str | None) -> None:
    if size is not None and size > LARGEST:
        raise Refusal(_(TOO_LARGE))
    if size == 0:
        raise Refusal(_(EMPTY))
    if (mime or "").startswith(("video/", "audio/")):
        raise Refusal(_(NOT_A_PHOTO))


def _known(session: Session, photo: Photo) -> bool:
    this = (Photo.chat_id == photo.chat_id, Photo.message_id == photo.message_id)
    if session.exec(select(Photo.id).where(*this)).first() is not None:
        return True
    same = (Photo.unique_id == photo.unique_id, col(Photo.state).in_(_COUNTED))
    return session.exec(select(Photo.id).where(*same, *_beside(session, photo))).first() is not None


def _beside(session: Session, photo: Photo) -> tuple[ColumnElement[bool], ...]:
    """SQL: photos of the same question in its draft and in the report which that draft changes, or in its
    report."""
    draft = session.get_one(Draft, photo.draft_id) if photo.draft_id is not None else None
    report_id = photo.report_id if draft is None else draft.report_id
    owners = [col(Photo.draft_id) == draft.id] if draft is not None else []
    if report_id is not None:
        owners.append(col(Photo.report_id) == report_id)
    return or_(false(), *owners), col(Photo.question) == photo.question


def of_draft(session: Session, draft: Draft, question: str | None = None) -> list[Photo]:
    """Its photos in the order they came, whatever became of them; those sent twice once."""
    return _of(session, draft, question)


def of_report(session: Session, report: Report, question: str | None = None) -> list[Photo]:
    """As `of_draft`."""
    return _of(session, report, question)


def of_a_report(session: Session, photo_id: int) -> Photo | None:
    """The photo of that number, when a report has it. Whoever shows it asks whether the report may be seen."""
    photo = session.get(Photo, photo_id)
    return photo if photo is not None and photo.report_id is not None else None


def _of(session: Session, owner: Draft | Report, question: str | None) -> list[Photo]:
    found = select(Photo).where(_owned(owner), Photo.state != PhotoState.REPEATED).order_by(col(Photo.id))
    return list(session.exec(found if question is None else found.where(Photo.question == question)))


def _owned(owner: Draft | Report) -> ColumnElement[bool]:
    return col(Photo.draft_id if isinstance(owner, Draft) else Photo.report_id) == owner.id


_TABLE = SQLModel.metadata.tables["photo"]
_STATES = {
    name: select(_TABLE.c.state).where(
        _TABLE.c[name] == bindparam("owner"), _TABLE.c.state != PhotoState.REPEATED
    )
    for name in ("draft_id", "report_id")
}
_ANY = select(_TABLE.c.id).where(_TABLE.c.draft_id == bindparam("owner")).limit(1)
_STATES_OF = {name: states.where(_TABLE.c.question == bindparam("asked")) for name, states in _STATES.items()}


def counts(session: Session, owner: Draft | Report, question: str | None = None) -> Counts:
    """How many of its photos are kept, on their way, and will never be kept."""
    flush_kind(session, Photo)
    name = "draft_id" if isinstance(owner, Draft) else "report_id"
    statement = _STATES[name] if question is None else _STATES_OF[name]
    named = {} if question is None else {"asked": question}
    states = list(run(session, statement, owner=owner.id, **named).scalars())
    kept, waiting = states.count(PhotoState.KEPT), states.count(PhotoState.WAITING)
    return Counts(kept, waiting, len(states) - kept - waiting)


def of_album(session: Session, chat: Chat, media_group: str) -> Photo | None:
    """The newest photo of that album: it tells where one that comes late belongs."""
    this = (Photo.chat_id == chat.id, Photo.media_group == media_group)
    return session.exec(select(Photo).where(*this).order_by(col(Photo.id).desc())).first()


def move(session: Session, draft: Draft, report: Report, step_id: int | None = None) -> int:
    """Hand the photos of a draft to the report it became (and the workflow step they prove). How many.
    Those on their way are fetched all the same."""
    session.flush()
    if run(session, _ANY, owner=draft.id).first() is None:
        return 0
    theirs = {"draft_id": None, "report_id": report.id, "step_id": step_id}
    moved = update(Photo).where(col(Photo.draft_id) == draft.id).values(**theirs)
    return session.exec(moved).rowcount


def kept(session: Session, photo_id: int, facts: "Facts", now: datetime) -> Photo:
    """The bytes are in Files. The same bytes twice in one draft or report and question count once.
    A picture sent as a file is given a preview to be shown by (errand "preview")."""
    photo = session.get_one(Photo, photo_id)
    photo.state = PhotoState.REPEATED if _twice(session, photo, facts.sha256) else PhotoState.KEPT
    photo.sha256, photo.length, photo.mime = facts.sha256, facts.length, facts.mime
    photo.width, photo.height, photo.orientation = facts.width, facts.height, facts.orientation
    photo.taken_at, photo.camera, photo.software = facts.taken_at, facts.camera, facts.software
    if facts.place is not None:
        latitude, longitude = facts.place
        photo.place = seal_text(session, "photo.place", photo.uid, f"{latitude:.6f},{longitude:.6f}")
    if photo.as_file and photo.state == PhotoState.KEPT:
        body, key = {"photo_id": photo.id}, f"photo:{photo.id}:preview"
        errands.send_on(session, photo.bot, "preview", body, due_at=now, key=key)
    journal.write(
        session, None, "photo.keep", f"photo:{photo.id}", now, sha256=facts.sha256, bytes=facts.length
    )
    return photo


def _twice(session: Session, photo: Photo, sha: str) -> bool:
    same = (Photo.sha256 == sha, Photo.state == PhotoState.KEPT, Photo.id != photo.id)
    return session.exec(select(Photo.id).where(*same, *_beside(session, photo))).first() is not None


def beside(session: Session, photo: Photo, other: Photo) -> bool:
    """Whether they answer one question of one draft or report (or of the report which that draft changes)."""
    both = select(Photo.id).where(Photo.id == other.id, *_beside(session, photo))
    return session.exec(both).first() is not None


def place_of(session: Session, photo: Photo) -> tuple[float, float] | None:
    """Latitude and longitude (WGS-84) that its EXIF tells. Whoever shows them journals the reading."""
    if photo.place is None:
        return None
    latitude, longitude = open_text(session, "photo.place", photo.uid, photo.place).split(",")
    return float(latitude), float(longitude)


def refused(session: Session, photo_id: int, problem: str, now: datetime) -> Photo:
    """The bytes are no picture we can keep; `problem` is the sentence (message id). The sender is told."""
    return _not_kept(session, photo_id, PhotoState.REFUSED, problem, now)


def gone(session: Session, photo_id: int, now: datetime) -> Photo:
    """Telegram does not give the photo any more. The sender is told which, and asked to send it again."""
    return _not_kept(session, photo_id, PhotoState.GONE, LOST, now)


def _not_kept(session: Session, photo_id: int, state: PhotoState, problem: str, now: datetime) -> Photo:
    photo = session.get_one(Photo, photo_id)
    photo.state, photo.problem = state, problem
    photo_letters.not_kept(session, photo, now)
    journal.write(session, None, f"photo.{state.value}", f"photo:{photo.id}", now)
    return photo


def waiting(session: Session, photo_id: int) -> str | None:
    """Telegram's file id of a photo that is still to be fetched; None when that is settled."""
    photo = session.get_one(Photo, photo_id)
    return photo.file_id if photo.state == PhotoState.WAITING else None


def unavailable(session: Session, photo_id: int, now: datetime) -> bool:
    """Telegram said that it cannot give the file now. True when it has said so for a day."""
    photo = session.get_one(Photo, photo_id)
    photo.give_up_at = photo.give_up_at or now + PATIENCE
    return now >= photo.give_up_at


def sha_of(session: Session, photo_id: int) -> str:
    """Of a kept photo. Raises ValueError for another."""
    sha = session.get_one(Photo, photo_id).sha256
    if sha is None:
        raise ValueError("the photo is not kept")
    return sha


def copied(session: Session, photo_id: int, kind: str, sha: str) -> None:
    """A derived picture is in Files; a newer one takes the place of an older."""
    session.merge(PhotoCopy(photo_id=photo_id, kind=kind, sha256=sha))


def shown(session: Session, photo: Photo) -> str | None:
    """SHA-256 of the picture to show for a kept photo: the upright preview of one sent as a file, else the
    original, which Telegram has made upright itself. None while there is none."""
    if photo.state != PhotoState.KEPT:
        return None
    copy = session.get(PhotoCopy, (photo.id, PREVIEW))
    if copy is not None:
        return copy.sha256
    return None if photo.as_file else photo.sha256


def _id(chat: Chat) -> int:
    if chat.id is None:
        raise ValueError("the chat has no row yet")
    return chat.id
