"""Empty lists to be filled in: the headings that are understood, needed ones with a star, choices to pick from, and a
second sheet that says what belongs where."""

import io
from collections.abc import Sequence
from typing import NamedTuple

from reports import workbooks
from storage import roster
from storage.kinds.hardship import HardshipCategory
from storage.kinds.rectification import Origin, ProblemCategory
from storage.list_kinds import ListKind
from storage.people import Role
from storage.sheets import MOST
from storage.texts import listed

FIRST = 2
"""The row below the headings, counted from 0."""


class Column(NamedTuple):
    """`choices` to pick from; of a column that is `text`, long numbers stay whole."""

    head: str
    width: int
    about: str
    choices: Sequence[str] = ()
    text: bool = False


_VILLAGE = Column(  # not for people: the paper is official and in Chinese, whoever asks for it
    "村*", 16, "村名或 12 位村代码。几个村同名时写代码，或填“镇”。"
)
_TOWN = Column("镇", 14, "只在几个村同名时需要。")  # not for people: as above
_ID = Column("身份证号", 22, "18 位。填了就按它找户，不怕重名。", text=True)  # not for people: as above
_COLUMNS: dict[ListKind, tuple[Column, ...]] = {  # not for people: as above
    ListKind.PROBLEMS: (
        _VILLAGE, _TOWN,
        Column("存在问题*", 36, "一行一个问题，写清楚在哪里、是什么。"),
        Column("整改期限*", 14, "写成 2026-11-30 这样，不能是过去的日子。", text=True),
        Column("整改要求", 28, "要整改到什么程度。"),
        Column("问题来源", 16, "从列表里选，可以不填。", [one.label for one in Origin]),
        Column("问题类别", 16, "从列表里选，可以不填。", [one.label for one in ProblemCategory]),
        Column("交办依据", 22, "文号，可以不填。"),
        Column("工作队", 16, "不填就交给驻这个村的工作队。"),
        Column("整改措施", 24, "任务，可以不填。"),
        Column("牵头单位", 16, "可以不填。"),
        Column("配合单位", 16, "可以不填，几个单位用、隔开。"),
        Column("责任人", 16, "可以不填，几个人用、隔开。"),
    ),
    ListKind.COMPARED: (
        Column("姓名*", 12, "户主姓名。"), _VILLAGE, _TOWN, _ID,
        Column("比对情况*", 40, "比对出了什么，例如：今年住院自付 3 万元。"),
        Column("类别", 16, "从列表里选，可以不填。", [one.label for one in HardshipCategory]),
        Column("电话", 16, "可以不填。", text=True),
    ),
    ListKind.PAIRS: (
        Column("户主*", 12, "户主姓名，户册里要有。"), _VILLAGE, _TOWN, _ID,
        Column("联系人*", 14, "驻这个村的工作队里的人。本人接受以后才算。"),
    ),
    ListKind.HOUSEHOLDS: (
        Column("户主*", 12, "户主姓名。同村有同名的，请填身份证号或服务卡号。"), _VILLAGE, _TOWN, _ID,
        Column("服务卡号", 20, "可以不填。", text=True),
        Column("电话", 16, "可以不填。", text=True),
        Column("类别", 16, "例如：监测户、脱贫户、一般户。可以不填。"),
        Column("人口", 8, "1 到 50 的整数，可以不填。"),
    ),
    ListKind.ROSTER: (
        Column("姓名*", 12, "真实姓名。"),
        Column("电话", 16, "填了就按它认人，不怕重名。", text=True),
        Column("角色", 14, "从列表里选；不填就是队员。", [roster.ROLES[role] for role in Role]),
        Column("工作队", 18, "队员、队长必填。没有的队会按它的村新建。"),
        Column("单位", 20, "派出单位，可以不填。"),
        Column("村", 20, "新工作队所驻的村：村名或 12 位村代码，几个村用、隔开。"),
        Column("区域", 16, "管理组、部门人员、管理员必填：负责区域的代码，例如 120114。", text=True),
        Column("部门", 16, "部门人员所在的部门。"),
        Column("Telegram", 16, "Telegram 编号。不知道就不填，导入后每人得到一个加入的链接。", text=True),
    ),
    ListKind.REGIONS: (
        Column("代码*", 18, "统计用区划代码：县 6 位、镇 9 位、村 12 位。", text=True),
        Column("名称*", 30, "例如：大桃园村委会。已有的代码写了别的名称，就改名。"),
        Column("上级代码", 18, "可以不填，从代码看得出来。上级要在库里，或者也在表里。", text=True),
    ),
}  # fmt: skip
_TITLE = "{kind}（标 * 的列必填，从第 3 行填起）"  # not for people: as above
_HELP, _HEADS = "填写说明", ("列", "怎么填", "可选")  # not for people: as above


def workbook(kind: ListKind) -> bytes:
    """The empty list as xlsx."""
    out = io.BytesIO()
    columns = _COLUMNS[kind]
    with workbooks.writing(out) as book:
        heads = workbooks.columns((one.head, one.width) for one in columns)
        page = book.sheet(kind.label, _TITLE.format(kind=kind.label), heads).page
        text = book.file.add_format({"num_format": "@"})
        for place, one in enumerate(columns):
            if one.text:
                page.set_column(place, place, one.width, text)
            if one.choices:
                page.data_validation(
                    FIRST, place, MOST, place, {"validate": "list", "source": list(one.choices)}
                )
        about = book.sheet(_HELP, _HELP, workbooks.columns(zip(_HEADS, (14, 50, 60), strict=True)))
        for one in columns:
            about.add(one.head, one.about, listed(one.choices), lines=1 + len(one.choices) // 4)
    return out.getvalue()
