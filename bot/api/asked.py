"""What a request may ask with: each parameter with its limits and what it means."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import AwareDatetime

from storage.kinds import KINDS
from storage.report import ReportState
from storage.texts import N_

_CODE = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"
_KIND = f"^({'|'.join(KINDS)})$"
_LIVES = f"^({'|'.join(name for name, kind in KINDS.items() if kind.life is not None)})$"
_WEEK = r"^20[0-9]{2}-W[0-5][0-9]$"

Cursor = Annotated[str, Query(max_length=40, description=N_("从上一页的 next 抄来；不写就是第一页。"))]
Most = Annotated[int, Query(alias="limit", ge=1, le=100, description=N_("一页最多几条。"))]
Within = Annotated[
    str | None,
    Query(
        alias="region", pattern=_CODE, description=N_("只要这个区域里的：县 6 位、镇 9 位、村 12 位代码。")
    ),
]
Kind = Annotated[str | None, Query(pattern=_KIND, description=N_("类型，见 /v1/kinds。"))]
Case = Annotated[str | None, Query(alias="kind", pattern=_LIVES, description=N_("类型，见 /v1/kinds。"))]
States = Annotated[
    list[ReportState] | None, Query(alias="state", description=N_("其中任何一个状态；可以写几次。"))
]
Since = Annotated[
    AwareDatetime | None, Query(description=N_("这一刻或以后发送的，例如 2026-11-01T00:00:00Z。"))
]
Until = Annotated[AwareDatetime | None, Query(description=N_("这一刻以前发送的。"))]
Words = Annotated[str, Query(max_length=100, description=N_("文字里的词，用空格隔开，要全部出现。"))]
Late = Annotated[bool, Query(description=N_("只要办理超期的。"))]
Unfinished = Annotated[bool, Query(alias="open", description=N_("只要还没有办完的。"))]
TeamId = Annotated[int | None, Query(alias="team", ge=1, lt=2**31, description=N_("工作队的 id。"))]
Oldest = Annotated[bool, Query(description=N_("最早的在前：边取边新增时不会漏。"))]
Number = Annotated[str, Path(max_length=40, description=N_("编号，例如 ZF-20261121-0042。"))]
Uid = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description=N_("固定编号，32 位十六进制。"))]
Team = Annotated[int, Path(ge=1, lt=2**31)]
Week = Annotated[str, Path(pattern=_WEEK, description=N_("ISO 周，例如 2026-W47；一周在截止那天所在的周。"))]
Scope = Annotated[
    str | None,
    Query(
        pattern=r"^([0-9]{2,12}|team:[1-9][0-9]{0,8})$",
        description=N_("谁的周报：区域代码，或 team:工作队的 id；不写就是令牌的范围。"),
    ),
]
