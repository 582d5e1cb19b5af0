"""Asking for more time: days that give none are refused as soon as they are chosen, with one that gives some."""

from datetime import date

import pytest

from storage import clock_runs, drafts, more_time, stepping
from storage.forms import Date
from storage.refusals import Refusal
from storage.timing import ASK_TIME, TIME
from tests.storage.mending import complete, issued, problem
from tests.storage.reporting_world import Desk


def test_the_deadline_is_a_day_of_the_county(desk: Desk) -> None:
    report = issued(desk)
    assert more_time.deadline(desk.session, report) == date(2026, 11, 25)
    clock_runs.stop(desk.session, report, desk.at)
    assert more_time.deadline(desk.session, report) is None


def test_only_a_later_day_may_be_chosen(desk: Desk) -> None:
    report = issued(desk)
    draft = stepping.begin(desk.session, desk.chat("王爱民"), report, desk.actor("王爱民"), ASK_TIME, desk.at)
    until = drafts.asks_of(draft)["until"]
    assert more_time.due_of(desk.session, draft, until) == date(2026, 11, 25)
    for day in ("2026-11-21", "2026-11-25"):
        with pytest.raises(Refusal) as refused:
            more_time.check_chosen(desk.session, draft, until, day)
        assert "请选 11月26日或更晚的一天" in refused.value.sentence
    more_time.check_chosen(desk.session, draft, until, "2026-11-26")


def test_what_is_no_day_is_told_as_for_any_question(desk: Desk) -> None:
    report = issued(desk)
    draft = stepping.begin(desk.session, desk.chat("王爱民"), report, desk.actor("王爱民"), ASK_TIME, desk.at)
    with pytest.raises(Refusal) as refused:
        more_time.check_chosen(desk.session, draft, drafts.asks_of(draft)["until"], "2026-13-40")
    assert "请点日历选一天" in refused.value.sentence


def test_other_days_are_free(desk: Desk) -> None:
    assert isinstance(TIME["until"], Date)
    assert TIME["until"].after_due
    draft = problem(desk)
    due = drafts.asks_of(draft)["due"]
    assert more_time.due_of(desk.session, draft, due) is None
    more_time.check_chosen(desk.session, draft, due, "2026-11-20")


def test_without_a_clock_nothing_stands_in_the_way(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    clock_runs.stop(desk.session, report, desk.at)
    more_time.check(desk.session, report, date(2026, 11, 1))
