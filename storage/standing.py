"""What stood at a moment, and what the clocks of cases came to: SQL for the counts of storage/tallies.py.

A past moment can be asked about: the steps taken since tell how it was. A clock of a report that was withdrawn counts
nowhere.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, case, func, or_
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from storage.clock_runs import ClockRun
from storage.kinds import KINDS
from storage.kinds.hardship import HardshipCase
from storage.kinds.hardship_life import LIFE
from storage.report import Report, ReportState, StepTaken

ENDS = tuple(state for state in {one.after for one in LIFE.steps} if state and LIFE.is_end(state))
"""Endings of a hardship case."""
OPEN = LIFE.live
FIRST = {kind.name: kind.life.first.after for kind in KINDS.values() if kind.life and kind.life.first.after}
"""The state in which a case begins."""
RECTIFYING = {
    ReportState.ISSUED: "to_mend",
    ReportState.COMPLETED: "to_accept",
    ReportState.ACCEPTED: "to_strike",
}
"""Rectifications by the state they stand in → the name of the count."""
Moment = datetime | BindParameter[datetime]
"""A moment, or the place of one in a statement that is made once."""


def state_at(moment: Moment, first: ReportState) -> ColumnElement[str]:
    """SQL over Report: the state of a case at a moment."""
    latest = (
        select(StepTaken.after)
        .where(StepTaken.report_id == Report.id, col(StepTaken.at) < moment)
        .order_by(col(StepTaken.at).desc(), col(StepTaken.id).desc())
        .limit(1)
        .correlate(Report)
        .scalar_subquery()
    )
    return func.coalesce(latest, first.value)


def perhaps(moment: Moment, *states: ReportState) -> ColumnElement[bool]:
    """SQL over Report: what stands in one of these states now, or may have stood in it at the moment."""
    moved_since = select(StepTaken.report_id).where(col(StepTaken.at) >= moment)
    return or_(*(col(Report.state) == state for state in states), col(Report.id).in_(moved_since))


def by_state(kind: str, part: Any, moment: Moment, *states: ReportState) -> Any:
    """(state, part of the scope, count) of the cases of a kind that stood in one of these states; the caller adds
    the scope to the inner rows."""
    found = rows_of(state_at(moment, FIRST[kind]).label("state"), part.label("part"))
    return found.where(
        col(Report.kind) == kind,
        col(Report.state) != ReportState.WITHDRAWN,
        col(Report.sent_at) < moment,
        perhaps(moment, *states),
    )


def overdue_at(moment: Moment) -> ColumnElement[bool]:
    """SQL over Report: a rectification that was still to be mended at that moment although its day was past.
    Its steps tell, so that a past moment can be asked about."""
    issued = ReportState.ISSUED
    still = state_at(moment, issued) == issued.value
    late = (col(Report.sent_at) < moment) & (col(Report.due_at) < moment)
    return late & perhaps(moment, issued) & still


def clocks(part: Any, start: Moment, end: Moment) -> Any:
    """(part of the scope, clocks that were stopped in the window, of these in time, past their end and still running
    at the window's end, of these of hardship cases)."""
    ended, on_time, late = of_clocks(start, end)
    sums = (
        _sum(ended),
        _sum(on_time),
        _sum(late),
        _sum(late & (Report.kind == HardshipCase.kind)),
    )
    runs = rows_of(part, *sums).select_from(ClockRun).join(Report)
    return runs.where(ended | late, col(Report.state) != ReportState.WITHDRAWN).group_by(part)


def of_clocks(start: Moment, end: Moment) -> tuple[ColumnElement[bool], ...]:
    """SQL over ClockRun: stopped in the window, stopped in time, past their end and still running at the window's."""
    due, stopped, paused = col(ClockRun.due_at), col(ClockRun.stopped_at), col(ClockRun.paused_at)
    ended = (stopped >= start) & (stopped < end) & due.is_not(None)
    late = (
        (col(ClockRun.since) < end)
        & (due < end)
        & (stopped.is_(None) | (stopped >= end))
        & (paused.is_(None) | (paused >= end))
    )
    return ended, ended & (stopped <= due), late


def _sum(what: ColumnElement[bool]) -> Any:
    return func.sum(case((what, 1), else_=0))
