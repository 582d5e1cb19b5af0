"""Cases from a department's list: matched by the sealed ID number, nothing twice, each fault with its cell."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from storage import case_import, household_list, sealing
from storage.answers import answers_of
from storage.case_import import Plan
from storage.clock_runs import ClockRun
from storage.households import Household
from storage.refusals import Refusal
from storage.report import Report, ReportState
from tests.storage.asking import PLACES
from tests.storage.helping import opened
from tests.storage.reporting_world import HEADS, Desk
from tests.storage.test_household_import import book

HEADINGS = ["姓名", "村", "身份证号", "类别", "比对情况"]
ID = "11010519491231002X"
ROW = ["李爱民", "大桃园", ID, "低保", "住院自付 3 万元"]


def plan(desk: Desk, folder: Path, *rows: list[Any], name: str = "孙丽", **more: str) -> Plan:
    return case_import.plan(desk.session, book(folder, *rows, headings=HEADINGS), desk.actor(name), **more)


def bring(desk: Desk, folder: Path, *rows: list[Any]) -> Plan:
    made = plan(desk, folder, *rows)
    case_import.write(desk.session, made.new, actor=desk.actor("孙丽"), source="医保局", now=desk.at)
    return made


def counts(made: Plan) -> tuple[int, int, int]:
    return len(made.new), len(made.open), len(made.wrong)


def reports(desk: Desk) -> list[Report]:
    return list(desk.session.exec(select(Report)))


def test_a_plan_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    assert counts(plan(desk, tmp_path, ROW)) == (1, 0, 0)
    assert reports(desk) == []


def test_a_row_becomes_a_case_of_the_serving_team_on_its_clock(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, ROW)
    (report,) = reports(desk)
    assert (report.state, report.team_id) == (ReportState.OPEN, desk.county.teams["一队"])
    assert report.household_id == desk.households[0], "found by the head's name"
    answers = answers_of(desk.session, report)
    assert (answers["category"], answers["source"]) == ("allowance", "compared")
    assert answers["findings"] == "医保局比对：住院自付 3 万元"
    assert desk.session.exec(select(ClockRun)).one().clock == "verify"
    assert "请核查" in desk.told("李明")[-1]["text"]


def test_again_it_opens_no_second_case(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, ROW)
    made = bring(desk, tmp_path, ROW)
    assert counts(made) == (0, 1, 0)
    assert made.open[0].number == "KN-20261120-0001"
    assert len(reports(desk)) == 1


def test_a_case_that_a_member_reported_counts_too(desk: Desk, tmp_path: Path) -> None:
    opened(desk)
    assert counts(plan(desk, tmp_path, ROW)) == (0, 1, 0)


def test_the_id_number_finds_a_household_of_another_name(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, ["赵小山", *ROW[1:]])
    new = desk.session.exec(select(Household).where(col(Household.id_index).is_not(None))).one()
    assert household_list.name_of(desk.session, new.id or 0) == "赵小山"
    assert new.id_number is not None
    assert sealing.open_text(desk.session, "household.id_number", new.uid, new.id_number) == ID
    assert counts(plan(desk, tmp_path, ["赵大山", *ROW[1:]])) == (0, 1, 0)


def test_the_name_of_somebody_with_another_number_is_another_household(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, ["赵小山", *ROW[1:]])
    made = plan(desk, tmp_path, ["赵小山", "大桃园", "110105195001010020", "", "失业"])
    assert made.new[0].household is None


@pytest.mark.fault("list with the same person twice, a wrong ID, a village of another county")
@pytest.mark.parametrize(
    ("row", "cell", "what"),
    [
        (["李爱民", "大桃园", "110105194912310021", "", "失业"], "C4", "末位校验不符"),
        (["李爱民", "蒲圻村", None, "", "失业"], "B4", "没有找到村“蒲圻村”"),
        (["李爱民", "碧溪园社区", None, "", "失业"], "B4", "不在立案人负责的范围内"),
        (["李爱民", "刘庄", None, "", "失业"], "B4", "有几个村都叫“刘庄”"),
        (["李爱民", "大桃园", None, "", ""], "E4", "请写明比对出的情况"),
        (["", "大桃园", None, "", "失业"], "A4", "户主姓名是空的"),
        (["王秀英", "大桃园", ID, "", "失业"], "A4", "与第 3 行是同一个人"),
    ],
)
def test_a_faulty_row_is_named_and_the_others_are_taken(
    desk: Desk, tmp_path: Path, row: list[Any], cell: str, what: str
) -> None:
    made = bring(desk, tmp_path, ROW, row)
    assert counts(made) == (1, 0, 1)
    (fault,) = made.wrong
    assert (fault.row, fault.cell) == (4, cell)
    assert what in fault.what
    assert len(reports(desk)) == 1


def test_the_same_person_by_name_twice_in_one_list(desk: Desk, tmp_path: Path) -> None:
    row = ["李爱民", "大桃园", None, "", "失业"]
    assert counts(plan(desk, tmp_path, row, row)) == (1, 0, 1)


def test_two_households_of_one_name_are_told_apart_by_number(desk: Desk, tmp_path: Path) -> None:
    household_list.add(desk.session, PLACES[0], HEADS[0], by=None, now=desk.at)
    made = plan(desk, tmp_path, ["李爱民", "大桃园", None, "", "失业"])
    assert "请填身份证号来区分" in made.wrong[0].what


def test_a_number_that_lives_elsewhere_is_not_moved(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, ["赵小山", *ROW[1:]])
    made = plan(desk, tmp_path, ["赵小山", PLACES[1], ID, "", "失业"])
    assert counts(made) == (0, 0, 1)
    assert "在库里属于另一个村" in made.wrong[0].what


def test_a_file_without_the_columns_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = book(tmp_path, ROW, headings=["甲", "乙", "丙", "丁", "戊"])
    with pytest.raises(Refusal):
        case_import.plan(desk.session, path, desk.actor("孙丽"))
