"""Rows of reports as files that offices open: a workbook with their columns, or CSV. Written as they come."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO

from reports import workbooks
from reports.export import BOM, cell
from storage.rows import Row
from storage.texts import N_, _

COLUMNS: tuple[tuple[str, int], ...] = (
    (N_("序号"), 7), (N_("编号"), 20), (N_("类型"), 12), (N_("乡镇"), 14), (N_("村"), 14), (N_("户主"), 10),
    (N_("日期"), 12), (N_("内容"), 60), (N_("状态"), 14), (N_("上报人"), 10), (N_("工作队"), 18), (N_("上报时间"), 18),
    (N_("期限"), 18), (N_("照片张数"), 10),
)  # fmt: skip
"""Heads and widths in characters."""
_TEXT = 56
"""Characters of a line of the widest column, where contents stand."""
Told = Callable[[int], None]
"""Hears how many rows are written. May raise Stopped."""


class Stopped(Exception):
    """Whoever asked has cancelled it."""


def xlsx(batches: Iterable[list[Row]], out: IO[bytes], title: str, told: Told) -> int:
    """A workbook of the rows; how many."""
    heads = workbooks.columns((_(head), width) for head, width in COLUMNS)
    with workbooks.writing(out) as book:
        sheet = book.sheet(_("记录"), title, heads)
        for batch in batches:
            for row in batch:
                sheet.add(sheet.count + 1, *values(row), lines=_lines(row.text))
            told(sheet.count)
    return sheet.count


def csv_file(batches: Iterable[list[Row]], out: IO[str], told: Told) -> int:
    """The same as CSV: every cell quoted, none begins a formula, with the mark that spreadsheets look for."""
    count = 0
    out.write(BOM)
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([_(head) for head, _width in COLUMNS])
    for batch in batches:
        for row in batch:
            count += 1
            writer.writerow([str(count), *map(cell, _plain(row))])
        told(count)
    return count


def _lines(text: str) -> int:
    """How many lines the text takes in its column, where a Chinese character is as wide as two others."""
    # Three bytes of UTF-8 are a Chinese character, two wide; one byte is one wide.
    return sum(1 + (len(one) + len(one.encode("utf-8", "replace"))) // 2 // _TEXT for one in text.split("\n"))


def values(row: Row) -> tuple[workbooks.Value, ...]:
    """The cells behind the running number."""
    return (
        row.number, row.kind, row.town, row.village, row.head, row.happened, row.text, row.state, row.author, row.team,
        row.sent_at, row.due_at, row.photos,
    )  # fmt: skip


def _plain(row: Row) -> Iterator[str]:
    for value in values(row):
        if isinstance(value, datetime):
            yield f"{value:%Y-%m-%d %H:%M}"
        else:
            yield "" if value is None else str(value)
