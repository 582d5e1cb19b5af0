"""Handovers: what was open is one pack; nothing moves until somebody says yes; what nobody takes is the leader's."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage import contact_cards, handovers, journal, postings
from storage.handovers import Handover, Sort
from storage.kinds import hardship_life as life
from storage.kinds.rectification import RETURN
from storage.people import Posting, Role
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, ReportState
from tests.storage.helping import opened, recognised, step
from tests.storage.mending import hire
from tests.storage.reporting_world import Desk
from tests.storage.test_contact_cards import paired


def leaves(desk: Desk, name: str = "王爱民") -> Handover | None:
    """The person's postings end."""
    person = desk.county.people[name]
    for posting in postings.active(desk.session, person, desk.at):
        postings.end_posting(desk.session, posting.id or 0, by=None, now=desk.at)
    return desk.session.exec(select(Handover).where(Handover.person_id == person)).first()


def left(desk: Desk) -> Handover:
    """王爱民 goes, with a household and a case in his hands; 何双 has come."""
    hire(desk, "何双", Role.MEMBER, team=desk.county.teams["一队"])
    paired(desk)
    opened(desk)
    made = leaves(desk)
    assert made is not None
    return made


def give(desk: Desk, made: Handover, to: str = "何双", by: str = "李明") -> None:
    handovers.give(desk.session, desk.actor(by), made, desk.county.people[to], desk.at)


def last(desk: Desk, name: str) -> str:
    return str(desk.told(name)[-1]["text"])


def holder(desk: Desk) -> int:
    (card,) = contact_cards.of_household(desk.session, desk.households[0])
    return card.person_id


def report_of(desk: Desk, made: Handover) -> Report:
    (ref,) = handovers.refs(desk.session, made, Sort.REPORT)
    return desk.session.get_one(Report, ref)


def test_the_leader_is_told_what_was_left_and_asked_whose_it_is_to_be(desk: Desk) -> None:
    made = left(desk)
    number = report_of(desk, made).number
    told = desk.told("李明")[-1]
    assert told["text"].split("\n") == [
        "<b>王爱民（一队）的任职结束了，请选谁来接手</b>",
        "· 联系户 1 户：李*民（大桃园村）",
        f"· 在办的事 1 件：{number}",
        "在那之前什么都不变；到 11-27 没有人接收，就归队长。",
    ]
    assert [[one["text"] for one in row] for row in told["reply_markup"]["inline_keyboard"]] == [
        ["李明", "何双"]
    ]
    assert desk.told("何双") == []


def test_nothing_moves_until_it_is_accepted(desk: Desk) -> None:
    made = left(desk)
    report, old = report_of(desk, made), desk.county.people["王爱民"]
    give(desk, made)
    assert (holder(desk), handovers.reporter(desk.session, report)) == (old, old)
    asked = desk.told("何双")[-1]
    assert asked["text"].startswith("<b>李明请您接手王爱民（一队）留下的事</b>")
    assert [one["text"] for one in asked["reply_markup"]["inline_keyboard"][0]] == ["接收", "不接收"]
    handovers.accept(desk.session, desk.actor("何双"), made, desk.at)
    new = desk.county.people["何双"]
    assert (holder(desk), handovers.reporter(desk.session, report)) == (new, new)
    assert last(desk, "李明") == "何双接收了王爱民（一队）留下的事。"
    assert report.author_id == old, "who reported it stays in its history"
    done = [line["action"] for line in journal.history(desk.session, f"person:{old}")]
    assert done[-3:] == ["handover.begin", "handover.give", "handover.accept"]


def test_whoever_took_over_hears_what_the_reporter_would_have_heard(desk: Desk) -> None:
    made = left(desk)
    give(desk, made)
    handovers.accept(desk.session, desk.actor("何双"), made, desk.at)
    step(desk, report_of(desk, made), life.CONFIRM)
    assert last(desk, "何双").startswith("<b>李明核实 KN-20261120-0001：属实</b>")


def test_a_no_asks_the_leader_again(desk: Desk) -> None:
    made = left(desk)
    give(desk, made)
    handovers.decline(desk.session, desk.actor("何双"), made, desk.at)
    assert made.successor_id is None
    assert last(desk, "李明").startswith("<b>何双不接收。王爱民（一队）的任职结束了，请选谁来接手</b>")
    give(desk, made, "李明")
    assert made.taken_by == holder(desk) == desk.county.people["李明"]


@pytest.mark.fault("a handover that nobody accepts in time")
def test_what_nobody_accepts_in_time_is_the_leaders_and_that_is_said_aloud(desk: Desk) -> None:
    made = left(desk)
    give(desk, made)
    desk.at = made.due_at
    assert handovers.sweep(desk.session, desk.at) == 0, "not in the middle of the night"
    assert holder(desk) == desk.county.people["王爱民"]
    desk.later(hours=60)
    assert handovers.sweep(desk.session, desk.at) == 1
    assert (made.lapsed, made.taken_by, holder(desk)) == (True, *[desk.county.people["李明"]] * 2)
    for name in ("李明", "孙丽"):
        assert last(desk, name).split("\n")[0] == "王爱民（一队）留下的事到期没有人接收，现在归李明："
        assert "disable_notification" not in desk.told(name)[-1]
    assert handovers.sweep(desk.session, desk.at) == 0
    with pytest.raises(Gone):
        handovers.find(desk.session, desk.actor("何双"), made.id or 0)


def test_a_leader_hands_on_all_of_the_teams_open_cases(desk: Desk) -> None:
    report = recognised(desk)
    ended = opened(desk, household=desk.households[1])
    step(desk, ended, life.DENY)
    made = leaves(desk, "李明")
    assert made is not None
    assert handovers.refs(desk.session, made, Sort.REPORT) == [report.id]
    assert last(desk, "孙丽").startswith("<b>李明（一队）的任职结束了"), (
        "without a leader the managers choose"
    )
    desk.at = made.due_at + timedelta(hours=84)  # Monday noon
    assert handovers.sweep(desk.session, desk.at) == 1
    assert made.taken_by == desk.county.people["孙丽"]


def test_promises_and_drafts_are_told_of_and_drafts_are_not_moved(desk: Desk) -> None:
    report = recognised(desk)
    step(desk, report, life.PLAN, by="王爱民")
    desk.visit()
    made = leaves(desk)
    assert made is not None
    assert handovers.promises(desk.session, made) == 1
    lines = last(desk, "李明").split("\n")
    assert "· 没交代的承诺 1 项" in lines
    assert "· 没交的草稿 1 份（只有本人能看，请他补报）" in lines


def test_whoever_left_nothing_open_leaves_no_pack(desk: Desk) -> None:
    assert leaves(desk) is None
    assert desk.told("李明") == []


def test_whoever_stays_in_the_team_by_another_posting_hands_nothing_on(desk: Desk) -> None:
    paired(desk)
    opened(desk)
    team = desk.county.teams["一队"]
    old = postings.active(desk.session, desk.county.people["王爱民"], desk.at)
    postings.post(desk.session, desk.county.people["王爱民"], Role.LEADER, team_id=team, by=None, now=desk.at)
    postings.end_posting(desk.session, old[0].id or 0, by=None, now=desk.at)
    assert desk.session.exec(select(Handover)).all() == []


def test_a_newcomer_brings_the_question_back(desk: Desk) -> None:
    paired(desk)
    leaves(desk)
    before = len(desk.told("李明"))
    hire(desk, "何双", Role.SUPERVISOR, region="120114")
    postings.post(
        desk.session,
        desk.county.people["何双"],
        Role.MEMBER,
        team_id=desk.county.teams["一队"],
        by=None,
        now=desk.at,
    )
    told = desk.told("李明")[before:]
    assert [one["text"] for one in told[0]["reply_markup"]["inline_keyboard"][0]] == ["李明", "何双"]


@pytest.mark.parametrize("name", ["何双", "赵建国", "吴敏"])
def test_choosing_is_for_the_leader_and_the_managers(desk: Desk, name: str) -> None:
    made = left(desk)
    with pytest.raises(NotYours):
        give(desk, made, by=name)
    with pytest.raises(NotYours):
        handovers.find(desk.session, desk.actor(name), made.id or 0)


def test_only_whoever_was_asked_answers_and_only_the_team_is_asked(desk: Desk) -> None:
    made = left(desk)
    give(desk, made, by="孙丽")
    for name in ("李明", "孙丽", "赵建国"):
        with pytest.raises(NotYours):
            handovers.accept(desk.session, desk.actor(name), made, desk.at)
    with pytest.raises(Refusal) as refused:
        give(desk, made, "赵建国")
    assert refused.value.sentence == "这个人不在这个队里，请另选一位。"


def test_a_card_that_somebody_else_has_by_then_stays_theirs(desk: Desk) -> None:
    made = left(desk)
    paired(desk, "李明")
    give(desk, made)
    handovers.accept(desk.session, desk.actor("何双"), made, desk.at)
    assert holder(desk) == desk.county.people["李明"]


@pytest.mark.fault("a returned case whose reporter has left")
def test_a_returned_case_whose_reporter_has_left_goes_to_the_team(desk: Desk) -> None:
    report = recognised(desk)
    step(desk, report, life.PROPOSE)
    made = leaves(desk)
    assert made is not None
    step(desk, report, RETURN)
    assert report.state == ReportState.SUPPORTED
    assert last(desk, "李明").startswith(f"<b>孙丽退回 {report.number}，请继续帮扶，请定措施、按期回访</b>")
    assert desk.session.exec(select(Posting).where(Posting.ends_at == desk.at)).first() is not None
