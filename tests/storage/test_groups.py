"""Bound groups, who hears a week, and the slots that keep things to once."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from storage import audience, groups, identity, journal, summaries
from storage.chats import Chat
from storage.identity import Actor
from storage.people import Role
from storage.refusals import NotYours, Refusal
from storage.summaries import Scope
from tests import weeks
from tests.weeks import CLOSE, COUNTY, County

HOUR = timedelta(hours=1)
TOWN = "120114001"


@pytest.fixture
def county(session: Session) -> County:
    return weeks.settle(session, towns=2, villages=1)


def actor(session: Session, role: Role, region: str | None) -> Actor:
    number = weeks.add_person(session, "某人", role, region=region)
    found = identity.actor(session, number, CLOSE)
    assert found is not None
    return found


def test_binding_is_journaled_and_remembers_when(session: Session, county: County) -> None:
    chat = weeks.add_group(session)
    admin = actor(session, Role.ADMIN, COUNTY)
    assert groups.bind(session, chat, TOWN, admin, CLOSE).name == "第1镇"
    assert (chat.region, chat.bound_at) == (TOWN, CLOSE)
    (line,) = journal.history(session, f"chat:{chat.id}")
    assert (line["action"], line["actor"], line["region"]) == ("group.bind", admin.person_id, TOWN)


def test_binding_again_changes_nothing(session: Session, county: County) -> None:
    chat = weeks.add_group(session)
    groups.bind(session, chat, TOWN, None, CLOSE)
    groups.bind(session, chat, TOWN, None, CLOSE + HOUR)
    assert chat.bound_at == CLOSE


@pytest.mark.parametrize(
    ("role", "region", "allowed"),
    [
        (Role.ADMIN, None, True),
        (Role.ADMIN, COUNTY, True),
        (Role.SUPERVISOR, TOWN, True),
        (Role.SUPERVISOR, "120114002", False),
        (Role.OFFICER, COUNTY, False),
    ],
)
def test_within_the_own_territory_only(
    session: Session, county: County, role: Role, region: str | None, allowed: bool
) -> None:
    chat, who = weeks.add_group(session), actor(session, role, region)
    if allowed:
        groups.bind(session, chat, TOWN, who, CLOSE)
        groups.unbind(session, chat, who, CLOSE)
    else:
        with pytest.raises(NotYours):
            groups.bind(session, chat, TOWN, who, CLOSE)
        groups.bind(session, chat, TOWN, None, CLOSE)
        with pytest.raises(NotYours):
            groups.unbind(session, chat, who, CLOSE)


def test_what_cannot_be_bound(session: Session, county: County) -> None:
    private = Chat(bot=1, telegram_id=5)
    with pytest.raises(Refusal, match="Refusal"):
        groups.bind(session, private, TOWN, None, CLOSE)
    with pytest.raises(Refusal):
        groups.bind(session, weeks.add_group(session), "999999", None, CLOSE)


def test_offered_are_the_own_territories_then_what_lies_below(session: Session, county: County) -> None:
    def offered(who: Actor, inside: str | None = None) -> list[str]:
        return [one.code for one in groups.to_choose(session, who, inside)]

    assert offered(actor(session, Role.ADMIN, None)) == [COUNTY]
    supervisor = actor(session, Role.SUPERVISOR, TOWN)
    assert offered(supervisor) == [TOWN]
    assert offered(supervisor, COUNTY) == [TOWN], "a forged press offers no more than one's own"
    assert offered(actor(session, Role.ADMIN, COUNTY), COUNTY) == [TOWN, "120114002"]


def test_a_stranger_is_refused_once_a_day_in_each_group(session: Session, county: County) -> None:
    one, other = weeks.add_group(session), weeks.add_group(session, topic=2)
    assert groups.may_refuse(session, one, 99, CLOSE)
    assert not groups.may_refuse(session, one, 99, CLOSE + HOUR)
    assert groups.may_refuse(session, one, 98, CLOSE)
    assert groups.may_refuse(session, other, 99, CLOSE)
    assert groups.may_refuse(session, one, 99, CLOSE + 8 * HOUR), "midnight of the county has passed"


def test_who_hears_a_week(session: Session, county: County) -> None:
    early, late = weeks.add_group(session, COUNTY), weeks.add_group(session, topic=3)
    groups.bind(session, late, COUNTY, None, CLOSE + HOUR)
    assert [one.chat.id for one in audience.readers(session, Scope(COUNTY), CLOSE, CLOSE)] == [early.id]
    week = CLOSE + timedelta(weeks=1)
    assert len(audience.readers(session, Scope(COUNTY), week, week)) == 2


def test_a_leader_hears_of_the_own_team_in_private(session: Session, county: County) -> None:
    team = next(iter(county.teams))
    scope = Scope(TOWN, team)
    assert audience.readers(session, scope, CLOSE, CLOSE) == []
    chat = weeks.add_chat(session, county.leaders[team], 4444)
    weeks.add_chat(session, county.members[team], 4445)
    (reader,) = audience.readers(session, scope, CLOSE, CLOSE)
    assert (reader.chat.id, reader.private) == (chat.id, True)


def test_every_scope_with_a_reader(session: Session, county: County) -> None:
    weeks.add_group(session, COUNTY)
    topic = weeks.add_group(session, topic=3)
    groups.bind(session, topic, COUNTY, None, CLOSE)
    found = audience.scopes(session, CLOSE)
    assert {str(scope) for scope in found} == {COUNTY, "team:1", "team:2"}
    since = found[Scope(COUNTY)]
    assert since is not None
    assert since < CLOSE


def test_scopes_are_written_and_read(session: Session, county: County) -> None:
    assert summaries.scope_of(session, "team:2") == Scope("120114002", 2)
    assert summaries.scope_of(session, COUNTY) == Scope(COUNTY)
    for wrong in ("team:99", "team:x", "", "999999"):
        assert summaries.scope_of(session, wrong) is None
    assert [str(one) for one in summaries.parts(session, Scope(COUNTY))] == [TOWN, "120114002"]
    assert [str(one) for one in summaries.parts(session, Scope(TOWN))] == ["team:1"]
    assert summaries.parts(session, Scope(TOWN, 1)) == []


def test_a_week_is_kept_once(session: Session, county: County) -> None:
    window = (CLOSE - timedelta(weeks=1), CLOSE)
    summaries.freeze(session, Scope(COUNTY), "2026-W47", window, {"x": 1}, CLOSE)
    assert summaries.stored(session, Scope(COUNTY), "2026-W46") is None
    last = summaries.last(session, Scope(COUNTY))
    assert last is not None
    assert last.figures == {"x": 1}
    assert summaries.last(session, Scope(COUNTY), before=CLOSE) is None
    assert audience.latest(session) == {COUNTY: ("2026-W47", CLOSE)}
