"""危房: a house that may come down; sending one opens its case, and asks whether anybody sleeps there tonight."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, Session

from storage.forms import Choice, HouseholdPick, Labelled, Number, Photos, Text, Village
from storage.forms.detail import Detail, Kind
from storage.identity import Actor
from storage.kinds.house_forms import STEPS
from storage.kinds.house_life import LIFE
from storage.report import Report, ReportState
from storage.texts import N_


class Sign(Labelled):
    """What makes a house look dangerous."""

    WALL = "wall", N_("墙体开裂")
    LEAN = "lean", N_("房屋倾斜")
    ROOF = "roof", N_("屋顶塌陷漏雨")
    BEAM = "beam", N_("梁柱腐朽断裂")
    GROUND = "ground", N_("地基下沉")
    SLOPE = "slope", N_("边坡滑塌")
    OTHER = "other", N_("其他")


class Tonight(Labelled):
    """Whether anybody sleeps there tonight; who does not know is taken for yes."""

    YES = "yes", N_("有人住")
    NO = "no", N_("没人住")
    UNKNOWN = "unknown", N_("不清楚")


class HouseCase(Detail, table=True):
    """`signs` are values of Sign, `tonight` is one of Tonight; `people` is how many live there."""

    kind: ClassVar[str] = "house"

    village: ClassVar[Annotated[str, Village(label=N_("村"), prompt=N_("在哪个村？"))]]
    household: ClassVar[
        Annotated[
            int,
            HouseholdPick(label=N_("户"), prompt=N_("谁家的房子？"), follows="village", allow_none=False),
        ]
    ]
    tonight: Annotated[
        str,
        Choice(
            label=N_("发现当晚"),
            prompt=N_("今晚有人住在里面吗？选“有人住”或“不清楚”会马上告警。"),
            of=Tonight,
        ),
    ]
    signs: Annotated[
        list[str], Choice(label=N_("险情"), prompt=N_("看到了什么险情？"), of=Sign, many=True)
    ] = Field(default_factory=list, sa_type=JSON)
    findings: Annotated[
        str, Text(label=N_("情况"), prompt=N_("具体是什么情况？写一两句就行，也可以直接发照片配文字。"))
    ]
    people: Annotated[
        int | None,
        Number(label=N_("人数"), prompt=N_("平时住几口人？"), optional=True, least=0, most=99),
    ] = Field(default=None)
    photos: ClassVar[
        Annotated[int, Photos(label=N_("照片"), prompt=N_("请发照片，可以一次选多张。"), optional=True)]
    ]


def _begin(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """Those who owe are told; when somebody may sleep there tonight, all who can help are alarmed at once."""
    from storage import ringing, stepping

    stepping.begin_life(session, report, actor, now)
    ringing.begun(session, report, actor, now)


def _settle(
    session: Session, report: Report, answers: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    """A correction that says now that somebody sleeps there is as much of an alarm as a report is."""
    from storage import alarms

    if report.id is not None and answers["tonight"] != Tonight.NO.value:
        alarms.begin(session, report, actor.person_id, now)


HOUSE = Kind(
    table=HouseCase,
    title=N_("危房"),
    prefix="WF",
    command="house",
    next=N_("已立案，等待上报鉴定。"),
    state=ReportState.FOUND,
    correctable=frozenset({ReportState.FOUND}),
    settle=_settle,
    begin=_begin,
    life=LIFE,
    steps=STEPS,
)
