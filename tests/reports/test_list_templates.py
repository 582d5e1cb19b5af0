"""Empty lists: what is written under their headings is understood."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from reports import list_templates
from storage import list_kinds, sheets
from storage.list_kinds import ListKind
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]

FILLED: dict[ListKind, dict[str, Any]] = {
    ListKind.PROBLEMS: {
        "村": "大桃园",
        "存在问题": "河边有垃圾",
        "整改期限": "2026-11-30",
        "问题类别": "环境卫生",
    },
    ListKind.COMPARED: {
        "姓名": "李爱民",
        "村": "大桃园",
        "身份证号": "11010519491231002X",
        "比对情况": "住院",
    },
    ListKind.PAIRS: {"户主": "李爱民", "村": "大桃园", "联系人": "王爱民"},
    ListKind.HOUSEHOLDS: {"户主": "钱多多", "村": "大桃园", "服务卡号": "A-00017", "人口": 4},
    ListKind.ROSTER: {
        "姓名": "韩梅",
        "电话": "13812345679",
        "角色": "队长",
        "工作队": "五队",
        "村": "大桃园",
    },
    ListKind.REGIONS: {"代码": "120114001003", "名称": "新村村委会"},
}


@pytest.mark.parametrize("kind", ListKind)
def test_a_template_filled_in_is_taken(desk: Desk, kind: ListKind) -> None:
    book = load_workbook(io.BytesIO(list_templates.workbook(kind)))
    page = book.worksheets[0]
    heads = {str(cell.value).rstrip("*"): place for place, cell in enumerate(page[2], start=1)}
    for head, value in FILLED[kind].items():
        page.cell(row=3, column=heads[head], value=value)
    out = io.BytesIO()
    book.save(out)
    read = sheets.parse("模板.xlsx", out.getvalue())
    actor = desk.actor("周正")
    assert list_kinds.of_headings(read, actor) == [kind]
    made = list_kinds.plan(desk.session, read, kind, actor, desk.at)
    assert (len(made.new), list(made.wrong)) == (1, [])


def test_needed_columns_have_a_star_and_choices_are_picked() -> None:
    book = load_workbook(io.BytesIO(list_templates.workbook(ListKind.PROBLEMS)))
    page, about = book.worksheets
    assert [cell.value for cell in page[2]][:4] == ["村*", "镇", "存在问题*", "整改期限*"]
    assert any("环境卫生" in str(one.formula1) for one in page.data_validations.dataValidation)
    assert about.title == "填写说明"
    ids = load_workbook(io.BytesIO(list_templates.workbook(ListKind.COMPARED))).worksheets[0]
    assert ids.column_dimensions["D"].width > 20
