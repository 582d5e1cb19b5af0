"""The photos of reports as zips with names that people can read, and a list of what each is."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from reports.evidence import ENDINGS
from reports.export import BOM, cell
from reports.tables import Told
from storage import evidence, photos
from storage.files import Files
from storage.photo import Photo
from storage.rows import Row
from storage.texts import N_, _

MANIFEST = N_("照片清单")
_HEADS = (
    N_("文件"), N_("编号"), N_("类型"), N_("村"), N_("日期"), N_("收到时间"), N_("宽"), N_("高"), N_("字节"), "SHA-256",
)  # fmt: skip


@dataclass
class Zips:
    """Zips under way in a folder, each at most `most` bytes of photos (0: one zip, however large)."""

    folder: Path
    name: str
    most: int
    now: datetime
    made: list[Path] = field(default_factory=list)
    missing: int = 0
    """Photos whose bytes are not here as they were."""
    count: int = 0
    _lines: list[list[str]] = field(default_factory=list)
    _size: int = 0
    _zip: zipfile.ZipFile | None = None

    def add(self, name: str, pieces: Iterable[bytes], size: int, about: list[str]) -> None:
        if self._zip is None or (self.most and self._size + size > self.most):
            self.close()
            self._open()
        _file(self._zip, name, pieces, self.now)
        self._lines.append([name, *about])
        self._size += size
        self.count += 1

    def miss(self, about: list[str]) -> None:
        """A photo whose bytes are not here: the list says so."""
        self.missing += 1
        if self._zip is None:
            self._open()
        self._lines.append(["", *about])

    def _open(self) -> None:
        number = f" {len(self.made) + 1}" if self.most else ""
        self.made.append(self.folder / f"{self.name}{number}.zip")
        self._zip = zipfile.ZipFile(self.made[-1], "x", zipfile.ZIP_STORED)

    def close(self) -> None:
        """The list of what is in it, and its end."""
        if self._zip is None:
            return
        out = io.StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerow([_(head) for head in _HEADS])
        writer.writerows([cell(one) for one in line] for line in self._lines)
        _file(self._zip, f"{_(MANIFEST)}.csv", [(BOM + out.getvalue()).encode()], self.now)
        self._zip.close()
        self._zip, self._size, self._lines = None, 0, []


def _file(archive: zipfile.ZipFile | None, name: str, pieces: Iterable[bytes], now: datetime) -> None:
    assert archive is not None  # it was opened just before
    about = zipfile.ZipInfo(name, now.timetuple()[:6])
    about.external_attr = 0o644 << 16
    with archive.open(about, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)


@contextmanager
def zips(folder: Path, name: str, most: int, now: datetime) -> Iterator[Zips]:
    made = Zips(folder, name, most, now)
    try:
        yield made
    finally:
        made.close()


def write(
    session: Session, batches: Iterable[list[Row]], files: Files, out: Zips, told: Told, *, reveal: bool
) -> int:
    """Every kept photo of the rows, in their order; how many rows were looked at. Originals that were sent as
    files may tell where a household lives: without `reveal` their upright copies stand for them."""
    seen = 0
    for rows in batches:
        for row in rows:
            seen += 1
            for place, photo in enumerate(evidence.kept(session, row.report_id) if row.photos else [], 1):
                plain = photo.sha256 if reveal or not photo.as_file else photos.shown(session, photo)
                _add(out, row, photo, f"{row.number}-{place:02d}", files, plain)
            told(seen)
    return seen


def _add(out: Zips, row: Row, photo: Photo, name: str, files: Files, sha: str | None) -> None:
    """The bytes, or a line without a file when they are not here or were changed."""
    try:
        whole = sha is not None and files.whole(sha)
    except FileNotFoundError:
        whole = False
    received = photo.received_at.astimezone(row.sent_at.tzinfo)
    about = [
        row.number, row.kind, row.village, f"{row.happened}", f"{received:%Y-%m-%d %H:%M:%S}",
        str(photo.width or ""), str(photo.height or ""), str(photo.length or ""), sha or "",
    ]  # fmt: skip
    if sha is None or not whole:
        out.miss(about)
        return
    folder = row.village.replace("/", " ").strip(". ") or row.town
    ending = ENDINGS.get(photo.mime or "", "bin") if sha == photo.sha256 else "jpg"
    out.add(f"{folder}/{row.happened} {name}.{ending}", files.pieces(sha), photo.length or 0, about)
