"""Teams that sent nothing: all away on every working day, or missing."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from reports import figures, summary
from reports.week import Closed, Week
from storage import silences, teams_sent
from storage.absences import Absence, AbsenceKind, AbsenceState
from storage.people import Posting
from storage.summaries import Scope
from tests import weeks
from tests.weeks import CLOSE, COUNTY, W47, County

MONDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 20)


@pytest.fixture
def county(session: Session) -> County:
    return weeks.settle(session, towns=1, villages=3)


def away(
    session: Session, person: int, kind: str = "leave", first: date = MONDAY, last: date = FRIDAY,
    state: AbsenceState = AbsenceState.APPROVED,
) -> None:  # fmt: skip
    session.add(Absence(person_id=person, kind=kind, first=first, last=last, state=state, asked_at=W47.start))
    session.flush()


def found(session: Session) -> dict[int, AbsenceKind]:
    teams = teams_sent.teams(session, Scope(COUNTY), W47)
    return silences.excused(session, [team for team in teams if not team.sent], W47)


def test_all_of_a_team_on_every_working_day(session: Session, county: County) -> None:
    whole, part, _none = county.teams
    away(session, county.leaders[whole], "trip")
    away(session, county.members[whole], "trip", last=MONDAY + timedelta(days=2))
    away(session, county.members[whole], "leave", first=MONDAY + timedelta(days=3))
    away(session, county.leaders[part])
    assert found(session) == {whole: AbsenceKind.TRIP}


def test_one_working_day_in_the_village_is_enough_to_report(session: Session, county: County) -> None:
    team = next(iter(county.teams))
    away(session, county.leaders[team])
    away(session, county.members[team], last=FRIDAY - timedelta(days=1))
    assert found(session) == {}


@pytest.mark.parametrize("state", [AbsenceState.ASKED, AbsenceState.REFUSED, AbsenceState.WITHDRAWN])
def test_what_was_not_granted_excuses_nobody(session: Session, county: County, state: AbsenceState) -> None:
    team = next(iter(county.teams))
    for person in (county.leaders[team], county.members[team]):
        away(session, person, state=state)
    assert found(session) == {}


@pytest.mark.fault("team without members")
def test_a_team_without_members_is_missing_not_away(session: Session, county: County) -> None:
    for posting in session.exec(select(Posting)):
        posting.ends_at = W47.start
    session.flush()
    assert found(session) == {}


def test_the_group_hears_totals_and_leaders_names(session: Session, county: County) -> None:
    team = next(iter(county.teams))
    for person in (county.leaders[team], county.members[team]):
        away(session, person, "no_signal")
    made = figures.count(session, Scope(COUNTY), Closed(Week(2026, 47), W47), CLOSE)
    public, private = (summary.plain(summary.text(made, named=named)) for named in (False, True))
    assert "3 个队这一周没有报告（共 3 个队），其中全队没信号 1 个" in public
    assert "1-1村工作队" not in public
    assert "1-1村工作队（没信号）" in private
    assert figures.from_json(made.as_json()) == made
