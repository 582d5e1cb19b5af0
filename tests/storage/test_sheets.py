"""Lists that people bring."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from storage.refusals import Refusal
from storage.sheets import BadCell, Line, lines

COLUMNS = {"head": ("户主", "姓名"), "card": ("卡号",), "members": ("人口",)}
NEEDED = frozenset({"head"})


def book(path: Path, *rows: list[Any]) -> Path:
    """Write rows into the first sheet of a workbook."""
    made = Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(row)
    made.save(path)
    return path


def read(path: Path) -> list[Line]:
    return list(lines(path, COLUMNS, NEEDED))


def test_a_workbook_with_a_title_above_its_header(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["武清区农户表"], ["序号", "户主*", "人口（人）"], [1, "李爱民", 3])
    [line] = read(path)
    assert (line.number, line.text("head"), line.text("members")) == (3, "李爱民", "3")
    assert line.text("card") == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_the_encodings_people_save(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text('户主,卡号\r\n"李,爱民",0012\r\n\r\n王芳,\r\n', encoding=encoding, newline="")
    found = read(path)
    assert [(line.number, line.text("head"), line.text("card")) for line in found] == [
        (2, "李,爱民", "0012"),
        (4, "王芳", ""),
    ]


def test_a_heading_with_spaces_and_breaks_is_understood(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["户 主\n姓名", "姓 名"], ["x", "李爱民"])
    assert read(path)[0].text("head") == "李爱民"


def test_the_first_of_our_headings_wins(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["姓名", "户主"], ["填表人", "李爱民"])
    assert read(path)[0].text("head") == "李爱民"


def test_numbers_read_as_people_see_them(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["户主", "卡号", "人口"], ["李爱民", 1001.0, 2.5])
    [line] = read(path)
    assert (line.text("card"), line.text("members")) == ("1001", "2.5")


def test_a_long_number_that_lost_its_end_is_noticed(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx", ["户主", "卡号"], ["李爱民", 120114199001011237], ["王芳", "120114199001011237"]
    )
    lost, kept = read(path)
    assert lost.digits_lost("card")
    assert not kept.digits_lost("card")


def test_a_fault_names_its_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["序号", "户主"], [1, "李爱民"])
    assert read(path)[0].fault("head", "说明") == BadCell(2, "B2", "说明")


def test_empty_rows_are_passed_over(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["户主"], [None], [" "], ["李爱民"])
    assert [line.number for line in read(path)] == [4]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = book(tmp_path / "农户.xlsx", ["村", "卡号"], ["大桃园", "1"])
    with pytest.raises(Refusal) as refused:
        read(path)
    assert "户主" in refused.value.sentence
    assert "农户.xlsx" in refused.value.sentence


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.xlsx", b"not a workbook"), ("a.xlsx", b""), ("a.csv", b"\xff\xfe\xff\x81"), ("a.csv", b"")],
)
def test_a_file_that_cannot_be_read_is_refused_with_advice(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refusal) as refused:
        read(path)
    assert "请" in refused.value.sentence


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        read(tmp_path / "nothing.csv")
