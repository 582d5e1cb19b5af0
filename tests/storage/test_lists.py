"""Lists that managers send: what they are by their headings, who may take them in, and that it happens once."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col, select

from storage import errands, letters, list_kinds, lists, roster
from storage.errands import Errand
from storage.identity import Post
from storage.letters import Letter
from storage.list_kinds import ListKind, Written
from storage.lists import Wish
from storage.people import Role
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report
from storage.sheets import Read
from tests.storage.reporting_world import Desk

PROBLEMS = ["村", "存在问题", "整改期限"]
COMPARED = ["姓名", "村", "比对情况"]
PAIRS = ["户主", "村", "联系人"]


def read(*rows: list[Any], name: str = "清单.xlsx") -> Read:
    return Read(name, list(rows))


def asked(desk: Desk, name: str = "孙丽", **changed: Any) -> Errand:
    """A list that was sent."""
    wish = {"file": "F1", "name": "清单.xlsx", "source": "医保局", "card": 1, "message": 7}
    lists.ask(desk.session, desk.actor(name), desk.chat(name), wish | changed, desk.at)
    return desk.session.exec(select(Errand).order_by(col(Errand.id).desc())).first() or Errand(
        bot=0, kind="", body=b"", due_at=desk.at
    )


def wish_of(desk: Desk, errand: Errand) -> Wish:
    return Wish(**errands.body_of(desk.session, errand))


@pytest.mark.parametrize(
    ("headings", "kinds"),
    [
        (PROBLEMS, [ListKind.PROBLEMS]),
        (COMPARED, [ListKind.COMPARED]),
        (PAIRS, [ListKind.PAIRS]),
        ([*PAIRS, "备注"], [ListKind.COMPARED, ListKind.PAIRS]),
        (["户主", "村"], [ListKind.HOUSEHOLDS]),
        (["户主姓名", "所在村", "身份证号", "电话", "人口"], [ListKind.HOUSEHOLDS]),
        (["姓名", "手机号", "职务"], [ListKind.ROSTER]),
        (["姓名", "职务", "工作队", "村"], [ListKind.ROSTER]),
        (["姓名", "工作队", "村"], [ListKind.HOUSEHOLDS, ListKind.ROSTER]),
        (["code", "name", "streetCode"], [ListKind.REGIONS]),
    ],
)
def test_a_list_is_known_by_its_headings(desk: Desk, headings: list[str], kinds: list[ListKind]) -> None:
    assert list_kinds.of_headings(read(["某县清单"], headings), desk.actor("周正")) == kinds


def test_what_administrators_bring_is_nothing_to_others(desk: Desk) -> None:
    office = [ListKind.ROSTER, ListKind.REGIONS]
    assert list_kinds.offered(desk.actor("周正")) == list(ListKind)
    assert [one for one in ListKind if one not in list_kinds.offered(desk.actor("孙丽"))] == office
    assert list_kinds.offered(desk.actor("李明")) == []
    with pytest.raises(Refusal) as refused:
        list_kinds.of_headings(read(["姓名", "职务"]), desk.actor("孙丽"))
    assert "花名册" not in refused.value.sentence
    wish = wish_of(desk, asked(desk))
    for kind in office:
        with pytest.raises(NotYours):
            lists.plan(desk.session, read(["代码", "名称"]), kind, wish, desk.at)
        with pytest.raises(NotYours):
            lists.write(desk.session, kind, [], wish, desk.at)
        with pytest.raises(NotYours):
            lists.ask_template(desk.session, desk.actor("孙丽"), desk.chat("孙丽"), kind.value, desk.at)


@pytest.mark.fault("list in chat that is no list")
def test_a_list_of_nothing_we_know_says_what_is_needed(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        lists.kinds_of(desk.session, read(["品名", "数量"]), wish_of(desk, asked(desk)), desk.at)
    assert "问题清单：村、问题、期限" in refused.value.sentence
    assert "发送 导入" in refused.value.sentence


@pytest.mark.parametrize(
    ("name", "caption", "source"),
    [
        ("医保局比对名单.xlsx", "", "医保局"),
        ("名单.xlsx", " 区医保局 ", "区医保局"),
        ("残联疑点2026.xlsx", "", "残联"),
        ("名单.xlsx", "", "名单"),
    ],
)
def test_the_department_of_a_comparison(name: str, caption: str, source: str) -> None:
    assert lists.source_of(name, caption) == source


def test_only_those_who_manage_a_place_send_one(desk: Desk) -> None:
    with pytest.raises(NotYours):
        asked(desk, "王爱民")
    assert wish_of(desk, asked(desk)).person == desk.county.people["孙丽"]


def test_the_same_message_is_looked_at_once(desk: Desk) -> None:
    assert asked(desk).id == asked(desk).id


def test_a_button_is_its_senders_and_writes_once(desk: Desk) -> None:
    look = asked(desk)
    number = look.id or 0
    for other in ("周正", "王爱民"):
        with pytest.raises(NotYours):
            lists.take_in(desk.session, desk.actor(other), number, "problems", desk.at)
    lists.take_in(desk.session, desk.actor("孙丽"), number, "problems", desk.at)
    with pytest.raises(Gone):
        lists.take_in(desk.session, desk.actor("孙丽"), number, "problems", desk.at)
    with pytest.raises(Gone):
        lists.leave(desk.session, desk.actor("孙丽"), number)
    assert [one.kind for one in desk.session.exec(select(Errand).order_by(col(Errand.id)))] == [
        lists.CHECK, lists.IMPORT,
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "kind"), [(0, "problems"), (None, "nothing")])
def test_a_forged_button_is_gone(desk: Desk, number: int | None, kind: str) -> None:
    look = asked(desk)
    with pytest.raises(Gone):
        lists.take_in(
            desk.session, desk.actor("孙丽"), look.id or 0 if number is None else number, kind, desk.at
        )


def test_one_left_alone_may_be_sent_again_and_which_it_is_may_be_said(desk: Desk) -> None:
    look = asked(desk)
    assert lists.leave(desk.session, desk.actor("孙丽"), look.id or 0).name == "清单.xlsx"
    lists.as_kind(desk.session, desk.actor("孙丽"), look.id or 0, "pairs", desk.at)
    again = desk.session.exec(select(Errand).order_by(col(Errand.id).desc())).first()
    assert again is not None
    assert (again.kind, wish_of(desk, again).kind) == (lists.CHECK, "pairs")


def test_what_is_right_goes_in_and_a_second_look_knows_it(desk: Desk) -> None:
    wish = wish_of(desk, asked(desk))
    rows = read(
        COMPARED,
        ["李爱民", "大桃园", "住院自付 3 万元"],
        ["生人", "大桃园", "失业"],
        ["王秀英", "没有村", "失业"],
    )
    made = lists.plan(desk.session, rows, ListKind.COMPARED, wish, desk.at)
    assert (len(made.new), made.strangers, [one.cell for one in made.wrong]) == (2, 1, ["B4"])
    for part in list_kinds.parts(made):
        assert lists.write(desk.session, made.kind, part, wish, desk.at) == Written()
    assert len(desk.session.exec(select(Report)).all()) == 2
    again = lists.plan(desk.session, rows, ListKind.COMPARED, wish, desk.at)
    assert (len(again.new), len(again.known)) == (0, 2)


@pytest.mark.fault("list in chat whose sender manages nothing any more")
def test_whoever_manages_nothing_any_more_takes_nothing_in(desk: Desk) -> None:
    wish = wish_of(desk, asked(desk))
    member = Wish(**wish.body(person=desk.county.people["王爱民"]))
    gone = Wish(**wish.body(person=desk.county.people["郑强"]))
    for one in (member, gone):
        with pytest.raises(NotYours):
            lists.plan(desk.session, read(PROBLEMS), ListKind.PROBLEMS, one, desk.at)
        with pytest.raises(NotYours):
            lists.write(desk.session, ListKind.PROBLEMS, [], one, desk.at)


def test_a_list_of_people_leaves_the_chat_when_it_is_in(desk: Desk) -> None:
    wish = wish_of(desk, asked(desk))
    for kind in (ListKind.PROBLEMS, ListKind.COMPARED, ListKind.COMPARED):
        lists.forget(desk.session, wish, kind, desk.at)
    gone = desk.session.exec(select(Letter).where(Letter.method == "deleteMessage")).one()
    assert letters.payload_of(desk.session, gone) == {"message_id": 7}


def test_a_list_of_households_goes_in_once_and_only_inside_the_territory(desk: Desk) -> None:
    """Rows of a town that is not the supervisor's are told by their cells, the others go in; again, all are known."""
    wish = wish_of(desk, asked(desk))
    rows = read(
        ["户主", "村", "身份证号", "电话"],
        ["钱多多", "大桃园", "11010519491231002X", "13812345678"],
        ["孙小美", "刘庄", "", "1381234"],
        ["周到", "120114101001", "", ""],
    )
    made = lists.plan(desk.session, rows, ListKind.HOUSEHOLDS, wish, desk.at)
    assert sorted(one.cell for one in made.wrong) == ["B4", "D3"]
    assert (len(made.new), made.strangers, made.same) == (1, 1, 0)
    for part in list_kinds.parts(made):
        assert lists.write(desk.session, ListKind.HOUSEHOLDS, part, wish, desk.at) == Written()
    again = lists.plan(desk.session, rows, ListKind.HOUSEHOLDS, wish, desk.at)
    assert (len(again.new), again.same, len(again.wrong)) == (0, 1, 2)
    with pytest.raises(NotYours):
        lists.plan(
            desk.session,
            rows,
            ListKind.HOUSEHOLDS,
            replace(wish, person=desk.county.people["王爱民"]),
            desk.at,
        )


def test_a_roster_goes_in_inside_the_territory_and_its_newcomers_get_links(desk: Desk) -> None:
    """An administrator of one town: rows of elsewhere, and somebody who is known elsewhere, are told by their cells."""
    actor = replace(desk.actor("周正"), posts=(Post(Role.ADMIN, None, "120114001", None),))
    rows = read(
        ["姓名", "电话", "角色", "工作队", "村", "区域"],
        ["韩梅", "13812345679", "队长", "一队", "", ""],
        ["冯小军", "", "", "七队", "120114001002", ""],
        ["许三", "", "", "二队", "", ""],
        ["许四", "", "", "八队", "碧溪园社区", ""],
        ["许五", "", "管理组", "", "", "120114"],
    )
    made = list_kinds.plan(desk.session, rows, ListKind.ROSTER, actor, desk.at)
    assert [one.cell for one in made.wrong] == ["E5", "D4", "F6"]
    given = [
        list_kinds.write(desk.session, made.kind, part, actor, "", desk.at) for part in list_kinds.parts(made)
    ]
    assert [(one.name, one.team) for one in given[0].links] == [("韩梅", "一队"), ("冯小军", "七队")]
    again = list_kinds.plan(desk.session, rows, ListKind.ROSTER, actor, desk.at)
    assert (len(again.new), again.same, again.waiting) == (0, 2, 2)


def test_whoever_is_known_elsewhere_is_posted_by_no_other_administrator(desk: Desk) -> None:
    far = roster.by_telegram(desk.session, 1000 + desk.county.people["赵建国"])
    assert far is not None
    rows = read(["姓名", "Telegram", "工作队"], ["赵建国", str(far.telegram_id), "一队"])
    near = replace(desk.actor("周正"), posts=(Post(Role.ADMIN, None, "120114001", None),))
    made = list_kinds.plan(desk.session, rows, ListKind.ROSTER, near, desk.at)
    assert ([one.cell for one in made.wrong], made.new) == (["A2"], [])
    assert len(list_kinds.plan(desk.session, rows, ListKind.ROSTER, desk.actor("周正"), desk.at).new) == 1


def test_a_list_of_regions_goes_in_and_says_what_it_lacks(desk: Desk) -> None:
    rows = read(
        ["代码", "名称"], ["120114001003", "新村村委会"], ["120114001001", "大桃园村委会"], ["7", "无"]
    )
    made = list_kinds.plan(desk.session, rows, ListKind.REGIONS, desk.actor("周正"), desk.at)
    assert (len(made.new), made.strangers, made.same, made.absent, len(made.wrong)) == (1, 1, 1, 1, 1)
    for part in list_kinds.parts(made):
        list_kinds.write(desk.session, made.kind, part, desk.actor("周正"), "", desk.at)
    assert list_kinds.plan(desk.session, rows, ListKind.REGIONS, desk.actor("周正"), desk.at).same == 2
