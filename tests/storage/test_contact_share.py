"""Whose contact was due in a week and who was seen: beside the rounds of each person as they stood when it began."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlmodel import Session, col, select

from storage import clock_rules, clocks, contact_due, contact_share, presence, week_records
from storage import county as settings
from storage.clock_rules import Set
from storage.clocks import Unit
from storage.contact_cards import ContactCard
from storage.contact_share import Contact, Contacts
from storage.db import Store
from storage.households import Household
from storage.kinds.hardship_life import FOLLOW_UP
from storage.kinds.visit import Visit
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope
from storage.tallies import Window
from tests import databases, weeks
from tests.weeks import CLOSE, COUNTY, W47, County

pytestmark = pytest.mark.both_databases
DAY = timedelta(days=1)
CATEGORIES = (None, "一般户", "脱贫户", "边缘易致贫户", "监测对象")


class Filled(NamedTuple):
    """The county, with the rounds of each card as they stood when the week began, and who was seen in it."""

    store: Store
    county: County
    due: dict[int, tuple[date, datetime]]
    """Card → the last day of its round, and its last second."""
    seen: set[tuple[int, int]]
    """(person, household)"""


@pytest.fixture(scope="module")
def filled(database: databases.Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    chance = random.Random(5)  # a fixed seed: the same cards in every run
    store = weeks.new_store(tmp_path_factory.mktemp(database) / "c.db")
    with store.writing() as session:
        county = weeks.settle(session, towns=3, villages=4, households=12)
        _rules(session, county)
        _pair(session, county, chance)
        for _each in range(500):
            _contact(session, county, chance, W47.start - DAY * chance.random() * 120)
        due = _rounds(session, county)
        seen = {
            pair
            for _each in range(60)
            for pair in _contact(session, county, chance, W47.start + DAY * chance.random() * 7)
        }
        for _each in range(40):
            _contact(session, county, chance, CLOSE + DAY * chance.random() * 20)
        _over(session)
    yield Filled(store, county, due, seen)
    store.close()


def _rules(session: Session, county: County) -> None:
    """A county with lengths of its own, one of them since a while ago, and a town with another one and days off."""
    for region, clock, length, unit, ago in (
        (COUNTY, "card_out", 40, Unit.DAY, 90), (COUNTY, "card_out", 25, Unit.DAY, 30),
        (county.towns[1], "card_watched", 7, Unit.WORKDAY, 60), (county.villages[0], "card_other", 50, Unit.DAY, 200),
    ):  # fmt: skip
        day = (CLOSE - DAY * ago).date()
        clock_rules.put(session, region, Set(clock, length, unit), day, day, CLOSE - DAY * ago)
    settings.change(session, county.towns[2], {}, ["2026-11-19", "2026-11-20"], [], CLOSE)


def _pair(session: Session, county: County, chance: random.Random) -> None:
    for team, village in county.teams.items():
        for home in county.households[village][:-1]:
            session.get_one(Household, home).category = chance.choice(CATEGORIES)
            who = chance.choice((county.leaders[team], county.members[team]))
            at = CLOSE - DAY * chance.randrange(3, 200)
            card = ContactCard(household_id=home, person_id=who, offered_by=who, offered_at=at)
            card.accepted_at = at if chance.random() < 0.95 else None
            session.add(card)
    session.flush()


def _contact(session: Session, county: County, chance: random.Random, at: datetime) -> list[tuple[int, int]]:
    """A visit or a follow-up by one of a team's two: who saw which household thereby."""
    team = chance.choice(list(county.teams))
    people, home = (
        (county.leaders[team], county.members[team]),
        chance.choice(county.households[county.teams[team]]),
    )
    who, other = chance.sample(people, 2)
    if chance.random() < 0.2:
        return _follow(session, county, (team, who, home), at, chance)
    withdrawn = chance.random() < 0.1
    state = ReportState.WITHDRAWN if withdrawn else ReportState.SENT
    day = (at - DAY * chance.randrange(1, 9)).date() if chance.random() < 0.3 else None
    report = weeks.add_report(
        session, county, team, at, author_id=who, household_id=home, state=state, day=day, answered=True
    )
    along = chance.random() < 0.4
    session.get_one(Visit, report.id).companions = [other, 999] if along else []
    session.flush()
    return [] if withdrawn else [(one, home) for one in ((who, other) if along else (who,))]


def _follow(
    session: Session, county: County, of: tuple[int, int, int], at: datetime, chance: random.Random
) -> list[tuple[int, int]]:
    """A step by somebody in a case of the household: a follow-up, or another one. No household is helped anew once the
    week has begun: the rounds that are compared were read before."""
    team, who, home = of
    helped = (ReportState.SUPPORTED, ReportState.SECURED) if at < W47.start else ()
    state = chance.choice((*helped, ReportState.OPEN, ReportState.VERIFIED))
    begun = CLOSE - DAY * 150
    case = weeks.add_report(session, county, team, begun, "hardship", household_id=home, state=state)
    name = chance.choice((FOLLOW_UP, FOLLOW_UP, "verify"))
    moved: dict[str, Any] = {"before": "supported", "after": "supported", "by_id": who, "at": at}
    session.add(StepTaken(report_id=case.id or 0, step=name, **moved))
    session.flush()
    return [(who, home)] if name == FOLLOW_UP else []


def _rounds(session: Session, county: County) -> dict[int, tuple[date, datetime]]:
    found = {}
    for who in (*county.leaders.values(), *county.members.values()):
        for one in contact_due.rounds(session, who):
            place = session.get_one(Household, one.card.household_id).village
            found[one.card.id or 0] = one.due, clocks.end_of(one.due, settings.rhythm(session, place))
    return found


def _over(session: Session) -> None:
    """Cards that ended before the close, one that ended after it, a household that is no more."""
    cards = session.exec(select(ContactCard).where(col(ContactCard.accepted_at).is_not(None))).all()
    for card in cards[:6]:
        card.ended_at = CLOSE - DAY
    cards[6].ended_at = CLOSE + DAY
    session.get_one(Household, cards[7].household_id).closed = True
    session.flush()


def expected(session: Session, filled: Filled, window: Window = W47) -> dict[int, bool]:
    """Card → seen, of all that were due: one by one, as a clerk would."""
    last = window.end.astimezone(settings.zone(session)).date()
    found = {}
    for card in session.exec(select(ContactCard).where(col(ContactCard.accepted_at).is_not(None))):
        closed = session.get_one(Household, card.household_id).closed
        if closed or (card.ended_at and card.ended_at < window.end) or card.id not in filled.due:
            continue
        day, end = filled.due[card.id]
        seen = (card.person_id, card.household_id) in filled.seen
        if day <= last and (seen or end < window.end):
            found[card.id] = seen
    return found


def people(session: Session, scope: Scope) -> list[presence.Served]:
    return presence.served(session, scope, W47)


def test_a_county_is_what_the_rounds_of_its_people_say(filled: Filled) -> None:
    with filled.store.reading() as session:
        hand = expected(session, filled)
        found = {one.card: one.seen for one in contact_share.due(session, Scope(COUNTY), W47)}
    assert found == hand
    assert 20 < len(hand) < 100, "not everything is due"
    assert 5 < sum(hand.values()) < len(hand)


def test_every_part_has_its_own(filled: Filled) -> None:
    store, county = filled.store, filled.county
    with store.reading() as session:
        hand = expected(session, filled)
        cards = {one.id: one for one in session.exec(select(ContactCard))}
        place = {
            number: session.get_one(Household, one.household_id).village for number, one in cards.items()
        }
        whole = contact_share.due(session, Scope(COUNTY), W47)
        towns = contact_share.by_part(session, Scope(COUNTY), whole, ())
        for town in county.towns:
            mine = [seen for card, seen in hand.items() if place[card].startswith(town)]
            assert towns[town] == Contacts(len(mine), sum(mine))
            scope = Scope(town)
            of_town = contact_share.due(session, scope, W47)
            assert contact_share.total(of_town) == towns[town]
            teams = contact_share.by_part(session, scope, of_town, people(session, scope))
            for team, village in county.teams.items():
                if village.startswith(town):
                    _team(session, filled, Scope(town, team), teams[str(team)])


def _team(session: Session, filled: Filled, scope: Scope, told: Contacts) -> None:
    """A team, its one village and its two people."""
    served = people(session, scope)
    found = contact_share.due(session, scope, W47, served)
    village = filled.county.teams[scope.team or 0]
    assert contact_share.total(found) == told
    assert contact_share.by_part(session, scope, found, served) == {village: told}
    each = contact_share.by_person(found)
    assert set(each) <= {one.person for one in served}
    assert sum(one.due for one in each.values()) == told.due


def test_nobody_outside_of_the_team_is_counted_to_it(filled: Filled) -> None:
    team, village = next(iter(filled.county.teams.items()))
    with filled.store.reading() as session:
        scope = Scope(village[:9], team)
        served = [one for one in people(session, scope) if one.person == filled.county.members[team]]
        found = contact_share.due(session, scope, W47, served)
    assert {one.person for one in found} <= {filled.county.members[team]}


def test_the_share_of_nothing_is_none() -> None:
    assert Contacts().share is None
    assert Contacts(4, 3).share == 0.75
    one = Contact(1, 2, 3, "120114001001", True, CLOSE, "card_other")
    assert contact_share.total([one, one._replace(seen=False)]) == Contacts(2, 1)


def _one_card(session: Session, accepted: datetime) -> tuple[County, int, int]:
    """A county with one card of a household seen every fifteen days: its team and household."""
    county = weeks.settle(session, towns=1, villages=1, households=1)
    team = next(iter(county.teams))
    home, who = county.households[county.teams[team]][0], county.members[team]
    session.get_one(Household, home).category = "监测户"
    session.add(
        ContactCard(
            household_id=home, person_id=who, offered_by=who, offered_at=accepted, accepted_at=accepted
        )
    )
    session.flush()
    return county, team, home


def due(session: Session, window: Window = W47) -> Contacts:
    return contact_share.total(contact_share.due(session, Scope(COUNTY), window))


def test_the_day_of_the_close_is_not_over(session: Session) -> None:
    """Due on the Friday of the close: not missed at four in the afternoon, counted when it was kept."""
    county, team, home = _one_card(session, CLOSE - 15 * DAY)
    assert due(session) == Contacts()
    weeks.add_report(session, county, team, CLOSE - timedelta(hours=1), household_id=home, answered=True)
    assert due(session) == Contacts(1, 1)


def test_what_is_not_seen_stays_due_until_it_is(session: Session) -> None:
    county, team, home = _one_card(session, CLOSE - 16 * DAY)
    after = Window(W47.end, W47.end + timedelta(weeks=1))
    assert (due(session), due(session, after)) == (Contacts(1, 0), Contacts(1, 0))
    weeks.add_report(session, county, team, CLOSE + DAY, household_id=home, answered=True)
    assert (due(session), due(session, after)) == (Contacts(1, 0), Contacts(1, 1))


def test_a_visit_told_later_counts_in_the_week_in_which_it_was_sent(session: Session) -> None:
    county, team, home = _one_card(session, CLOSE - 30 * DAY)
    weeks.add_report(
        session, county, team, W47.start + DAY, household_id=home, day=(W47.start - 3 * DAY).date()
    )
    assert due(session, Window(W47.start - timedelta(weeks=1), W47.start)) == Contacts(1, 0)
    assert due(session) == Contacts(1, 1)


def test_the_records_by_which_they_were_seen(filled: Filled) -> None:
    """Each household that was seen has a record of its own, and none that was not has one."""
    with filled.store.reading() as session:
        for scope in (Scope(COUNTY), Scope(filled.county.towns[0])):
            seen = {one.household for one in contact_share.due(session, scope, W47) if one.seen}
            ids = week_records.behind(session, scope, W47, "contacted").ids
            found = session.exec(select(Report).where(col(Report.id).in_(ids))).all()
            assert {one.household_id for one in found} == seen
            assert seen
            assert {one.kind for one in found} <= {"visit", "hardship"}
