"""Lists that people bring as csv or xlsx: the header row is found, each fault is told with its cell."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.refusals import Refusal
from storage.texts import _, listed

HEADER_WITHIN = 10
"""Lists often begin with a title and a date: the header is looked for in that many rows."""
LOST = 10**15
"""From here on a spreadsheet keeps a number's first 15 digits only, and the rest is gone."""

MOST = 3000
"""Rows of a list that somebody sends in chat."""
UNPACKED = 100 * 2**20
"""Bytes of a workbook that is unpacked: no list of people is larger."""

Columns = Mapping[str, tuple[str, ...]]
"""Our name of a column → the headings people give it."""


@dataclass(frozen=True)
class BadCell:
    """A fault: the row's number as the spreadsheet shows it, the cell ("B7"), and what to do about it."""

    row: int
    cell: str
    what: str


@dataclass(frozen=True)
class Line:
    """One row under the header. Columns the list does not have are empty."""

    number: int
    cells: tuple[Any, ...]
    columns: Mapping[str, int]

    def raw(self, column: str) -> Any:
        place = self.columns.get(column)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def text(self, column: str) -> str:
        """The cell as people see it, without spaces around it; a whole number has no ".0"."""
        value = self.raw(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()

    def digits_lost(self, column: str) -> bool:
        """A long number was kept as a number, so its last digits are zeros."""
        value = self.raw(column)
        return isinstance(value, int | float) and abs(value) >= LOST

    def fault(self, column: str, what: str) -> BadCell:
        return BadCell(self.number, f"{letter(self.columns.get(column, 0))}{self.number}", what)


@dataclass(frozen=True)
class Known:
    """A row whose case is open already, and the case's number."""

    line: Line
    number: str


@dataclass(frozen=True)
class Read:
    """A list as it was read: the file's name and its rows, those above the header too."""

    name: str
    rows: list[list[Any]]


Given = Path | Read


def lines(given: Given, columns: Columns, needed: frozenset[str]) -> Iterator[Line]:
    """The rows of a csv or xlsx (first sheet) that are not empty. Raises Refusal when the file cannot be
    read or a needed column has no heading."""
    read = given if isinstance(given, Read) else _read(given)
    rows = read.rows
    at, found = _header(rows, columns)
    missing = sorted(needed - found.keys())
    if missing:
        headings = listed(columns[name][0] for name in missing)
        raise Refusal(_("{file} 里没有找到这些列：{columns}。请在表头写上这些列名。").format(
            file=read.name, columns=headings))  # fmt: skip
    for number, cells in enumerate(rows[at + 1 :], start=at + 2):
        if any(str(cell).strip() for cell in cells if cell is not None):
            yield Line(number, tuple(cells), found)


def has(read: Read, columns: Columns, needed: frozenset[str]) -> bool:
    """Whether a list has a heading for each of these columns."""
    return needed <= _header(read.rows, columns)[1].keys()


def _header(rows: list[list[Any]], columns: Columns) -> tuple[int, dict[str, int]]:
    """The row, among the first, that names most of the columns: its place, and where each column is."""
    found = [_named(row, columns) for row in rows[:HEADER_WITHIN]] or [{}]
    best = max(range(len(found)), key=lambda at: (len(found[at]), -at))
    return best, found[best]


def _named(row: list[Any], columns: Columns) -> dict[str, int]:
    headings = {_plain(cell): place for place, cell in reversed(list(enumerate(row))) if cell is not None}
    return {
        name: headings[_plain(heading)]
        for name, usual in columns.items()
        for heading in reversed(usual)
        if _plain(heading) in headings
    }


def _plain(heading: object) -> str:
    """A heading without spaces, line breaks, the star of a needed column, and remarks in brackets."""
    return (
        "".join(str(heading).split())
        .replace("*", "")
        .replace("＊", "")
        .split("(")[0]
        .split("（")[0]
        .casefold()
    )


def letter(column: int) -> str:
    """A spreadsheet's name of a column, counted from 0: A … Z, AA …"""
    higher, place = divmod(column, 26)
    return (letter(higher - 1) if higher else "") + chr(ord("A") + place)


def _read(path: Path) -> Read:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(_("打不开文件 {file}，请检查路径。").format(file=path)) from error
    return parse(path.name, data)


def parse(name: str, data: bytes, most: int | None = None) -> Read:
    """A csv or xlsx (first sheet) of that name and of so many rows. Raises Refusal when it cannot be read."""
    if name.lower().endswith(".xlsx"):
        rows = _workbook(name, data)
    else:
        rows = [list(row) for row in csv.reader(io.StringIO(_decoded(name, data), newline=""))]
    if most is not None and len(rows) > most:
        raise Refusal(_("{file} 超过 {most} 行，请分成几份来发。").format(file=name, most=most))
    return Read(name, rows)


def _workbook(name: str, data: bytes) -> list[list[Any]]:
    # Here, because it brings numpy along and most commands read no workbook.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED:
                raise Refusal(_("{file} 太大了，请只留清单那一张表，分成几份。").format(file=name))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise Refusal(_("{file} 不是能读的 xlsx 工作簿，请用 Excel 或 WPS 另存为 xlsx。").format(
            file=name)) from error  # fmt: skip


def _decoded(name: str, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(_("{file} 不是能读的文字表格，请另存为 xlsx，或 UTF-8 的 csv。").format(file=name))
