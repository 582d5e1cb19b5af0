"""What an evidence pack is made of: a report's photos with what is known of each, and its lines of the journal
with the links of the chain up to a head that was printed."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, select

from storage import photos, summaries
from storage.journal import JournalEntry
from storage.photo import Photo, PhotoState
from storage.photos import PhotoCopy
from storage.report import Report

PAGE = 1000


def by_number(session: Session, number: str) -> Report | None:
    return session.exec(select(Report).where(Report.number == number.strip().upper())).first()


def kept(session: Session, report_id: int) -> list[Photo]:
    """The report's photos whose bytes are here, those sent twice too."""
    found = select(Photo).where(Photo.report_id == report_id, col(Photo.sha256).is_not(None))
    return list(session.exec(found.order_by(col(Photo.id))))


def shown(session: Session, photo: Photo) -> str | None:
    """The picture by which a page shows it, where browsers cannot show the original."""
    copy = session.get(PhotoCopy, (photo.id, photos.PREVIEW))
    return copy.sha256 if copy else None


def facts(session: Session, photo: Photo, *, reveal: bool) -> dict[str, Any]:
    """What is known of a photo; what the phone claims stands apart. Its place only with `reveal`, which the caller
    journals."""
    claimed: dict[str, Any] = {"taken_at": photo.taken_at, "camera": photo.camera, "software": photo.software}
    place = photos.place_of(session, photo) if reveal else None
    if place is not None:
        claimed |= {"latitude": place[0], "longitude": place[1]}
    return {
        "sha256": photo.sha256, "bytes": photo.length, "mime": photo.mime, "width": photo.width,
        "height": photo.height, "orientation": photo.orientation, "received_at": photo.received_at.isoformat(),
        "telegram_unique_id": photo.unique_id, "sent_as": "file" if photo.as_file else "photo",
        "repeated": photo.state == PhotoState.REPEATED, "question": photo.question, "step": photo.step_id,
        "claimed_by_phone": claimed,
    }  # fmt: skip


def lines(session: Session, reports: Sequence[Report]) -> list[JournalEntry]:
    """Every line of the journal about these reports and their photos, in the chain's order."""
    records = [f"report:{one.number}" for one in reports]
    records += [f"photo:{photo.id}" for one in reports for photo in kept(session, one.id or 0)]
    found = [
        line
        for start in range(0, len(records), PAGE)
        for line in session.exec(
            select(JournalEntry).where(col(JournalEntry.record).in_(records[start : start + PAGE]))
        )
    ]
    return sorted(found, key=lambda line: (line.seq or 0, line.id or 0))


def links(session: Session, told: Sequence[JournalEntry]) -> Iterator[tuple[int, str, str]]:
    """(place, commitment, hash) of each link of the chain, from the first of these lines (and the one before it,
    which it follows) to the first head after them that a weekly summary printed, else to the end."""
    places = [line.seq for line in told if line.seq is not None]
    if not places:
        return
    heads, after, last = summaries.printed_heads(session), min(places) - 2, max(places)
    while page := _after(session, after):
        for line in page:
            after, digest = line.seq or 0, (line.hash or b"").hex()
            yield after, line.commitment.hex(), digest
            if after >= last and digest[:16] in heads:
                return
        session.expunge_all()


def _after(session: Session, seq: int) -> list[JournalEntry]:
    later = select(JournalEntry).where(col(JournalEntry.seq) > seq).order_by(col(JournalEntry.seq))
    return list(session.exec(later.limit(PAGE)))
