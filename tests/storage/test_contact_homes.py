"""The households behind the count of contacts that were due: as many as are counted, in order, told to whom."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from storage import contact_homes, contact_share, presence
from storage.contact_cards import ContactCard
from storage.contact_due import OTHER, WATCHED
from storage.contact_homes import Home
from storage.households import Household
from storage.identity import Actor, actor
from storage.journal import JournalEntry
from storage.people import Role
from storage.summaries import Scope
from storage.tallies import Window
from tests import weeks
from tests.weeks import CLOSE, COUNTY, W47, County

pytestmark = pytest.mark.both_databases
DAY = timedelta(days=1)


def pair(session: Session, home: int, person: int, days: int, category: str = "") -> None:
    """A card accepted so many days before the close."""
    session.get_one(Household, home).category = category or None
    at = CLOSE - DAY * days
    card = ContactCard(household_id=home, person_id=person, offered_by=person, offered_at=at, accepted_at=at)
    session.add(card)
    session.flush()


@pytest.fixture
def county(session: Session) -> County:
    """Two towns with a village each. Of the first team the leader has one household, the member three; one is seen."""
    made = weeks.settle(session, towns=2, villages=1, households=4)
    (one, village), (other, far) = made.teams.items()
    homes, leader, member = made.households[village], made.leaders[one], made.members[one]
    pair(session, homes[0], leader, 20, "监测户")
    pair(session, homes[1], member, 40, "监测户")
    pair(session, homes[2], member, 100)
    pair(session, homes[3], member, 10, "监测户")  # not due yet
    pair(session, made.households[far][0], made.members[other], 95)
    weeks.add_report(
        session, made, one, W47.start + DAY, author_id=member, household_id=homes[1], answered=True
    )
    return made


def asked(session: Session, scope: Scope, window: Window = W47) -> list[Home]:
    return contact_homes.of_week(session, scope, window)


def team(county: County) -> Scope:
    number, village = next(iter(county.teams.items()))
    return Scope(village[:9], number)


def who(session: Session, person: int) -> Actor:
    found = actor(session, person, CLOSE)
    assert found is not None
    return found


def test_as_many_are_listed_as_are_counted(session: Session, county: County) -> None:
    for scope, count in ((Scope(COUNTY), 4), (Scope(county.towns[1]), 1), (team(county), 3)):
        served = presence.served(session, scope, W47) if scope.team else ()
        counted = contact_share.due(session, scope, W47, served)
        listed = asked(session, scope)
        assert len(listed) == count
        assert sorted((one.household, one.seen) for one in listed) == sorted(
            (one.household, one.seen) for one in counted
        )


def test_what_was_not_seen_comes_first_and_says_since_when_and_until_when(
    session: Session, county: County
) -> None:
    number, village = next(iter(county.teams.items()))
    homes = county.households[village]
    found = asked(session, team(county))
    assert [(one.household, one.seen) for one in found] == [
        (homes[2], False),
        (homes[0], False),
        (homes[1], True),
    ]
    assert [one.cadence for one in found] == [OTHER, WATCHED, WATCHED]
    first = found[1]
    assert (first.person, first.village) == (county.leaders[number], village)
    assert (first.since, first.due) == ((CLOSE - 20 * DAY).date(), (CLOSE - 4 * DAY).date())
    # 15 days later is Sunday the 15th: the Monday after it
    assert (first.since + 15 * DAY).weekday() == 6


def test_whoever_leads_or_manages_is_told_all_a_member_their_own(session: Session, county: County) -> None:
    number, scope = next(iter(county.teams)), team(county)
    found = asked(session, scope)
    county.members[0] = weeks.add_person(session, "管理", Role.SUPERVISOR, region=scope.region)
    stranger = county.members[list(county.teams)[1]]
    told = {
        person: len(contact_homes.shown_to(who(session, person), scope, found))
        for person in (county.leaders[number], county.members[0], county.members[number], stranger)
    }
    assert list(told.values()) == [3, 3, 2, 0]


def test_heads_of_others_are_masked_and_own_ones_journaled(session: Session, county: County) -> None:
    found = asked(session, team(county))
    member = who(session, next(iter(county.members.values())))
    manager = who(session, weeks.add_person(session, "管理", Role.SUPERVISOR, region=COUNTY))
    read = select(JournalEntry).where(col(JournalEntry.action) == "read")
    assert contact_homes.heads(session, found, manager, CLOSE) == ["李*民"] * 3
    assert session.exec(read).all() == []
    assert contact_homes.heads(session, found, member, CLOSE) == ["李爱民"] * 3
    (line,) = session.exec(read).all()
    assert (line.actor_id, line.record) == (member.person_id, "contacts")
