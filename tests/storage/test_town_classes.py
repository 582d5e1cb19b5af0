"""Classes of towns from a list: faults with their cells, nothing twice, taken away again."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from storage import town_classes
from storage.places import Region, TownClass
from storage.refusals import Refusal
from storage.region_places import Plan
from storage.town_classes import Classed
from tests.storage.asking import NOW, PLACES
from tests.storage.county import Here

TOWN = PLACES[0][:9]


def listed(folder: Path, *rows: str) -> Path:
    file = folder / "classes.csv"
    file.write_text("\n".join(["代码,类别", *rows]), "utf-8")
    return file


def taken(here: Here, file: Path) -> Plan[Classed]:
    made = town_classes.plan(here.session, file)
    town_classes.write(here.session, made.new, by=None, now=NOW)
    return made


def held(here: Here) -> TownClass | None:
    return here.session.get_one(Region, TOWN).town_class


def test_a_class_is_written_once_changed_and_taken_away(here: Here, tmp_path: Path) -> None:
    assert held(here) is None
    assert len(taken(here, listed(tmp_path, f"{TOWN}000,示范")).new) == 1
    assert held(here) is TownClass.MODEL
    again = taken(here, listed(tmp_path, f"{TOWN},model"))
    assert (again.same, again.new) == (1, [])
    taken(here, listed(tmp_path, f"{TOWN},攻坚"))
    here.session.expire_all()
    assert held(here) is TownClass.PRIORITY
    taken(here, listed(tmp_path, f"{TOWN},无"))
    assert held(here) is None
    assert here.journaled(f"region:{TOWN}") == ["region.class"] * 3


def test_a_workbook_with_numbers_for_codes(here: Here, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["各乡镇类别"], ["区划代码", "乡镇类别"], [int(TOWN), "正常"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "classes.xlsx")
    assert len(taken(here, tmp_path / "classes.xlsx").new) == 1
    assert held(here) is TownClass.NORMAL


def test_faults_are_told_with_their_cells(here: Here, tmp_path: Path) -> None:
    rows = ("999999999,示范", "x,示范", f"{PLACES[0]},示范", "120114,示范", f"{TOWN},优秀", f"{TOWN},示范")
    made = town_classes.plan(here.session, listed(tmp_path, *rows, "120114999,"))
    assert [one.cell for one in made.wrong] == ["A2", "A3", "A4", "A5", "B6", "A7", "A8"]
    assert made.new == []
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Refusal):
        town_classes.plan(here.session, tmp_path / "other.csv")
