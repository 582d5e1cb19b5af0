"""What stood at a moment: the steps since tell how it was; clocks count by when they ended."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from storage import standing, tallies
from storage.report import ReportState
from storage.summaries import Scope
from storage.tallies import Tally
from tests import weeks
from tests.weeks import COUNTY, W46, W47, County

pytestmark = pytest.mark.both_databases
DAY = timedelta(days=1)
START = W47.start


@pytest.fixture
def county(session: Session) -> County:
    return weeks.settle(session, towns=1, villages=1)


def week(session: Session) -> Tally:
    return tallies.tally(session, Scope(COUNTY), W47)[0]


def case(session: Session, county: County, kind: str, at: datetime, **more: Any) -> None:
    weeks.add_report(session, county, next(iter(county.teams)), at, kind=kind, **more)


def test_endings_are_those_of_the_table() -> None:
    names = {"struck_off", "resolved", "not_true", "not_ours", "vanished", "not_now"}
    assert {state.value for state in standing.ENDS} == names
    assert ReportState.SECURED in standing.OPEN, "a household that is secured stays watched"


def test_a_case_stands_where_its_last_step_before_the_moment_left_it(
    session: Session, county: County
) -> None:
    after = W47.end + DAY
    case(
        session, county, "rectification", START, due_at=after, state=ReportState.ACCEPTED,
        steps=[("completed", START + DAY), ("accepted", after)],
    )  # fmt: skip
    found = week(session)
    assert (found.to_mend, found.to_accept, found.to_strike) == (0, 1, 0)
    assert (found.completed, found.accepted) == (1, 0)


def test_a_case_closed_after_the_week_was_open_in_it(session: Session, county: County) -> None:
    case(session, county, "hardship", START, state=ReportState.NOT_TRUE, steps=[("not_true", W47.end)])
    assert (week(session).open, week(session).closed) == (1, 0)


def test_opened_again_it_is_open_and_was_closed(session: Session, county: County) -> None:
    steps = [("not_true", START + DAY), ("open", START + 2 * DAY)]
    case(session, county, "hardship", W46.start, steps=steps)
    assert (week(session).open, week(session).closed) == (1, 1)


def test_a_step_that_keeps_the_state_is_no_completion(session: Session, county: County) -> None:
    steps = [("completed", W46.start + DAY), ("completed", START + DAY)]
    case(
        session, county, "rectification", W46.start, due_at=W47.end, state=ReportState.COMPLETED, steps=steps
    )
    assert week(session).completed == 0


def test_on_time_counts_what_is_still_open(session: Session, county: County) -> None:
    """One done in time, one done late, one late and open: a third, and not a half."""
    due = START + DAY
    for stopped in (due - timedelta(hours=1), due + timedelta(hours=1), None):
        case(session, county, "hardship", START, clocks=[(START, due, stopped)])
    found = week(session)
    assert (found.ended, found.on_time, found.running_late, found.cases_overdue) == (2, 1, 1, 1)
    assert found.punctual == pytest.approx(1 / 3)


def test_nothing_due_is_no_rate(session: Session, county: County) -> None:
    case(session, county, "hardship", START, clocks=[(START, W47.end + DAY, None)])
    assert week(session).punctual is None


def test_at_the_end_to_the_minute_is_on_time(session: Session, county: County) -> None:
    due = START + DAY
    case(session, county, "hardship", START, clocks=[(START, due, due)])
    assert week(session).punctual == 1


def test_a_withdrawn_case_counts_nowhere(session: Session, county: County) -> None:
    clocks = [(START, START + DAY, None)]
    case(session, county, "hardship", START, state=ReportState.WITHDRAWN, clocks=clocks)
    assert week(session) == Tally()


@pytest.mark.fault("report of a week that is over")
def test_a_visit_of_a_day_before_the_week_is_late(session: Session, county: County) -> None:
    """The week begins on Friday at four: a visit of that Friday's morning is of its day."""
    team, friday = next(iter(county.teams)), (START + timedelta(hours=8)).date()
    for day in (None, friday, friday - DAY):
        weeks.add_report(session, county, team, START, day=day)
    assert (week(session).visits, week(session).belated) == (3, 1)


def test_a_team_is_told_by_villages(session: Session, county: County) -> None:
    team, village = next(iter(county.teams.items()))
    weeks.add_report(session, county, team, START)
    parts = tallies.tally(session, Scope(village[:9], team), W47)[1]
    assert {key: one.visits for key, one in parts.items()} == {village: 1}
