"""Whatever the file is: a list, or a sentence that says what to do."""

import pytest

from bot.errands import list_reading
from storage import sheets
from storage.sheets import Read
from tests.lists import workbook

ROWS = [["村", "问题"], ["大桃园", "河边有垃圾"]]


def read(name: str, data: bytes) -> Read | str:
    return list_reading.read((name, data, "zh"))


def test_a_workbook_and_a_text_are_read() -> None:
    made = read("清单.XLSX", workbook(ROWS))
    assert isinstance(made, Read)
    assert (made.name, made.rows) == ("清单.XLSX", ROWS)
    assert read("清单.csv", "村,问题".encode("gb18030")) == Read("清单.csv", [["村", "问题"]])


@pytest.mark.fault("list in chat that is no list")
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"nothing", "另存为 xlsx"),
        ("a.xlsx", workbook(ROWS)[:-600], "另存为 xlsx"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\xff", "另存为 xlsx"),
        ("a.csv", b"x\n" * (sheets.MOST + 1), "请分成几份"),
    ],
)
def test_what_is_no_list_is_said_plainly(name: str, data: bytes, said: str) -> None:
    told = read(name, data)
    assert isinstance(told, str)
    assert said in told


def test_a_workbook_broken_inside_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bytearray(workbook(ROWS))
    for at in range(60, len(whole), 7):
        whole[at] ^= 0x55
    assert isinstance(read("a.xlsx", bytes(whole)), str)
    monkeypatch.setattr(sheets, "_workbook", lambda _name, _data: 1 / 0)
    assert "打不开" in str(read("a.xlsx", b""))


def test_a_workbook_that_unpacks_too_large_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "UNPACKED", 1000)
    assert "太大了" in str(read("a.xlsx", workbook(ROWS)))
