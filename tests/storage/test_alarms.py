"""Alarms: to everybody who can help, at once and again until a person has taken it up, at night as by day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from storage import alarms, county, reporting, ringing, stepping
from storage.alarms import Alarm
from storage.kinds import house_life as life
from storage.people import Role
from storage.refusals import NotYours, Refusal
from storage.report import Report
from tests.storage.housing import found, heed, step
from tests.storage.mending import dismiss, hire
from tests.storage.reporting_world import Desk

NIGHT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
"""Sunday 2026-11-22, two in the morning."""


def alarmed(desk: Desk, name: str) -> list[str]:
    """The alarms that somebody heard."""
    return [one["text"] for one in desk.told(name) if "【告警】" in one["text"]]


def again(desk: Desk, **more: float) -> int:
    desk.later(**(more or {"minutes": 10}))
    return ringing.sweep(desk.session, desk.at)


def standing(desk: Desk, report: Report) -> Alarm:
    found_one = alarms.standing(desk.session, report)
    assert found_one is not None
    return found_one


def test_leader_town_and_office_hear_at_once(desk: Desk) -> None:
    report = found(desk, tonight="yes")
    for name in ("李明", "孙丽", "周正"):
        (said,) = alarmed(desk, name)
        assert said.startswith("<b>【告警】WF-20261120-0001 今晚可能有人住在危房里，请马上安排撤离</b>")
        assert "户：李*民" in said
        assert "王爱民 11-20 12:00 报告。" in said
        assert "每 10 分钟再告警一次（第 1 次）" in said
        letter = desk.told(name)[-1]
        assert "disable_notification" not in letter
        assert letter["reply_markup"]["inline_keyboard"][0][0] == {
            "text": "我来处理",
            "callback_data": f"r:heed:{report.id}",
        }
    assert [alarmed(desk, name) for name in ("王爱民", "赵建国", "吴敏")] == [[], [], []]
    told = [one["text"] for one in desk.told("王爱民")]
    assert told == ["WF-20261120-0001 已告警：李明、孙丽、周正。有人接警会马上告诉您。"]


def test_whoever_does_not_know_alarms_and_a_no_does_not(desk: Desk) -> None:
    found(desk)
    assert desk.session.exec(select(Alarm)).all() == []
    found(desk, tonight="unknown", household=desk.households[1])
    assert len(alarmed(desk, "李明")) == 1


def test_it_rings_again_until_somebody_takes_it_up_at_night_and_on_days_off(desk: Desk) -> None:
    desk.at = NIGHT
    report = found(desk, tonight="yes")
    assert ringing.sweep(desk.session, desk.at) == 0
    assert [again(desk), again(desk)] == [1, 1]
    assert [text[-7:-2] for text in alarmed(desk, "孙丽")] == [
        "第 1 次",
        "第 2 次",
        "第 3 次",
    ]
    heed(desk, report, "孙丽")
    assert again(desk, hours=9) == 0
    assert len(alarmed(desk, "李明")) == 3, "taken up at night, it is asked about in the evening"
    for name in ("李明", "周正", "王爱民"):
        assert desk.told(name)[-1]["text"] == f"孙丽接了 {report.number} 的告警，正在处理"


def test_missed_rounds_are_not_made_up_for(desk: Desk) -> None:
    found(desk, tonight="yes")
    assert again(desk, hours=3) == 1
    assert ringing.sweep(desk.session, desk.at) == 0
    assert len(alarmed(desk, "李明")) == 2


def test_from_the_third_round_on_all_who_manage_the_place_hear(desk: Desk) -> None:
    hire(desk, "冯县", Role.SUPERVISOR, region="120114")
    found(desk, tonight="yes")
    again(desk)
    assert alarmed(desk, "冯县") == []
    again(desk)
    assert len(alarmed(desk, "冯县")) == 1


@pytest.mark.fault("two people take up the same alarm")
def test_the_second_one_to_press_hears_who_was_first(desk: Desk) -> None:
    report = found(desk, tonight="yes")
    heed(desk, report, "李明")
    with pytest.raises(Refusal) as refused:
        heed(desk, report, "孙丽")
    assert refused.value.sentence == "WF-20261120-0001：李明 11-20 12:00 接了告警，不会再响了。"
    assert standing(desk, report).heeded_by == desk.county.people["李明"]
    assert alarms.lines(desk.session, report) == ["【今晚住人】李明 11-20 12:00 接了告警"]


def test_whoever_raised_it_cannot_take_it_up(desk: Desk) -> None:
    report = found(desk, "李明", tonight="yes")
    assert alarmed(desk, "李明") == []
    with pytest.raises(Refusal) as refused:
        heed(desk, report, "李明")
    assert (
        refused.value.sentence
        == f"{report.number} 的告警是您报的，要由另一个人来接。请打电话给他们，先把人劝出来。"
    )
    assert standing(desk, report).rings


def test_a_member_and_people_of_elsewhere_cannot_take_it_up(desk: Desk) -> None:
    report = found(desk, tonight="yes")
    for name in ("王爱民", "赵建国", "吴敏"):
        with pytest.raises(NotYours):
            heed(desk, report, name)


@pytest.mark.fault("nobody can be reached by an alarm")
def test_where_nobody_can_be_reached_the_reporter_is_told_to_call_each_time(desk: Desk) -> None:
    for name in ("李明", "孙丽", "周正"):
        dismiss(desk, name)
    report = found(desk, tonight="yes")
    again(desk)
    said = f"{report.number} 的告警没有人收得到：请马上打电话给队长、镇里和管理组，先把人劝出来。"
    assert [one["text"] for one in desk.told("王爱民")] == [said, said]


def test_it_stands_until_everybody_has_left(desk: Desk) -> None:
    report = found(desk, tonight="yes")
    heed(desk, report, "李明")
    step(desk, report, life.LEFT)
    assert alarms.standing(desk.session, report) is None
    with pytest.raises(Refusal) as refused:
        step(desk, report, life.LEFT)
    assert refused.value.sentence == f"{report.number} 现在没有告警。"


@pytest.mark.parametrize(
    "names", [[life.DENY], [life.REPORT_UP, life.SAFE], [life.REPORT_UP, life.APPRAISE, life.REHOUSE]]
)
def test_it_is_over_when_the_house_is_none_or_sound_or_empty(desk: Desk, names: list[str]) -> None:
    report = found(desk, tonight="yes")
    for name in names[:-1]:
        step(desk, report, name)
        assert standing(desk, report).rings, "a step of the case silences nothing"
    step(desk, report, names[-1])
    assert alarms.standing(desk.session, report) is None
    assert again(desk) == 0


def test_somebody_sleeps_there_again(desk: Desk) -> None:
    report = found(desk)
    step(desk, report, life.SLEEPS)
    first = standing(desk, report)
    heed(desk, report, "李明")
    step(desk, report, life.SLEEPS)
    second = standing(desk, report)
    assert (first.id != second.id, first.over_at) == (True, desk.at)
    assert len(alarmed(desk, "李明")) == 2
    step(desk, report, life.SLEEPS, "孙丽")
    assert standing(desk, report).id == second.id, "what rings already rings on"
    assert "今晚有人住：户主一家" in alarmed(desk, "李明")[-1]


def test_a_correction_to_yes_alarms_with_the_next_tick(desk: Desk) -> None:
    report = found(desk)
    answers = reporting.answers_of(desk.session, report) | {"tonight": "yes"}
    draft = desk.start("house", **answers)
    draft.step, draft.report_id = "correct", report.id
    desk.send(draft)
    assert again(desk, seconds=20) == 1
    assert len(alarmed(desk, "孙丽")) == 1
    assert "发现当晚：有人住" in alarmed(desk, "孙丽")[0]


def test_a_withdrawn_one_is_silent_and_says_so(desk: Desk) -> None:
    report = found(desk, tonight="yes")
    reporting.withdraw(desk.session, report, desk.actor("王爱民"), "报错了", desk.at)
    assert again(desk) == 0
    assert desk.told("孙丽")[-1]["text"] == f"{report.number} 已撤回，告警停止"
    assert again(desk, hours=1) == 0


def test_a_case_that_moved_on_meanwhile_still_takes_the_press(desk: Desk) -> None:
    report = found(desk, tonight="yes")
    step(desk, report, life.REPORT_UP)
    heed(desk, report, "周正")
    assert not standing(desk, report).rings
    assert report.state.value == "reported"


def asked(desk: Desk, name: str) -> list[str]:
    """The evenings' questions that somebody got."""
    return [one["text"] for one in desk.told(name) if "今晚还有人住在危房里吗" in one["text"]]


def taken_up(desk: Desk, by: str = "李明", reporter: str = "王爱民") -> Report:
    """An alarm of Friday noon, seen to at once."""
    report = found(desk, reporter, tonight="yes")
    heed(desk, report, by)
    return report


def at(desk: Desk, day: int, hour: int, minute: int = 0) -> int:
    """The clock there is moved on to a moment of November; how many alarms spoke."""
    desk.at = datetime(2026, 11, day, hour, minute, tzinfo=county.zone(desk.session))
    return ringing.sweep(desk.session, desk.at)


def test_it_is_asked_about_each_evening_until_they_are_out(desk: Desk) -> None:
    report = taken_up(desk, "孙丽")
    assert at(desk, 20, 17, 59) == 0
    assert at(desk, 20, 18) == 1
    for name in ("李明", "孙丽"):
        assert asked(desk, name)[0].startswith(f"<b>【今晚住人】{report.number} 今晚还有人住在危房里吗？</b>")
    assert asked(desk, "周正") == [], "who has not taken it up is not asked"
    keys = desk.told("李明")[-1]["reply_markup"]["inline_keyboard"]
    assert [one["text"] for row in keys for one in row] == ["还有人，我来处理", "人已搬出", "查看"]
    heed(desk, report, "李明")
    assert at(desk, 20, 23) == 0
    assert at(desk, 21, 18, 1) == 1, "a Saturday: people sleep there too"
    step(desk, report, life.LEFT)
    assert at(desk, 22, 18, 1) == 0
    assert len(asked(desk, "李明")) == 2


@pytest.mark.fault("nobody answers whether anybody still sleeps there")
def test_an_evening_without_an_answer_rings_again_for_all(desk: Desk) -> None:
    report = taken_up(desk)
    at(desk, 20, 18)
    assert alarmed(desk, "孙丽")[1:] == []
    assert at(desk, 20, 19) == 1
    assert [len(alarmed(desk, name)) for name in ("李明", "孙丽", "周正")] == [2, 2, 2]
    assert again(desk) == 1
    assert standing(desk, report).rings
    heed(desk, report, "周正")
    assert desk.told("王爱民")[-1]["text"] == f"周正接了 {report.number} 的告警，正在处理"


def test_whoever_took_it_up_in_the_afternoon_is_asked_the_next_evening(desk: Desk) -> None:
    desk.at = datetime(2026, 11, 20, 14, tzinfo=county.zone(desk.session))
    taken_up(desk)
    assert at(desk, 20, 18) == 0
    assert at(desk, 21, 18) == 1


def test_after_a_night_off_it_is_asked_in_the_evening_not_at_night(desk: Desk) -> None:
    taken_up(desk)
    assert at(desk, 21, 2) == 0
    assert asked(desk, "李明") == []
    assert at(desk, 21, 18) == 1


def test_whoever_raised_it_may_say_that_they_are_out_but_not_take_it_up(desk: Desk) -> None:
    taken_up(desk, "孙丽", reporter="李明")
    at(desk, 20, 18)
    keys = desk.told("李明")[-1]["reply_markup"]["inline_keyboard"]
    assert [one["text"] for row in keys for one in row] == ["人已搬出", "查看"]


def test_where_nobody_is_left_to_ask_it_rings_at_once(desk: Desk) -> None:
    taken_up(desk)
    dismiss(desk, "李明")
    assert at(desk, 20, 18) == 1
    assert len(alarmed(desk, "孙丽")) == 2


def test_a_house_that_passed_has_no_alarm(desk: Desk) -> None:
    report = found(desk)
    for name in (life.REPORT_UP, life.APPRAISE, life.REHOUSE, life.REBUILD):
        step(desk, report, name)
    step(desk, report, life.SLEEPS)
    step(desk, report, life.PASS)
    assert alarms.standing(desk.session, report) is None
    assert again(desk) == 0


def test_a_press_of_an_old_version_of_the_case_is_refused_by_the_usual_way(desk: Desk) -> None:
    report = found(desk, tonight="yes")
    version = report.version
    step(desk, report, life.REPORT_UP)
    with pytest.raises(Refusal):
        stepping.take(desk.session, report, life.HEED, desk.actor("周正"), desk.at, version=version)


def test_the_pause_between_two_rounds() -> None:
    assert timedelta(minutes=5) <= ringing.AGAIN <= timedelta(minutes=15)
