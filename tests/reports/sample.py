"""Figures as they might be, made by hand."""

from datetime import UTC, datetime

from reports.figures import Figures
from reports.week_lines import Line
from storage.matters import Matter
from storage.tallies import Tally

AT = datetime(2026, 11, 12, 1, tzinfo=UTC)


def line(number: int, **counts: int) -> Line:
    return Line(
        f"120114{number:03}", f"第{number}镇", Tally(visits=200 - number, **counts), Tally(visits=90), 9, 1
    )


def sample(**changes: object) -> Figures:
    fields = {
        "scope": "120114", "name": "武清区", "week": "2026-W47",
        "start": "2026-11-13T16:00:00+08:00", "end": "2026-11-20T16:00:00+08:00",
        "total": Tally(386, 351, 92, 740, 14, 2, 6, 4, 3, 3, 5, 4, 21, 0, 1, 2, 7, 4, 3, 20, 17, 3),
        "before": Tally(361, 351, 101, 700, 9, 1, 2, 5, 1, 1),
        "lines": tuple(line(number) for number in range(1, 20)), "teams": 171,
        "silent": ("蒙村工作队", "大桃园村工作队"),
        "days": tuple((f"2026-11-{day}", day * 3) for day in range(13, 21)),
        "urgent": (Matter(1, "KN-20261117-0003", "蒙村", AT, "allowance"),
                   Matter(2, "KN-20261118-0001", "大桃园村", AT, "disabled")),
        "overdue": (Matter(3, "ZG-20261101-0002", "北楼村", AT),),
        "journal": "9f86d081884c7d65", "counted_at": "2026-11-20T16:00:08+08:00",
    } | changes  # fmt: skip
    return Figures(**fields)  # type: ignore[arg-type]  # a sample puts its fields together by name
