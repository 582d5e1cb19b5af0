"""The three lists and the ledger as a workbook: official columns, nobody's numbers, no formulas."""

import io
from typing import Any

from openpyxl import load_workbook

from reports import ledgers
from storage import proofs
from storage.kinds.rectification import SIGN
from storage.reading import Filter
from storage.showing import Channel
from storage.stepping import take
from storage.timing import ASK_TIME, GRANT_TIME
from tests.storage.asking import add_photo
from tests.storage.mending import accept, assigned, complete, fill, issued, send_back, strike_off
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]
ALL = Filter(kind="rectification")


def book(desk: Desk, asked: Filter = ALL) -> tuple[dict[str, list[list[Any]]], int]:
    """The rows of each sheet, title and heads first."""
    desk.session.flush()
    made, count = ledgers.workbook(desk.session, asked, "武清区", desk.at)
    sheets = load_workbook(io.BytesIO(made))
    return {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in sheets}, count


def rows(sheets: dict[str, list[list[Any]]], name: str) -> list[dict[str, Any]]:
    heads = sheets[name][1]
    return [dict(zip(heads, row, strict=True)) for row in sheets[name][2:]]


def test_four_sheets_each_with_its_title_and_heads(desk: Desk) -> None:
    sheets, count = book(desk)
    assert (list(sheets), count) == (["问题清单", "任务清单", "责任清单", "整改台账"], 0)
    assert sheets["整改台账"][0][0] == "武清区 整改台账"
    assert sheets["责任清单"][1] == ["序号", "编号", "任务序号", "任务", "责任人", "完成时限"]


def test_one_problem_is_in_all_lists_by_its_number(desk: Desk) -> None:
    report = issued(desk, origin="visit", category="sanitation", basis="第3号通知", demand="清运")
    assigned(desk, report)
    number = report.number
    sheets, _count = book(desk)
    (problem,) = rows(sheets, "问题清单")
    assert (problem["编号"], problem["乡镇"], problem["村"]) == (number, "杨村街道", "大桃园村")
    assert (problem["问题来源"], problem["问题类别"], problem["交办依据"]) == (
        "走访发现",
        "环境卫生",
        "第3号通知",
    )
    assert (problem["交办人"], problem["交办日期"], problem["整改期限"]) == (
        "孙丽",
        "2026-11-20",
        "2026-11-25",
    )
    (task,) = rows(sheets, "任务清单")
    assert (task["编号"], task["牵头单位"], task["配合单位"]) == (number, "村委会", "环卫站")
    charges = rows(sheets, "责任清单")
    assert [(one["序号"], one["编号"], one["责任人"], one["完成时限"]) for one in charges] == [
        (1, number, "张三", "2026-11-24"),
        (2, number, "李四", "2026-11-24"),
    ]


def test_the_ledger_tells_the_whole_life(desk: Desk) -> None:
    report = issued(desk)
    take(desk.session, report, SIGN, desk.actor("王爱民"), desk.at, version=report.version)
    desk.send(fill(desk, report, ASK_TIME, "王爱民", until="2026-12-04", reason="等材料"), "王爱民")
    take(desk.session, report, GRANT_TIME, desk.actor("孙丽"), desk.at, version=report.version)
    add_photo(desk.session, report).question = proofs.BEFORE
    complete(desk, report, done="清走了，问 13812345678")
    send_back(desk, report)
    desk.later(days=3)
    complete(desk, report, done="又清了一遍，问 13812345678")
    accept(desk, report)
    strike_off(desk, report)
    (one,) = rows(book(desk)[0], "整改台账")
    assert (one["责任单位"], one["签收"], one["完成整改"]) == (
        "一队",
        "王爱民 2026-11-20",
        "王爱民 2026-11-23",
    )
    assert (one["验收"], one["销号"], one["状态"]) == ("孙丽 2026-11-23", "周正 2026-11-23", "已销号")
    assert (one["退回次数"], one["延期次数"], one["整改期限"]) == (1, 1, "2026-12-04")
    assert (one["整改前照片"], one["对照照片"]) == (1, 0)
    assert one["整改情况"] == "又清了一遍，问 ***"


def test_a_text_that_looks_like_a_formula_stays_a_text(desk: Desk) -> None:
    issued(desk, findings="=1+1")
    made, _count = ledgers.workbook(desk.session, ALL, "", desk.at)
    sheet = load_workbook(io.BytesIO(made))["问题清单"]
    cell = next(one for row in sheet.iter_rows() for one in row if one.value == "=1+1")
    assert cell.data_type == "s"


def test_what_came_back_points_to_what_it_was(desk: Desk) -> None:
    first = issued(desk)
    complete(desk, first)
    accept(desk, first)
    strike_off(desk, first)
    number = first.number
    issued(desk)
    found = rows(book(desk)[0], "问题清单")
    assert [one["可能反弹"] for one in found] == [number, None]


def test_only_what_was_asked_for(desk: Desk) -> None:
    issued(desk)
    assert book(desk, Filter(kind="rectification", places=("120114101",)))[1] == 0
    assert book(desk, Filter(kind="rectification", places=("120114001",)))[1] == 1


def test_colleagues_are_named_as_the_channel_shows_them(desk: Desk) -> None:
    issued(desk)
    for channel, name in ((Channel.LETTER, "孙丽"), (Channel.FILE, "孙*")):
        made, _count = ledgers.workbook(desk.session, ALL, "", desk.at, channel)
        sheet = load_workbook(io.BytesIO(made))["问题清单"]
        assert name in [cell.value for cell in sheet[3]]
