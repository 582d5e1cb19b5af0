"""Where the demo's towns and villages lie, and what classes its towns have: towns roughly where they are, villages
around them by invention, classes invented."""

import math
from collections.abc import Sequence
from datetime import datetime
from random import Random

from sqlmodel import Session

from storage import places, region_places, town_classes
from storage.places import MILLION, TownClass
from storage.region_places import Lies
from storage.town_classes import Classed

_MODEL, _NORMAL, _PRIORITY = TownClass.MODEL, TownClass.NORMAL, TownClass.PRIORITY
TOWNS: dict[str, tuple[float, float, TownClass | None]] = {
    "120114001": (39.385, 117.045, None), "120114002": (39.325, 117.080, None),
    "120114003": (39.365, 117.085, None), "120114004": (39.430, 117.050, _NORMAL),
    "120114005": (39.415, 117.095, None), "120114006": (39.375, 117.015, None),
    "120114101": (39.385, 117.165, _MODEL), "120114102": (39.500, 117.110, _NORMAL),
    "120114103": (39.530, 117.200, _MODEL), "120114104": (39.580, 117.130, _PRIORITY),
    "120114105": (39.600, 117.220, _PRIORITY), "120114106": (39.475, 117.030, _NORMAL),
    "120114107": (39.545, 117.030, _NORMAL), "120114108": (39.520, 116.960, _NORMAL),
    "120114109": (39.620, 116.945, _NORMAL), "120114110": (39.560, 116.925, _PRIORITY),
    "120114111": (39.490, 116.910, _NORMAL), "120114112": (39.420, 116.890, _MODEL),
    "120114113": (39.330, 116.870, _NORMAL), "120114114": (39.180, 116.920, _MODEL),
    "120114115": (39.230, 116.900, _NORMAL), "120114116": (39.640, 117.120, _PRIORITY),
    "120114117": (39.350, 117.240, _NORMAL), "120114118": (39.590, 116.815, _MODEL),
    "120114119": (39.280, 116.950, _NORMAL), "120114120": (39.395, 116.960, _NORMAL),
    "120114121": (39.455, 117.165, _NORMAL), "120114122": (39.430, 117.260, _PRIORITY),
    "120114123": (39.640, 116.860, _NORMAL), "120114124": (39.530, 116.840, _PRIORITY),
}  # fmt: skip
"""By code: latitude and longitude of the middle, and the class."""
_TURN = math.pi * (3 - math.sqrt(5))
_STEP, _ASTRAY = 0.0062, 0.0018
"""Degrees of latitude: how far the first village lies from the middle, and how far any may lie astray."""
_NARROW = math.cos(math.radians(39.4))
"""A degree of longitude there, in degrees of latitude."""


def around(middle: tuple[float, float], count: int, chance: Random) -> list[tuple[float, float]]:
    """So many places around a middle, evenly and yet not in a pattern."""
    found = []
    for number in range(count):
        far, turn = _STEP * math.sqrt(number), number * _TURN
        north = far * math.sin(turn) + chance.uniform(-_ASTRAY, _ASTRAY)
        east = far * math.cos(turn) + chance.uniform(-_ASTRAY, _ASTRAY)
        found.append((middle[0] + north, middle[1] + east / _NARROW))
    return found


def survey(session: Session, now: datetime) -> None:
    """What an administrator would have imported of them."""
    found: list[Lies] = []
    for code, (latitude, longitude, _class) in TOWNS.items():
        villages = [one.code for one in places.children(session, code)]
        found += _lie(villages, (latitude, longitude), Random(code))  # noqa: S311 - an invented map, no secret
    region_places.write(session, found, by=None, now=now)
    classes = [Classed(code, one) for code, (_north, _east, one) in TOWNS.items() if one is not None]
    town_classes.write(session, classes, by=None, now=now)


def _lie(villages: Sequence[str], middle: tuple[float, float], chance: Random) -> list[Lies]:
    return [
        Lies(code, round(place[0] * MILLION), round(place[1] * MILLION))
        for code, place in zip(villages, around(middle, len(villages), chance), strict=True)
    ]
