"""Regions: the administrative tree (province, city, county, town, village) by statistical code."""

from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Field, Session, SQLModel, col, select

from storage.db import by_value

MILLION = 1_000_000
"""Into so many parts is a degree divided that says where a region lies."""
_LENGTHS = {2: "province", 4: "city", 6: "county", 9: "town", 12: "village"}


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class TownClass(StrEnum):
    """How far a county has come with a town: towns of the same class are compared with each other."""

    MODEL = "model"
    NORMAL = "normal"
    PRIORITY = "priority"


class Region(SQLModel, table=True):
    """A node. `code` is the statistical code without the zeros that pad it to 12 digits, so that a region lies
    inside another exactly when its code begins with the other's (12, 1201, 120114, 120114001, 120114001007).
    Where it lies is in millionths of a degree (WGS-84), once somebody has imported it; so is a town's class."""

    code: str = Field(primary_key=True)
    name: str = Field(index=True)
    level: Level = Field(sa_type=by_value(Level))
    parent: str | None = Field(default=None, foreign_key="region.code", index=True)
    closed: bool = False
    latitude: int | None = None
    longitude: int | None = None
    town_class: TownClass | None = Field(default=None, sa_type=by_value(TownClass))


def canonical(code: str) -> str:
    """The short form of a statistical code: "120114001000" and "120114001" are one town. Raises ValueError."""
    digits = code.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _LENGTHS:
        raise ValueError(code)
    for length in (2, 4, 6, 9):
        if len(digits) > length and set(digits[length:]) == {"0"}:
            return digits[:length]
    return digits


def level_of(code: str) -> Level:
    return Level(_LENGTHS[len(code)])


def around(code: str) -> list[str]:
    """The codes of the regions that hold this one, the largest first, its own last."""
    return [code[:length] for length in _LENGTHS if length <= len(code)]


def inside(column: str | ColumnElement[str], code: str) -> ColumnElement[bool]:
    """SQL: the column's region lies in the region `code` (itself included); "" means everywhere.
    A range instead of LIKE, so that the index is used."""
    element = column if isinstance(column, ColumnElement) else col(column)
    return (element >= code) & (element < beyond(code))


def beyond(code: str) -> str:
    """What comes behind all codes of a region in their order."""
    return code + "~"


def region(session: Session, code: str) -> Region | None:
    return session.get(Region, code)


def children(session: Session, code: str) -> list[Region]:
    return list(session.exec(select(Region).where(Region.parent == code).order_by(Region.code)))
