"""Pictures made of photos on demand: kept under a name that tells what they were made of, so that they are made
once and anew when something changed. They can be deleted at any time; originals never are."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from storage import letters
from storage.chats import Chat
from storage.photo import Photo, PhotoState
from storage.photos import PhotoCopy
from storage.report import Report, ReportState
from storage.summaries import Scope
from storage.tallies import Window
from storage.texts import _

STAMPED, PAIR, SHEET = "stamped", "pair", "sheet"
ON_DEMAND = (STAMPED, PAIR, SHEET)


def name_of(kind: str, *made_of: object) -> str:
    """The kind of a copy, and what it was made of."""
    return f"{kind}:{hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]}"


def known(session: Session, photo_id: int, name: str) -> str | None:
    """SHA-256 of a copy that was made before."""
    copy = session.get(PhotoCopy, (photo_id, name))
    return copy.sha256 if copy else None


def report(session: Session, report_id: int) -> Report:
    """Whose photos are drawn."""
    return session.get_one(Report, report_id)


def deletable(session: Session) -> list[PhotoCopy]:
    """Copies made on demand."""
    kinds = or_(*(col(PhotoCopy.kind).startswith(f"{kind}:") for kind in ON_DEMAND))
    return list(session.exec(select(PhotoCopy).where(kinds)))


def drop(session: Session, copies: Iterable[PhotoCopy]) -> set[str]:
    """Forget them. Hashes of files that nothing refers to any more."""
    shas = set()
    for copy in copies:
        session.delete(session.merge(copy))
        shas.add(copy.sha256)
    session.flush()
    copied = session.exec(select(PhotoCopy.sha256).where(col(PhotoCopy.sha256).in_(shas)))
    return shas - set(copied) - set(session.exec(select(Photo.sha256).where(col(Photo.sha256).in_(shas))))


def of_week(
    session: Session, scope: Scope, window: Window, most: int
) -> tuple[list[tuple[Photo, Report]], int]:
    """The kept photos of a week's reports, newest first, and how many there are beyond `most`."""
    standing = (Report.state != ReportState.WITHDRAWN, Photo.state == PhotoState.KEPT)
    found = (
        select(Photo, Report)
        .join(Report, col(Photo.report_id) == Report.id)
        .where(scope.reports(), window.holds(Report.sent_at), *standing)
        .order_by(col(Report.sent_at).desc(), col(Photo.id))
    )
    rows = list(session.exec(found))
    return rows[:most], max(0, len(rows) - most)


def send(session: Session, chat_id: int, shas: Sequence[str], caption: str, now: datetime) -> None:
    """Albums of ten; a single one by itself."""
    chat = session.get_one(Chat, chat_id)
    if not shas:
        letters.say(session, chat, "sendMessage", {"text": _("这里没有能做的照片。")}, now=now)
    for method, parameters in letters.album(shas, {"caption": caption}):
        letters.say(session, chat, method, parameters, now=now)
