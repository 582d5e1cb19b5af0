"""The records behind each figure of a week are as many as the figure says."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, func, select

from storage import reading, tallies, week_records
from storage.clock_runs import ClockRun
from storage.db import Store
from storage.photo import Photo
from storage.reading import Filter
from storage.summaries import Scope
from storage.tallies import Window
from tests import databases, weeks
from tests.weeks import COUNTY, W46, W47, County

pytestmark = pytest.mark.both_databases
SEVERAL = {"pictures", "households", "ended", "on_time", "running_late", "cases_overdue"}
"""Figures that count something of which a record may have several, or several records one."""


@pytest.fixture(scope="module")
def filled(
    database: databases.Kind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, County]]:
    with weeks.two_weeks(tmp_path_factory.mktemp(database) / "r.db", seed=5) as made:
        yield made


def count(session: Session, asked: Filter) -> int:
    return reading.count_upto(session, None, asked, reading.EVERYTHING, everything=True)


@pytest.mark.parametrize("window", [W46, W47])
@pytest.mark.parametrize("figure", sorted(set(vars(tallies.Tally())) - SEVERAL))
def test_there_are_as_many_as_the_figure_says(
    filled: tuple[Store, County], figure: str, window: Window
) -> None:
    store, county = filled
    team = next(iter(county.teams))
    with store.reading() as session:
        for scope in (Scope(COUNTY), Scope(county.towns[1]), Scope(county.teams[team][:9], team)):
            said = getattr(tallies.tally(session, scope, window)[0], figure)
            assert count(session, week_records.behind(session, scope, window, figure)) == said, str(scope)


def test_a_figure_of_pictures_or_clocks_leads_to_those_who_have_them(filled: tuple[Store, County]) -> None:
    store, _county = filled
    with store.reading() as session:
        whole = tallies.tally(session, Scope(COUNTY), W47)[0]
        for figure, key in (
            ("pictures", Photo.report_id), ("ended", ClockRun.report_id), ("running_late", ClockRun.report_id),
        ):  # fmt: skip
            asked = week_records.behind(session, Scope(COUNTY), W47, figure)
            there = select(func.count(col(key))).where(col(key).in_(asked.ids))
            assert 0 < len(asked.ids) <= getattr(whole, figure) <= session.exec(there).one()
        homes = week_records.behind(session, Scope(COUNTY), W47, "households")
        assert count(session, homes) == whole.visits >= whole.households


def test_a_figure_of_nothing_has_no_record(filled: tuple[Store, County]) -> None:
    store, _county = filled
    empty = Window(W47.end, W47.end)
    with store.reading() as session:
        for figure in ("urgent", "completed", "pictures", "visits"):
            assert count(session, week_records.behind(session, Scope("120114999"), empty, figure)) == 0


def test_every_figure_of_a_week_can_be_opened(filled: tuple[Store, County]) -> None:
    store, _county = filled
    with store.reading() as session:
        for figure in vars(tallies.Tally()):
            assert week_records.behind(session, Scope(COUNTY), W47, figure).figure == figure
        with pytest.raises(KeyError):
            week_records.behind(session, Scope(COUNTY), W47, "secrets")
