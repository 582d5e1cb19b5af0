"""Walls between territories, asked of the same SQL that every query uses."""

import pytest
from sqlmodel import select

from storage import postings, scope
from storage.people import Role, Team
from storage.places import Region
from storage.report import Report
from tests.storage.asking import NOW, PLACES, add_report
from tests.storage.county import Here

OWN = "ZF-20261120-0001"
TEAM_MATE = "ZF-20261120-0002"
OTHER_TOWN = "ZF-20261120-0003"
SAME_TOWN = "ZF-20261120-0004"
OFFICERS = "ZF-20261120-0005"
ALL = {OWN, TEAM_MATE, OTHER_TOWN, SAME_TOWN, OFFICERS}


@pytest.fixture
def reports(here: Here) -> Here:
    one, two, three = (here.team(name) for name in ("一队", "二队", "三队"))
    add_report(here.session, here.person("王爱民"), PLACES[0], team=one, number=OWN)
    add_report(here.session, here.person("李明"), PLACES[0], team=one, number=TEAM_MATE)
    add_report(here.session, here.person("赵建国"), PLACES[2], team=two, number=OTHER_TOWN)
    add_report(here.session, here.person("郑强"), PLACES[1], team=three, number=SAME_TOWN)
    add_report(here.session, here.person("吴敏"), PLACES[3], number=OFFICERS)
    here.session.flush()
    return here


SEES = {
    "王爱民": {OWN, TEAM_MATE},
    "李明": {OWN, TEAM_MATE},
    "赵建国": {OTHER_TOWN},
    "孙丽": {OWN, TEAM_MATE, SAME_TOWN},
    "周正": ALL,
    "吴敏": {OFFICERS},
}


@pytest.mark.parametrize("name", SEES)
def test_each_sees_their_own_and_no_more(reports: Here, name: str) -> None:
    query = select(Report.number).where(scope.visible(reports.actor(name)))
    assert set(reports.session.exec(query)) == SEES[name]


@pytest.mark.parametrize("name", SEES)
def test_statements_made_once_show_each_the_same(reports: Here, name: str) -> None:
    said = scope.values(reports.actor(name))
    query = select(Report.number).where(scope.visible_named(tuple(said)))
    assert set(reports.session.exec(query, params=said)) == SEES[name]


@pytest.mark.parametrize("name", SEES)
def test_one_report_is_judged_as_the_list_is(reports: Here, name: str) -> None:
    actor = reports.actor(name)
    found = list(reports.session.exec(select(Report)))
    assert {one.number for one in found if scope.may_see(reports.session, actor, one)} == SEES[name]


def test_own_reports_stay_visible_in_a_new_team(reports: Here) -> None:
    person = reports.person("王爱民")
    [old] = postings.active(reports.session, person, NOW)
    postings.end_posting(reports.session, old.id or 0, by=None, now=NOW)
    postings.post(reports.session, person, Role.MEMBER, team_id=reports.team("二队"), by=None, now=NOW)
    query = select(Report.number).where(scope.visible(reports.actor("王爱民")))
    assert set(reports.session.exec(query)) == {OWN, OTHER_TOWN}


@pytest.mark.parametrize(
    ("name", "villages"),
    [
        ("王爱民", {PLACES[0]}),
        ("孙丽", {PLACES[0], PLACES[1]}),
        ("周正", set(PLACES)),
        ("吴敏", set()),
    ],
)
def test_villages_are_those_of_teams_and_territories(here: Here, name: str, villages: set[str]) -> None:
    found = set(here.session.exec(select(Region.code).where(scope.villages(here.actor(name)))))
    assert {code for code in found if len(code) == 12} == villages


@pytest.mark.parametrize(
    ("name", "region", "manages", "administers"),
    [
        ("孙丽", "120114001", True, False),
        ("孙丽", PLACES[0], True, False),
        ("孙丽", "120114", False, False),
        ("孙丽", "120114101", False, False),
        ("孙丽", None, False, False),
        ("周正", "120114", True, True),
        ("周正", None, True, True),
        ("李明", PLACES[0], False, False),
        ("吴敏", "120114", False, False),
    ],
)
def test_a_territory_holds_what_lies_in_it(
    here: Here, name: str, region: str | None, manages: bool, administers: bool
) -> None:
    actor = here.actor(name)
    assert scope.manages(actor, region) is manages
    assert scope.administers(actor, region) is administers


def test_a_county_administrator_does_not_rule_everywhere(here: Here) -> None:
    postings.post(here.session, here.person("吴敏"), Role.ADMIN, region="120114", by=None, now=NOW)
    actor = here.actor("吴敏")
    assert scope.administers(actor, "120114101")
    assert not scope.administers(actor, None)
    assert not scope.administers(actor, "1201")


@pytest.mark.parametrize(
    ("name", "teams"),
    [("李明", {"一队"}), ("王爱民", set()), ("孙丽", set()), ("周正", {"一队", "二队", "三队"})],
)
def test_a_team_is_led_by_its_leader_and_the_administrator(here: Here, name: str, teams: set[str]) -> None:
    actor = here.actor(name)
    assert {one for one in here.county.teams if scope.leads(here.session, actor, here.team(one))} == teams
    assert set(here.session.exec(select(Team.name).where(scope.led_teams(actor)))) == teams


def test_a_team_that_is_not_there_is_led_by_nobody(here: Here) -> None:
    assert not scope.leads(here.session, here.actor("周正"), 999)
