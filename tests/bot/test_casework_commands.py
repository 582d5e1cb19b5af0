"""`zhucun clocks`, `zhucun cases`, `zhucun rectifications`: what they write, list and refuse."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select
from typer import Typer
from typer.testing import CliRunner, Result

from bot.commands import cases, clocks, contacts, houses, rectifications
from bot.settings import open_store
from reports import cases as records
from storage import clock_runs, contact_cards, household_list, journal
from storage.clock_rules import Rules
from storage.kinds.hardship_life import LIFE
from storage.kinds.rectification import LIFE as MENDING
from storage.promises import Promise
from storage.reading import Filter
from storage.report import Report, ReportState
from tests.storage.asking import NOW, PLACES, County, add_full, settle
from tests.storage.test_household_import import book

HARDSHIP: dict[str, Any] = {
    "village": PLACES[0], "category": "allowance", "causes": ["illness"], "guarantees": [],
    "urgency": "normal", "findings": "摔伤住院",
}  # fmt: skip


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> County:
    """A case whose clock has run out long ago, one that has ended, and a rectification."""
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    store = open_store()
    with store.writing() as session:
        found = settle(session)
        team, author = found.teams["一队"], found.people["王爱民"]
        more: dict[str, Any] = {"team": team, "at": NOW}
        late = add_full(session, "hardship", author, HARDSHIP, number="KN-1", state=ReportState.OPEN, **more)
        clock_runs.start(session, late, LIFE.clock("verify"), datetime(2025, 11, 3, 4, tzinfo=UTC))
        add_full(session, "hardship", author, HARDSHIP, number="KN-2", state=ReportState.NOT_TRUE, **more)
        session.add(
            Promise(report_id=late.id or 0, number=1, what="公益岗位", who="村委会", until=date(2026, 12, 1),
                    by_id=author, at=NOW)
        )  # fmt: skip
        problem = {"village": PLACES[0], "findings": "河边有垃圾", "due": "2126-11-25"}
        mend = add_full(
            session, "rectification", author, problem, number="ZG-1", state=ReportState.ISSUED, **more
        )
        clock_runs.start(session, mend, MENDING.clock("mend"), NOW, due=datetime(2126, 11, 25, tzinfo=UTC))
    store.close()
    return found


def run(app: Typer, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def objects(app: Typer, *arguments: str) -> list[dict[str, Any]]:
    done = run(app, "list", "--format", "json", *arguments)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# cases and rectifications


def test_cases_are_listed_with_clocks_promises_and_steps(county: County) -> None:
    two, one = objects(cases.app)
    assert (one["number"], one["state"], one["clock"]) == ("KN-1", "open", "verify")
    assert one["overdue_days"] > 300
    (clock,) = one["clocks"]
    assert clock["due_at"] == one["due_at"] == "2025-11-10T15:59:59+00:00"
    assert one["promises"] == [{"number": 1, "until": "2026-12-01", "kept": None, "settled_at": None}]
    assert one["steps"] == []
    assert (two["clock"], two["overdue_days"], two["clocks"]) == (None, 0, [])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--open"], ["KN-1"]),
        (["--late"], ["KN-1"]),
        (["--region", "120114001"], ["KN-2", "KN-1"]),
        (["--region", "120114101"], []),
    ],
)
def test_cases_are_narrowed(county: County, arguments: list[str], expected: list[str]) -> None:
    assert [one["number"] for one in objects(cases.app, *arguments)] == expected


def test_a_table_ends_with_the_count_that_is_to_be_zero(county: County) -> None:
    done = run(cases.app, "list")
    assert done.exit_code == 0, done.stderr
    assert "KN-1" in done.stdout
    assert "动态清零：逾期未办 1 件。" in done.stdout
    done = run(rectifications.app, "list")
    assert "动态清零：逾期未办 0 件。" in done.stdout


def test_rectifications_are_listed(county: County) -> None:
    (one,) = objects(rectifications.app, "--open")
    assert (one["number"], one["clock"], one["overdue_days"]) == ("ZG-1", "mend", 0)
    assert objects(rectifications.app, "--late") == []


def test_each_list_is_journaled(county: County) -> None:
    objects(cases.app)
    objects(cases.app, "--reveal", "复核")
    store = open_store()
    with store.reading() as session:
        written = [line["action"] for line in journal.history(session, "reports")]
    store.close()
    assert written == ["cases.list", "cases.list", "read"]


def test_what_stands_still_is_not_overdue(county: County) -> None:
    store = open_store()
    with store.writing() as session:
        report = session.exec(select(Report).where(Report.number == "KN-1")).one()
        clock_runs.pause(session, report, NOW)
        assert records.record(session, report, NOW)["overdue_days"] == 0
    with store.reading() as session:
        assert list(records.records(session, Filter(kind="hardship"), NOW, late=True)) == []
    store.close()


def test_a_list_of_a_department_is_tried_and_taken_in(county: County, tmp_path: Path) -> None:
    headings = ["姓名", "村", "身份证号", "类别", "情况"]
    path = str(book(tmp_path, ["李大山", "大桃园", None, "低保", "失业"], headings=headings))
    usual = ("--by", "孙丽", "--source", "人社局")
    done = run(cases.app, "import", path, *usual, "--dry-run")
    assert done.stdout.strip() == "试运行，没有写入：立案 1 户（其中新户 1），已在办 0 户"
    assert run(cases.app, "import", path, *usual).stdout.startswith("已导入：立案 1 户")
    again = run(cases.app, "import", path, *usual)
    assert "已在办 1 户" in again.stdout
    assert "第 3 行：已在办，KN-" in again.stdout
    bad = str(book(tmp_path, ["李大山", "没有村", None, "低保", "失业"], headings=headings))
    done = run(cases.app, "import", bad, *usual)
    assert done.exit_code == 2
    assert "1 处有误" in done.stderr


@pytest.mark.parametrize("name", ["王爱民", "没有人", "吴敏"])
def test_a_list_needs_somebody_who_manages_a_place(county: County, tmp_path: Path, name: str) -> None:
    path = str(
        book(tmp_path, ["李大山", "大桃园", None, "低保", "失业"], headings=["姓名", "村", "", "", "情况"])
    )
    done = run(cases.app, "import", path, "--by", name, "--source", "人社局")
    assert done.exit_code == 2
    assert f"没有一位叫“{name}”的督导或管理员" in done.stderr


HEADINGS = ["村", "问题", "整改期限"]


def test_a_list_of_problems_is_tried_and_issued(county: County, tmp_path: Path) -> None:
    path = str(book(tmp_path, ["大桃园", "路灯不亮", "2126-11-30"], headings=HEADINGS))
    done = run(rectifications.app, "import", path, "--by", "孙丽", "--dry-run")
    assert done.stdout.strip() == "试运行，没有写入：交办 1 件，已在办 0 件"
    assert run(rectifications.app, "import", path, "--by", "孙丽").stdout.startswith("已导入：交办 1 件")
    again = run(rectifications.app, "import", path, "--by", "孙丽")
    assert "第 3 行：已在办，ZG-" in again.stdout
    assert len(objects(rectifications.app)) == 2
    bad = str(book(tmp_path, ["没有村", "路灯不亮", "2126-11-30"], headings=HEADINGS))
    done = run(rectifications.app, "import", bad, "--by", "孙丽")
    assert (done.exit_code, "1 处有误" in done.stderr) == (2, True)
    done = run(rectifications.app, "import", bad, "--by", "王爱民")
    assert (done.exit_code, "没有一位叫“王爱民”的督导或管理员" in done.stderr) == (2, True)


def test_the_lists_are_written_once_and_journaled(county: County, tmp_path: Path) -> None:
    out = tmp_path / "台账.xlsx"
    done = run(rectifications.app, "export", "--out", str(out), "--region", "120114")
    assert (done.exit_code, "整改 1 件" in done.stdout) == (0, True), done.stderr
    sheet = load_workbook(out)["整改台账"]
    assert [sheet["A1"].value, sheet["B3"].value] == ["武清区 整改台账", "ZG-1"]
    before = out.read_bytes()
    done = run(rectifications.app, "export", "--out", str(out))
    assert (done.exit_code, out.read_bytes() == before) == (2, True)
    done = run(rectifications.app, "export", "--out", str(tmp_path / "no" / "where.xlsx"))
    assert (done.exit_code, "写不进" in done.stderr) == (2, True)
    store = open_store()
    with store.reading() as session:
        written = [line["action"] for line in journal.history(session, "reports")]
    store.close()
    assert "rectifications.export" in written


# clocks


def rule(
    clock: str, region: str = PLACES[0], day: date = date(2126, 1, 1)
) -> tuple[int, str, tuple[int, ...]]:
    store = open_store()
    with store.reading() as session:
        found = Rules(session).of(clock, region, day)
    store.close()
    return found.length, found.unit.value, found.delays


def test_a_length_is_set_for_a_county_from_a_day_on(county: County) -> None:
    done = run(
        clocks.app, "set", "recognise", "--region", "120114", "--length", "20", "--unit", "workday",
        "--leader", "1", "--supervisor", "2", "--office", "4", "--since", "2125-01-01", "--basis", "某办〔2125〕1号",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert rule("recognise") == (20, "workday", (1, 2, 4))
    assert rule("recognise", day=date(2124, 12, 31)) == (5, "workday", (1, 3, 5))
    assert rule("recognise", "421281001201") == (5, "workday", (1, 3, 5))


def test_what_holds_is_listed(county: County) -> None:
    run(clocks.app, "set", "verify", "--length", "48", "--unit", "hour")
    done = run(clocks.app, "list")
    assert done.exit_code == 0
    assert "48 小时" in done.stdout
    found = {one["clock"]: one for one in objects(clocks.app, "--region", "120114")}
    assert (found["verify"]["length"], found["verify"]["unit"], found["verify"]["region"]) == (48, "hour", "")
    assert (found["notice"]["length"], found["notice"]["since"]) == (5, None)
    before = {one["clock"]: one for one in objects(clocks.app, "--day", "2026-01-01")}
    assert before["verify"]["length"] == 5


def test_published_lengths_are_shown_and_taken_over(county: County) -> None:
    shown = run(clocks.app, "examples").stdout
    for place in ("安徽", "海南", "甘肃", "楚雄", "喀什", "商洛"):
        assert place in shown
    assert run(clocks.app, "use", "3", "4", "--region", "120114").exit_code == 0
    assert rule("verify") == (5, "workday", (1, 3, 5))
    assert rule("recognise") == (15, "workday", (1, 3, 5))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["set", "party", "--length", "5"], "没有“party”这种时限"),
        (["set", "verify", "--length", "5", "--unit", "week"], "单位请写 workday"),
        (["set", "verify", "--length", "5", "--since", "soon"], "“soon”不是日期"),
        (["set", "verify", "--length", "5", "--since", "2020-01-01"], "生效日期不能早于今天"),
        (["set", "verify", "--length", "5", "--region", "999999"], "999999"),
        (["use", "99"], "编号要在 1 到 11 之间"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    county: County, arguments: list[str], sentence: str
) -> None:
    done = run(clocks.app, *arguments)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert rule("verify") == (5, "workday", (1, 3, 5))


def test_pairings_are_offered_and_houses_are_listed(county: County, tmp_path: Path) -> None:
    store = open_store()
    with store.writing() as session:
        home = household_list.add(session, PLACES[0], "李爱民", by=None, now=NOW).id or 0
    store.close()
    file = book(tmp_path, ["李爱民", "大桃园", "王爱民"], headings=["户主", "村", "联系人"])
    dry = run(contacts.app, "import", str(file), "--by", "孙丽", "--dry-run")
    assert "试运行，没有写入：请人联系 1 户，不变 0 户" in dry.output
    assert run(contacts.app, "import", str(file), "--by", "孙丽").exit_code == 0
    again = run(contacts.app, "import", str(file), "--by", "孙丽")
    assert "请人联系 0 户，不变 1 户" in again.output
    store = open_store()
    with store.reading() as session:
        (card,) = contact_cards.of_household(session, home)
        assert (card.person_id, card.accepted_at) == (county.people["王爱民"], None)
    store.close()
    listed = run(houses.app, "list", "--format", "json")
    assert (listed.exit_code, listed.output.strip()) == (0, "")
    (one,) = [json.loads(line) for line in run(contacts.app, "list", "--format", "json").output.splitlines()]
    assert (one["cadre"], one["village"], one["accepted_at"]) == ("王爱民", PLACES[0], None)
    assert "王爱民" in run(contacts.app, "list", "--region", PLACES[0]).output
    assert "王爱民" not in run(contacts.app, "list", "--region", PLACES[1]).output
