"""Clocks that run: each is a row, so that a case's history keeps every one of them. The running one's end is a
column, and so is the moment at which it next speaks."""

from datetime import date, datetime
from typing import Protocol

from sqlmodel import Field, Session, SQLModel, col, select

from storage import clocks, county
from storage.clock_rules import Rules
from storage.clocks import Rule, Rung
from storage.county import Rhythm
from storage.db import Utc, by_value
from storage.kinds import KINDS
from storage.report import Report
from storage.workflow import By, Clock


class Speaking(Protocol):
    """Anything that ends and speaks of it: `rung` is what was said last, `remind_at` when the next is said."""

    due_at: datetime | None
    remind_at: datetime | None
    rung: Rung | None


class ClockRun(SQLModel, table=True):
    """`rung` is what was said last; `remind_at` when the next is said (null: nothing more). `due_at` is null
    for one that was begun before there were clocks: the first sweep reckons it."""

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    clock: str
    since: datetime = Field(sa_type=Utc)
    due_at: datetime | None = Field(default=None, sa_type=Utc)
    remind_at: datetime | None = Field(default=None, sa_type=Utc, index=True)
    rung: Rung | None = Field(default=None, sa_type=by_value(Rung))
    paused_at: datetime | None = Field(default=None, sa_type=Utc)
    stopped_at: datetime | None = Field(default=None, sa_type=Utc)


def running(session: Session, report: Report) -> ClockRun | None:
    """The clock that runs (or stands still) now."""
    runs = select(ClockRun).where(ClockRun.report_id == report.id, col(ClockRun.stopped_at).is_(None))
    return session.exec(runs.order_by(col(ClockRun.id).desc())).first()


def declared(report: Report, run: ClockRun) -> Clock | None:
    """The clock of the table; None for one that the table does not have any more."""
    life = KINDS[report.kind].life
    return next((one for one in life.clocks if one.name == run.clock), None) if life else None


def rule_of(rules: Rules, report: Report, clock: str, rhythm: Rhythm) -> Rule:
    """The rule that held when the case began."""
    return rules.of(clock, report.village, _began(report, rhythm))


def _began(report: Report, rhythm: Rhythm) -> date:
    return report.sent_at.astimezone(rhythm.zone).date()


def start(
    session: Session, report: Report, clock: Clock, now: datetime, due: datetime | None = None
) -> ClockRun:
    """Stop what runs and let that clock run; `due`: its end was set by somebody and not by a rule."""
    stop(session, report, now)
    run = ClockRun(report_id=report.id or 0, clock=clock.name, since=now)
    reckon(session, report, clock, run, now, due=due)
    session.add(run)
    session.flush()
    return run


def reckon(
    session: Session, report: Report, clock: Clock, run: ClockRun, now: datetime, due: datetime | None = None
) -> None:
    """Begin to count now."""
    rules, rhythm = Rules(session), county.rhythm(session, report.village)
    run.since = now
    if clock.after:
        run.since = clocks.end(now, rule_of(rules, report, clock.after, rhythm), rhythm)
    until = due or clocks.end(run.since, rule_of(rules, report, clock.name, rhythm), rhythm)
    set_end(session, report, run, until, now)


def set_end(
    session: Session, report: Report, run: ClockRun, due: datetime, now: datetime, said: Rung | None = None
) -> None:
    """Let the clock end then; what it says is planned anew, after the rung that was said."""
    run.due_at, run.rung = due, said
    clock = declared(report, run)
    if clock is not None and clock.shown:
        report.due_at = due
    rhythm = county.rhythm(session, report.village)
    if run.paused_at is None:
        run.remind_at = next_moment(run, rungs(Rules(session), report, run, rhythm), now)
    session.flush()


def next_moment(run: Speaking, planned: list[tuple[Rung, datetime]], now: datetime) -> datetime | None:
    """When the clock speaks next. A reminder whose time has passed is left out; being overdue is not."""
    left = unsaid(run, planned)
    return min((max(at, now) for rung, at in left if at > now or rung in clocks.OVERDUE), default=None)


def unsaid(run: Speaking, planned: list[tuple[Rung, datetime]]) -> list[tuple[Rung, datetime]]:
    """The rungs above the one that was said last."""
    order = list(Rung)
    return [one for one in planned if run.rung is None or order.index(one[0]) > order.index(run.rung)]


def rungs(rules: Rules, report: Report, run: ClockRun, rhythm: Rhythm) -> list[tuple[Rung, datetime]]:
    """The rungs of a clock with their moments; none for a clock that is not known (any more)."""
    clock = declared(report, run)
    if clock is None or run.due_at is None:
        return []
    rule = rule_of(rules, report, run.clock, rhythm)
    team = clock.owes != By.MANAGER
    return clocks.rungs(run.since, run.due_at, rhythm, rule, team=team, cadence=clock.cadence)


def stop(session: Session, report: Report, now: datetime) -> None:
    """Nobody owes anything: what runs is over, and stays in the history."""
    run = running(session, report)
    if run is not None:
        run.stopped_at, run.remind_at = now, None
        clock = declared(report, run)
        if clock is not None and clock.shown and not clock.fixed:
            report.due_at = None
        session.flush()


def pause(session: Session, report: Report, now: datetime) -> None:
    """The clock stands still and says nothing."""
    run = running(session, report)
    if run is not None and run.paused_at is None:
        run.paused_at, run.remind_at = now, None
        session.flush()


def resume(session: Session, report: Report, now: datetime) -> None:
    """The clock goes on with what was left."""
    run = running(session, report)
    if run is None or run.paused_at is None:
        return
    paused, run.paused_at = run.paused_at, None
    if run.due_at is None:
        return
    rhythm = county.rhythm(session, report.village)
    unit = rule_of(Rules(session), report, run.clock, rhythm).unit
    until = clocks.shifted(run.due_at, paused, now, unit, rhythm)
    set_end(session, report, run, until, now, said=run.rung)


def history(session: Session, report: Report) -> list[ClockRun]:
    """Every clock of a case, oldest first."""
    runs = select(ClockRun).where(ClockRun.report_id == report.id)
    return list(session.exec(runs.order_by(col(ClockRun.id))))
