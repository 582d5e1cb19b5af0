"""Days bound to a deadline: those on the wrong side are refused as soon as they are chosen, with one that will do."""

from datetime import date

import pytest

from storage import clock_runs, deadlines, drafts, stepping
from storage.forms import Date
from storage.forms.dates import Bound
from storage.kinds.rectification import ASSIGN
from storage.refusals import Refusal
from storage.timing import ASK_TIME, TIME
from tests.storage.mending import complete, issued, problem
from tests.storage.reporting_world import Desk


def test_the_deadline_is_a_day_of_the_county(desk: Desk) -> None:
    report = issued(desk)
    assert deadlines.deadline(desk.session, report) == date(2026, 11, 25)
    clock_runs.stop(desk.session, report, desk.at)
    assert deadlines.deadline(desk.session, report) is None


@pytest.mark.fault("more time until a day that gives none")
def test_only_a_later_day_may_be_chosen(desk: Desk) -> None:
    report = issued(desk)
    draft = stepping.begin(desk.session, desk.chat("王爱民"), report, desk.actor("王爱民"), ASK_TIME, desk.at)
    until = drafts.asks_of(draft)["until"]
    assert deadlines.bounds(desk.session, draft, until) == (date(2026, 11, 26), date.max)
    for day in ("2026-11-21", "2026-11-25"):
        with pytest.raises(Refusal) as refused:
            deadlines.check_chosen(desk.session, draft, until, day)
        assert "请选 11月26日或更晚的一天" in refused.value.sentence
    deadlines.check_chosen(desk.session, draft, until, "2026-11-26")


def test_what_is_no_day_is_told_as_for_any_question(desk: Desk) -> None:
    report = issued(desk)
    draft = stepping.begin(desk.session, desk.chat("王爱民"), report, desk.actor("王爱民"), ASK_TIME, desk.at)
    with pytest.raises(Refusal) as refused:
        deadlines.check_chosen(desk.session, draft, drafts.asks_of(draft)["until"], "2026-13-40")
    assert "请点日历选一天" in refused.value.sentence


def test_other_days_are_free(desk: Desk) -> None:
    assert isinstance(TIME["until"], Date)
    assert TIME["until"].bound == Bound.AFTER
    draft = problem(desk)
    due = drafts.asks_of(draft)["due"]
    assert deadlines.bounds(desk.session, draft, due) == (date.min, date.max)
    deadlines.check_chosen(desk.session, draft, due, "2026-11-20")


def test_without_a_clock_nothing_stands_in_the_way(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    clock_runs.stop(desk.session, report, desk.at)
    deadlines.check(desk.session, report, date(2026, 11, 1), Bound.AFTER)


def test_a_task_is_done_within_the_deadline(desk: Desk) -> None:
    report = issued(desk)
    draft = stepping.begin(desk.session, desk.chat("李明"), report, desk.actor("李明"), ASSIGN, desk.at)
    until = drafts.asks_of(draft)["until"]
    assert deadlines.bounds(desk.session, draft, until) == (date.min, date(2026, 11, 25))
    deadlines.check_chosen(desk.session, draft, until, "2026-11-25")
    with pytest.raises(Refusal) as refused:
        deadlines.check_chosen(desk.session, draft, until, "2026-11-26")
    assert "不能晚于整改期限 11月25日" in refused.value.sentence
