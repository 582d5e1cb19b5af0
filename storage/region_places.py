"""Where regions lie: latitude and longitude (WGS-84, degrees) by code, from a list that people bring."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from sqlmodel import Session

from storage import journal
from storage.places import MILLION, Region, canonical
from storage.sheets import BadCell, Line, lines
from storage.texts import _

CODE = ("code", "代码", "区划代码")  # not for people: headings that are understood
COLUMNS = {
    "code": CODE,
    "latitude": ("latitude", "lat", "纬度"),  # not for people: as above
    "longitude": ("longitude", "lon", "lng", "经度"),  # not for people: as above
}


@dataclass(frozen=True)
class Lies:
    """A region's code, and where it lies in millionths of a degree."""

    code: str
    latitude: int
    longitude: int


T = TypeVar("T")


@dataclass
class Plan(Generic[T]):
    """What an import would do that marks regions, each of `new` with one thing."""

    new: list[T] = field(default_factory=list)
    same: int = 0
    wrong: list[BadCell] = field(default_factory=list)


def plan(session: Session, path: Path) -> Plan[Lies]:
    """Read the list and compare it with what is here. Raises Refusal for a file that cannot be read."""
    made = Plan[Lies]()
    for line in lines(path, COLUMNS, frozenset(COLUMNS)):
        region = region_of(session, line)
        place = _degrees(line, "latitude", 90), _degrees(line, "longitude", 180)
        if region is None:
            made.wrong.append(line.fault("code", _("没有这个代码的区域，请先导入区划。")))
        elif place[0] is None or place[1] is None:
            column = "latitude" if place[0] is None else "longitude"
            made.wrong.append(line.fault(column, _("请写成 39.4 的样子：纬度 -90 到 90，经度 -180 到 180。")))
        elif (region.latitude, region.longitude) == place:
            made.same += 1
        else:
            made.new.append(Lies(region.code, place[0], place[1]))
    return made


def write(session: Session, places: Sequence[Lies], *, by: int | None, now: datetime) -> None:
    for one in places:
        region = session.get_one(Region, one.code)
        region.latitude, region.longitude = one.latitude, one.longitude
        journal.write(session, by, "region.place", f"region:{one.code}", now)
    session.flush()


def region_of(session: Session, line: Line) -> Region | None:
    """The region of a line's code; None when there is none."""
    try:
        return session.get(Region, canonical(line.text("code")))
    except ValueError:
        return None


def _degrees(line: Line, column: str, most: int) -> int | None:
    """In millionths; None for what is no such degree."""
    try:
        degrees = float(line.text(column))
    except ValueError:
        return None
    return round(degrees * MILLION) if abs(degrees) <= most else None
