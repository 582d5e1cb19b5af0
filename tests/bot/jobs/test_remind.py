"""Reminders: to those who owe, once a slot, whatever the clock does."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.jobs import remind
from storage import alarms, clock_runs, county, duties, names
from storage.absences import Absence, AbsenceState
from storage.duties import Reminder
from storage.duty_rules import DutyRule
from storage.kinds.house import HouseCase
from storage.kinds.rectification import LIFE, MEND, Rectification
from storage.people import Posting
from storage.report import Report, ReportState
from tests import weeks
from tests.bot.jobs_world import Place, place
from tests.weeks import W47

WEDNESDAY = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""10:00 in the county, half-way through week 47."""
THURSDAY = WEDNESDAY + timedelta(days=1)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path, towns=1, villages=2)
    yield made
    made.store.close()


def test_members_and_leader_of_a_team_without_a_visit(here: Place, session: Session) -> None:
    busy, idle = here.county.teams
    weeks.add_report(session, here.county, busy, W47.start)
    assert remind.step(session, WEDNESDAY) == {"reminded": 2}
    people = {one.person_id for one in session.exec(select(Reminder))}
    assert people == {here.county.leaders[idle], here.county.members[idle]}
    assert {letter["chat"] for letter in here.said(session)} == {
        here.chat(session, 5001).id,
        here.chat(session, 6001).id,
    }


@pytest.mark.parametrize(
    ("kind", "state", "reminded"),
    [("leave", "approved", 3), ("trip", "approved", 3), ("no_signal", "approved", 3), ("leave", "asked", 4)],
)
def test_nobody_is_reminded_while_away(
    here: Place, session: Session, kind: str, state: str, reminded: int
) -> None:
    """Leave counts when it is granted, and only on its days."""
    person, day = next(iter(here.county.members.values())), WEDNESDAY.date()
    row: dict[str, Any] = {
        "person_id": person,
        "kind": kind,
        "asked_at": W47.start,
        "state": AbsenceState(state),
    }
    session.add(Absence(first=day, last=day, **row))
    session.add(Absence(first=day + timedelta(days=3), last=day + timedelta(days=9), **row))
    assert remind.step(session, WEDNESDAY) == {"reminded": reminded}
    assert remind.step(session, THURSDAY) == {"reminded": 4}


def two_visits_of_each(session: Session) -> None:
    """The county asks two visits a week of everybody."""
    session.add(DutyRule(region="", since=date(2026, 11, 1), visits=2, asked_by="县委组织部", at=W47.start))
    session.flush()


def test_the_leader_hears_with_the_last_reminder_who_is_behind(here: Place, session: Session) -> None:
    """Each privately first; then the leader, by name, without themself; nobody else's leader."""
    two_visits_of_each(session)
    first, second = here.county.teams
    for _ in range(2):
        weeks.add_report(session, here.county, second, W47.start)
        weeks.add_report(session, here.county, second, W47.start, author_id=here.county.leaders[second])
    remind.step(session, WEDNESDAY)
    before = here.said(session)
    assert not [one for one in before if "队里" in one["text"]], "first they are reminded themselves"
    remind.step(session, THURSDAY)
    told = [one for one in here.said(session)[len(before) :] if "队里" in one["text"]]
    (heard,) = told
    leader, member = here.county.leaders[first], here.county.members[first]
    assert heard["chat"] == duties.private_chats(session, [leader])[leader][1].id
    assert f"{names.full(session, member)}：要 2 次，有 0 次" in heard["text"]
    assert f"{names.full(session, leader)}：" not in heard["text"]
    assert "队里 1 人" in heard["text"]
    data = [key["callback_data"] for row in heard["reply_markup"]["inline_keyboard"] for key in row]
    assert data[-1].startswith("ow:w:")
    remind.step(session, THURSDAY + timedelta(minutes=30))
    assert len(here.said(session)) == len(before) + 2, "once"


def test_a_leader_who_is_done_hears_of_the_others_alone(here: Place, session: Session) -> None:
    two_visits_of_each(session)
    for team, leader in here.county.leaders.items():
        for _ in range(2):
            weeks.add_report(session, here.county, team, W47.start, author_id=leader)
    remind.step(session, THURSDAY)
    leaders = {
        duties.private_chats(session, [leader])[leader][1].id for leader in here.county.leaders.values()
    }
    for letter in here.said(session):
        if letter["chat"] in leaders:
            assert letter["text"].startswith("<b>队里 1 人还没走访够")
            assert not letter["text"].endswith("\n")


def test_a_photo_report_is_no_visit_and_a_withdrawn_one_neither(here: Place, session: Session) -> None:
    first, second = here.county.teams
    weeks.add_report(session, here.county, first, W47.start, kind="photo")
    weeks.add_report(session, here.county, second, W47.start, state=ReportState.WITHDRAWN)
    assert remind.step(session, WEDNESDAY) == {"reminded": 4}


def test_never_twice_in_a_slot(here: Place, session: Session) -> None:
    assert remind.step(session, WEDNESDAY) == {"reminded": 4}
    for minutes in (0, 1, 60, 119):
        assert remind.step(session, WEDNESDAY + timedelta(minutes=minutes)) == {}
    assert len(here.said(session)) == 4


def test_at_most_three_in_a_week_and_none_at_night(here: Place, session: Session) -> None:
    """Every quarter of an hour of the whole week."""
    now = W47.start
    while now < W47.end:
        remind.step(session, now)
        now += timedelta(minutes=15)
    reminders = session.exec(select(Reminder)).all()
    assert len(reminders) == 4 * 2
    hours = {one.sent_at.astimezone(county.zone(session)).hour for one in reminders}
    assert hours == {10}


def test_a_jump_over_two_slots_makes_no_flood(here: Place, session: Session) -> None:
    remind.step(session, WEDNESDAY - timedelta(days=2))
    assert remind.step(session, THURSDAY + timedelta(minutes=30)) == {"reminded": 4}
    assert {one.slot for one in session.exec(select(Reminder))} == {"before"}


def test_a_slot_missed_by_more_than_two_hours_is_dropped(here: Place, session: Session) -> None:
    assert remind.step(session, WEDNESDAY + timedelta(hours=2)) == {}
    assert here.said(session) == []


def issue(session: Session, here: Place, due: datetime, state: ReportState = ReportState.ISSUED) -> Report:
    """A rectification of the first team whose clock began with the week."""
    team = next(iter(here.county.teams))
    report = weeks.add_report(
        session, here.county, team, W47.start, kind="rectification", due_at=due, state=state
    )
    session.add(Rectification(report_id=report.id, findings="河边有垃圾", due=due.date()))
    clock = LIFE.clock_in(state)
    if clock is not None:
        clock_runs.start(session, report, clock, W47.start, due=due if clock.name == MEND else None)
    return report


def test_a_team_is_told_of_its_rectification_and_the_visit_in_one_message(
    here: Place, session: Session
) -> None:
    issue(session, here, datetime(2026, 11, 19, 15, 59, tzinfo=UTC))
    remind.step(session, WEDNESDAY)
    (text,) = [one["text"] for one in here.said(session, here.chat(session, 5000).id)]
    assert "还有 2 件事要办" in text
    assert "整改 RE-0001（1-1村）：请在 11-19 23:59 前完成" in text


@pytest.mark.parametrize("state", [ReportState.COMPLETED, ReportState.ACCEPTED, ReportState.WITHDRAWN])
def test_what_is_mended_is_not_owed(here: Place, session: Session, state: ReportState) -> None:
    for team in here.county.teams:
        weeks.add_report(session, here.county, team, W47.start)
    issue(session, here, datetime(2026, 11, 19, 15, 59, tzinfo=UTC), state)
    assert remind.step(session, WEDNESDAY) == {}


def test_a_returned_report_is_owed_by_its_author(here: Place, session: Session) -> None:
    for team in here.county.teams:
        weeks.add_report(session, here.county, team, W47.start)
    team = next(iter(here.county.teams))
    sent_back = [("sent", WEDNESDAY - timedelta(days=1))]
    weeks.add_report(session, here.county, team, W47.start, "hardship", returned=True, steps=sent_back)
    assert remind.step(session, WEDNESDAY) == {"reminded": 1}
    (letter,) = here.said(session)
    assert letter["chat"] == here.chat(session, 6000).id
    assert "被退回" in letter["text"]


def test_a_clock_speaks_to_each_once_a_rung_whatever_ticks_and_restarts(
    here: Place, session: Session
) -> None:
    for team in here.county.teams:
        weeks.add_report(session, here.county, team, W47.start)
    report = issue(session, here, datetime(2026, 11, 19, 15, 59, tzinfo=UTC))
    (run,) = clock_runs.history(session, report)
    for minutes in (0, 1, 20, 119, 300):
        remind.step(session, WEDNESDAY + timedelta(minutes=minutes))
    said = [(one.duty, one.slot) for one in session.exec(select(Reminder))]
    assert said == [(f"mend:RE-0003:{run.id}", "before")] * 2, "leader and member"
    assert len(here.said(session)) == 2


def test_overdue_the_leader_hears_and_who_owes_it_is_named(here: Place, session: Session) -> None:
    for team in here.county.teams:
        weeks.add_report(session, here.county, team, W47.start)
    issue(session, here, datetime(2026, 11, 17, 15, 59, tzinfo=UTC))
    assert remind.step(session, WEDNESDAY) == {"reminded": 1}
    (letter,) = here.said(session)
    assert letter["chat"] == here.chat(session, 5000).id
    assert "逾期：1 件还没有办，请过问" in letter["text"]
    assert "整改 RE-0003（1-1村）：逾期 1 天，应由" in letter["text"]
    assert letter["reply_markup"]["inline_keyboard"] == [[{"text": "去整改", "callback_data": "r:page:0"}]]


def test_nobody_whose_posting_ended(here: Place, session: Session) -> None:
    for posting in session.exec(select(Posting)).all():
        posting.ends_at = WEDNESDAY - timedelta(hours=1)
    session.flush()
    assert remind.step(session, WEDNESDAY) == {}


def test_nothing_goes_to_a_group(here: Place, session: Session) -> None:
    remind.step(session, WEDNESDAY)
    assert here.said(session, here.group) == []


def test_a_days_own_hour(here: Place, session: Session) -> None:
    county.change(session, "120114001", {"remind_time": "15:00"}, [], [], WEDNESDAY)
    assert remind.step(session, WEDNESDAY) == {}
    assert remind.step(session, WEDNESDAY + timedelta(hours=5)) == {"reminded": 4}


def test_a_day_off_of_the_county(here: Place, session: Session) -> None:
    county.change(session, "120114", {}, ["2026-11-18"], [], WEDNESDAY)
    assert remind.step(session, WEDNESDAY) == {}


def test_an_alarm_rings_at_any_hour_beside_the_reminders(here: Place, session: Session) -> None:
    team, *_others = here.county.teams
    report = weeks.add_report(session, here.county, team, W47.start, kind="house", state=ReportState.FOUND)
    night = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    session.add(HouseCase(report_id=report.id, tonight="yes", signs=["wall"], findings="东墙裂了"))
    alarms.begin(session, report, here.county.members[team], night)
    assert remind.step(session, night) == {"alarms": 1}
    assert remind.step(session, night + timedelta(seconds=20)) == {}
    assert remind.step(session, night + timedelta(minutes=10)) == {"alarms": 1}
    letters = here.said(session, here.chat(session, 5000).id)
    assert [one["key"] for one in letters] == [
        f"alarm:1:{count}:{one['chat']}" for count, one in enumerate(letters, 1)
    ]
    assert len(letters) == 2
