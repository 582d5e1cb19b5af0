"""Regions from lists in china-division's columns."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import select

from storage import regions_import, sheets
from storage.identity import Post
from storage.people import Role
from storage.places import Level, Region, children, region
from storage.refusals import Refusal
from storage.regions_import import Plan
from storage.sheets import Read
from tests.storage.asking import NOW
from tests.storage.county import Here

TOWNS = "code,name,areaCode\n620321100,城关镇,620321\n620321101,河西堡镇,620321\n"
VILLAGES = (
    "code,name,streetCode\n620321100001,永福苑社区居委会,620321100\n620321101201,寺门村委会,620321101\n"
)


@pytest.fixture
def files(tmp_path: Path) -> dict[Level, Path]:
    return {
        Level.COUNTY: _file(tmp_path, "county.csv", "code,name,cityCode\n620321,永昌县,6203\n"),
        Level.TOWN: _file(tmp_path, "towns.csv", TOWNS),
        Level.VILLAGE: _file(tmp_path, "villages.csv", VILLAGES),
    }


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _import(here: Here, files: dict[Level, Path]) -> Plan:
    plan = regions_import.plan(here.session, files)
    regions_import.write(here.session, plan.changes, by=None, now=NOW)
    return plan


def test_a_plan_writes_nothing(here: Here, files: dict[Level, Path]) -> None:
    plan = regions_import.plan(here.session, files)
    assert (len(plan.new), plan.same, plan.wrong) == (5, 0, [])
    assert region(here.session, "620321") is None


def test_the_tree_stands_after_the_import(here: Here, files: dict[Level, Path]) -> None:
    _import(here, files)
    assert [one.name for one in children(here.session, "620321")] == ["城关镇", "河西堡镇"]
    [village] = children(here.session, "620321101")
    assert (village.code, village.level, village.name) == ("620321101201", Level.VILLAGE, "寺门村委会")
    assert here.journaled("region:620321") == ["regions.import"]


def test_again_changes_nothing(here: Here, files: dict[Level, Path]) -> None:
    _import(here, files)
    plan = regions_import.plan(here.session, files)
    assert (plan.new, plan.renamed, plan.same, plan.absent) == ([], [], 5, [])


def test_a_new_name_is_taken_over(here: Here, files: dict[Level, Path]) -> None:
    _import(here, files)
    _file(files[Level.TOWN].parent, "towns.csv", TOWNS.replace("河西堡镇", "河西镇"))
    plan = _import(here, files)
    assert [place.name for place in plan.renamed] == ["河西镇"]
    found = region(here.session, "620321101")
    assert found is not None
    assert found.name == "河西镇"


def test_what_the_list_lacks_is_told_and_stays(here: Here, files: dict[Level, Path]) -> None:
    _import(here, files)
    _file(files[Level.VILLAGE].parent, "villages.csv", VILLAGES.rsplit("620321101201")[0])
    plan = _import(here, files)
    assert plan.absent == ["620321101201"]
    assert region(here.session, "620321101201") is not None


def test_codes_padded_with_zeros_are_the_same_places(here: Here, files: dict[Level, Path]) -> None:
    _import(here, files)
    padded = TOWNS.replace("620321100,", "620321100000,").replace("620321101,", "620321101000,")
    _file(files[Level.TOWN].parent, "towns.csv", padded)
    assert regions_import.plan(here.session, files).same == 5


@pytest.mark.parametrize(
    ("row", "cell", "word"),
    [
        ("62032110,城关镇,620321", "A4", "62032110"),
        ("六二,城关镇,620321", "A4", "六二"),
        ("620321100001,一村,620321", "A4", "620321100001"),
        ("620321102,,620321", "B4", "名称"),
        ("620321102,新镇,620322", "C4", "620322"),
        ("620321102,新镇,", "C4", "上级"),
        ("620321100,城关镇,620321", "A4", "重复"),
    ],
)
def test_a_bad_row_is_told_with_its_cell(
    here: Here, files: dict[Level, Path], row: str, cell: str, word: str
) -> None:
    _file(files[Level.TOWN].parent, "towns.csv", TOWNS + row + "\n")
    plan = regions_import.plan(here.session, files)
    [(file, fault)] = plan.wrong
    assert (file, fault.row, fault.cell) == ("towns.csv", 4, cell)
    assert word in fault.what
    assert len(plan.new) == 5, "the other rows are imported"


def test_a_village_without_its_town_is_not_imported(here: Here, files: dict[Level, Path]) -> None:
    del files[Level.TOWN]
    plan = regions_import.plan(here.session, files)
    assert [fault.cell for _file_, fault in plan.wrong] == ["C2", "C3"]
    assert [place.code for place in plan.new] == ["620321"]


def test_villages_may_come_later(here: Here, files: dict[Level, Path]) -> None:
    villages = {Level.VILLAGE: files.pop(Level.VILLAGE)}
    _import(here, files)
    assert len(_import(here, villages).new) == 2


def test_a_county_hangs_on_its_city_once_that_is_here(here: Here, files: dict[Level, Path]) -> None:
    here.session.add(Region(code="6203", name="金昌市", level=Level.CITY))
    here.session.flush()
    _import(here, files)
    found = region(here.session, "620321")
    assert found is not None
    assert found.parent == "6203"


def test_a_list_without_its_columns_is_refused(here: Here, files: dict[Level, Path]) -> None:
    with pytest.raises(Refusal) as refused:
        regions_import.plan(here.session, {Level.VILLAGE: files[Level.TOWN]})
    assert "streetCode" in refused.value.sentence


def test_counts_by_county_and_town(here: Here, files: dict[Level, Path]) -> None:
    _import(here, files)
    found = {one.code: count for one, count in regions_import.counted(here.session, "620321")}
    assert found == {"620321": 2, "620321100": 1, "620321101": 1}


def test_the_county_that_comes_with_the_program(here: Here) -> None:
    plan = _import(here, regions_import.shipped("120114"))
    assert plan.wrong == []
    assert sum(place.level == Level.VILLAGE for place in plan.changes) == 745
    assert sum(place.name.endswith("村委会") for place in plan.changes) == 622
    towns = select(func.count()).select_from(Region).where(Region.parent == "120114")
    assert here.session.exec(towns).one() >= 37


def test_the_shipped_lists_are_the_shared_ones(shared_data: Path) -> None:
    names = {Level.COUNTY: "county", Level.TOWN: "towns", Level.VILLAGE: "villages"}
    for level, path in regions_import.shipped("120114").items():
        shared = shared_data / "data" / "regions" / f"120114-{names[level]}.csv"
        assert path.read_bytes() == shared.read_bytes()


def test_each_shared_county_is_imported_whole(here: Here, shared_data: Path) -> None:
    folder = shared_data / "data" / "regions"
    for county, villages in {"421281": 190, "620321": 129}.items():
        files = {
            Level.COUNTY: folder / f"{county}-county.csv",
            Level.TOWN: folder / f"{county}-towns.csv",
            Level.VILLAGE: folder / f"{county}-villages.csv",
        }
        assert _import(here, files).wrong == []
        found = {one.code: count for one, count in regions_import.counted(here.session, county)}
        assert found[county] == villages


WHOLE = """村以上区划,,
代码,名称,上级代码
620321101201,寺门村委会,
620321101000,河西堡镇,620321
620321,永昌县,6203
"""


def listed(text: str) -> Read:
    return sheets.parse("区划.csv", text.encode())


def test_one_list_may_hold_every_level_in_any_order(here: Here) -> None:
    plan = regions_import.plan_list(here.session, listed(WHOLE))
    assert [place.code for place in plan.changes] == ["620321", "620321101", "620321101201"]
    regions_import.write(here.session, plan.changes, by=None, now=NOW)
    found = region(here.session, "620321101201")
    assert found is not None
    assert (found.level, found.parent) == (Level.VILLAGE, "620321101")
    again = regions_import.plan_list(here.session, listed(WHOLE))
    assert (again.changes, again.same, again.absent) == ([], 3, [])


def test_a_list_of_one_towns_villages_tells_what_it_lacks_of_that_town_alone(here: Here) -> None:
    plan = regions_import.plan_list(here.session, listed("代码,名称\n120114001001,大桃园\n"))
    assert [place.name for place in plan.renamed] == ["大桃园"]
    assert plan.absent == ["120114001002"]


@pytest.mark.parametrize(
    ("row", "cell", "word"),
    [
        ("62,甘肃省,", "A3", "6、9、12 位"),
        ("620321101202,,", "B3", "名称"),
        ("620321101202,新村,620321102", "C3", "对不上"),
        ("620399101202,新村,", "C3", "先导入上级"),
        ("620321101201,寺门村委会,", "A3", "重复"),
    ],
)
def test_a_bad_row_of_one_list_is_told_with_its_cell(here: Here, row: str, cell: str, word: str) -> None:
    head, columns, *rows = WHOLE.strip().split("\n")
    assert head
    plan = regions_import.plan_list(here.session, listed("\n".join([columns, *rows[:1], row, *rows[1:]])))
    [(_file, fault)] = plan.wrong
    assert (fault.cell, word in fault.what) == (cell, True)
    assert len(plan.new) == 3, "the other rows are imported"


def test_an_administrator_brings_what_lies_in_their_region(here: Here) -> None:
    text = "代码,名称\n120114001003,新村\n120114101003,新庄\n620321,永昌县\n"
    supervised = replace(here.actor("周正"), posts=(Post(Role.ADMIN, None, "120114001", None),))
    plan = regions_import.plan_list(here.session, listed(text), actor=supervised)
    assert [place.code for place in plan.new] == ["120114001003"]
    assert [fault.cell for _file, fault in plan.wrong] == ["A3", "A4"]
    assert len(regions_import.plan_list(here.session, listed(text), actor=here.actor("周正")).new) == 3
