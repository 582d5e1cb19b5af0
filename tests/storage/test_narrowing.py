"""Buttons narrow a query; a choice that does not exist any more is an old button."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from storage import narrowing, territory
from storage.narrowing import ANY, put
from storage.reading import LIVE, UNFINISHED, Filter
from storage.refusals import Gone
from storage.understanding import LATE
from tests.storage.asking import NOW, PLACES, County, new_store, settle

ALL = Filter(states=LIVE)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, County]]:
    store = new_store(str(tmp_path_factory.mktemp("narrowing") / "z.db"))
    with store.writing() as session:
        yield session, settle(session)
    store.close()


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("kind", "visit", Filter(kind="visit", states=LIVE)),
        ("place", "120114001", Filter(places=("120114001",), states=LIVE)),
        ("place", "120114001000", Filter(places=("120114001",), states=LIVE)),
        ("state", "open", Filter(states=UNFINISHED)),
        ("state", "late", Filter(states=LATE, due_before=NOW)),
    ],
)
def test_a_field_is_set_and_taken_away(
    world: tuple[Session, County], field: str, value: str, expected: Filter
) -> None:
    session, _ = world
    assert put(session, ALL, field, value, NOW) == expected
    assert put(session, expected, field, ANY, NOW) == ALL


def test_a_period_is_seen_from_now_in_the_countys_zone(world: tuple[Session, County]) -> None:
    session, _ = world
    asked = put(session, ALL, "time", "0", NOW)
    assert asked.since == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    assert asked.until == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert put(session, asked, "time", ANY, NOW) == ALL


def test_words_people_and_teams_are_taken_away(world: tuple[Session, County]) -> None:
    session, _ = world
    assert put(session, Filter(words="雨", number="-0042"), "words", ANY, NOW) == ALL
    assert put(session, Filter(authors=(1,), team_id=2, states=LIVE), "who", ANY, NOW) == ALL


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "lost"),
        ("place", "12x"),
        ("place", "5"),
        ("time", "99"),
        ("time", "x"),
        ("state", "lost"),
        ("mood", "-"),
    ],
)
def test_what_cannot_be_chosen_is_an_old_button(
    world: tuple[Session, County], field: str, value: str
) -> None:
    session, _ = world
    with pytest.raises(Gone):
        put(session, ALL, field, value, NOW)


def test_each_role_is_offered_its_usual_questions(world: tuple[Session, County]) -> None:
    session, county = world
    offered = {
        name: [key for key, _ in narrowing.questions(county.actor(session, name))]
        for name in ("王爱民", "孙丽", "吴敏")
    }
    assert offered == {
        "王爱民": ["team", "mine", "open", "late", "place"],
        "孙丽": ["week", "open", "late", "place"],
        "吴敏": ["mine", "open", "late"],
    }
    for name, keys in offered.items():
        for key in keys:
            assert isinstance(narrowing.usual(session, county.actor(session, name), key, NOW), Filter)
    with pytest.raises(Gone):
        narrowing.usual(session, county.actor(session, "孙丽"), "team", NOW)
    week = narrowing.usual(session, county.actor(session, "王爱民"), "team", NOW)
    assert week.team_id == county.teams["一队"]
    assert week.since == datetime(2026, 11, 15, 16, 0, tzinfo=UTC)


def test_places_to_choose_from_begin_where_there_is_a_choice(world: tuple[Session, County]) -> None:
    session, county = world

    def codes(name: str, code: str = "") -> list[str]:
        return [one.code for one in territory.places_under(session, county.actor(session, name), code)]

    assert codes("周正") == ["120114001", "120114101"]
    assert codes("孙丽") == [PLACES[0], PLACES[1]]
    assert codes("王爱民") == [PLACES[0]]
    assert codes("吴敏") == []
    assert codes("周正", "120114101") == [PLACES[2], PLACES[3]]


def test_people_known_by_number_or_whole_name(world: tuple[Session, County]) -> None:
    session, county = world
    wang = county.people["王爱民"]
    assert territory.people_known(session, "王爱民") == (wang,)
    assert territory.people_known(session, str(wang)) == (wang,)
    assert territory.people_known(session, "王") == ()
    assert territory.people_known(session, "999999") == ()
