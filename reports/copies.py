"""What is drawn of a report's or a week's photos, and with which words. Reads only; drawing is reports/stamps.py's."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from reports.stamps import MOST
from storage import county, names, photo_copies, photos, picking, places, proofs, showing, summaries
from storage.kinds.rectification import Rectification
from storage.photo import Photo, PhotoState
from storage.photo_copies import PAIR, SHEET, STAMPED
from storage.report import Report
from storage.showing import Channel, Of, degree
from storage.summaries import Scope
from storage.tallies import Window
from storage.texts import _

ROUGH, EXACT = 3, 5
"""Decimals of coordinates: some hundred metres where somebody lives, some metres elsewhere."""


@dataclass(frozen=True)
class Drawing:
    """A picture to be drawn: `sources` are SHA-256 of what it is made of, `words` those below each of them. It is
    kept with the photo `photo_id` under `name`."""

    what: str
    photo_id: int
    sources: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    title: str = ""
    more: int = 0

    @property
    def name(self) -> str:
        return photo_copies.name_of(self.what, self.sources, self.words, self.title, self.more)


def stamped(session: Session, report: Report) -> list[Drawing]:
    """One for each kept photo of a report. Coordinates are opened: whoever asks for them journals the reading."""
    shown = (one for one in photos.of_report(session, report) if one.state == PhotoState.KEPT)
    return [
        Drawing(STAMPED, one.id or 0, (one.sha256 or "",), (_stamp(session, report, one),), report.number)
        for one in shown
    ]


def _stamp(session: Session, report: Report, photo: Photo) -> tuple[str, ...]:
    told = _("收到 {time}").format(time=_time(session, photo.received_at, "%Y-%m-%d %H:%M:%S"))
    who = _("上报 {name}").format(
        name=showing.name(names.full(session, report.author_id), degree(Of.COLLEAGUE, Channel.PICTURE))
    )
    return (
        _where(session, report.village),
        f"{told} · {who}",
        " · ".join(filter(None, [report.number, _place(session, report, photo)])),
    )


def _where(session: Session, village: str) -> str:
    """County, town and village."""
    around = [places.region(session, village[:length]) for length in (6, 9)]
    return " ".join([one.name for one in around if one] + [picking.village_name(session, village)])


def _place(session: Session, report: Report, photo: Photo) -> str:
    """What the file says (WGS-84); of a household roughly: the picture may be forwarded."""
    place = photos.place_of(session, photo)
    if place is None:
        return ""
    decimals = EXACT if report.household_id is None else ROUGH
    return f"{place[0]:.{decimals}f}, {place[1]:.{decimals}f}"


def pair(session: Session, report: Report) -> list[Drawing]:
    """Each picture of the problem beside the one that shows it mended; of other kinds the first photo of the report
    beside the first that proves its latest step. None where one is missing."""
    if report.kind != Rectification.kind:
        return [_pair(session, report, *both) for both in _first_and_last(session, report)]
    found = proofs.matches(session, report)
    both_here = [
        (one.number, one.before, one.after) for one in found if one.after is not None and _here(one.after)
    ]
    return [
        _pair(session, report, before, after, f"{number}/{len(found)}" if len(found) > 1 else "")
        for number, before, after in both_here
        if _here(before)
    ]


def _here(photo: Photo) -> bool:
    return photo.state == PhotoState.KEPT


def _first_and_last(session: Session, report: Report) -> list[tuple[Photo, Photo]]:
    shown = [one for one in photos.of_report(session, report) if _here(one)]
    before = next((one for one in shown if one.step_id is None), None)
    steps = [one for one in shown if one.step_id is not None]
    after = next((one for one in steps if one.step_id == steps[-1].step_id), None)
    return [(before, after)] if before is not None and after is not None else []


def _pair(session: Session, report: Report, before: Photo, after: Photo, number: str = "") -> Drawing:
    words = tuple(
        (label, _("收到 {time}").format(time=_time(session, one.received_at, "%Y-%m-%d %H:%M")))
        for label, one in ((_("之前"), before), (_("之后"), after))
    )
    title = " ".join(filter(None, [report.number, picking.village_name(session, report.village), number]))
    return Drawing(PAIR, after.id or 0, (before.sha256 or "", after.sha256 or ""), words, title)


def sheet(session: Session, scope: Scope, window: Window, week: str) -> list[Drawing]:
    """The week's photos on one page, by their thumbnails."""
    rows, more = photo_copies.of_week(session, scope, window, MOST)
    if not rows:
        return []
    sources = tuple(_small(session, photo) for photo, _report in rows)
    words = tuple(
        (
            report.number,
            f"{picking.village_name(session, report.village)} {_time(session, report.sent_at, '%m-%d')}",
        )
        for _photo, report in rows
    )
    title = _("{name} {week} 照片").format(name=names.spoken(summaries.name_of(session, scope)), week=week)
    return [Drawing(SHEET, rows[0][0].id or 0, sources, words, title, more)]


def _small(session: Session, photo: Photo) -> str:
    return photo_copies.known(session, photo.id or 0, photos.THUMBNAIL) or photo.sha256 or ""


def _time(session: Session, at: datetime, shape: str) -> str:
    return at.astimezone(county.zone(session)).strftime(shape)
