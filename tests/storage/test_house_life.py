"""A dangerous house from found to accepted: each step by those who may, each ending a word of its own."""

from datetime import UTC, timedelta

import pytest

from storage import casework, clock_runs, history, journal, todo
from storage.kinds import house_life as life
from storage.kinds.house import Tonight
from storage.kinds.rectification import RETURN
from storage.people import Role
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, ReportState
from storage.timing import ASK_TIME
from tests.storage.housing import found, step
from tests.storage.mending import dismiss, hire
from tests.storage.reporting_world import Desk


def refusal(desk: Desk, report: Report, name: str, by: str = "") -> str:
    with pytest.raises(Refusal) as refused:
        step(desk, report, name, by)
    return refused.value.sentence


def due(desk: Desk, report: Report) -> str:
    run = clock_runs.running(desk.session, report)
    assert run is not None
    assert run.due_at is not None
    assert report.due_at == run.due_at
    return f"{run.clock} {run.due_at.astimezone(UTC) + timedelta(hours=8):%m-%d}"


def test_the_whole_way(desk: Desk) -> None:
    report = found(desk)
    assert report.number == "WF-20261120-0001"
    assert (report.state, due(desk, report)) == (ReportState.FOUND, "report_up 11-23")
    step(desk, report, life.REPORT_UP)
    assert (report.state, due(desk, report)) == (ReportState.REPORTED, "appraise 11-27")
    step(desk, report, life.APPRAISE)
    assert (report.state, due(desk, report)) == (ReportState.DANGEROUS, "rehouse 11-23")
    step(desk, report, life.REHOUSE)
    assert (report.state, due(desk, report)) == (ReportState.REHOUSED, "rebuild 02-18")
    step(desk, report, life.REBUILD)
    assert (report.state, due(desk, report)) == (ReportState.REBUILT, "pass 12-04")
    step(desk, report, life.PASS)
    assert report.state == ReportState.PASSED
    assert clock_runs.running(desk.session, report) is None
    taken = [one.step for one in history.events(desk.session, report) if one.step]
    assert taken == [life.REPORT_UP, life.APPRAISE, life.REHOUSE, life.REBUILD, life.PASS]
    written = [line["action"] for line in journal.history(desk.session, f"report:{report.number}")]
    assert written == ["house.send", *(f"house.{name}" for name in taken)]


def test_those_whose_turn_it_is_are_asked_with_the_buttons_and_masked_names(desk: Desk) -> None:
    report = found(desk)
    (told,) = desk.told("李明")
    assert told["text"].startswith("<b>王爱民发现危房 WF-20261120-0001，请上报</b>")
    assert "户：李*民" in told["text"]
    assert "险情：墙体开裂" in told["text"]
    keys = [one["text"] for row in told["reply_markup"]["inline_keyboard"] for one in row]
    assert keys == ["上报", "不属实", "查看"]
    step(desk, report, life.REPORT_UP)
    asked = desk.told("孙丽")[-1]
    assert asked["text"].startswith("<b>李明上报了危房 WF-20261120-0001，请组织鉴定</b>")
    keys = [one["text"] for row in asked["reply_markup"]["inline_keyboard"] for one in row]
    assert keys == ["不属实", "鉴定为危房", "鉴定为安全", "查看"]


@pytest.mark.parametrize(
    ("names", "state"),
    [
        ([life.DENY], ReportState.NOT_TRUE),
        ([life.REPORT_UP, life.DENY], ReportState.NOT_TRUE),
        ([life.REPORT_UP, life.SAFE], ReportState.SAFE),
    ],
)
def test_each_ending_is_a_word_of_its_own_and_may_be_opened_again(
    desk: Desk, names: list[str], state: ReportState
) -> None:
    report = found(desk)
    for name in names:
        step(desk, report, name)
    assert (report.state, report.due_at) == (state, None)
    assert life.LIFE.is_end(state)
    step(desk, report, life.REOPEN)
    assert (report.state, due(desk, report)) == (ReportState.FOUND, "report_up 11-23")
    assert len(clock_runs.history(desk.session, report)) == len(names) + 1


def test_what_was_not_rebuilt_well_is_sent_back_and_rebuilt_again(desk: Desk) -> None:
    report = found(desk)
    for name in (life.REPORT_UP, life.APPRAISE, life.REHOUSE, life.REBUILD, RETURN):
        step(desk, report, name)
    assert (report.state, report.returned) == (ReportState.REHOUSED, False)
    told = desk.told("王爱民")[-1]["text"]
    assert told.startswith("<b>孙丽退回 WF-20261120-0001，请继续改造，请组织改造</b>")
    assert "退回：还没有改造到位" in told
    step(desk, report, life.REBUILD)
    step(desk, report, life.PASS)
    assert report.state == ReportState.PASSED


def test_whoever_found_it_does_not_judge_it(desk: Desk) -> None:
    report = found(desk)
    said = refusal(desk, report, life.DENY, "王爱民")
    assert said == "WF-20261120-0001 的“发现”是您办的，这一步要由另一个人来办。可以请李明办理。"
    own = found(desk, "孙丽", household=desk.households[1])
    assert own.team_id == desk.county.teams["一队"]
    step(desk, own, life.REPORT_UP)
    assert "周正" in refusal(desk, own, life.APPRAISE, "孙丽")
    step(desk, own, life.APPRAISE, "周正")
    assert own.state == ReportState.DANGEROUS


def test_whoever_rebuilt_it_does_not_accept_it(desk: Desk) -> None:
    report = found(desk)
    for name, by in ((life.REPORT_UP, ""), (life.APPRAISE, ""), (life.REHOUSE, ""), (life.REBUILD, "孙丽")):
        step(desk, report, name, by)
    assert "要由另一个人来办" in refusal(desk, report, life.PASS, "孙丽")
    step(desk, report, life.PASS, "周正")
    assert report.state == ReportState.PASSED


def test_a_stranger_to_the_place_and_an_old_button_are_refused(desk: Desk) -> None:
    report = found(desk)
    hire(desk, "钱远", Role.SUPERVISOR, region="120114101")
    for name in ("赵建国", "钱远", "吴敏"):
        with pytest.raises(NotYours):
            step(desk, report, life.REPORT_UP, name)
    step(desk, report, life.REPORT_UP)
    with pytest.raises(Gone) as gone:
        casework.check(desk.session, desk.actor("王爱民"), report, life.REPORT_UP, desk.at)
    assert gone.value.sentence == "WF-20261120-0001 现在是“待鉴定”，上一步由李明办理，不用再办了。"


def test_it_waits_for_those_who_owe_it(desk: Desk) -> None:
    report = found(desk)
    assert [one.number for one in todo.page(desk.session, desk.actor("李明"), desk.at, 0)] == [report.number]
    assert todo.count(desk.session, desk.actor("孙丽"), desk.at) == 0
    step(desk, report, life.REPORT_UP)
    assert todo.count(desk.session, desk.actor("孙丽"), desk.at, "house") == 1
    assert todo.count(desk.session, desk.actor("李明"), desk.at) == 0


def test_the_team_may_ask_for_more_time_to_rehouse_and_rebuild(desk: Desk) -> None:
    report = found(desk)
    for name in (life.REPORT_UP, life.APPRAISE):
        step(desk, report, name)
    asked = life.LIFE.step(ASK_TIME)
    assert report.state in asked.before
    assert ReportState.REPORTED not in asked.before


def test_who_does_not_know_is_asked_plainly() -> None:
    assert [one.value for one in Tonight] == ["yes", "no", "unknown"]


def test_whoever_is_asked_to_take_a_leaders_step_is_the_leader(desk: Desk) -> None:
    """Nobody is named who would be refused."""
    report = found(desk, tonight="yes")
    step_of = casework.life_of(report).step(life.HEED)
    assert casework.can_take(desk.session, report, step_of, desk.at) == [desk.county.people["李明"]]
    dismiss(desk, "李明")
    assert casework.can_take(desk.session, report, step_of, desk.at) == [desk.county.people["孙丽"]]
