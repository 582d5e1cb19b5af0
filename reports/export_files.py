"""What a filter finds as files in the form that was chosen: a workbook, a CSV file, zips of photos, or a document of
one record."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reports import case_paper, photo_zip, tables
from reports.tables import Told
from storage import reading
from storage.exports import Form
from storage.files import Files
from storage.identity import Actor
from storage.reading import Filter
from storage.rows import Rows


@dataclass(frozen=True)
class Target:
    """Where the files go. `name` is that of a file without its ending, `title` stands in a workbook; a zip holds at
    most `most` bytes of photos (0: one zip, however large), its entries are dated `now`."""

    folder: Path
    name: str
    title: str
    most: int
    now: datetime


def write(
    form: Form, made: Rows, actor: Actor | None, asked: Filter, files: Files, to: Target, told: Told
) -> tuple[list[Path], int]:
    """The files, and how many reports were looked at. Without a report there is a table of heads alone, without a
    photo no zip. Without an actor everything, for the owner of the machine."""
    if form is Form.DOCX:
        return _document(made, actor, asked, files, to)
    batches = (made.of(batch) for batch in reading.batches(made.session, actor, asked))
    if form is Form.PHOTOS:
        with photo_zip.zips(to.folder, to.name, to.most, to.now) as out:
            count = photo_zip.write(made.session, batches, files, out, told, reveal=made.reason)
        return out.made, count
    path = to.folder / f"{to.name}.{form}"
    if form is Form.CSV:
        with path.open("x", encoding="utf-8", newline="") as text:
            return [path], tables.csv_file(batches, text, told)
    with path.open("xb") as book:
        return [path], tables.xlsx(batches, book, to.title, told)


def _document(
    made: Rows, actor: Actor | None, asked: Filter, files: Files, to: Target
) -> tuple[list[Path], int]:
    """The newest record alone: a whole number is that of one."""
    from reports import case_document  # the library of documents is loaded where one is made

    found = reading.page(made.session, actor, asked, limit=1, everything=actor is None).rows
    if not found:
        return [], 0
    case = case_paper.paper(made, found[0])
    path = to.folder / f"{case.number}.docx"
    path.write_bytes(case_document.draw(case, [files.read(sha) for sha, _about in case.photos]))
    return [path], 1
