"""A hardship case from found to struck off: each step by those who may, each ending a word of its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import casework, clock_runs, history, journal, notices, promises, todo
from storage.kinds import hardship_life as life
from storage.kinds.rectification import RETURN, STRIKE_OFF
from storage.people import Role
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, ReportState, StepTaken
from tests.storage.helping import opened, press, recognised, step, steps
from tests.storage.mending import dismiss, hire
from tests.storage.reporting_world import Desk


def refusal(desk: Desk, report: Report, name: str, by: str = "", **answers: object) -> str:
    with pytest.raises(Refusal) as refused:
        step(desk, report, name, by, **answers)
    return refused.value.sentence


def buttons(desk: Desk, name: str) -> list[str]:
    """The buttons of the last letter to somebody."""
    rows = desk.told(name)[-1]["reply_markup"]["inline_keyboard"]
    return [one["text"] for row in rows for one in row]


def due(desk: Desk, report: Report) -> str:
    run = clock_runs.running(desk.session, report)
    assert run is not None
    assert run.due_at is not None
    assert report.due_at == run.due_at
    return f"{run.clock} {run.due_at.astimezone(UTC) + timedelta(hours=8):%m-%d}"


def test_the_whole_way(desk: Desk) -> None:
    report = opened(desk)
    assert (report.state, due(desk, report)) == (ReportState.OPEN, "verify 11-27")
    step(desk, report, life.CONFIRM)
    assert (report.state, due(desk, report)) == (ReportState.VERIFIED, "discuss 11-27")
    step(desk, report, life.PUBLISH)
    assert (report.state, due(desk, report)) == (ReportState.PUBLISHED, "recognise 12-02")
    desk.later(days=6)
    step(desk, report, life.RECOGNISE)
    assert (report.state, due(desk, report)) == (ReportState.SUPPORTED, "follow_up 12-28")
    step(desk, report, life.PLAN)
    press(desk, report, life.KEPT, "王爱民", which=1)
    step(desk, report, life.FOLLOW_UP)
    step(desk, report, life.PROPOSE)
    assert (report.state, due(desk, report)) == (ReportState.PROPOSED, "strike 12-03")
    step(desk, report, STRIKE_OFF)
    assert report.state == ReportState.STRUCK_OFF
    assert clock_runs.running(desk.session, report) is None
    taken = [one.step for one in history.events(desk.session, report) if one.step]
    assert taken == [
        life.CONFIRM, life.PUBLISH, life.RECOGNISE, life.PLAN, life.KEPT, life.FOLLOW_UP, life.PROPOSE, STRIKE_OFF,
    ]  # fmt: skip
    written = [line["action"] for line in journal.history(desk.session, f"report:{report.number}")]
    assert written == ["hardship.send", *(f"hardship.{name}" for name in taken)]


# found and verified


def test_the_leader_is_asked_to_verify_with_the_buttons_and_masked_names(desk: Desk) -> None:
    opened(desk)
    (told,) = desk.told("李明")
    assert told["text"].startswith("<b>王爱民报了困难情况 KN-20261120-0001，请核查</b>")
    assert "户：李*民" in told["text"]
    assert "李爱民" not in told["text"]
    assert "期限：11月27日（还有 7 天）" in told["text"]
    assert "disable_notification" not in told
    assert buttons(desk, "李明") == ["属实", "不属实", "不归这里管", "已自行消除", "查看"]
    assert [desk.told(name) for name in ("孙丽", "周正", "王爱民")] == [[], [], []]


def test_an_urgent_one_reaches_the_managers_aloud(desk: Desk) -> None:
    opened(desk, urgency="urgent")
    for name in ("李明", "孙丽"):
        (told,) = desk.told(name)
        assert told["text"].startswith("<b>【紧急】王爱民报了困难情况")
        assert "disable_notification" not in told
    assert desk.told("周正") == [], "the nearest managers, not all of them"


def test_whoever_reported_it_does_not_verify_it(desk: Desk) -> None:
    report = opened(desk)
    said = refusal(desk, report, life.CONFIRM, "王爱民")
    assert said == "KN-20261120-0001 的“立案”是您办的，这一步要由另一个人来办。可以请李明办理。"
    assert life.CONFIRM not in [
        one.name for one in casework.possible(desk.session, desk.actor("王爱民"), report, desk.at)
    ]


def test_a_leaders_own_report_is_verified_by_the_rest_of_the_team(desk: Desk) -> None:
    draft = desk.start("hardship", "李明", household=desk.households[0], category="allowance", causes=["illness"],
                       guarantees=[], urgency="normal", findings="摔伤")  # fmt: skip
    report = desk.send(draft, "李明")
    assert "请核查" in desk.told("王爱民")[-1]["text"]
    step(desk, report, life.CONFIRM, "王爱民")
    assert report.state == ReportState.VERIFIED


def test_where_nobody_of_the_team_is_left_the_managers_are_asked(desk: Desk) -> None:
    dismiss(desk, "李明")
    report = opened(desk)
    assert "请核查" in desk.told("孙丽")[-1]["text"]
    assert step(desk, report, life.CONFIRM, "孙丽").state == ReportState.VERIFIED


@pytest.mark.parametrize(
    ("name", "state", "word"),
    [
        (life.DENY, ReportState.NOT_TRUE, "不属实"),
        (life.NOT_OURS, ReportState.NOT_OURS, "不归这里管"),
        (life.VANISH, ReportState.VANISHED, "自行消除"),
    ],
)
def test_each_ending_is_told_to_the_reporter_with_its_reason(
    desk: Desk, name: str, state: ReportState, word: str
) -> None:
    report = step(desk, opened(desk), name)
    assert report.state == state
    assert clock_runs.running(desk.session, report) is None
    told = desk.told("王爱民")[-1]["text"]
    assert word in told.splitlines()[0]
    assert {life.DENY: "情况不符", life.NOT_OURS: "户籍不在本县", life.VANISH: "儿子回来了"}[name] in told


# discussed and published


def test_the_notice_is_masked_whoever_asks_and_goes_to_whoever_publishes(desk: Desk) -> None:
    report = steps(desk, opened(desk, findings="李爱民患重病，电话 13812345678"), life.CONFIRM, life.PUBLISH)
    text = notices.text(desk.session, report)
    assert "户主：李*民" in text
    assert "公示期：2026-11-20 至 2026-11-25" in text
    assert "大桃园村" in text
    for secret in ("李爱民", "13812345678", "重病", "低保", "摔伤"):
        assert secret not in text
    assert text in [told["text"] for told in desk.told("李明")]


def test_the_days_are_counted_and_recognising_waits(desk: Desk) -> None:
    report = steps(desk, opened(desk), life.CONFIRM, life.PUBLISH)
    assert notices.day_words(desk.session, report, desk.at) == "公示第 1 天，共 5 天，到 11-25 为止"
    desk.later(days=2)
    assert notices.day_words(desk.session, report, desk.at) == "公示第 2 天，共 5 天，到 11-25 为止"
    said = refusal(desk, report, life.RECOGNISE)
    assert said == "KN-20261120-0001 还在公示，公示期到 11月25日为止，期满才能认定。"
    offered = [one.name for one in casework.possible(desk.session, desk.actor("孙丽"), report, desk.at)]
    assert life.RECOGNISE in offered, "people look for it: it says what is missing"
    desk.later(days=4)
    assert notices.day_words(desk.session, report, desk.at) == "公示期满（11-20 至 11-25）"
    assert step(desk, report, life.RECOGNISE).state == ReportState.SUPPORTED
    assert notices.day_words(desk.session, report, desk.at) == ""
    assert notices.text(desk.session, report) == ""


def test_an_objection_sends_it_back_to_be_verified_anew(desk: Desk) -> None:
    report = steps(desk, opened(desk), life.CONFIRM, life.PUBLISH, life.OBJECT)
    assert (report.state, due(desk, report)) == (ReportState.OPEN, "verify 11-27")
    assert "公示有异议，李明退回重新核实" in desk.told("孙丽")[-1]["text"]
    assert step(desk, report, life.DENY).state == ReportState.NOT_TRUE


def test_whoever_verified_it_does_not_recognise_it(desk: Desk) -> None:
    report = opened(desk)
    step(desk, report, life.CONFIRM, "孙丽")
    step(desk, report, life.PUBLISH)
    desk.later(days=6)
    assert "是您办的，这一步要由另一个人来办。可以请周正办理。" in refusal(desk, report, life.RECOGNISE)
    assert step(desk, report, life.RECOGNISE, "周正").state == ReportState.SUPPORTED


def test_what_it_was_recognised_as_is_kept_with_the_step(desk: Desk) -> None:
    report = recognised(desk, monitored="edge")
    taken = desk.session.exec(select(StepTaken).where(StepTaken.step == life.RECOGNISE)).one()
    assert taken.answers == {"monitored": "edge", "labour": "some"}
    assert taken.note == "认定为：边缘易致贫户；劳动能力：有劳动能力"
    assert report.state == ReportState.SUPPORTED


# helped


def test_a_promise_is_answered_for_before_the_case_may_end(desk: Desk) -> None:
    report = recognised(desk)
    step(desk, report, life.PLAN)
    step(desk, report, life.PLAN, measure="安排公益岗位")
    assert promises.lines(desk.session, report) == [
        "措施1：申请临时救助，镇民政办，12-10 前（答应了户主），办理中",
        "措施2：安排公益岗位，镇民政办，12-10 前（答应了户主），办理中",
    ]
    said = refusal(desk, report, life.PROPOSE)
    assert "还有 2 项措施没有交代：1 申请临时救助、2 安排公益岗位" in said
    press(desk, report, life.KEPT, "王爱民", which=2)
    step(desk, report, life.BREAK)
    one, two = promises.all_of(desk.session, report)
    assert (one.kept, one.reason, two.kept) == (False, "条件不符，已向户主说明", True)
    assert two.until == date(2026, 12, 10)
    assert step(desk, report, life.PROPOSE).state == ReportState.PROPOSED


def test_a_promise_is_answered_for_once(desk: Desk) -> None:
    report = recognised(desk)
    step(desk, report, life.PLAN)
    step(desk, report, life.PLAN)
    press(desk, report, life.KEPT, "王爱民", which=1)
    with pytest.raises(Gone):
        press(desk, report, life.KEPT, "李明", which=1)
    assert "没有第 7 项措施，一共 2 项" in refusal(desk, report, life.BREAK, which=7)
    press(desk, report, life.KEPT, "李明", which=2)
    with pytest.raises(Refusal):
        press(desk, report, life.KEPT, "李明", which=2)


def test_a_follow_up_starts_the_next_round_and_keeps_the_state(desk: Desk) -> None:
    report = recognised(desk)
    before = due(desk, report)
    desk.later(days=10)
    step(desk, report, life.FOLLOW_UP)
    assert (before, due(desk, report)) == ("follow_up 12-28", "follow_up 01-05")
    assert report.state == ReportState.SUPPORTED


def test_ordinary_help_ends_as_solved_or_not_now(desk: Desk) -> None:
    report = steps(desk, opened(desk), life.CONFIRM, life.ORDINARY)
    assert report.state == ReportState.ORDINARY
    with pytest.raises(NotYours):
        step(desk, report, life.SOLVE, "王爱民")
    assert step(desk, report, life.SOLVE).state == ReportState.RESOLVED
    other = steps(desk, opened(desk, household=desk.households[1]), life.CONFIRM, life.ORDINARY, life.NOT_NOW)
    assert other.state == ReportState.NOT_NOW


# ended


def test_the_households_word_is_asked_and_heard(desk: Desk) -> None:
    report = recognised(desk)
    assert "户主不认可，不能提请销号" in refusal(desk, report, life.PROPOSE, opinion="objects")
    assert report.state == ReportState.SUPPORTED
    assert step(desk, report, life.PROPOSE, opinion="unreached").state == ReportState.PROPOSED


def test_a_second_person_strikes_off(desk: Desk) -> None:
    hire(desk, "何双", Role.MEMBER, team=desk.county.teams["一队"])
    report = recognised(desk)
    step(desk, report, life.PROPOSE)
    for name in ("王爱民", "李明", "何双"):
        with pytest.raises(NotYours):
            step(desk, report, STRIKE_OFF, name)
    assert "请核实销号" in desk.told("孙丽")[-1]["text"]
    assert buttons(desk, "孙丽")[:2] == ["✓ 已核实，销号", "写情况销号"]
    step(desk, report, RETURN)
    assert (report.state, due(desk, report)) == (ReportState.SUPPORTED, "follow_up 12-28")
    steps(desk, report, life.PROPOSE, STRIKE_OFF)
    assert report.state == ReportState.STRUCK_OFF


def test_a_household_without_labour_is_never_marked_as_cleared(desk: Desk) -> None:
    report = recognised(desk, labour="none")
    said = refusal(desk, report, life.PROPOSE)
    assert said == "KN-20261120-0001 整户无劳动能力：落实兜底后继续监测，不标注消除，不能销号。"
    offered = [one.name for one in casework.possible(desk.session, desk.actor("孙丽"), report, desk.at)]
    assert life.SECURE in offered
    step(desk, report, life.SECURE)
    assert (report.state, due(desk, report)) == (ReportState.SECURED, "follow_up 12-28")
    assert step(desk, report, life.FOLLOW_UP).state == ReportState.SECURED


def test_one_with_labour_is_not_merely_secured(desk: Desk) -> None:
    report = recognised(desk)
    assert "有劳动能力：困难消除后请提请销号" in refusal(desk, report, life.SECURE)


def test_opened_again_it_keeps_its_history_and_its_clocks(desk: Desk) -> None:
    report = step(desk, opened(desk), life.DENY)
    desk.later(days=3)
    step(desk, report, life.REOPEN)
    assert report.state == ReportState.OPEN
    runs = clock_runs.history(desk.session, report)
    assert [(one.clock, one.stopped_at is None) for one in runs] == [("verify", False), ("verify", True)]
    assert runs[0].stopped_at == datetime(2026, 11, 20, 4, tzinfo=UTC)
    assert [one.step for one in history.events(desk.session, report) if one.step] == [life.DENY, life.REOPEN]


# what waits


def waiting(desk: Desk, name: str) -> list[str]:
    return [one.number for one in todo.page(desk.session, desk.actor(name), desk.at, 0)]


def test_what_waits_is_with_those_whose_clock_runs(desk: Desk) -> None:
    report = opened(desk)
    assert [waiting(desk, name) for name in ("李明", "孙丽", "吴敏", "赵建国")] == [
        [report.number],
        [],
        [],
        [],
    ]
    steps(desk, report, life.CONFIRM, life.PUBLISH)
    assert [waiting(desk, name) for name in ("李明", "孙丽")] == [[], [report.number]]
    desk.later(days=6)
    step(desk, report, life.RECOGNISE)
    assert waiting(desk, "王爱民") == [], "the next visit is weeks away"
    desk.later(days=27)
    assert waiting(desk, "王爱民") == [report.number]


def test_what_is_late_is_counted_where_one_may_see_it(desk: Desk) -> None:
    opened(desk)
    counts = [todo.late(desk.session, desk.actor(name), desk.at) for name in ("李明", "孙丽")]
    assert counts == [0, 0]
    desk.later(days=8)
    counts = [
        todo.late(desk.session, desk.actor(name), desk.at) for name in ("李明", "孙丽", "赵建国", "吴敏")
    ]
    assert counts == [1, 1, 0, 0]
    assert todo.late(desk.session, desk.actor("孙丽"), desk.at, "rectification") == 0
