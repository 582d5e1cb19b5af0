"""Clocks that run: extended when a manager agrees, paused with a reason, and kept to the rules they began under."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import casework, clock_rules, clock_runs, stepping
from storage.clock_rules import Set
from storage.clock_runs import ClockRun
from storage.clocks import Rung, Unit
from storage.kinds import hardship_life as life
from storage.kinds.rectification import COMPLETE, Rectification
from storage.refusals import NotYours, Refusal
from storage.report import Report
from storage.timing import ASK_TIME, DENY_TIME, GRANT_TIME, PAUSE, RESUME
from tests.storage.helping import opened, recognised, step, steps
from tests.storage.mending import complete, fill, issued, send_back
from tests.storage.reporting_world import Desk

TODAY = date(2026, 11, 20)


def ask(desk: Desk, report: Report, name: str = "王爱民", until: str = "2026-12-04") -> Report:
    return desk.send(fill(desk, report, ASK_TIME, name, until=until, reason="等材料"), name)


def take(desk: Desk, report: Report, name: str, by: str = "孙丽") -> None:
    stepping.take(desk.session, report, name, desk.actor(by), desk.at, version=report.version)


def running(desk: Desk, report: Report) -> ClockRun:
    run = clock_runs.running(desk.session, report)
    assert run is not None
    return run


def day(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(UTC) + timedelta(hours=8):%m-%d}"


# more time


def test_more_time_is_asked_with_a_reason_and_decided_by_a_manager(desk: Desk) -> None:
    report = issued(desk)
    ask(desk, report)
    asked = desk.told("孙丽")[-1]
    assert asked["text"].startswith("<b>王爱民为 ZG-20261120-0001 申请延期，请决定</b>")
    labels = [one["text"] for row in asked["reply_markup"]["inline_keyboard"] for one in row]
    assert labels[:2] == ["同意延期", "不同意延期"]
    assert day(running(desk, report).due_at) == "11-25", "until then the old day holds"
    take(desk, report, GRANT_TIME)
    assert (day(running(desk, report).due_at), day(report.due_at)) == ("12-04", "12-04")
    assert desk.session.get_one(Rectification, report.id).due == date(2026, 12, 4)
    assert "孙丽同意 ZG-20261120-0001 延期" in desk.told("王爱民")[-1]["text"]


def test_what_is_not_granted_stays_and_may_be_asked_again(desk: Desk) -> None:
    report = issued(desk)
    ask(desk, report)
    desk.send(fill(desk, report, DENY_TIME, "孙丽", reason="材料已到"), "孙丽")
    assert day(running(desk, report).due_at) == "11-25"
    ask(desk, report, until="2026-11-30")
    take(desk, report, GRANT_TIME)
    assert day(running(desk, report).due_at) == "11-30"


def test_one_request_at_a_time_and_only_for_later(desk: Desk) -> None:
    report = issued(desk)
    with pytest.raises(Refusal) as refused:
        ask(desk, report, until="2026-11-25")
    assert "延到的日期要比它晚" in refused.value.sentence
    ask(desk, report)
    with pytest.raises(Refusal) as refused:
        ask(desk, report, "李明")
    assert "的延期申请还没有答复" in refused.value.sentence


def test_nobody_decides_their_own_request_or_what_was_not_asked(desk: Desk) -> None:
    report = issued(desk)
    with pytest.raises(Refusal) as refused:
        take(desk, report, GRANT_TIME)
    assert refused.value.sentence == "ZG-20261120-0001 没有等您决定的延期申请。"
    ask(desk, report)
    for name in ("王爱民", "李明"):
        with pytest.raises(NotYours):
            take(desk, report, GRANT_TIME, name)


def test_a_request_of_an_earlier_round_is_gone_with_it(desk: Desk) -> None:
    report = issued(desk)
    ask(desk, report)
    desk.later(hours=1)
    complete(desk, report)
    desk.later(hours=1)
    send_back(desk, report)
    with pytest.raises(Refusal):
        take(desk, report, GRANT_TIME)


# standing still


def test_a_pause_says_why_and_gives_back_what_was_left(desk: Desk) -> None:
    report = opened(desk)
    desk.send(fill(desk, report, PAUSE, "孙丽", reason="等部门鉴定"), "孙丽")
    run = running(desk, report)
    assert (run.paused_at, run.remind_at) == (desk.at, None)
    assert "等部门鉴定" in desk.told("李明")[-1]["text"]
    desk.later(days=30)
    take(desk, report, RESUME)
    assert running(desk, report).paused_at is None
    assert day(report.due_at) == "12-25", "five working days after 12-20, a Sunday"
    assert day(running(desk, report).remind_at) == "12-24"


def test_a_case_may_move_on_while_its_clock_stands(desk: Desk) -> None:
    report = opened(desk)
    desk.send(fill(desk, report, PAUSE, "孙丽", reason="户主外出"), "孙丽")
    step(desk, report, life.CONFIRM)
    assert running(desk, report).paused_at is None


def test_only_a_manager_pauses_and_only_once(desk: Desk) -> None:
    report = opened(desk)
    with pytest.raises(NotYours):
        desk.send(fill(desk, report, PAUSE, "李明", reason="等"), "李明")
    with pytest.raises(Refusal):
        take(desk, report, RESUME)
    desk.send(fill(desk, report, PAUSE, "孙丽", reason="等"), "孙丽")
    offered = [one.name for one in casework.possible(desk.session, desk.actor("孙丽"), report, desk.at)]
    assert RESUME in offered
    assert PAUSE not in offered
    with pytest.raises(Refusal):
        ask(desk, report)


def test_more_time_granted_while_it_stands_says_nothing_yet(desk: Desk) -> None:
    report = issued(desk)
    ask(desk, report)
    desk.send(fill(desk, report, PAUSE, "孙丽", reason="等"), "孙丽")
    take(desk, report, GRANT_TIME)
    assert running(desk, report).remind_at is None
    take(desk, report, RESUME)
    assert running(desk, report).remind_at is not None


# the rules it began under


@pytest.mark.fault("a deadline rule changed while cases run")
def test_a_case_keeps_the_rules_it_began_under(desk: Desk) -> None:
    old = opened(desk)
    clock_rules.put(desk.session, "120114", Set("verify", 1), TODAY + timedelta(days=1), TODAY, desk.at)
    clock_rules.put(desk.session, "120114", Set("discuss", 2), TODAY + timedelta(days=1), TODAY, desk.at)
    desk.later(days=1)
    new = opened(desk, household=desk.households[1])
    assert [day(one.due_at) for one in (old, new)] == ["11-27", "11-23"]
    steps(desk, old, life.CONFIRM)
    steps(desk, new, life.CONFIRM)
    assert [day(one.due_at) for one in (old, new)] == ["11-27", "11-24"]


def test_hours_of_an_urgent_case(desk: Desk) -> None:
    clock_rules.put(desk.session, "120114001", Set("verify", 48, Unit.HOUR), TODAY, TODAY, desk.at)
    report = opened(desk)
    assert report.due_at == desk.at + timedelta(hours=48)


def test_the_notice_passes_before_recognising_begins(desk: Desk) -> None:
    """甘肃: 5 days to verify, 15 to recognise; the notice lies between."""
    clock_rules.put(desk.session, "120114", Set("notice", 7, Unit.DAY), TODAY, TODAY, desk.at)
    clock_rules.put(desk.session, "120114", Set("recognise", 15), TODAY, TODAY, desk.at)
    report = steps(desk, opened(desk), life.CONFIRM, life.PUBLISH)
    run = running(desk, report)
    assert (day(run.since), day(run.due_at)) == ("11-27", "12-18")


def test_every_clock_stays_in_the_history(desk: Desk) -> None:
    report = recognised(desk)
    runs = clock_runs.history(desk.session, report)
    assert [one.clock for one in runs] == ["verify", "discuss", "recognise", "follow_up"]
    assert [one.stopped_at is None for one in runs] == [False, False, False, True]
    assert len(desk.session.exec(select(ClockRun)).all()) == 4


def test_a_correction_of_the_day_moves_what_is_said(desk: Desk) -> None:
    report = issued(desk)
    run = running(desk, report)
    run.rung = Rung.START
    clock_runs.set_end(desk.session, report, run, datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), desk.at)
    assert (day(run.remind_at), day(report.due_at)) == ("11-23", "12-31")
    assert running(desk, report).rung is None


def test_a_form_of_a_moved_case_is_refused_but_kept(desk: Desk) -> None:
    report = issued(desk)
    draft = fill(desk, report, COMPLETE, "王爱民", done="已清运")
    complete(desk, report, "李明")
    with pytest.raises(Refusal):
        desk.send(draft)
    assert draft.report_id == report.id
