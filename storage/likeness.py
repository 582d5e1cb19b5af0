"""Likenesses: photos that look like one sent before, in any village, by anybody, however long ago.

The words of each photo's look are rows, so that those of a new one are looked up among millions; whoever shares
some is laid over the new one (storage/looks/overlay.py) before anything is said.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, Index, LargeBinary, bindparam, delete, insert, text
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage import journal, photos
from storage.db import Utc, run
from storage.engines import on_postgresql
from storage.looks.packed import Look, unpack
from storage.photo import Photo, PhotoState
from storage.prepared import run_many
from storage.report import Report, ReportState

TRIED = 4
"""Photos that share the most words: one of them is the original, if it is here at all."""

_UNTOLD = text("told_at is null")


class PhotoLook(SQLModel, table=True):
    """How a kept photo looks, packed (storage/looks/packed.py)."""

    photo_id: int = Field(primary_key=True, foreign_key="photo.id")
    hash: str
    spots: bytes = Field(sa_type=LargeBinary)
    sketch: bytes = Field(sa_type=LargeBinary)


class PhotoWord(SQLModel, table=True):
    """The index: which photos have a word. A dozen rows a photo, so the rows are the index itself and nothing
    refers to them; `forget` finds a photo's own by its look."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    word: int = Field(primary_key=True, sa_type=BigInteger)
    photo_id: int = Field(primary_key=True)


class Likeness(SQLModel, table=True):
    """A photo looks like an `earlier` one; `unlike` tells how little they differ (0 to 0.1). `told_at`: when those
    who supervise were told, or there was nothing to tell."""

    __table_args__ = (Index("likeness_untold", "photo_id", sqlite_where=_UNTOLD),)

    photo_id: int = Field(primary_key=True, foreign_key="photo.id")
    earlier_id: int = Field(primary_key=True, foreign_key="photo.id", index=True)
    unlike: float
    found_at: datetime = Field(sa_type=Utc)
    told_at: datetime | None = Field(default=None, sa_type=Utc)


class Like(NamedTuple):
    """Another photo, and how little one differs from it."""

    photo_id: int
    unlike: float


_LOOKS, _WORDS = (SQLModel.metadata.tables[name] for name in ("photolook", "photoword"))
_KEEP, _INDEX = insert(_LOOKS), insert(_WORDS)
_FORGET = delete(_WORDS).where(_WORDS.c.word == bindparam("shared"), _WORDS.c.photo_id == bindparam("mine"))

_MOST = (
    "SELECT photo_id FROM photoword WHERE word = ANY(%s)"
    " GROUP BY photo_id ORDER BY count(*) DESC, photo_id LIMIT %s"
)
_ALL = "SELECT group_concat(photo_id) FROM json_each(?) CROSS JOIN photoword WHERE word = value"


def keep(session: Session, photo_id: int, look: Look) -> None:
    """Put a kept photo into the index."""
    if session.get(PhotoLook, photo_id) is not None:
        return
    packed = {"hash": look.hash, "spots": look.packed_spots(), "sketch": look.sketch}
    run(session, _KEEP, photo_id=photo_id, **packed)
    rows = [{"word": word, "photo_id": photo_id} for word in sorted(look.words())]
    if rows:
        run_many(session, _INDEX, rows)


def look_of(session: Session, photo_id: int) -> Look | None:
    row = session.get(PhotoLook, photo_id)
    return unpack(row.hash, row.spots, row.sketch) if row else None


def candidates(session: Session, photo_id: int, look: Look) -> dict[int, Look]:
    """Photos kept before that share the most words with this one, and how they look."""
    shared = most_shared(session, look)
    ids = [one for one in shared if one != photo_id][:TRIED]
    wanted = (col(PhotoLook.photo_id).in_(ids), col(Photo.state) == PhotoState.KEPT)
    rows = session.exec(select(PhotoLook).join(Photo, col(Photo.id) == PhotoLook.photo_id).where(*wanted))
    return {row.photo_id: unpack(row.hash, row.spots, row.sketch) for row in rows}


def most_shared(session: Session, look: Look) -> list[int]:
    """Ids of the photos that share words with that look, those that share the most first."""
    words, connection = look.near_words(), session.connection()
    if on_postgresql(connection):
        return list(connection.exec_driver_sql(_MOST, (list(words), TRIED + 1)).scalars())
    # Values pass to and fro as one: as many as there are take longer to hand over than to look up and to count.
    found = connection.exec_driver_sql(_ALL, (str(list(words)),)).scalar()
    votes = Counter(found.split(",") if found else ())
    return [int(photo_id) for photo_id, _count in votes.most_common(TRIED + 1)]


def note(session: Session, photo_id: int, likes: Iterable[Like], now: datetime) -> list[Likeness]:
    """Write down what it is like, of two photos the one that was sent later; those to be spoken of. Beside each
    other in one draft or report, alike is nothing to speak of: who sends a picture as a photo and as a file means
    one."""
    told = []
    for like in likes:
        earlier_id, later_id = sorted((photo_id, like.photo_id))
        earlier, later = session.get_one(Photo, earlier_id), session.get_one(Photo, later_id)
        if photos.beside(session, later, earlier):
            _count_once(later, earlier)
        elif session.get(Likeness, (later_id, earlier_id)) is None:
            told.append(Likeness(photo_id=later_id, earlier_id=earlier_id, unlike=like.unlike, found_at=now))
            journal.write(
                session, None, "photo.like", f"photo:{later_id}", now, earlier=f"photo:{earlier_id}"
            )
    session.add_all(told)
    session.flush()
    return told


def _count_once(photo: Photo, other: Photo) -> None:
    """The file counts, the picture that Telegram made of it does not."""
    if photo.as_file != other.as_file and {photo.state, other.state} == {PhotoState.KEPT}:
        (other if photo.as_file else photo).state = PhotoState.REPEATED


def of_photos(session: Session, ids: Iterable[int]) -> list[Likeness]:
    """What is like one of these photos, earlier or later."""
    mine = list(ids)
    either = or_(col(Likeness.photo_id).in_(mine), col(Likeness.earlier_id).in_(mine))
    return list(
        session.exec(
            select(Likeness).where(either).order_by(col(Likeness.photo_id), col(Likeness.earlier_id))
        )
    )


def untold(session: Session, limit: int = 200) -> list[tuple[Likeness, Photo, Photo]]:
    """Likenesses of which nobody who supervises was told, both photos being in reports by now; with the two,
    later one first."""
    later, earlier = aliased(Photo), aliased(Photo)
    found = (
        select(Likeness, later, earlier)
        .join(later, col(Likeness.photo_id) == later.id)
        .join(earlier, col(Likeness.earlier_id) == earlier.id)
        .where(col(Likeness.told_at).is_(None), col(later.report_id).is_not(None))
        .where(col(earlier.report_id).is_not(None))
    )
    return list(session.exec(found.order_by(col(Likeness.photo_id), col(Likeness.earlier_id)).limit(limit)))


def standing(session: Session, photo: Photo) -> Report | None:
    """The report a photo is in, unless that was withdrawn: what was taken back may be sent anew."""
    report = session.get(Report, photo.report_id) if photo.report_id is not None else None
    return None if report is None or report.state == ReportState.WITHDRAWN else report


def forget(session: Session, photo_id: int) -> None:
    """Take a photo out of the index, with all that it was like."""
    row = session.get(PhotoLook, photo_id)
    if row is None:
        return
    for word in unpack(row.hash, row.spots, row.sketch).words():
        run(session, _FORGET, shared=word, mine=photo_id)
    for likeness in of_photos(session, [photo_id]):
        session.delete(likeness)
    session.delete(row)
    session.flush()
