"""Tallies beside a clerk's count of the same rows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from storage import counting, matters, tallies, teams_sent
from storage.db import Store, run
from storage.places import Level, Region
from storage.report import ReportState
from storage.summaries import Scope
from storage.tallies import Tally, Window
from tests import databases, weeks
from tests.weeks import COUNTY, W46, W47, County

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def filled(
    database: databases.Kind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, County]]:
    with weeks.two_weeks(tmp_path_factory.mktemp(database) / "t.db", seed=1) as made:
        yield made


@pytest.mark.parametrize("window", [W46, W47, Window(W46.start, W47.end)])
def test_the_county_is_counted_as_by_hand(filled: tuple[Store, County], window: Window) -> None:
    store, county = filled
    with store.reading() as session:
        counted = tallies.tally(session, Scope(COUNTY), window)[0]
    assert counted == weeks.plain(county, window)
    assert min(vars(counted).values()) > 0, "every count is tried"


def test_each_town_is_counted_as_by_hand(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.reading() as session:
        parts = tallies.tally(session, Scope(COUNTY), W47)[1]
    assert parts == {town: weeks.plain(county, W47, village=town) for town in county.towns}


def test_each_team_of_a_town_is_counted_as_by_hand(filled: tuple[Store, County]) -> None:
    store, county = filled
    town = county.towns[0]
    with store.reading() as session:
        parts = tallies.tally(session, Scope(town), W47)[1]
    teams = [team for team, village in county.teams.items() if village.startswith(town)]
    assert parts == {str(team): weeks.plain(county, W47, team=team) for team in teams}


def test_a_team_is_counted_as_by_hand(filled: tuple[Store, County]) -> None:
    store, county = filled
    team = next(iter(county.teams))
    with store.reading() as session:
        counted = tallies.tally(session, Scope(county.teams[team][:9], team), W47)[0]
    assert counted == weeks.plain(county, W47, team=team)


def test_pictures_and_days_are_counted_alike_from_either_side(filled: tuple[Store, County]) -> None:
    """From the records, and from the rows beside them, as is quicker where nearly everything is the scope's."""
    store, county = filled
    with store.reading() as session:
        for scope in (Scope(COUNTY), Scope(county.towns[0]), Scope(county.villages[0][:9], 1)):
            shape = counting.shape_of(session, scope)
            values = counting.values(scope) | {
                "since": W47.start, "until": W47.end, "day": W47.start.date(), "low": 0, "high": 10**6,
            }  # fmt: skip
            for statement in (counting.pictures, counting.belated):
                found = [by_part(run(session, statement(shape, dense), **values), shape) for dense in (0, 1)]
                assert found[0] == found[1]
                assert found[0] or scope.team, statement


def by_part(rows: Iterable[Any], shape: counting.Shape) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for row in rows:
        counted[counting.part_by(shape, row)] += row[-1]
    return {part: count for part, count in counted.items() if part and count}


def test_which_side_is_read_depends_on_how_many_others_sent_meanwhile() -> None:
    crowd, few = [("x", 70, 27, 40, 0)], [("x", 7, 3, 5, 0)]
    assert counting.dense(crowd, 1, 130)
    assert not counting.dense(few, 1, 130)
    assert not counting.dense([], 1, 130)
    assert not counting.dense([*crowd, ("y", 9, 0, 9, 1)], 1, 130), "one lies elsewhere"


def test_pictures_of_reports_far_from_the_others_are_counted(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids are as a rule in the order of time: where the first and the last reports lie does not tell of all."""
    county = weeks.settle(session, towns=1, villages=1)
    for hour in (3, 0, 1, 2):  # the ends in time are in the middle of the ids
        for _each in range(5):
            weeks.add_report(session, county, 1, W47.start + timedelta(hours=hour), "photo", photos=["kept"])
    weeks.add_report(session, county, 1, W47.start + timedelta(hours=2, minutes=30), "photo", photos=["kept"])
    weeks.add_report(session, county, 1, W47.start + timedelta(hours=4), "photo", photos=["kept"])
    monkeypatch.setattr(counting, "_EDGE", 1)
    counting.ends.cache_clear()
    try:
        assert run(session, counting.ends(), since=W47.start, until=W47.end)[0] == (6, 22)
        assert tallies.tally(session, Scope(COUNTY), W47)[0].pictures == 22
    finally:
        counting.ends.cache_clear()


def test_visits_of_another_county_are_not_counted_by_day(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=1)
    days = [(W47.start, W47.start + timedelta(days=1)), (W47.start + timedelta(days=1), W47.end)]
    weeks.add_report(session, county, 1, W47.start)
    assert tallies.visits_by_day(session, Scope(COUNTY), W47, days) == [1, 0]
    for place in ("120113002003", "120115001001"):
        session.add(Region(code=place, name="别县的村", level=Level.VILLAGE))
        session.flush()
        weeks.add_report(session, county, 1, W47.start, village=place)
        assert tallies.visits_by_day(session, Scope(COUNTY), W47, days) == [1, 0]
    assert tallies.visits_by_day(session, Scope("12"), W47, days) == [3, 0]


def test_two_teams_of_a_village_share_a_household(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=2)
    first, second = county.teams
    home = county.households[county.teams[first]][0]
    for team in (first, second):
        weeks.add_report(session, county, team, W47.start, household_id=home, village=county.teams[first])
    whole, parts = tallies.tally(session, Scope(county.towns[0]), W47)
    assert whole.households == 1
    assert [one.households for one in parts.values()] == [1, 1]


def test_before_the_first_report_nothing_is_counted(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=1)
    assert tallies.tally(session, Scope(COUNTY), W47) == (Tally(), {})
    weeks.add_report(session, county, 1, W47.end)
    assert tallies.tally(session, Scope(COUNTY), W47) == (Tally(), {})


def test_a_household_visited_by_two_teams_counts_once(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=2)
    first, second = county.teams
    home = county.households[county.teams[first]][0]
    at = W47.start
    weeks.add_report(session, county, first, at, household_id=home)
    weeks.add_report(session, county, second, at, household_id=home, village=county.teams[first])
    assert tallies.tally(session, Scope(COUNTY), W47)[0].households == 1


def test_a_window_is_half_open(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=1)
    team = next(iter(county.teams))
    for at in (W47.start, W47.end - timedelta(microseconds=1), W47.end):
        weeks.add_report(session, county, team, at)
    assert tallies.tally(session, Scope(COUNTY), W47)[0].visits == 2


def test_teams_that_sent_nothing_are_told(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=3)
    busy, issued_to, withdrew = county.teams
    weeks.add_report(session, county, busy, W47.start, kind="photo")
    weeks.add_report(session, county, issued_to, W47.start, kind="rectification", due_at=W47.end)
    weeks.add_report(session, county, withdrew, W47.start, state=ReportState.WITHDRAWN)
    sent = {team.id: team.sent for team in teams_sent.teams(session, Scope(COUNTY), W47)}
    assert sent == {busy: True, issued_to: False, withdrew: False}


def test_a_past_moment_knows_what_was_overdue_then(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=1)
    team, due = next(iter(county.teams)), W46.start + timedelta(days=3)
    weeks.add_report(
        session, county, team, W46.start, kind="rectification", due_at=due, state=ReportState.ACCEPTED,
        steps=[("completed", W47.start + timedelta(days=1)), ("accepted", W47.start + timedelta(days=2))],
    )  # fmt: skip
    then = matters.overdue(session, Scope(COUNTY), W46.end)
    assert [(one.place, one.at) for one in then] == [("1-1村委会", due)]
    assert matters.overdue(session, Scope(COUNTY), W47.end) == []
    assert matters.overdue(session, Scope(COUNTY), due) == [], "due at the moment itself is not late"


def test_urgent_cases_come_newest_first(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=1)
    team = next(iter(county.teams))
    for hour, urgency in enumerate(("urgent", "soon", "urgent")):
        at = W47.start + timedelta(hours=hour)
        weeks.add_report(session, county, team, at, kind="hardship", urgency=urgency)
    assert [one.number for one in matters.urgent_cases(session, Scope(COUNTY), W47)] == ["HA-0003", "HA-0001"]
    assert len(matters.new_cases(session, Scope(COUNTY), W47)) == 3


def test_another_county_is_not_counted(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=1)
    weeks.add_region(session, "120115", "宝坻区")
    weeks.add_report(session, county, next(iter(county.teams)), W47.start)
    assert not tallies.tally(session, Scope("120115"), W47)[0].busy()
    assert Tally() == tallies.tally(session, Scope("120115"), W47)[0]
