"""Pairings from a list: good rows become offers, bad ones are told by their cell, nothing twice."""

from pathlib import Path
from typing import Any

import pytest

from storage import contact_cards, contact_import
from storage.contact_import import Plan
from storage.refusals import Refusal
from tests.storage.reporting_world import HEADS, Desk
from tests.storage.test_household_import import book

HEADINGS = ["户主", "村", "帮扶责任人"]


def plan(desk: Desk, folder: Path, *rows: list[Any], name: str = "孙丽") -> Plan:
    return contact_import.plan(
        desk.session, book(folder, *rows, headings=HEADINGS), desk.actor(name), desk.at
    )


def bring(desk: Desk, folder: Path, *rows: list[Any]) -> Plan:
    made = plan(desk, folder, *rows)
    assert contact_import.write(desk.session, made.new, actor=desk.actor("孙丽"), now=desk.at) == []
    return made


def rows(cadre: str = "王爱民") -> list[list[Any]]:
    return [[head, "大桃园", cadre] for head in HEADS]


def test_each_person_is_asked_once_for_all_of_theirs(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, *rows())
    (asked,) = desk.told("王爱民")
    assert asked["text"].startswith("孙丽请您联系 3 户。")
    assert [one["callback_data"] for one in asked["reply_markup"]["inline_keyboard"][0]] == [
        "c:all",
        "c:list:0",
    ]
    assert contact_cards.accept_all(desk.session, desk.actor("王爱民"), desk.at) == 3
    assert contact_cards.accept_all(desk.session, desk.actor("王爱民"), desk.at) == 0
    mine = contact_cards.of_person(desk.session, desk.county.people["王爱民"])
    assert all(one.accepted_at == desk.at for one in mine)


def test_a_plan_writes_nothing_and_a_second_import_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    assert len(plan(desk, tmp_path, *rows()).new) == 3
    assert contact_cards.of_person(desk.session, desk.county.people["王爱民"]) == []
    bring(desk, tmp_path, *rows())
    again = plan(desk, tmp_path, *rows())
    assert (again.new, again.same, again.wrong) == ([], 3, [])


def test_another_name_is_a_re_pairing(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, *rows())
    contact_cards.accept_all(desk.session, desk.actor("王爱民"), desk.at)
    bring(desk, tmp_path, *rows("李明"))
    found = contact_cards.of_household(desk.session, desk.households[0])
    assert [one.person_id for one in found] == [desk.county.people[name] for name in ("王爱民", "李明")]


@pytest.mark.fault("list of pairings with a stranger, an unknown household, the same household twice")
def test_good_rows_go_in_beside_bad_ones(desk: Desk, tmp_path: Path) -> None:
    made = plan(
        desk, tmp_path, [HEADS[0], "大桃园", "王爱民"], [HEADS[1], "大桃园", "赵建国"], ["没有人", "大桃园", "李明"],
        [HEADS[0], "大桃园", "李明"], [HEADS[2], "碧溪园社区", "李明"], [HEADS[2], "大桃园", "李明"],
    )  # fmt: skip
    assert len(made.new) == 2
    assert [(one.cell, one.what) for one in made.wrong] == [
        ("C4", "这个村的工作队里没有这个人，请核对姓名。"),
        ("A5", "库里没有这一户，请先导入户册。"),
        ("A6", "与第 3 行是同一户，只结一对。"),
        ("B7", "这个村不在结对人负责的范围内。"),
    ]


def test_what_changed_since_the_plan_is_told(desk: Desk, tmp_path: Path) -> None:
    made = plan(desk, tmp_path, *rows())
    bring(desk, tmp_path, rows()[0])
    wrong = contact_import.write(desk.session, made.new, actor=desk.actor("孙丽"), now=desk.at)
    assert [(one.cell, one.what) for one in wrong] == [("A3", "已经请过他了，正在等他答复。")]


def test_a_list_without_a_column_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        contact_import.plan(
            desk.session,
            book(tmp_path, ["李爱民", "大桃园"], headings=HEADINGS[:2]),
            desk.actor("孙丽"),
            desk.at,
        )
    assert "联系人" in refused.value.sentence
