"""Villages as people write them."""

import pytest

from storage.sheets import BadCell, Line
from storage.village_names import Villages
from tests.storage.asking import PLACES
from tests.storage.county import Here


@pytest.mark.parametrize("text", ["大桃园村委会", "大桃园村", "大桃园", " 大 桃园 ", PLACES[0]])
def test_a_village_by_any_of_its_names(here: Here, text: str) -> None:
    assert Villages(here.session).find(text) == [PLACES[0]]


@pytest.mark.parametrize("text", ["", "桃园", "小桃园", "120114"])
def test_a_village_that_is_none(here: Here, text: str) -> None:
    assert Villages(here.session).find(text) == []


@pytest.mark.parametrize(("town", "code"), [("梅厂镇", PLACES[2]), ("梅厂", PLACES[2]), ("杨村", PLACES[1])])
def test_the_town_decides_between_two_of_one_name(here: Here, town: str, code: str) -> None:
    villages = Villages(here.session)
    assert sorted(villages.find("刘庄")) == sorted([PLACES[1], PLACES[2]])
    assert villages.find("刘庄", town) == [code]
    assert villages.find("刘庄", "河西") == []


def test_a_territory_hides_the_others(here: Here) -> None:
    assert Villages(here.session, "120114101").find("刘庄村") == [PLACES[2]]
    assert Villages(here.session, "120114101").find("大桃园") == []


def test_a_rows_village_or_what_is_wrong_with_it(here: Here) -> None:
    villages = Villages(here.session)

    def row(village: str, town: str) -> Line:
        return Line(5, ("李爱民", village, town), {"head": 0, "village": 1, "town": 2})

    assert villages.of_line(row("碧溪园社区", "")) == PLACES[3]
    assert villages.of_line(row("刘庄", "梅厂")) == PLACES[2]
    unclear, unknown = villages.of_line(row("刘庄", "")), villages.of_line(row("大营", ""))
    assert isinstance(unclear, BadCell)
    assert isinstance(unknown, BadCell)
    assert (unclear.cell, unknown.cell) == ("B5", "B5")
    assert "几个村" in unclear.what
    assert "没有找到" in unknown.what
