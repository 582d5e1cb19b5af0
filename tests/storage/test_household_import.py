"""Households from a list: dry, safe to repeat, honest about each row."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import select

from storage import household_import, household_list
from storage.household_import import Plan
from storage.households import Household
from storage.refusals import Refusal
from tests.storage.asking import NOW, PLACES
from tests.storage.county import Here

HEADINGS = ["户主", "村", "卡号", "身份证号", "电话", "类别", "人口"]
LI = ["李大山", "大桃园", "WQ-001", "11010519491231002X", "13812345678", "低保", 3]
WANG = ["王秀英", "大桃园村", "WQ-002", None, None, "残疾", 2]


def book(folder: Path, *rows: list[Any], headings: list[str] | None = None) -> Path:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in [["农户花名册"], headings or HEADINGS, *rows]:
        sheet.append(row)
    path = folder / "农户.xlsx"
    made.save(path)
    return path


def bring(here: Here, path: Path, **more: Any) -> Plan:
    plan = household_import.plan(here.session, path, **more)
    household_import.write(here.session, plan.changes, by=None, now=NOW)
    return plan


def counts(plan: Plan) -> tuple[int, int, int, int]:
    return len(plan.new), len(plan.changed), plan.same, len(plan.wrong)


def test_a_plan_writes_nothing(here: Here, tmp_path: Path) -> None:
    plan = household_import.plan(here.session, book(tmp_path, LI, WANG))
    assert counts(plan) == (2, 0, 0, 0)
    assert here.session.exec(select(Household)).all() == []


def test_what_the_list_says_is_kept_sealed(here: Here, tmp_path: Path) -> None:
    bring(here, book(tmp_path, LI))
    [one] = here.session.exec(select(Household)).all()
    assert (one.village, one.category, one.members) == (PLACES[0], "低保", 3)
    for box in (one.head, one.card, one.id_number, one.phone):
        assert box is not None
        assert b"WQ-001" not in box
        assert b"13812345678" not in box
    assert here.journaled(f"household:{one.id}") == ["household.add"]
    [found] = household_list.by_number(here.session, here.actor("王爱民"), "11010519491231002x", NOW)
    assert found.name == "李大山"


def test_again_changes_nothing(here: Here, tmp_path: Path) -> None:
    path = book(tmp_path, LI, WANG)
    bring(here, path)
    assert counts(bring(here, path)) == (0, 0, 2, 0)


def test_a_changed_row_changes_its_household_by_card_number(here: Here, tmp_path: Path) -> None:
    bring(here, book(tmp_path, LI))
    plan = bring(here, book(tmp_path, ["李小山", "大桃园", "wq-001", None, "13900000000", None, None]))
    assert counts(plan) == (0, 1, 0, 0)
    [one] = here.session.exec(select(Household)).all()
    assert household_list.name_of(here.session, one.id or 0) == "李小山"
    assert (one.category, one.members) == ("低保", 3), "an empty cell leaves what is here"
    assert here.journaled(f"household:{one.id}") == ["household.add", "household.change"]


def test_a_household_from_the_chat_gets_its_card_by_name(here: Here, tmp_path: Path) -> None:
    made = household_list.add(here.session, PLACES[0], "李大山", by=None, now=NOW)
    assert counts(bring(here, book(tmp_path, LI))) == (0, 1, 0, 0)
    [one] = here.session.exec(select(Household)).all()
    assert one.id == made.id
    assert one.card is not None


def test_two_of_one_name_are_told_apart_by_their_cards(here: Here, tmp_path: Path) -> None:
    household_list.add(here.session, PLACES[0], "李大山", by=None, now=NOW)
    other = ["李大山", "大桃园", "WQ-009", None, None, None, None]
    path = book(tmp_path, LI, other)
    assert counts(bring(here, path)) == (1, 1, 0, 0)
    assert counts(bring(here, path)) == (0, 0, 2, 0)


def test_a_name_with_another_card_is_another_household(here: Here, tmp_path: Path) -> None:
    bring(here, book(tmp_path, LI))
    assert counts(bring(here, book(tmp_path, ["李大山", "大桃园", "WQ-009"]))) == (1, 0, 0, 0)


def test_card_and_id_of_two_households_are_a_fault(here: Here, tmp_path: Path) -> None:
    bring(here, book(tmp_path, LI, WANG))
    mixed = ["李大山", "大桃园", "WQ-002", "11010519491231002X"]
    plan = bring(here, book(tmp_path, mixed))
    assert counts(plan) == (0, 0, 0, 1)
    assert plan.wrong[0].cell == "C3"


@pytest.mark.parametrize(
    ("row", "cell", "word"),
    [
        (["", "大桃园"], "A3", "户主"),
        (["李大山", "小营"], "B3", "没有找到"),
        (["李大山", "刘庄"], "B3", "几个村"),
        (["李大山", ""], "B3", "没有找到"),
        (["李大山", "大桃园", "1", "110105194912310021"], "D3", "身份证号"),
        (["李大山", "大桃园", "1", 110105194912310021], "D3", "后几位"),
        (["李大山", "大桃园", 1201141234567890], "C3", "后几位"),
        (["李大山", "大桃园", "1", None, "12345"], "E3", "电话"),
        (["李大山", "大桃园", "1", None, None, None, "三口"], "G3", "人口"),
        (["李大山", "大桃园", "1", None, None, None, 0], "G3", "人口"),
        (["李大山", "大桃园", "1", None, None, None, 51], "G3", "人口"),
    ],
)
def test_a_bad_row_is_told_with_its_cell_and_the_others_go_in(
    here: Here, tmp_path: Path, row: list[Any], cell: str, word: str
) -> None:
    plan = bring(here, book(tmp_path, row, WANG))
    assert [fault.cell for fault in plan.wrong] == [cell]
    assert word in plan.wrong[0].what
    assert counts(plan) == (1, 0, 0, 1)


def test_all_faults_of_a_row_are_told_at_once(here: Here, tmp_path: Path) -> None:
    plan = bring(here, book(tmp_path, ["", "大桃园", "1", "1", "1", None, "x"]))
    assert sorted(fault.cell for fault in plan.wrong) == ["A3", "D3", "E3", "G3"]


def test_a_number_twice_names_the_first_row(here: Here, tmp_path: Path) -> None:
    plan = bring(here, book(tmp_path, LI, ["王秀英", "大桃园", "WQ-001"]))
    assert counts(plan) == (1, 0, 0, 1)
    assert "3" in plan.wrong[0].what


def test_two_of_one_name_without_numbers_cannot_be_told_apart(here: Here, tmp_path: Path) -> None:
    plan = bring(here, book(tmp_path, ["李大山", "大桃园"], ["李大山", "大桃园"]))
    assert counts(plan) == (0, 0, 0, 2)


def test_the_same_number_in_another_village_is_another_card(here: Here, tmp_path: Path) -> None:
    plan = bring(here, book(tmp_path, LI, ["张铁柱", "碧溪园社区", "WQ-001"]))
    assert counts(plan) == (2, 0, 0, 0)


def test_a_village_given_for_all_rows_needs_no_column(here: Here, tmp_path: Path) -> None:
    path = book(tmp_path, ["李大山", "1"], headings=["户主姓名", "联系卡号"])
    assert counts(bring(here, path, village=PLACES[3])) == (1, 0, 0, 0)
    with pytest.raises(Refusal):
        household_import.plan(here.session, path)


def test_a_town_column_decides_between_two_villages(here: Here, tmp_path: Path) -> None:
    path = book(tmp_path, ["李大山", "刘庄", "梅厂镇"], headings=["户主", "村", "镇"])
    bring(here, path)
    [one] = here.session.exec(select(Household)).all()
    assert one.village == PLACES[2]


def test_a_formula_is_a_value_and_no_name(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("户主,村\n=1+1,大桃园\n", encoding="utf-8")
    assert counts(bring(here, path)) == (0, 0, 0, 1)
