"""People, teams and units from a roster."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from storage import identity, invitations, roster, roster_import, roster_list, teams
from storage.people import Role
from storage.roster_import import Link, Plan
from tests.storage.asking import NOW, PLACES
from tests.storage.county import Here

HEADINGS = ["姓名", "电话", "角色", "工作队", "单位", "村", "负责区域", "部门", "Telegram编号"]
LEADER = ["冯小军", "13812345678", "队长", "五队", "区水务局", "大桃园、碧溪园社区"]
MEMBER = ["韩梅", "13812345679", None, "五队"]
CHIEF = ["章一", None, "管理组", None, None, None, "120114", None, 6001]


def book(folder: Path, *rows: list[Any]) -> Path:
    made = Workbook()
    for row in [["驻村干部花名册"], HEADINGS, *rows]:
        made.worksheets[0].append(row)
    path = folder / "名册.xlsx"
    made.save(path)
    return path


def bring(here: Here, path: Path) -> tuple[Plan, list[Link]]:
    plan = roster_import.plan(here.session, path, NOW)
    return plan, roster_import.write(here.session, plan.changes, by=None, now=NOW)


def counts(plan: Plan) -> tuple[int, int, int, int]:
    return len(plan.new), len(plan.posted), plan.same, len(plan.wrong)


def test_a_plan_writes_nothing(here: Here, tmp_path: Path) -> None:
    plan = roster_import.plan(here.session, book(tmp_path, LEADER, MEMBER, CHIEF), NOW)
    assert counts(plan) == (3, 0, 0, 0)
    assert teams.team_named(here.session, "五队") is None
    assert roster.by_phone(here.session, "13812345678") is None


def test_a_roster_makes_units_teams_and_people(here: Here, tmp_path: Path) -> None:
    _plan, links = bring(here, book(tmp_path, LEADER, MEMBER, CHIEF))
    team = teams.existing(here.session, "五队")
    assert teams.villages_of(here.session, team.id or 0) == [PLACES[0], PLACES[3]]
    assert teams.unit_named(here.session, "区水务局") is not None
    person = roster.by_phone(here.session, "13812345678")
    assert person is not None
    leader = identity.actor(here.session, person.id or 0, NOW)
    assert leader is not None
    assert leader.teams(Role.LEADER) == (team.id,)
    chief = identity.actor_of(here.session, 6001, NOW)
    assert chief is not None
    assert chief.regions() == ("120114",)
    assert [link.name for link in links] == ["冯小军", "韩梅"], "the chief has an account already"


def test_a_link_gives_the_account_that_waits(here: Here, tmp_path: Path) -> None:
    _plan, links = bring(here, book(tmp_path, LEADER))
    claim = invitations.opened(here.session, links[0].token, NOW)
    assert claim.person_id == links[0].person_id
    assert not {one.person_id: one.joined for one in roster_list.listed(here.session, NOW)}[
        links[0].person_id
    ]


def test_again_changes_nothing_and_tells_who_is_still_waited_for(here: Here, tmp_path: Path) -> None:
    path = book(tmp_path, LEADER, MEMBER, CHIEF)
    _first, links = bring(here, path)
    plan, again = bring(here, path)
    assert counts(plan) == (0, 0, 3, 0)
    assert again == []
    assert plan.waiting == [link.person_id for link in links]


def test_a_person_is_the_same_by_name_in_the_team(here: Here, tmp_path: Path) -> None:
    plan, _links = bring(
        here, book(tmp_path, ["王爱民", None, "队员", "一队"], ["王爱民", None, "队员", "二队"])
    )
    assert counts(plan) == (1, 0, 1, 0), "another 王爱民 in another team is another person"


def test_a_further_role_is_a_further_posting(here: Here, tmp_path: Path) -> None:
    plan, links = bring(here, book(tmp_path, ["王爱民", None, "队长", "一队"]))
    assert counts(plan) == (0, 1, 0, 0)
    assert links == []
    assert here.actor("王爱民").has(Role.LEADER)


@pytest.mark.parametrize("word", ["第一书记", "队长", "leader", "第一书记兼队长"])
def test_words_of_a_leader(here: Here, tmp_path: Path, word: str) -> None:
    plan = roster_import.plan(here.session, book(tmp_path, ["冯小军", None, word, "一队"]), NOW)
    assert [row.role for row in plan.new] == [Role.LEADER]


@pytest.mark.parametrize(
    ("row", "cell", "word"),
    [
        (["", None, "队员", "一队"], "A3", "姓名"),
        (["冯小军", "12", "队员", "一队"], "B3", "电话"),
        (["冯小军", None, "皇帝", "一队"], "C3", "角色"),
        (["冯小军", None, "队员", None], "D3", "工作队"),
        (["冯小军", None, "队员", "九队"], "D3", "九队"),
        (["冯小军", None, "队员", "九队", None, "小营"], "F3", "小营"),
        (["冯小军", None, "队员", "九队", None, "刘庄"], "F3", "几个村"),
        (["冯小军", None, "管理组"], "G3", "负责区域"),
        (["冯小军", None, "管理员", None, None, None, "999999"], "G3", "999999"),
        (["冯小军", None, "队员", "一队", None, None, None, None, "@feng"], "I3", "Telegram"),
        (["冯小军", None, "队员", "一队", None, None, None, None, -5], "I3", "Telegram"),
    ],
)
def test_a_bad_row_is_told_with_its_cell_and_the_others_go_in(
    here: Here, tmp_path: Path, row: list[Any], cell: str, word: str
) -> None:
    plan, _links = bring(here, book(tmp_path, row, LEADER))
    assert [fault.cell for fault in plan.wrong] == [cell]
    assert word in plan.wrong[0].what
    assert counts(plan) == (1, 0, 0, 1)


def test_one_phone_of_two_names_is_a_fault(here: Here, tmp_path: Path) -> None:
    plan, _links = bring(here, book(tmp_path, LEADER, ["韩梅", "13812345678", None, "五队"]))
    assert [fault.cell for fault in plan.wrong] == ["B4"]
    again, _links = bring(here, book(tmp_path, ["韩梅", "13812345678", None, "五队"]))
    assert "另一个姓名" in again.wrong[0].what


def test_one_person_in_two_rows_gets_two_postings(here: Here, tmp_path: Path) -> None:
    second = ["冯小军", "13812345678", "队员", "一队"]
    _plan, links = bring(here, book(tmp_path, LEADER, second))
    person = roster.by_phone(here.session, "13812345678")
    assert person is not None
    actor = identity.actor(here.session, person.id or 0, NOW)
    assert actor is not None
    assert len(actor.posts) == 2
    assert len(links) == 1


def test_a_person_of_a_region_without_a_number_is_the_same_by_name(here: Here, tmp_path: Path) -> None:
    path = book(tmp_path, ["章二", None, "管理组", None, None, None, "120114"])
    assert counts(bring(here, path)[0]) == (1, 0, 0, 0)
    assert counts(bring(here, path)[0]) == (0, 0, 1, 0)


def test_a_team_is_made_of_all_its_rows_whichever_is_written_first(here: Here, tmp_path: Path) -> None:
    rows = [["韩梅", None, None, "五队"], ["冯小军", None, None, "五队", "区水务局", "碧溪园社区、大桃园"]]
    plan = roster_import.plan(here.session, book(tmp_path, *rows), NOW)
    for row in plan.changes:
        roster_import.write(here.session, [row], by=None, now=NOW)
    team = teams.existing(here.session, "五队")
    assert teams.villages_of(here.session, team.id or 0) == [PLACES[0], PLACES[3]]
    unit = teams.unit_named(here.session, "区水务局")
    assert unit is not None
    assert team.unit_id == unit.id
