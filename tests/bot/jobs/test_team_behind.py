"""Whose people are behind with visits of their own, and who leads them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from storage import postings, team_behind
from storage.duties import VISIT, Duty
from storage.people import Role
from tests.bot.jobs_world import Place, place

NOW = datetime(2026, 11, 19, 2, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path, towns=1, villages=2)
    yield made
    made.store.close()


def owes(person: int, team: int | None, done: int = 0) -> Duty:
    due = NOW + timedelta(days=1)
    return Duty(f"visit:p{person}", VISIT, (person,), "120114001", NOW, due, done=done, wanted=2, team=team)


def test_the_people_of_a_team_and_who_leads_it(here: Place, session: Session) -> None:
    first, second = here.county.teams
    mine = owes(here.county.members[first], first), owes(here.county.leaders[first], first, done=1)
    other = owes(here.county.members[second], second)
    one, two = team_behind.of_teams(session, [*mine, other], NOW)
    assert (one.team_id, one.duties, one.leaders) == (first, mine, (here.county.leaders[first],))
    assert (two.duties, two.leaders) == ((other,), (here.county.leaders[second],))
    assert one.key == f"behind:{first}:2026-11-20"
    assert one.key != two.key


def test_a_leader_is_not_told_of_themself(here: Place, session: Session) -> None:
    team = next(iter(here.county.teams))
    leader, member = here.county.leaders[team], here.county.members[team]
    (found,) = team_behind.of_teams(session, [owes(leader, team), owes(member, team)], NOW)
    assert [duty.people for duty in found.without(leader)] == [(member,)]
    assert len(found.without(member)) == 1
    (alone,) = team_behind.of_teams(session, [owes(leader, team)], NOW)
    assert alone.without(leader) == ()


def test_what_a_team_owes_together_is_nobodys(here: Place, session: Session) -> None:
    assert (
        team_behind.of_teams(session, [owes(here.county.members[next(iter(here.county.teams))], None)], NOW)
        == []
    )
    assert team_behind.of_teams(session, [], NOW) == []


def test_who_led_it_before_hears_nothing(here: Place, session: Session) -> None:
    """A team without a leader has nobody to be told; it is still reminded."""
    team = next(iter(here.county.teams))
    for post in postings.of_team(session, team, NOW, Role.LEADER):
        post.ends_at = NOW - timedelta(hours=1)
    session.flush()
    assert team_behind.of_teams(session, [owes(here.county.members[team], team)], NOW) == []
