"""An evidence pack: originals, a manifest, the journal's lines, a page to read them, and the hash of each file, so
that anybody can check it with sha256sum alone.

    originals/…      photos as they came, named by report and place
    shown/…          upright JPEGs of those that browsers cannot show
    manifest.json    what is known of each photo and report
    journal.jsonl    the journal's lines about them; chain.txt the links of the chain up to a printed head
    index.html       all of it to read
    SHA256SUMS       the hash of every other file
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from reports import evidence_page
from reports.evidence_page import Record, Shot
from reports.listing import kind_title
from storage import briefs, county, evidence, journal, names, picking, showing
from storage.answers import sees
from storage.files import Files
from storage.journal import JournalEntry
from storage.photo import Photo
from storage.redact import HIDDEN, redact
from storage.report import Report
from storage.showing import Channel, Of, degree
from storage.states import state_of
from storage.texts import _, labelled

SUMS = "SHA256SUMS"
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "image/avif": "avif",
            "image/heic": "heic", "image/heif": "heif"}  # fmt: skip
_SHOWN = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")


@dataclass
class Pack:
    """A zip under way. `missing` counts photos whose bytes are not here as they were."""

    archive: zipfile.ZipFile
    made_at: datetime
    sums: list[tuple[str, str]] = field(default_factory=list)
    missing: int = 0

    def add(self, name: str, pieces: Iterable[bytes]) -> str:
        """A file of the pack, a piece at a time; its SHA-256."""
        digest = hashlib.sha256()
        about = zipfile.ZipInfo(name, self.made_at.timetuple()[:6])
        about.external_attr = 0o644 << 16
        with self.archive.open(about, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        self.sums.append((digest.hexdigest(), name))
        return digest.hexdigest()

    def close(self) -> str:
        """Write the hashes. Their own hash, by which the whole pack is known."""
        sums = "".join(f"{sha}  {name}\n" for sha, name in self.sums)
        return self.add(SUMS, [sums.encode()])


def write(
    session: Session, reports: Sequence[Report], files: Files, pack: Pack, about: Sequence[str], *,
    reveal: bool, told: Callable[[int, int], None],
) -> str:  # fmt: skip
    """Fill a pack; the hash of its SHA256SUMS. Names, places and numbers are masked unless `reveal`, which the
    caller journals."""
    photos = [evidence.kept(session, one.id or 0) for one in reports]
    count = sum(map(len, photos))
    made, done = [], 0
    for report, kept in zip(reports, photos, strict=True):
        shots = []
        for place, photo in enumerate(kept, 1):
            shots.append(_shot(session, report, photo, place, files, pack, reveal=reveal))
            done += 1
            told(done, count)
        made.append((report, shots))
    _texts(session, made, evidence.lines(session, reports), pack, about, reveal=reveal)
    return pack.close()


def _shot(
    session: Session, report: Report, photo: Photo, place: int, files: Files, pack: Pack, *, reveal: bool
) -> Shot:
    facts = evidence.facts(session, photo, reveal=reveal)
    received = f"{photo.received_at.astimezone(county.zone(session)):%Y-%m-%d %H:%M:%S}"
    sha, name = photo.sha256 or "", f"{report.number}-{place:02d}"
    try:
        whole = files.whole(sha)
    except FileNotFoundError:
        whole = False
    if not whole:
        pack.missing += 1
        return Shot("", "", facts, received, missing=True)
    original = f"originals/{name}.{ENDINGS.get(photo.mime or '', 'bin')}"
    pack.add(original, files.pieces(sha))
    return Shot(original, _beside(session, photo, name, files, pack), facts, received)


def _beside(session: Session, photo: Photo, name: str, files: Files, pack: Pack) -> str:
    """An upright JPEG beside an original that browsers cannot show."""
    copy = evidence.shown(session, photo) if photo.mime not in _SHOWN else None
    if copy is None:
        return ""
    try:
        pack.add(f"shown/{name}.jpg", [files.read(copy)])
    except FileNotFoundError:
        return ""
    return f"shown/{name}.jpg"


def _texts(
    session: Session, made: list[tuple[Report, list[Shot]]], told: Sequence[JournalEntry], pack: Pack,
    about: Sequence[str], *, reveal: bool,
) -> None:  # fmt: skip
    manifest = {
        "made_at": pack.made_at.isoformat(),
        "reports": [_manifest(session, report, shots) for report, shots in made],
    }
    lines = [journal.as_data(line) for line in told]
    pack.add("manifest.json", [_json(manifest, indent=1).encode()])
    pack.add("journal.jsonl", (f"{_json(line)}\n".encode() for line in lines))
    pack.add(
        "chain.txt",
        (
            f"{seq} {commitment} {digest}\n".encode()
            for seq, commitment, digest in evidence.links(session, told)
        ),
    )
    records = [Record(*_words(session, report, reveal=reveal), tuple(shots)) for report, shots in made]
    pack.add("index.html", [evidence_page.page(records, lines, about).encode()])


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _manifest(session: Session, report: Report, shots: Sequence[Shot]) -> dict[str, Any]:
    return {
        "number": report.number, "kind": report.kind, "village": report.village, "state": report.state.value,
        "sent_at": report.sent_at.isoformat(), "revision": report.revision,
        "team": briefs.team_name(session, report.team_id) or None,
        "photos": [{"file": shot.original or None, "missing": shot.missing, **shot.facts} for shot in shots],
    }  # fmt: skip


def _words(session: Session, report: Report, *, reveal: bool) -> tuple[str, tuple[str, ...]]:
    """Title and lines of a report on the page."""
    zone = county.zone(session)
    shown = degree(Of.COLLEAGUE, Channel.FILE, reason=reveal)
    name = showing.name(names.full(session, report.author_id), shown)
    where = picking.village_name(session, report.village)
    lines = [
        labelled(_("上报"), f"{name} · {where} · {report.sent_at.astimezone(zone):%Y-%m-%d %H:%M}"),
        labelled(_("状态"), state_of(report)),
        *_answers(session, report, reveal=reveal),
    ]
    return f"{kind_title(report.kind)} {report.number}", tuple(lines)


def _answers(session: Session, report: Report, *, reveal: bool) -> Iterator[str]:
    for _name, label, text in sees(session, report, mask=not reveal, reason=reveal):
        yield labelled(label, text if reveal else redact(text, HIDDEN))
