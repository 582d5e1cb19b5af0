"""走访: a visit to a household or a place in a village."""

from datetime import date
from typing import Annotated, ClassVar

from sqlalchemy import JSON, Index, LargeBinary, text
from sqlmodel import Field

from storage.forms import Choice, Date, HouseholdPick, Labelled, Location, PersonPick, Photos, Text, Village
from storage.forms.detail import Detail, Kind
from storage.texts import N_


class Purpose(Labelled):
    """What the visit was for."""

    LOOK = "look", N_("了解情况")
    POLICY = "policy", N_("政策宣传")
    MONITOR = "monitor", N_("防返贫排查")
    SAFETY = "safety", N_("安全排查")
    HOUSING = "housing", N_("住房")
    MEDICAL = "medical", N_("医疗")
    SCHOOLING = "schooling", N_("就学")
    WORK = "work", N_("就业帮扶")
    INDUSTRY = "industry", N_("产业帮扶")
    DISPUTE = "dispute", N_("矛盾调解")
    CARE = "care", N_("慰问关爱")
    OTHER = "other", N_("其他")


_TOLD = text("day IS NOT NULL")


class Visit(Detail, table=True):
    """`purposes` are values of Purpose; `place` is a box (`visit.place|report's uid`) of JSON [lat, lon];
    `companions` are ids of people who came along."""

    __table_args__ = (
        Index("visit_told", "report_id", "day", sqlite_where=_TOLD),
        Index("visit_day", "day", "report_id", sqlite_where=_TOLD),
    )

    kind: ClassVar[str] = "visit"

    village: ClassVar[Annotated[str, Village(label=N_("村"), prompt=N_("在哪个村？"))]]
    household: ClassVar[
        Annotated[int, HouseholdPick(label=N_("户"), prompt=N_("走访哪一户？"), follows="village")]
    ]
    purposes: Annotated[
        list[str],
        Choice(label=N_("事由"), prompt=N_("为了什么事？"), of=Purpose, many=True, same_as_last=True),
    ] = Field(default_factory=list, sa_type=JSON)
    findings: Annotated[
        str,
        Text(
            label=N_("情况"),
            prompt=N_("情况怎么样？写一两句就行，也可以直接发照片配文字。"),
            same_as_last=True,
        ),
    ]
    photos: ClassVar[
        Annotated[int, Photos(label=N_("照片"), prompt=N_("请发照片，可以一次选多张。"), optional=True)]
    ]
    place: Annotated[
        bytes | None,
        Location(label=N_("位置"), prompt=N_("请点回形针发送位置。"), optional=True),
    ] = Field(default=None, sa_type=LargeBinary)
    day: Annotated[date | None, Date(label=N_("日期"), prompt=N_("哪一天走访的？"), optional=True)] = Field(
        default=None, index=True
    )
    """The day of the visit when it is not the day of sending."""
    companions: Annotated[
        list[int],
        PersonPick(label=N_("同行"), prompt=N_("和谁一起去的？"), optional=True, same_as_last=True),
    ] = Field(default_factory=list, sa_type=JSON)


VISIT = Kind(
    table=Visit,
    title=N_("走访"),
    prefix="ZF",
    command="visit",
    next=N_("已记入台账和本周周报。"),
)
