"""What clocks say: each rung once, to those who owe and to one level after the other, whatever ticks, nights,
days off and restarts do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import SQLModel, col, func, select

from storage import clock_rules, clock_runs, county, stepping, sweeping
from storage.clock_rules import Set
from storage.clock_runs import ClockRun
from storage.clocks import Rung, may_speak
from storage.kinds import hardship_life as life
from storage.people import Posting, Role
from storage.report import Report, ReportState
from storage.sweeping import Call
from tests.storage.helping import opened, recognised, step, steps
from tests.storage.mending import dismiss, fill, issued
from tests.storage.reporting_world import Desk

HOUR = timedelta(hours=1)


def sweep(desk: Desk) -> list[Call]:
    return sweeping.sweep(desk.session, desk.at)


def named(desk: Desk, people: tuple[int, ...]) -> list[str]:
    names = {number: name for name, number in desk.county.people.items()}
    return [names[person] for person in people]


def until(desk: Desk, end: datetime, every: timedelta = timedelta(minutes=47)) -> list[tuple[str, str, str]]:
    """Tick until then: (moment, rung, who hears) of what was said."""
    said = []
    while desk.at < end:
        for call in sweep(desk):
            at = f"{desk.at.astimezone(county.zone(desk.session)):%m-%d %H:%M}"
            said.append((at[:5], call.rung.value, "、".join(named(desk, call.people))))
            rhythm = county.rhythm(desk.session, call.duty.region)
            assert may_speak(rhythm, desk.at), "never at night or on a day off"
        desk.at += every
    return said


def test_each_rung_is_said_once_in_its_time(desk: Desk) -> None:
    opened(desk)
    assert until(desk, datetime(2026, 12, 20, tzinfo=UTC)) == [
        ("11-23", "start", "李明"),
        ("11-25", "half", "李明"),
        ("11-26", "before", "李明"),
        ("11-30", "leader", "李明"),
        ("12-02", "supervisor", "孙丽"),
        ("12-04", "office", "周正"),
    ]


def test_over_holidays_and_a_make_up_saturday(desk: Desk) -> None:
    desk.at = datetime(2026, 9, 28, 4, tzinfo=UTC)
    opened(desk)
    assert until(desk, datetime(2026, 10, 20, tzinfo=UTC)) == [
        ("09-29", "start", "李明"),
        ("10-08", "half", "李明"),
        ("10-09", "before", "李明"),
        ("10-12", "leader", "李明"),
        ("10-14", "supervisor", "孙丽"),
        ("10-16", "office", "周正"),
    ]


def test_over_the_years_end(desk: Desk) -> None:
    desk.at = datetime(2026, 12, 28, 4, tzinfo=UTC)
    clock_rules.put(desk.session, "", Set("verify", 3), desk.at.date(), desk.at.date(), desk.at)
    opened(desk)
    said = until(desk, datetime(2027, 1, 15, tzinfo=UTC))
    assert said[-1][1] == "office"
    assert [rung for _day, rung, _who in said] == ["start", "before", "leader", "supervisor", "office"]


def test_what_is_done_in_time_is_not_spoken_of(desk: Desk) -> None:
    report = opened(desk)
    steps(desk, report, life.DENY)
    assert until(desk, datetime(2026, 12, 20, tzinfo=UTC)) == []


def test_what_comes_round_is_said_before_its_end_and_after(desk: Desk) -> None:
    report = recognised(desk)
    said = until(desk, datetime(2026, 12, 30, tzinfo=UTC))
    assert said == [("12-25", "before", "李明、王爱民"), ("12-29", "leader", "李明")]
    step(desk, report, life.FOLLOW_UP)
    assert until(desk, datetime(2027, 1, 20, tzinfo=UTC)) == []


def test_what_managers_owe_goes_to_them_and_then_to_the_office(desk: Desk) -> None:
    steps(desk, opened(desk), life.CONFIRM, life.PUBLISH)
    said = until(desk, datetime(2026, 12, 20, tzinfo=UTC))
    assert said[0] == ("11-26", "start", "孙丽"), "the notice is over on the 25th"
    assert [one[1:] for one in said[-2:]] == [("supervisor", "孙丽"), ("office", "周正")]


@pytest.mark.fault("a restart while clocks run")
def test_after_a_long_silence_only_the_last_reminder_is_said(desk: Desk) -> None:
    opened(desk)
    desk.at = datetime(2026, 11, 26, 4, tzinfo=UTC)
    (call,) = sweep(desk)
    assert call.rung == Rung.BEFORE
    assert sweep(desk) == []


@pytest.mark.fault("a restart while clocks run")
def test_after_a_long_silence_every_level_hears_of_what_is_overdue(desk: Desk) -> None:
    opened(desk)
    desk.at = datetime(2026, 12, 10, 4, tzinfo=UTC)
    calls = sweep(desk)
    assert [call.rung for call in calls] == [Rung.LEADER, Rung.SUPERVISOR, Rung.OFFICE]
    assert {named(desk, call.owing)[0] for call in calls} == {"李明"}
    assert sweep(desk) == []


def test_a_tick_at_night_waits_for_the_morning_of_a_working_day(desk: Desk) -> None:
    report = opened(desk)
    desk.at = datetime(2026, 11, 27, 14, tzinfo=UTC)  # Friday 22:00
    assert sweep(desk) == []
    run = clock_runs.running(desk.session, report)
    assert run is not None
    assert run.remind_at == datetime(2026, 11, 30, 2, tzinfo=UTC)
    assert until(desk, datetime(2026, 11, 30, 6, tzinfo=UTC)) == [("11-30", "leader", "李明")]


def test_a_level_without_people_passes_it_up(desk: Desk) -> None:
    dismiss(desk, "孙丽")
    opened(desk)
    said = until(desk, datetime(2026, 12, 20, tzinfo=UTC))
    assert [one[1:] for one in said[-2:]] == [("supervisor", "周正"), ("office", "周正")]


@pytest.mark.fault("somebody whose posting ended owes a step")
def test_when_the_leader_has_left_the_team_owes_it_and_the_supervisor_hears(desk: Desk) -> None:
    opened(desk)
    dismiss(desk, "李明")
    said = until(desk, datetime(2026, 12, 1, tzinfo=UTC))
    assert [one[1:] for one in said] == [
        ("start", "孙丽"), ("half", "孙丽"), ("before", "孙丽"), ("leader", "孙丽"),
    ], "the author may not verify, nobody else is left in the team"  # fmt: skip


def test_the_nearest_supervisor_is_the_smallest_territory(desk: Desk) -> None:
    desk.session.add(
        Posting(
            person_id=desk.county.people["吴敏"], role=Role.SUPERVISOR, region="120114", starts_at=desk.at
        )
    )
    desk.session.flush()
    opened(desk)
    said = until(desk, datetime(2026, 12, 3, tzinfo=UTC))
    assert said[-1] == ("12-02", "supervisor", "孙丽")


def test_a_granted_extension_moves_every_rung(desk: Desk) -> None:
    report = issued(desk)
    desk.send(fill(desk, report, "ask_time", "王爱民", until="2026-12-04", reason="等材料"))
    stepping.take(desk.session, report, "grant_time", desk.actor("孙丽"), desk.at, version=report.version)
    said = until(desk, datetime(2026, 12, 20, tzinfo=UTC))
    assert [one[:2] for one in said] == [
        ("11-23", "start"), ("11-30", "half"), ("12-03", "before"),
        ("12-07", "leader"), ("12-09", "supervisor"), ("12-11", "office"),
    ]  # fmt: skip


def test_a_clock_from_before_there_were_clocks_begins_with_the_first_sweep(desk: Desk) -> None:
    case, problem = opened(desk), issued(desk)
    for run in desk.session.exec(select(ClockRun)):
        run.due_at, run.remind_at, run.since = None, desk.at, desk.at - timedelta(days=90)
    desk.session.flush()
    desk.later(days=3)
    assert sweep(desk) == []
    found = {report.kind: clock_runs.running(desk.session, report) for report in (case, problem)}
    hardship, mend = found["hardship"], found["rectification"]
    assert hardship is not None
    assert mend is not None
    assert hardship.since == desk.at, "nobody is overdue for what was never asked"
    assert mend.due_at == problem.due_at, "a day that was set stays"
    assert hardship.remind_at is not None


def test_a_clock_that_no_table_knows_is_silent(desk: Desk) -> None:
    report = opened(desk)
    run = clock_runs.running(desk.session, report)
    assert run is not None
    run.clock, run.remind_at = "celebrate", desk.at - HOUR
    desk.session.flush()
    assert sweep(desk) == []
    run.due_at = None
    assert sweep(desk) == []
    assert run.remind_at is None


def fill_county(desk: Desk, count: int, due: int) -> None:
    """So many more open cases, each with its clock; of so many the moment has come."""
    tables = SQLModel.metadata.tables
    team, author = desk.county.teams["一队"], desk.county.people["王爱民"]
    before = desk.session.exec(select(func.max(Report.id))).one() or 0
    rows = [
        {"uid": f"{n:032}", "kind": "hardship", "number": f"KN-{n:08}", "author_id": author, "team_id": team,
         "village": "120114001001", "state": ReportState.OPEN, "sent_at": desk.at, "returned": False,
         "revision": 1, "version": 1}
        for n in range(before, before + count)
    ]  # fmt: skip
    desk.session.connection().execute(insert(tables["report"]), rows)
    more = select(Report.id).where(col(Report.id) > before).order_by(col(Report.id))
    ids = desk.session.exec(more).all()
    end, now = desk.at + timedelta(days=30), desk.at
    runs = [
        {"report_id": number, "clock": "verify", "since": now - timedelta(days=10), "due_at": end,
         "remind_at": now if place < due else end}
        for place, number in enumerate(ids)
    ]  # fmt: skip
    desk.session.connection().execute(insert(tables["clockrun"]), runs)


def work_of(desk: Desk, due: int) -> int:
    """What a sweep that finds so many costs the database, in dozens of its steps: the same on any machine."""
    counted = [0]

    def count() -> None:
        counted[0] += 1

    line: Any = desk.session.connection().connection.dbapi_connection
    line.set_progress_handler(count, 12)
    assert len(sweep(desk)) == due
    line.set_progress_handler(None, 0)
    return counted[0]


@pytest.mark.sqlite_only(reason="the work is counted by SQLite's progress handler")
def test_a_sweep_costs_what_is_due_and_not_what_is_open(desk: Desk) -> None:
    """`make simulate` says how long it takes among a hundred thousand."""
    fill_county(desk, 200, due=50)
    among_few = work_of(desk, 50)
    fill_county(desk, 10_000, due=50)
    assert work_of(desk, 50) < 2 * among_few
    assert work_of(desk, 0) <= among_few / 10, "nothing is due: the index says so"
