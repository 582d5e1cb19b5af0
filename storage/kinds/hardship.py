"""困难情况: a household or person in difficulty; sending one opens a case."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field

from storage.forms import Choice, HouseholdPick, Labelled, Number, Photos, Text, Village
from storage.forms.detail import Detail, Kind
from storage.kinds.hardship_forms import STEPS
from storage.kinds.hardship_life import LIFE
from storage.kinds.moving import begin
from storage.report import ReportState
from storage.texts import N_


class HardshipCategory(Labelled):
    """困难类别. Stored as plain text, because each county will edit the list."""

    ALLOWANCE = "allowance", N_("低保")
    LOW_INCOME = "low_income", N_("低收入")
    EXTREME = "extreme", N_("特困供养")
    ORPHAN = "orphan", N_("散居孤儿")
    UNSUPPORTED_CHILD = "unsupported_child", N_("事实无人抚养儿童")
    LEFT_CHILD = "left_child", N_("留守儿童")
    LEFT_ELDER = "left_elder", N_("留守老人")
    DISABLED = "disabled", N_("残疾")
    OTHER = "other", N_("其他")


class Cause(Labelled):
    """致困原因."""

    ILLNESS = "illness", N_("因病")
    DISABILITY = "disability", N_("因残")
    SCHOOLING = "schooling", N_("因学")
    DISASTER = "disaster", N_("因灾")
    ACCIDENT = "accident", N_("突发事故")
    JOBLESS = "jobless", N_("就业不稳")
    LABOUR = "labour", N_("缺劳力")
    FUNDS = "funds", N_("缺资金")
    OTHER = "other", N_("其他")


class Guarantee(Labelled):
    """两不愁三保障 and drinking water: what is not secure."""

    FOOD = "food", N_("吃")
    CLOTHING = "clothing", N_("穿")
    SCHOOLING = "schooling", N_("义务教育")
    MEDICAL = "medical", N_("基本医疗")
    HOUSING = "housing", N_("住房安全")
    WATER = "water", N_("饮水安全")


class Urgency(Labelled):
    NORMAL = "normal", N_("一般")
    SOON = "soon", N_("较急")
    URGENT = "urgent", N_("紧急")


class Source(Labelled):
    """How it came to be known."""

    FOUND = "found", N_("走访排查")
    ASKED = "asked", N_("户主申请")
    COMPARED = "compared", N_("部门比对")


class HardshipCase(Detail, table=True):
    """`category`, `causes`, `guarantees`, `urgency`, `source` are values of the lists above."""

    kind: ClassVar[str] = "hardship"

    village: ClassVar[Annotated[str, Village(label=N_("村"), prompt=N_("在哪个村？"))]]
    household: ClassVar[
        Annotated[
            int,
            HouseholdPick(label=N_("户"), prompt=N_("哪一户有困难？"), follows="village", allow_none=False),
        ]
    ]
    category: Annotated[
        str,
        Choice(label=N_("类别"), prompt=N_("属于哪一类？"), of=HardshipCategory, same_as_last=True),
    ] = Field(index=True)
    causes: Annotated[
        list[str],
        Choice(label=N_("原因"), prompt=N_("主要原因是什么？"), of=Cause, many=True, same_as_last=True),
    ] = Field(default_factory=list, sa_type=JSON)
    guarantees: Annotated[
        list[str],
        Choice(
            label=N_("缺保障"),
            prompt=N_("吃穿、教育、医疗、住房、饮水，哪一项没有保障？"),
            of=Guarantee,
            many=True,
            none=N_("都有保障"),
            same_as_last=True,
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    urgency: Annotated[
        str, Choice(label=N_("紧急程度"), prompt=N_("急不急？选“紧急”会马上告诉队长和管理组。"), of=Urgency)
    ] = Field(index=True)
    findings: Annotated[
        str, Text(label=N_("情况"), prompt=N_("具体是什么情况？写一两句就行。"), same_as_last=True)
    ]
    wishes: Annotated[
        str | None,
        Text(label=N_("诉求"), prompt=N_("这户人家希望得到什么帮助？"), optional=True, same_as_last=True),
    ] = Field(default=None)
    people: Annotated[
        int | None,
        Number(label=N_("人数"), prompt=N_("困难涉及几口人？"), optional=True, least=1, most=99),
    ] = Field(default=None)
    source: Annotated[
        str | None, Choice(label=N_("来源"), prompt=N_("怎么知道的？"), of=Source, optional=True)
    ] = Field(default=None)
    photos: ClassVar[
        Annotated[int, Photos(label=N_("照片"), prompt=N_("请发照片，可以一次选多张。"), optional=True)]
    ]


def _urgent(answers: Mapping[str, Any]) -> bool:
    return bool(answers.get("urgency") == Urgency.URGENT.value)


HARDSHIP = Kind(
    table=HardshipCase,
    title=N_("困难情况"),
    prefix="KN",
    command="case",
    next=N_("已立案，等待核查。"),
    state=ReportState.OPEN,
    correctable=frozenset({ReportState.OPEN}),
    urgent=_urgent,
    begin=begin,
    life=LIFE,
    steps=STEPS,
)
