"""What goes on in each village of a territory: visits of late, cases that are open, those past their clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from storage import scope
from storage.identity import Actor
from storage.names import spoken
from storage.places import MILLION, Level, Region, inside
from storage.reading import UNFINISHED
from storage.report import Report

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class VillageCount:
    """`visits` of the last 30 days; `place` is latitude and longitude where they are known."""

    code: str
    name: str
    place: tuple[float, float] | None
    visits: int
    open: int
    late: int


def counted(
    session: Session, actor: Actor, now: datetime, within: str = "", after: str = "", most: int = 50
) -> list[VillageCount]:
    """The villages of the territory that lie in a region, after a code, by code; a row more than `most` where there
    are more."""
    wanted = (Region.level == Level.VILLAGE, scope.villages(actor), inside(Region.code, within))
    found = select(Region).where(*wanted, col(Region.code) > after).order_by(Region.code).limit(most + 1)
    villages = session.exec(found).all()
    if not villages:
        return []
    there = (col(Report.village) >= villages[0].code, col(Report.village) <= villages[-1].code)
    visits = _by_village(session, actor, *there, Report.kind == "visit", col(Report.sent_at) >= now - LATELY)
    unfinished = col(Report.state).in_(UNFINISHED)
    still = _by_village(session, actor, *there, unfinished)
    late = _by_village(session, actor, *there, unfinished, col(Report.due_at) < now)
    counts = (visits, still, late)
    return [
        VillageCount(one.code, spoken(one.name), _place(one), *(some.get(one.code, 0) for some in counts))
        for one in villages
    ]


def _place(one: Region) -> tuple[float, float] | None:
    if one.latitude is None or one.longitude is None:
        return None
    return one.latitude / MILLION, one.longitude / MILLION


def _by_village(session: Session, actor: Actor, *where: ColumnElement[bool] | bool) -> dict[str, int]:
    counts: Any = select(Report.village, func.count()).where(scope.visible(actor), *where)
    return dict(session.exec(counts.group_by(Report.village)).all())
