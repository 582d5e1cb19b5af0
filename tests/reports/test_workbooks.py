"""Workbooks opened again: text stays text, numbers are numbers, heads stay, filters cover the rows."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from reports import workbooks
from reports.workbooks import Value

COLUMNS = workbooks.columns([("编号", 20), ("数", 8), ("日", 12), ("时", 18)])


def made(*rows: tuple[Value, ...], name: str = "走访台账") -> bytes:
    out = io.BytesIO()
    with workbooks.writing(out) as book:
        sheet = book.sheet(name, "武清区走访台账", COLUMNS)
        for row in rows:
            sheet.add(*row)
    return out.getvalue()


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def cells(book: Workbook, name: str) -> list[list[Any]]:
    return [list(row) for row in book[name].iter_rows(values_only=True)]


def test_title_heads_and_rows() -> None:
    day, moment = date(2026, 11, 20), datetime(2026, 11, 20, 16, tzinfo=UTC)
    rows = cells(opened(made(("ZF-1", 3, day, moment))), "走访台账")
    assert rows[0][0] == "武清区走访台账"
    assert rows[1] == ["编号", "数", "日", "时"]
    assert [str(one) for one in rows[2]] == ["ZF-1", "3", "2026-11-20 00:00:00", "2026-11-20 16:00:00"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "@x", "http://a.cn", "{=1}", "0012", "120114199001011234"])
def test_text_is_text(text: str) -> None:
    cell = opened(made((text, 1, None, None)))["走访台账"]["A3"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_signs_nobody_sees_break_nothing() -> None:
    value = opened(made(("a\x00\x0bb\ud83d", 1, None, None)))["走访台账"]["A3"].value
    assert "a" in str(value)


@pytest.mark.parametrize(
    "text", ["a<b>&c", "他说“好”", " 前后 ", "a_b", "a\nb", "a\tb", "</t></is>", "𠮷", "…", "]]>"]
)
def test_text_is_read_as_it_was(text: str) -> None:
    assert opened(made((text, 1, None, None)))["走访台账"]["A3"].value == text


@pytest.mark.parametrize("number", [0, -3, 12.5, 99.9, 10**12, 0.1 + 0.2])
def test_numbers_are_read_as_they_were(number: float) -> None:
    assert opened(made(("一", number, None, None)))["走访台账"]["B3"].value == pytest.approx(
        number, rel=1e-15
    )


def test_days_are_exact_to_the_minute_and_before_the_hour_changed() -> None:
    moments = [datetime(1985, 12, 1, 23, 59, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)]
    for moment in moments:
        row = cells(opened(made(("一", 1, moment.date(), moment))), "走访台账")[2]
        assert row[2:] == [datetime(*moment.date().timetuple()[:3]), moment.replace(tzinfo=None)]  # noqa: DTZ001 - as a cell has it


def test_rows_are_as_high_as_their_texts() -> None:
    """Programs that do not reckon it themselves would cut them."""
    rows = [
        ("长" * 25, 1, None, None),
        ("一\n二", 1, None, None),
        ("短", 1, None, None),
        ("a" * 20, 1, None, None),
    ]
    sheet = opened(made(*rows))["走访台账"]
    assert [sheet.row_dimensions[row].height for row in range(3, 7)] == [45, 30, None, None]
    assert sheet["B3"].alignment.horizontal == "center"


def test_a_head_that_is_too_long_has_a_second_line() -> None:
    out = io.BytesIO()
    with workbooks.writing(out) as book:
        book.sheet("甲", "甲", workbooks.columns([("逾期未办的时限", 10), ("短", 10)]))
    assert opened(out.getvalue())["甲"].row_dimensions[2].height == 30


@pytest.mark.parametrize(("width", "paper"), [(100, "9"), (300, "8")])
def test_wide_sheets_are_printed_on_larger_paper(width: int, paper: str) -> None:
    out = io.BytesIO()
    with workbooks.writing(out) as book:
        book.sheet("甲", "甲", workbooks.columns([("情况", width)]))
    assert str(opened(out.getvalue())["甲"].page_setup.paperSize) == paper


def test_heads_stay_and_filters_cover_the_rows() -> None:
    sheet = opened(made(("一", 1, None, None), ("二", 2, None, None)))["走访台账"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A3", "A2:D4")
    assert sheet.column_dimensions["A"].width == pytest.approx(20, abs=1)


def test_without_a_row_the_filter_is_over_the_heads() -> None:
    assert opened(made())["走访台账"].auto_filter.ref == "A2:D2"


def test_a_text_longer_than_a_cell_is_cut() -> None:
    assert len(opened(made(("长" * 40_000, 1, None, None)))["走访台账"]["A3"].value) == workbooks.LONGEST


def test_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LAST", 3)
    book = opened(made(*((f"{row}", row, None, None) for row in range(5)), name="台" * 31))
    assert [len(cells(book, name)) - 2 for name in book.sheetnames] == [2, 2, 1]
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_several_sheets() -> None:
    out = io.BytesIO()
    with workbooks.writing(out) as book:
        first = book.sheet("甲", "甲", COLUMNS)
        first.add("一", 1, None, None)
        second = book.sheet("乙", "乙", COLUMNS)
        assert (first.count, second.count) == (1, 0)
    assert opened(out.getvalue()).sheetnames == ["甲", "乙"]


def test_nothing_is_written_when_it_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    out = io.BytesIO()

    def breaks() -> None:
        with workbooks.writing(out) as book:
            book.sheet("甲", "甲", COLUMNS).add("一", 1, None, None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks()
    assert not out.getvalue()
    assert list(tmp_path.iterdir()) == []


def test_it_is_a_whole_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(made(("一", 1, None, None)))) as archive:
        assert archive.testzip() is None


def test_a_link_is_a_number_that_opens_an_address(tmp_path: Path) -> None:
    path = tmp_path / "linked.xlsx"
    with path.open("wb") as out, workbooks.writing(out) as book:
        book.sheet("一", "题", workbooks.columns([("照片", 8)])).add(
            workbooks.Link(3, "https://x.test/c/cases/7")
        )
    cells = [load_workbook(path, data_only=only)["一"]["A3"].value for only in (True, False)]
    assert cells == [3, '=HYPERLINK("https://x.test/c/cases/7",3)']
