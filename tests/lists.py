"""Lists as people send them: workbooks of rows."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook


def workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.worksheets[0].append(list(row))
    made.save(out)
    return out.getvalue()
