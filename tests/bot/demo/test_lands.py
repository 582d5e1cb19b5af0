"""Where the demo's villages lie, and what its towns are: each near its town, each team's town with enough peers."""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.demo import lands
from bot.demo.cast import COUNTY, CREWS
from bot.demo.county import open_store
from storage.peers import LEAST
from storage.places import MILLION, Level, Region
from storage.regions_import import plan, shipped, write
from tests.storage.asking import NOW


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = open_store(tmp_path)
    with store.writing() as made:
        write(made, plan(made, shipped(COUNTY)).changes, by=None, now=NOW)
        lands.survey(made, NOW)
        yield made
    store.close()


def test_every_village_of_a_town_lies_near_it_and_apart_from_the_others(session: Session) -> None:
    villages = session.exec(
        select(Region).where(Region.level == Level.VILLAGE, col(Region.parent).in_(lands.TOWNS))
    ).all()
    assert len(villages) > 600
    places = []
    for one in villages:
        assert one.latitude is not None
        assert one.longitude is not None
        place = one.latitude / MILLION, one.longitude / MILLION
        middle = lands.TOWNS[one.code[:9]]
        assert abs(place[0] - middle[0]) < 0.07
        assert abs(place[1] - middle[1]) < 0.09
        places.append((one.latitude, one.longitude))
    assert len(set(places)) == len(places)


def test_the_same_map_each_time() -> None:
    one, other = (lands.around((39.0, 117.0), 20, random.Random("1")) for _each in range(2))
    assert one == other
    assert min(abs(a - b) + abs(c - d) for (a, c), (b, d) in combinations(one, 2)) > 0.002


def test_each_teams_town_has_peers_enough(session: Session) -> None:
    """Without that the demo would show no median."""
    towns = {crew.town for crew in CREWS}
    classes = Counter(session.get_one(Region, town).town_class for town in towns)
    assert all(one is not None and count > LEAST for one, count in classes.items())
    named = session.exec(select(Region.code).where(col(Region.town_class).is_not(None))).all()
    assert len(named) == sum(one is not None for *_place, one in lands.TOWNS.values())


def test_all_of_them_are_towns_of_the_county() -> None:
    text = shipped(COUNTY)[Level.TOWN].read_text("utf-8")
    assert all(f"\n{code}," in text for code in lands.TOWNS)
