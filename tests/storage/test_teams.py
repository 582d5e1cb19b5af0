"""Units, teams and the villages they serve."""

import pytest

from storage import teams
from storage.people import Team
from storage.refusals import Refusal
from tests.storage.asking import NOW, PLACES
from tests.storage.county import Here


def test_a_unit_is_added_once(here: Here) -> None:
    first = teams.add_unit(here.session, " 区农业农村局 ", by=None, now=NOW)
    again = teams.add_unit(here.session, "区农业农村局", by=None, now=NOW)
    assert first.id == again.id
    assert [one.name for one in teams.units(here.session)] == ["区农业农村局"]
    assert here.journaled(f"unit:{first.id}") == ["unit.add"]


def test_a_team_of_one_town_has_that_town(here: Here) -> None:
    team = teams.add_team(here.session, "四队", [PLACES[1], PLACES[0]], unit="区水务局", by=None, now=NOW)
    assert team.region == "120114001"
    assert teams.villages_of(here.session, team.id or 0) == [PLACES[0], PLACES[1]]
    unit = teams.unit_named(here.session, "区水务局")
    assert unit is not None
    assert team.unit_id == unit.id


def test_a_team_of_two_towns_has_their_county(here: Here) -> None:
    assert teams.add_team(here.session, "四队", [PLACES[0], PLACES[2]], by=None, now=NOW).region == "120114"


def test_again_brings_the_team_in_line_and_notes_only_changes(here: Here) -> None:
    team = teams.add_team(here.session, "四队", [PLACES[0]], by=None, now=NOW)
    teams.add_team(here.session, "四队", [PLACES[0]], by=None, now=NOW)
    assert here.journaled(f"team:{team.id}") == ["team.add"]
    teams.add_team(here.session, "四队", [PLACES[3]], by=None, now=NOW)
    assert teams.villages_of(here.session, team.id or 0) == [PLACES[3]]
    assert team.region == "120114101"
    assert here.journaled(f"team:{team.id}") == ["team.add", "team.change"]


def test_a_unit_left_out_stays(here: Here) -> None:
    team = teams.add_team(here.session, "四队", [PLACES[0]], unit="区水务局", by=None, now=NOW)
    unit = team.unit_id
    assert teams.add_team(here.session, "四队", [PLACES[1]], by=None, now=NOW).unit_id == unit


@pytest.mark.parametrize("villages", [[], ["120114001"], ["999999999999"], ["大桃园"], [""]])
def test_a_team_needs_villages_that_are_here(here: Here, villages: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        teams.add_team(here.session, "四队", villages, by=None, now=NOW)
    assert "请" in refused.value.sentence
    assert teams.team_named(here.session, "四队") is None


@pytest.mark.parametrize("name", ["", " ", "队" * 61])
def test_a_name_has_some_length(here: Here, name: str) -> None:
    with pytest.raises(Refusal):
        teams.add_team(here.session, name, [PLACES[0]], by=None, now=NOW)


def test_teams_are_listed_by_territory_without_the_ended_ones(here: Here) -> None:
    assert {one.name for one in teams.teams(here.session)} == {"一队", "二队", "三队"}
    assert [one.name for one in teams.teams(here.session, "120114101")] == ["二队"]
    here.session.get_one(Team, here.team("二队")).ended_at = NOW
    here.session.flush()
    assert teams.teams(here.session, "120114101") == []


def test_a_team_is_found_by_name_or_refused(here: Here) -> None:
    assert teams.existing(here.session, "一队").id == here.team("一队")
    with pytest.raises(Refusal) as refused:
        teams.existing(here.session, "九队")
    assert "九队" in refused.value.sentence


@pytest.mark.parametrize("code", ["120114", "120114000000", " 120114 "])
def test_a_region_is_found_padded_or_not(here: Here, code: str) -> None:
    assert teams.region(here.session, code).name == "武清区"


@pytest.mark.parametrize("code", ["", "武清区", "120115", "12011"])
def test_a_region_that_is_not_here_is_refused(here: Here, code: str) -> None:
    with pytest.raises(Refusal):
        teams.region(here.session, code)


def test_places_are_called_as_people_call_them_in_the_given_order(here: Here) -> None:
    assert teams.place_names(here.session, [PLACES[3], PLACES[0], "1"]) == ["碧溪园社区", "大桃园村", "1"]
