"""Days in the village: reports, working days, leave, trips, and what the person says; and the diary made of them."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from docx import Document
from sqlmodel import select

from reports import diaries, diary_sheet
from storage import absences, days, diary, journal
from storage.absences import Wish
from storage.days import Where
from storage.people import Posting
from storage.refusals import NotYours, Refusal
from storage.report import ReportState
from tests.storage.asking import PLACES, add_full
from tests.storage.mending import complete, issued
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]
TODAY = date(2026, 11, 20)
"""A Friday."""
WHO = "王爱民"


def found(desk: Desk, first: date = date(2026, 11, 9), last: date = date(2026, 11, 22)) -> dict[int, Where]:
    """By the day of the month."""
    every = days.days(desk.session, desk.county.people[WHO], first, last, desk.at)
    return {one.day.day: one.where for one in every}


def visit(desk: Desk, at: datetime, **more: Any) -> None:
    answers = {"village": PLACES[0], "purposes": ["policy"], "findings": "屋顶漏雨，问 13812345678"}
    answers |= {"household": desk.households[0]} | more.pop("answers", {})
    team = desk.county.teams["一队"]
    add_full(desk.session, "visit", desk.county.people[WHO], answers, team=team, at=at, **more)


def served_long(desk: Desk) -> None:
    for post in desk.session.exec(select(Posting)):
        post.starts_at = desk.at - timedelta(days=90)


def test_working_days_of_the_posting_count_and_days_ahead_do_not(desk: Desk) -> None:
    served_long(desk)
    week = found(desk)
    assert [week[day] for day in (9, 13, 14, 15, 16, 20)] == [
        Where.WORKDAY, Where.WORKDAY, Where.OFF, Where.OFF, Where.WORKDAY, Where.WORKDAY,
    ]  # fmt: skip
    assert (week[21], week[22]) == (Where.AHEAD, Where.AHEAD)


def test_before_the_posting_nothing_counts(desk: Desk) -> None:
    for post in desk.session.exec(select(Posting)):
        post.starts_at = desk.at - timedelta(days=2)
    assert found(desk)[17] == Where.OFF
    assert found(desk)[18] == Where.WORKDAY


def test_a_report_on_a_day_off_counts_on_the_day_it_tells(desk: Desk) -> None:
    visit(desk, desk.at, answers={"day": "2026-11-14"})
    visit(desk, desk.at - timedelta(days=5), number="ZF-2", state=ReportState.WITHDRAWN)
    assert found(desk)[14] == Where.REPORT
    assert found(desk)[15] == Where.OFF, "what was withdrawn proves nothing"


def test_leave_and_trips_count_when_they_are_granted(desk: Desk) -> None:
    served_long(desk)
    wish = Wish(date(2026, 11, 16), date(2026, 11, 17))
    one = absences.ask(desk.session, desk.actor(), "trip", wish, desk.at)
    assert found(desk)[16] == Where.WORKDAY
    absences.decide(desk.session, desk.actor("孙丽"), one.id or 0, True, desk.at)
    assert [found(desk)[day] for day in (16, 17, 18)] == [Where.TRIP, Where.TRIP, Where.WORKDAY]


def test_without_a_signal_somebody_is_in_the_village(desk: Desk) -> None:
    served_long(desk)
    absences.ask(desk.session, desk.actor(), "no_signal", Wish(TODAY, TODAY), desk.at)
    assert found(desk)[20] == Where.WORKDAY


def test_the_persons_word_counts_and_the_former_one_stays(desk: Desk) -> None:
    actor = desk.actor()
    days.correct(desk.session, actor, date(2026, 11, 14), True, "周六入户，问 13812345678", desk.at)
    assert found(desk)[14] == Where.WORKDAY
    days.correct(desk.session, actor, date(2026, 11, 14), False, "记错了", desk.at)
    assert found(desk)[14] == Where.OFF
    reasons = days.reasons(desk.session, actor.person_id, TODAY - timedelta(days=9), TODAY)
    assert reasons == {date(2026, 11, 14): "记错了"}
    told = journal.history(desk.session, f"person:{actor.person_id}")
    assert [one["action"] for one in told][-2:] == ["day.correct", "day.correct"]


@pytest.mark.parametrize(
    ("day", "reason", "sentence"),
    [
        (TODAY + timedelta(days=1), "x", "只能更正今天和前两个月"),
        (TODAY - timedelta(days=63), "x", "只能更正今天和前两个月"),
        (TODAY, "  ", "请写上原因"),
    ],
)
def test_what_cannot_be_corrected(desk: Desk, day: date, reason: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        days.correct(desk.session, desk.actor(), day, True, reason, desk.at)
    assert sentence in refused.value.sentence
    with pytest.raises(NotYours):
        days.correct(desk.session, desk.actor("孙丽"), TODAY, True, "x", desk.at)


def page(desk: Desk, day: date = TODAY) -> diary.Page:
    (one,) = diary.pages(desk.session, desk.county.people[WHO], day, day, desk.at)
    return one


def test_a_day_is_made_of_reports_and_steps(desk: Desk) -> None:
    visit(desk, desk.at - timedelta(hours=1))
    complete(desk, issued(desk), done="清走了")
    entries = page(desk).entries
    assert [one.what for one in entries] == ["走访", "完成整改"]
    assert (entries[0].place, entries[0].head) == ("大桃园村", "李*民")
    said = "\n".join(diaries.lines(page(desk)))
    assert "走访：大桃园村 李*民 屋顶漏雨" in said
    assert "138" not in said


def test_a_line_of_ones_own(desk: Desk) -> None:
    diary.add(desk.session, desk.actor(), TODAY, "晚上开了会", desk.at)
    diary.add(desk.session, desk.actor(), TODAY, "晚上开了院坝会", desk.at)
    assert diaries.lines(page(desk)) == ["补记：晚上开了院坝会"]
    for day, text, sentence in (
        (TODAY + timedelta(days=1), "x", "还没到"),
        (TODAY, "长" * 1001, "最多写 1000 个字"),
    ):
        with pytest.raises(Refusal) as refused:
            diary.add(desk.session, desk.actor(), day, text, desk.at)
        assert sentence in refused.value.sentence


def test_the_month_as_a_document(desk: Desk) -> None:
    visit(desk, desk.at - timedelta(hours=1))
    diary.add(desk.session, desk.actor(), date(2026, 11, 3), "开村民代表会", desk.at)
    first, last = days.month_of(TODAY)
    pages = diary.pages(desk.session, desk.county.people[WHO], first, last, desk.at)
    assert (len(pages), last.day) == (30, 30)
    made = diaries.month(WHO, "一队", pages)
    said = [line.text for line in Document(io.BytesIO(diary_sheet.draw(made))).paragraphs]
    assert said[0] == "驻村工作日记（2026年11月）"
    assert any(line.startswith("11月3日 周二") for line in said)
    assert "补记：开村民代表会" in said
    assert any(line.startswith("驻村天数：在村 ") for line in said)
    assert not [line for line in said if line.startswith("11月4日")], "days of which there is nothing to tell"


def test_a_month_ends_where_it_ends() -> None:
    assert days.month_of(date(2026, 2, 5)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert days.month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
