"""Problems from a list: each fault with its cell, nothing twice, tasks and people as the row has them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from storage import problem_import, tasks
from storage.answers import answers_of
from storage.problem_import import Plan
from storage.report import Report, ReportState
from tests.storage.mending import accept, complete, strike_off
from tests.storage.reporting_world import Desk
from tests.storage.test_household_import import book

HEADINGS = ["村", "存在问题", "整改期限", "整改要求", "问题来源", "问题类别", "交办依据", "责任单位", "整改措施",
            "牵头单位", "配合单位", "责任人"]  # fmt: skip
ROW = ["大桃园", "河边有垃圾", "2026-11-30", "清运干净", "督查检查", "环境卫生", "武农发〔2026〕12号", "一队",
       "清运垃圾", "镇环卫站", "村委会", "张三、李四"]  # fmt: skip
SHORT = [*ROW[:3], *([None] * 9)]


def plan(desk: Desk, folder: Path, *rows: list[Any], name: str = "孙丽", **more: str) -> Plan:
    path = book(folder, *rows, headings=HEADINGS)
    return problem_import.plan(desk.session, path, desk.actor(name), desk.at, **more)


def bring(desk: Desk, folder: Path, *rows: list[Any]) -> Plan:
    made = plan(desk, folder, *rows)
    problem_import.write(desk.session, made.new, actor=desk.actor("孙丽"), now=desk.at)
    return made


def counts(made: Plan) -> tuple[int, int, int]:
    return len(made.new), len(made.known), len(made.wrong)


def changed(place: int, value: Any) -> list[Any]:
    return [*ROW[:place], value, *ROW[place + 1 :]]


def test_a_plan_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    assert counts(plan(desk, tmp_path, ROW)) == (1, 0, 0)
    assert desk.session.exec(select(Report)).all() == []


def test_a_row_becomes_a_problem_with_its_lists(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, ROW)
    report = desk.session.exec(select(Report)).one()
    assert (report.state, report.team_id) == (ReportState.ISSUED, desk.county.teams["一队"])
    answers = answers_of(desk.session, report)
    assert {name: answers[name] for name in ("findings", "due", "demand", "origin", "category", "basis")} == {
        "findings": "河边有垃圾", "due": "2026-11-30", "demand": "清运干净", "origin": "inspection",
        "category": "sanitation", "basis": "武农发〔2026〕12号",
    }  # fmt: skip
    (task,) = tasks.all_of(desk.session, report)
    assert (task.what, task.lead, task.support) == ("清运垃圾", "镇环卫站", "村委会")
    assert task.charges == (("张三", date(2026, 11, 30)), ("李四", date(2026, 11, 30)))
    assert "请整改" in desk.told("王爱民")[-1]["text"]


def test_a_short_row_goes_to_the_serving_team_and_is_one_task(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, SHORT)
    report = desk.session.exec(select(Report)).one()
    assert report.team_id == desk.county.teams["一队"]
    assert tasks.all_of(desk.session, report) == []


def test_a_person_without_a_unit_is_led_by_the_team(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, [*ROW[:3], *([None] * 8), "张三"])
    report = desk.session.exec(select(Report)).one()
    (task,) = tasks.all_of(desk.session, report)
    assert (task.what, task.lead, [who for who, _until in task.charges]) == ("河边有垃圾", "一队", ["张三"])


def test_again_nothing_is_issued_twice_while_it_is_open(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, ROW)
    made = bring(desk, tmp_path, ROW)
    assert counts(made) == (0, 1, 0)
    report = desk.session.exec(select(Report)).one()
    assert made.known[0].number == report.number
    complete(desk, report)
    accept(desk, report)
    strike_off(desk, report)
    assert counts(plan(desk, tmp_path, ROW)) == (1, 0, 0)


def test_the_same_problem_twice_in_one_list_is_told(desk: Desk, tmp_path: Path) -> None:
    made = plan(desk, tmp_path, ROW, SHORT)
    assert counts(made) == (1, 0, 1)
    assert "与第 3 行是同一个问题" in made.wrong[0].what


@pytest.mark.parametrize(
    ("place", "value", "cell", "what"),
    [
        (0, "没有村", "A3", "没有找到村"),
        (1, None, "B3", "请写明是什么问题"),
        (2, "尽快", "C3", "期限看不懂"),
        (2, None, "C3", "期限看不懂"),
        (2, "2026-02-30", "C3", "期限看不懂"),
        (2, "2026-11-01", "C3", "期限 2026-11-01 已经过了"),
        (4, "听说的", "E3", "没有“听说的”，可选：督查检查、抽查暗访"),
        (5, "天气", "F3", "没有“天气”，可选：环境卫生"),
        (7, "没有的队", "H3", "“没有的队”不负责这个村"),
    ],
)
def test_each_fault_has_its_cell(
    desk: Desk, tmp_path: Path, place: int, value: Any, cell: str, what: str
) -> None:
    made = plan(desk, tmp_path, changed(place, value))
    assert counts(made) == (0, 0, 1)
    assert (made.wrong[0].cell, what in made.wrong[0].what) == (cell, True), made.wrong[0]


def test_all_faults_of_a_row_are_told_at_once(desk: Desk, tmp_path: Path) -> None:
    made = plan(desk, tmp_path, ["大桃园", None, "尽快", *ROW[3:]])
    assert [one.cell for one in made.wrong] == ["B3", "C3"]


@pytest.mark.parametrize("due", [date(2026, 11, 30), "2026/11/30", "2026年11月30日", "2026.11.30"])
def test_days_are_understood_as_lists_have_them(desk: Desk, tmp_path: Path, due: Any) -> None:
    assert plan(desk, tmp_path, changed(2, due)).new[0].answers["due"] == "2026-11-30"


def test_a_village_of_others_is_refused(desk: Desk, tmp_path: Path) -> None:
    made = plan(desk, tmp_path, ROW, name="王爱民")
    assert (made.wrong[0].cell, "不在交办人负责的范围内" in made.wrong[0].what) == ("A3", True)


@pytest.mark.fault("list of problems with a past day, a team of elsewhere, the same problem twice")
def test_good_rows_go_in_beside_bad_ones(desk: Desk, tmp_path: Path) -> None:
    past, elsewhere = changed(2, "2026-11-01"), changed(7, "二队")
    made = bring(desk, tmp_path, ROW, past, elsewhere, SHORT)
    assert counts(made) == (1, 0, 3)
    assert len(desk.session.exec(select(Report)).all()) == 1


def test_personal_numbers_are_sealed_and_do_not_hide_that_it_is_known(desk: Desk, tmp_path: Path) -> None:
    row = changed(1, "联系 13812345678 的老人门前积水")
    row[8] = "打电话 13812345678 核实"
    bring(desk, tmp_path, row)
    report = desk.session.exec(select(Report)).one()
    assert "13812345678" not in answers_of(desk.session, report)["findings"]
    assert "13812345678" not in tasks.all_of(desk.session, report)[0].what
    assert counts(bring(desk, tmp_path, row)) == (0, 1, 0)
