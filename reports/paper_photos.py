"""Photos at the end of a Word document, two beside each other. Heavy: for a process of its own."""

import io
from collections.abc import Iterator, Sequence

from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import _Cell

from reports import pictures
from reports.official import HEAD, SMALL, line, write
from storage import picture
from storage.texts import _

WIDE = Mm(156)
"""Between the margins."""
TALL = Mm(70)
ACROSS = 2
LONGEST = 1000
"""Pixels of a photo's longer side: sharp on paper at this size."""
Shown = tuple[bytes, str]
"""A picture, and what stands below it beside its number."""


def photos(paper: Paper, head: str, shown: Sequence[Shown], more: int) -> None:
    """A page of them under a head, those that can be read; how many `more` there are elsewhere."""
    readable = list(_readable(shown))
    if not readable:
        return
    made = line(paper)
    made.paragraph_format.page_break_before = True
    write(made, head, HEAD)
    table = paper.add_table(rows=0, cols=ACROSS)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for start in range(0, len(readable), ACROSS):
        cells = table.add_row().cells
        for place, one in enumerate(readable[start : start + ACROSS]):
            _photo(cells[place], start + place + 1, *one)
    if more:
        write(line(paper), _("另有 {count} 张，见电子记录。").format(count=more), size=SMALL)


def _photo(cell: _Cell, number: int, data: bytes, about: str) -> None:
    above = cell.paragraphs[0]
    above.alignment = WD_ALIGN_PARAGRAPH.CENTER
    above.paragraph_format.keep_with_next = True
    made = above.add_run().add_picture(io.BytesIO(data))
    scale = min((WIDE / ACROSS - Mm(6)) / made.width, TALL / made.height)
    made.width, made.height = round(made.width * scale), round(made.height * scale)
    below = cell.add_paragraph()
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below.paragraph_format.space_after = Pt(6)
    write(below, f"{_('照片 {number}').format(number=number)} {about}".strip(), size=SMALL)


def _readable(shown: Sequence[Shown]) -> Iterator[Shown]:
    for data, about in shown:
        try:
            yield pictures.preview(data, LONGEST), about
        except picture.Unreadable:
            continue
