"""xlsxwriter and nothing else, with the shapes of cells and the options that our workbooks have: what these are
measured beside."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any

from reports.workbooks import FONT, Value

Write = Any
"""(page, row, first column, values): writes the cells of a row."""


@contextmanager
def book(out: IO[bytes]) -> Iterator[tuple[Any, Write]]:
    """A workbook, and what writes a row of it."""
    from xlsxwriter import Workbook

    with tempfile.TemporaryDirectory() as folder:
        made = Workbook(out, {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False})
        usual: dict[str, Any] = {
            "font_name": FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True, "border": 1,
        }  # fmt: skip
        cell, day = made.add_format(usual), made.add_format(usual | {"num_format": "yyyy-mm-dd"})
        moment = made.add_format(usual | {"num_format": "yyyy-mm-dd hh:mm"})

        def write(page: Any, number: int, first: int, values: Iterable[Value]) -> None:
            for place, value in enumerate(values, first):
                if value is None or value == "":
                    page.write_blank(number, place, None, cell)
                elif isinstance(value, str):
                    page.write_string(number, place, value, cell)
                elif isinstance(value, datetime):
                    page.write_datetime(number, place, value.replace(tzinfo=None), moment)
                elif isinstance(value, date):
                    page.write_datetime(number, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - as a cell has it
                else:
                    page.write_number(number, place, value, cell)

        yield made, write
        made.close()
