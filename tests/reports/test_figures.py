"""A week's figures: equal to the clerk's count, frozen once, compared with the week before."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from reports import figures
from reports.figures import Figures
from reports.week import Closed, Week
from storage import journal, summaries
from storage.db import Store
from storage.summaries import Scope
from tests import weeks
from tests.weeks import CLOSE, COUNTY, W46, W47, County

WEEK = Week(2026, 47)
NOW = CLOSE + timedelta(seconds=5)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, County]]:
    with weeks.two_weeks(tmp_path_factory.mktemp("figures") / "f.db", seed=3) as made:
        yield made


@pytest.fixture
def found(filled: tuple[Store, County]) -> Figures:
    with filled[0].reading() as session:
        return figures.count(session, Scope(COUNTY), Closed(WEEK, W47), NOW)


def test_the_whole_and_the_week_before(found: Figures, filled: tuple[Store, County]) -> None:
    assert found.total == weeks.plain(filled[1], W47)
    assert found.before == weeks.plain(filled[1], W46)


def test_every_town_beside_its_week_before(found: Figures, filled: tuple[Store, County]) -> None:
    county = filled[1]
    assert {line.key for line in found.lines} == set(county.towns)
    for line in found.lines:
        assert line.now == weeks.plain(county, W47, village=line.key)
        assert line.before == weeks.plain(county, W46, village=line.key)


def test_a_town_has_a_line_for_each_team(filled: tuple[Store, County]) -> None:
    store, county = filled
    town = county.towns[-1]
    with store.reading() as session:
        town_figures = figures.count(session, Scope(town), Closed(WEEK, W47), NOW)
    teams = [team for team, village in county.teams.items() if village.startswith(town)]
    assert {line.key for line in town_figures.lines} == {str(team) for team in teams}
    assert {line.key: line.now for line in town_figures.lines if line.now.busy()} == {
        str(team): weeks.plain(county, W47, team=team) for team in teams[:-1]
    }


def test_the_town_is_counted_itself_not_added_up(filled: tuple[Store, County]) -> None:
    """Figures of the county do not come from its towns' kept ones."""
    store, county = filled
    with store.session(store.write) as session:
        town = figures.make(session, Scope(county.towns[0]), Closed(WEEK, W46), NOW)
        whole = figures.count(session, Scope(COUNTY), Closed(WEEK, W47), NOW)
        session.rollback()
    assert town.total == weeks.plain(county, W46, village=county.towns[0])
    assert whole.total == weeks.plain(county, W47)


def test_teams_without_a_report(found: Figures, filled: tuple[Store, County]) -> None:
    assert found.teams == 9
    assert "3-3村工作队" in found.silent
    assert sum(line.silent for line in found.lines) == len(found.silent)
    assert sum(line.teams for line in found.lines) == found.teams


def test_days_are_the_countys(found: Figures, filled: tuple[Store, County]) -> None:
    days = dict(found.days)
    assert list(days) == [f"2026-11-{day}" for day in range(13, 21)]
    assert sum(days.values()) == found.total.visits
    by_hand = [
        row
        for row in filled[1].rows
        if row["kind"] == "visit" and row["state"] != "withdrawn"
        if (row["sent_at"] + timedelta(hours=8)).strftime("%m-%d") == "11-17"
    ]
    assert days["2026-11-17"] == len(by_hand)


def test_urgent_and_overdue_name_records_not_people(found: Figures) -> None:
    assert len(found.urgent) == min(found.total.urgent, 10)
    assert len(found.overdue) == min(found.total.overdue, 10)
    assert all(matter.number and matter.place for matter in (*found.urgent, *found.overdue))


def test_figures_survive_being_kept(found: Figures) -> None:
    assert figures.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_made_once_and_for_good(tmp_path: Path) -> None:
    store = weeks.new_store(tmp_path / "f.db")
    with store.writing() as session:
        county = weeks.settle(session, towns=1, villages=1)
        team = next(iter(county.teams))
        weeks.add_report(session, county, team, W47.start)
        journal.seal(session)
        first = figures.make(session, Scope(COUNTY), Closed(WEEK, W47), NOW)
        weeks.add_report(session, county, team, W47.start)
        again = figures.make(session, Scope(COUNTY), Closed(WEEK, W47), NOW + timedelta(days=1))
        shown = figures.of_week(session, Scope(COUNTY), WEEK, NOW + timedelta(days=1))
        assert first == again == shown
        assert len(journal.history(session, f"summary:{COUNTY}:2026-W47")) == 1
    store.close()


def test_compared_with_what_was_told(session: Session) -> None:
    """The week before is what its own summary said, not what later corrections made of it."""
    county = weeks.settle(session, towns=1, villages=1)
    team = next(iter(county.teams))
    weeks.add_report(session, county, team, W46.start)
    figures.make(session, Scope(COUNTY), Closed(WEEK.plus(-1), W46), W46.end)
    weeks.add_report(session, county, team, W46.start)
    assert figures.count(session, Scope(COUNTY), Closed(WEEK, W47), NOW).before.visits == 1


def test_a_running_week_is_counted_up_to_now(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=1)
    team = next(iter(county.teams))
    due = W47.end - timedelta(hours=1)
    weeks.add_report(session, county, team, W47.start, kind="rectification", due_at=due)
    now = W47.start + timedelta(days=2)
    running = figures.of_week(session, Scope(COUNTY), WEEK, now)
    assert (running.closed, running.total.overdue, running.total.issued) == (False, 0, 1)
    assert figures.of_week(session, Scope(COUNTY), WEEK, W47.end).total.overdue == 1


def test_the_window_follows_the_kept_week_before(session: Session) -> None:
    """The county closed early once: the next week begins where that one ended."""
    weeks.settle(session, towns=1, villages=1)
    early = datetime(2026, 11, 12, 4, tzinfo=UTC)
    summaries.freeze(session, Scope(COUNTY), "2026-W46", (W46.start, early), {}, early)
    assert figures.closed_week(session, Scope(COUNTY), WEEK).window.start == early
