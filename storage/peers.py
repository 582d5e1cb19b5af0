"""What the towns of the same class did in a week: the median, never a town by itself.

Counted by whoever reads the whole county, when figures are kept: a session confined to a territory sees no peers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage import counting
from storage.db import run
from storage.people import Team
from storage.places import Region, TownClass, inside
from storage.summaries import Scope, WeeklySummary
from storage.tallies import Window

LEAST = 3
"""Of fewer towns a median is not told: it would tell about a single one."""
_TOWN, _COUNTY = 9, 6
"""Length of the codes."""


@dataclass(frozen=True)
class Peers:
    """The other towns of the same class in the county that have teams: how many, and the median of the visits and of
    the households visited for each of their teams, to one place."""

    town_class: TownClass
    towns: int
    visits: float
    households: float


def from_json(kept: Mapping[str, Any] | None) -> Peers | None:
    """As it was kept."""
    return Peers(**{**kept, "town_class": TownClass(kept["town_class"])}) if kept else None


def of(session: Session, scope: Scope, week: str, window: Window) -> Peers | None:
    """Of a town and of its teams; None for other scopes, a town without a class and where peers are too few. What was
    told of the town's week already is told again, so that a town and its teams never differ."""
    town = scope.region[:_TOWN]
    if len(town) < _TOWN:
        return None
    region = session.get(Region, town)
    if region is None or region.town_class is None:
        return None
    for kept in _kept(session, town, week, window):
        if "peers" in kept:
            return from_json(kept["peers"])
    return _counted(session, region, region.town_class, window)


def _kept(session: Session, town: str, week: str, window: Window) -> Iterable[Mapping[str, Any]]:
    """Figures of the town, else of one of its teams, that were kept for this window."""
    rows = select(WeeklySummary.figures).where(
        WeeklySummary.week == week,
        WeeklySummary.window_start == window.start,
        WeeklySummary.window_end == window.end,
    )
    yield from session.exec(rows.where(WeeklySummary.scope == town))
    teams = session.exec(select(Team.id).where(inside(Team.region, town))).all()
    scopes = [str(Scope(town, team)) for team in teams]
    yield from session.exec(rows.where(col(WeeklySummary.scope).in_(scopes)).limit(1))


def _counted(session: Session, town: Region, town_class: TownClass, window: Window) -> Peers | None:
    county = town.code[:_COUNTY]
    same = select(Region.code).where(inside(Region.code, county), Region.town_class == town_class)
    others = [code for code in session.exec(same) if code != town.code]
    teams = _teams(session, county, window) if len(others) >= LEAST else {}
    there = [code for code in others if code in teams]
    if len(there) < LEAST:
        return None
    done = _done(session, county, window)
    visits, homes = ([Fraction(done[code][place], teams[code]) for code in there] for place in (0, 1))
    return Peers(town_class, len(there), to_one_place(median(visits)), to_one_place(median(homes)))


def to_one_place(number: Fraction) -> float:
    """Half of the last place is rounded up."""
    return int(number * 10 + Fraction(1, 2)) / 10


def _teams(session: Session, county: str, window: Window) -> dict[str, int]:
    """The teams that were there at the window's end, by town."""
    town = func.substr(col(Team.region), 1, _TOWN)
    there = col(Team.ended_at).is_(None) | (col(Team.ended_at) >= window.end)
    found = select(town, func.count()).where(inside(Team.region, county), there).group_by(town)
    return dict(session.exec(found).all())


def _done(session: Session, county: str, window: Window) -> dict[str, tuple[int, int]]:
    """(visits, households visited) of each town of the county."""
    scope = Scope(county)
    shape = counting.shape_of(session, scope)
    # Whether any lies outside of some ids is not asked here.
    values = counting.values(scope) | {"since": window.start, "until": window.end, "low": 0, "high": 0}
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in run(session, counting.header(shape), **values):
        town = counting.part_by(shape, row)
        visits, homes = found[town]
        here = counting.counts(shape, row)
        found[town] = visits + here["visits"], homes + here["households"]
    return found
