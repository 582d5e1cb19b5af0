"""What clocks say now: to those who owe before the end, after it to one level after the other. The moments are
columns, so a sweep touches only the clocks whose moment has come, and a restart neither loses nor repeats."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage import casework, clock_runs, clocks
from storage.clock_rules import Rules
from storage.clock_runs import ClockRun, Speaking
from storage.clocks import OVERDUE, Rung
from storage.county import Rhythms
from storage.duties import Duty
from storage.people import Role
from storage.places import Region
from storage.report import Report
from storage.workflow import Clock

MOST = 500
"""Clocks looked at in one go; the next tick goes on."""


@dataclass(frozen=True)
class Call:
    """What one clock says: `people` hear of the duty; `owing` are those who owe it."""

    duty: Duty
    rung: Rung
    people: tuple[int, ...]
    owing: tuple[int, ...]

    @property
    def overdue(self) -> bool:
        return self.rung in OVERDUE


def sweep(session: Session, now: datetime, most: int = MOST) -> list[Call]:
    """Let every clock speak whose moment has come, and plan its next one. Where nobody may be spoken to now,
    the moment is put off to the next hour of reminders."""
    due = (
        select(ClockRun, Report, Region.name)
        .join(Report, col(Report.id) == ClockRun.report_id)
        .join(Region, col(Region.code) == Report.village)
        .where(col(ClockRun.remind_at) <= now)
        .order_by(col(ClockRun.remind_at), col(ClockRun.id))
        .limit(most)
        .with_for_update(of=ClockRun)  # another bot's desk may be stopping it
    )
    rules, rhythms, found = Rules(session), Rhythms(session), Listeners(session, now)
    calls: list[Call] = []
    for run, report, place in session.exec(due).all():
        rhythm = rhythms.of(report.village)
        if run.due_at is None:
            _reckon(session, report, run, now)
        elif not clocks.may_speak(rhythm, now):
            run.remind_at = clocks.next_hour(rhythm, now)
        else:
            planned = clock_runs.rungs(rules, report, run, rhythm)
            calls += [found.call(run, report, place, rung) for rung in speak(run, planned, now)]
    session.flush()
    return calls


def _reckon(session: Session, report: Report, run: ClockRun, now: datetime) -> None:
    """A clock from before there were clocks: it begins now, or keeps the day that was set."""
    clock = clock_runs.declared(report, run)
    if clock is None:
        run.remind_at = None
        return
    clock_runs.reckon(session, report, clock, run, now, due=report.due_at if clock.fixed else None)


def speak(run: Speaking, planned: list[tuple[Rung, datetime]], now: datetime) -> list[Rung]:
    """The rungs to be said now. Of several reminders that were missed only the last one is said, and none once
    it is overdue; of being overdue everybody hears."""
    passed = [rung for rung, at in clock_runs.unsaid(run, planned) if at <= now]
    if passed:
        run.rung = passed[-1]
    run.remind_at = clock_runs.next_moment(run, planned, now)
    late = [rung for rung in passed if rung in OVERDUE]
    return late or (passed[-1:] if run.due_at is not None and now < run.due_at else [])


class Listeners:
    """Who hears; asked once a sweep for each team and place."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self._owed: dict[tuple[object, ...], tuple[int, ...]] = {}
        self._above: dict[str, dict[Role, tuple[int, ...]]] = {}

    def call(self, run: ClockRun, report: Report, place: str, rung: Rung) -> Call:
        clock = clock_runs.declared(report, run)
        assert clock is not None  # only clocks of the table have rungs
        owing = self._owing(report, clock)
        people = self.above(report, rung) if rung in OVERDUE else owing
        key = f"{run.clock}:{report.number}:{run.id}"
        assert run.due_at is not None
        duty = Duty(key, run.clock, people, report.village, run.since, run.due_at, report.number, place)
        return Call(duty, rung, people, owing)

    def _owing(self, report: Report, clock: Clock) -> tuple[int, ...]:
        """Of two cases of one team and place the same people owe, unless different ones are barred (or asked
        before others, because they began it)."""
        step = casework.life_of(report).step(clock.step)
        but = frozenset(casework.barred(self.session, report, step))
        key = (report.kind, clock.name, report.team_id, report.village, report.author_id, but)
        if key not in self._owed:
            self._owed[key] = tuple(casework.owing(self.session, report, clock, self.now))
        return self._owed[key]

    def above(self, report: Report, rung: Rung) -> tuple[int, ...]:
        """The level of that rung; where nobody stands on it, the next one."""
        leaders = tuple(casework.team_of(self.session, report, self.now, Role.LEADER))
        above = self._managers(report.village)
        levels = [leaders, above[Role.SUPERVISOR], above[Role.ADMIN]]
        return next((level for level in levels[OVERDUE.index(rung) :] if level), ())

    def _managers(self, village: str) -> dict[Role, tuple[int, ...]]:
        """The nearest supervisors and the nearest administrators."""
        if village not in self._above:
            posts = casework.managers(self.session, village, self.now)
            self._above[village] = {
                role: casework.nearest(posts, role) for role in (Role.SUPERVISOR, Role.ADMIN)
            }
        return self._above[village]
