"""Days in the village of all people of a scope: beside the account of each, day by day, and what each of them did."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage import county as county_settings
from storage import days, member_tallies, presence
from storage.absences import Absence, AbsenceKind, AbsenceState
from storage.days import DayMark, Where
from storage.db import Store
from storage.people import Posting
from storage.presence import Presence, Served
from storage.report import StepTaken
from storage.summaries import Scope
from storage.tallies import Window
from tests import databases, weeks
from tests.weeks import CLOSE, COUNTY, W46, W47, County

pytestmark = pytest.mark.both_databases
FIRST, LAST = date(2026, 11, 14), date(2026, 11, 20)
"""The days of 2026-W47: a Saturday to the Friday on which it closes."""
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def filled(
    database: databases.Kind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, County]]:
    """Two weeks of records, steps by members, leave, trips and corrections of some, and postings that begin and end."""
    chance = random.Random(3)  # a fixed seed: the same people in every run
    with weeks.two_weeks(tmp_path_factory.mktemp(database) / "p.db", seed=11) as (store, county):
        with store.writing() as session:
            for person in [*county.members.values(), *county.leaders.values()]:
                _something(session, person, chance)
            moved = county.leaders[1]
            post = session.exec(select(Posting).where(Posting.person_id == moved)).one()
            post.ends_at = W47.start + 3 * DAY
            session.add(Posting(person_id=moved, role=post.role, team_id=2, starts_at=W47.start + 3 * DAY))
        yield store, county


def _something(session: Session, person: int, chance: random.Random) -> None:
    first = FIRST + chance.randrange(7) * DAY
    what = chance.choice(("leave", "trip", "no_signal", "asked", "in", "out", "word", ""))
    if what in ("leave", "trip", "no_signal", "asked"):
        state = AbsenceState.ASKED if what == "asked" else AbsenceState.APPROVED
        kind = AbsenceKind.LEAVE.value if what == "asked" else what
        last = first + chance.randrange(4) * DAY
        session.add(
            Absence(person_id=person, kind=kind, first=first, last=last, state=state, asked_at=W46.end)
        )
    for said in {"in": (True,), "out": (False,), "word": (False, True)}.get(what, ()):
        session.add(DayMark(person_id=person, day=first, inside=said, reason=b"-", at=CLOSE))
        session.flush()


def account(session: Session, person: int, served: set[date] | None = None) -> list[Where]:
    """One person's own account of those days, without what was told after the close."""
    every = days.days(session, person, FIRST, LAST, CLOSE)
    return [one.where for one in every if served is None or one.day in served]


def of(session: Session, people: list[int]) -> Presence:
    """By those accounts, added up by hand."""
    told = [where for person in people for where in account(session, person)]
    inside = sum(where in days.INSIDE for where in told)
    return Presence(len(people), inside, told.count(Where.TRIP), told.count(Where.LEAVE))


def test_a_county_is_what_its_people_say(filled: tuple[Store, County]) -> None:
    store, county = filled
    everybody = [*county.members.values(), *county.leaders.values()]
    with store.reading() as session:
        whole = presence.total(presence.served(session, Scope(COUNTY), W47))
        assert whole == of(session, everybody)
        assert min(whole.inside, whole.trip, whole.leave) > 0, "every count is tried"
        assert whole.people == len(everybody)


def test_a_team_and_a_town_have_their_own(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.reading() as session:
        for team in list(county.teams)[2:6]:
            people = [county.members[team], county.leaders[team]]
            scope = Scope(county.teams[team][:9], team)
            assert presence.total(presence.served(session, scope, W47)) == of(session, people)
        town = [team for team, village in county.teams.items() if village.startswith(county.towns[2])]
        people = [who for team in town for who in (county.members[team], county.leaders[team])]
        assert presence.total(presence.served(session, Scope(county.towns[2]), W47)) == of(session, people)


def test_who_moved_to_another_team_counts_once_and_in_each_for_its_days(filled: tuple[Store, County]) -> None:
    store, county = filled
    moved = county.leaders[1]
    with store.reading() as session:
        rows = [one for one in presence.served(session, Scope(COUNTY), W47) if one.person == moved]
        assert {one.team for one in rows} == {1, 2}
        at = (W47.start + 3 * DAY).astimezone(county_settings.zone(session)).date()
        every = {FIRST + number * DAY for number in range(7)}
        for row, served in zip(
            rows, ({day for day in every if day <= at}, {day for day in every if day >= at}), strict=True
        ):
            assert row.inside.bit_count() == sum(
                one in days.INSIDE for one in account(session, moved, served)
            )


def test_a_day_off_counts_by_a_report_of_that_day_a_told_one_or_a_step(session: Session) -> None:
    county = weeks.settle(session, towns=1, villages=4)
    saturday = datetime.combine(FIRST, datetime.min.time(), county_settings.zone(session)) + timedelta(
        hours=9
    )
    weeks.add_report(session, county, 1, saturday)
    weeks.add_report(session, county, 2, saturday, day=FIRST - DAY)
    weeks.add_report(session, county, 3, saturday + 3 * DAY, day=FIRST)
    case = weeks.add_report(session, county, 4, W46.start, kind="hardship")
    step = StepTaken(
        report_id=case.id or 0,
        at=saturday,
        step="move",
        before="open",
        after="verified",
        by_id=county.members[4],
    )
    session.add(step)
    session.flush()
    rows = {one.person: one for one in presence.served(session, Scope(COUNTY), W47)}
    first = {team: rows[who].inside & 1 for team, who in county.members.items()}
    assert first == {1: 1, 2: 0, 3: 1, 4: 1}
    team = presence.served(session, Scope(county.towns[0], 3), W47)
    assert {one.person: one.inside & 1 for one in team} == {county.members[3]: 1, county.leaders[3]: 0}


def test_a_week_that_has_just_begun_has_no_days(session: Session) -> None:
    weeks.settle(session, towns=1, villages=1)
    begun = Window(W47.end, W47.end + timedelta(hours=1))
    assert presence.served(session, Scope(COUNTY), begun) == []
    assert presence.total([]) == Presence()


def test_days_of_two_teams_are_joined() -> None:
    rows = [Served(7, 1, "", 0b0111, 0, 0), Served(7, 2, "", 0b0110, 0b1000, 0), Served(8, 2, "", 1, 0, 0b10)]
    assert presence.total(rows) == Presence(2, 4, 1, 1)


def test_what_each_member_did_is_counted_as_by_hand(filled: tuple[Store, County]) -> None:
    store, county = filled
    seen = 0
    with store.reading() as session:
        for team, village in county.teams.items():
            served = presence.served(session, Scope(village[:9], team), W47)
            found = {one.person: one for one in member_tallies.members(session, team, W47, served, {})}
            hand = weeks.plain(county, W47, team=team)
            mine = found[county.members[team]]
            for name in ("visits", "households", "photos", "pictures", "cases", "closed"):
                assert getattr(mine, name) == getattr(hand, name), "the member wrote and moved everything"
            steps = [
                at for row in county.rows if row["team_id"] == team and row["state"] != "withdrawn"
                for _after, at in row["steps"]
            ]  # fmt: skip
            assert mine.steps == sum(W47.start <= at < W47.end for at in steps)
            assert not any(one.visits for who, one in found.items() if who != county.members[team])
            seen += mine.steps
    assert seen > 0
