"""Workbooks for offices: sheets with a title, heads that stay in sight, filters and widths. Rows are written as they
come and take no memory. Text is text, whatever it begins with; numbers and days are what they are.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet


@dataclass(frozen=True)
class Link:
    """A number that opens an address of ours; nobody's words are in it."""

    shown: int
    url: str


Value = str | int | float | date | datetime | Link | None
FONT = "宋体"  # not for people: name of a font
LONGEST = 32_767
"""Characters a cell can hold."""
LINE, MOST_LINES = 15, 27
"""Points of a line, and the lines of the highest row there can be."""
A4, A3, MOST_ON_A4 = 9, 8, 200
"""Numbers of papers, and the characters a line of A4 can show legibly."""
LAST = 1_048_575
"""The last row of a sheet, counted from 0."""
_TITLE, _HEAD, _TOP = 0, 1, 2
_MOST = 100
"""Columns of a sheet at most."""
_NAMES = tuple(xl_col_to_name(place) for place in range(_MOST))
_ODD = re.compile(r"[&<>_\x00-\x1f\x7f\ufffe\uffff]|^\s|\s$")
"""What a text cannot be written with as it is."""
_BEGAN = datetime(1899, 12, 30)  # noqa: DTZ001 - as a cell has it
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Column:
    """`head` as it is shown, `width` in characters (a Chinese one takes two)."""

    head: str
    width: int


class _Page(Worksheet):  # type: ignore[misc] # xlsxwriter tells no types
    """A worksheet that writes plain texts, numbers and empty cells in one piece, in a third of the time; whatever else
    there is goes its own way."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        style, kind = cell.format.xf_index if cell.format else None, cell.__class__.__name__
        # The first cell of a format gives it its number.
        if style is None or col >= _MOST:
            super()._write_cell(row, col, cell)
        elif kind == "String" and not _ODD.search(cell.string):
            self.fh.write(
                f'<c r="{_NAMES[col]}{row + 1}" s="{style}" t="inlineStr"><is><t>{cell.string}</t></is></c>'
            )
        elif kind == "Number":
            self.fh.write(f'<c r="{_NAMES[col]}{row + 1}" s="{style}"><v>{cell.number:.16G}</v></c>')
        elif kind == "Blank":
            self.fh.write(f'<c r="{_NAMES[col]}{row + 1}" s="{style}"/>')
        else:
            super()._write_cell(row, col, cell)


@dataclass
class Sheet:
    """A sheet under way. Rows beyond what a sheet can hold go on in another one."""

    book: "Book"
    name: str
    title: str
    columns: Sequence[Column]
    page: Worksheet = field(init=False)
    count: int = 0
    """Rows so far, on whatever page."""
    _next: int = _TOP
    _pages: int = 0

    def __post_init__(self) -> None:
        self._widths = [column.width for column in self.columns]
        self._turn()

    def add(self, *values: Value, lines: int = 1) -> None:
        """One row, at least so many lines high. A datetime is shown as it says, so it is handed in local."""
        if self._next > LAST:
            self.close()
            self._turn()
        for value, width in zip(values, self._widths, strict=False):
            if isinstance(value, str) and (2 * len(value) > width or "\n" in value):
                lines = max(lines, _lines(value, width))
        if lines > 1:
            self.page.set_row(self._next, LINE * min(lines, MOST_LINES))
        for place, value in enumerate(values):
            self._write(place, value)
        # The row before is in the file by now; what xlsxwriter knows of its height would take memory for ever.
        for known in (self.page.row_info, self.page.row_sizes):
            known.pop(self._next - 1, None)
        self._next += 1
        self.count += 1

    def close(self) -> None:
        """Filters over what was written."""
        self.page.autofilter(_HEAD, 0, max(self._next - 1, _HEAD), len(self.columns) - 1)

    def _turn(self) -> None:
        """The next page of the sheet: title, heads, widths."""
        self._pages += 1
        name = self.name if self._pages == 1 else f"{self.name[:28]} {self._pages}"
        self.page = self.book.file.add_worksheet(name[:31], worksheet_class=_Page)
        self._next = _TOP
        for place, column in enumerate(self.columns):
            self.page.set_column(place, place, column.width)
        self.page.freeze_panes(_TOP, 0)
        self.page.set_landscape()
        self.page.set_paper(A4 if sum(self._widths) <= MOST_ON_A4 else A3)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(_HEAD)
        self.page.write_string(_TITLE, 0, self.title, self.book.shapes["title"])
        self.page.set_row(_HEAD, LINE * max(_lines(column.head, column.width) for column in self.columns))
        for place, column in enumerate(self.columns):
            self.page.write_string(_HEAD, place, column.head, self.book.shapes["head"])

    def _write(self, place: int, value: Value) -> None:
        shapes, row = self.book.shapes, self._next
        if value is None or value == "":
            self.page.write_blank(row, place, None, shapes["cell"])
        elif isinstance(value, str):
            self.page.write_string(row, place, _plain(value), shapes["cell"])
        elif isinstance(value, datetime):
            self.page.write_number(row, place, (value.replace(tzinfo=None) - _BEGAN) / _DAY, shapes["moment"])
        elif isinstance(value, date):
            self.page.write_number(row, place, value.toordinal() - _BEGAN.toordinal(), shapes["day"])
        elif isinstance(value, Link):
            # A formula, because a sheet remembers each of its links in memory.
            self.page.write_formula(
                row, place, f'=HYPERLINK("{value.url}",{value.shown})', shapes["link"], value.shown
            )
        else:
            self.page.write_number(row, place, value, shapes["number"])


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column, a Chinese character being two wide (it has three bytes)."""
    if "\n" in text:
        return sum(_lines(line, width) for line in text.split("\n"))
    return max(1, -(-(len(text) + len(text.encode("utf-8", "replace"))) // (2 * width)))


def _plain(text: str) -> str:
    """What a cell can hold; half a character is none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text[:LONGEST]


class Book:
    """A workbook under way. Its sheets may be written turn about, each row by row."""

    def __init__(self, file: Workbook) -> None:
        self.file = file
        self.shapes = _shapes(file)
        self._sheets: list[Sheet] = []

    def sheet(self, name: str, title: str, columns: Sequence[Column]) -> Sheet:
        self._sheets.append(Sheet(self, name, title, columns))
        return self._sheets[-1]

    def finish(self) -> None:
        """The sheets are whole."""
        for sheet in self._sheets:
            sheet.close()


def _shapes(file: Workbook) -> dict[str, Format]:
    usual = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True, "border": 1}
    return {
        "title": file.add_format({"font_name": FONT, "font_size": 16, "bold": True}),
        "head": file.add_format(usual | {"bold": True, "align": "center", "bg_color": "#EDEDED"}),
        "cell": file.add_format(usual),
        "number": file.add_format(usual | {"align": "center"}),
        "link": file.add_format(usual | {"align": "center", "font_color": "#0563C1", "underline": 1}),
        "day": file.add_format(usual | {"align": "center", "num_format": "yyyy-mm-dd"}),
        "moment": file.add_format(usual | {"align": "center", "num_format": "yyyy-mm-dd hh:mm"}),
    }


@contextmanager
def writing(out: IO[bytes]) -> Iterator[Book]:
    """A workbook that is written to `out` when everything has gone well. What is under way is in a folder that
    goes away whatever happens."""
    with tempfile.TemporaryDirectory() as folder:
        file = Workbook(out, {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False})
        book = Book(file)
        try:
            yield book
        except BaseException:
            for page in file.worksheets():
                page.row_data_fh.close()
            raise
        book.finish()
        file.close()


def columns(pairs: Iterable[tuple[str, int]]) -> tuple[Column, ...]:
    """Columns of (head, width)."""
    return tuple(Column(head, width) for head, width in pairs)
