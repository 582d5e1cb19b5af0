"""Cases as data for other programs: a report's record with its clocks, its promises and its steps."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from reports import export
from storage import clock_runs, county, history, promises, reading, rebounds, tasks
from storage.clock_runs import ClockRun
from storage.reading import Filter
from storage.redact import HIDDEN, redact
from storage.report import Report

Record = dict[str, Any]


def records(
    session: Session, asked: Filter, now: datetime, *, late: bool = False, reveal: bool = False
) -> Iterator[Record]:
    """Every case that fits, newest first; `late`: only those past the clock that runs."""
    for report in reading.every(session, asked):
        made = record(session, report, now, reveal=reveal)
        if made["overdue_days"] or not late:
            yield made


def record(session: Session, report: Report, now: datetime, *, reveal: bool = False) -> Record:
    """One case. `clock` is the one that runs (null: none), `clocks` all of them; `overdue_days` counts days of
    the calendar past its end, 0 while there is time or the clock stands still."""
    runs = clock_runs.history(session, report)
    running = next((one for one in runs if one.stopped_at is None), None)
    return {
        **export.record(session, report, reveal=reveal),
        "clock": running.clock if running else None,
        "overdue_days": _overdue(session, running, now),
        "clocks": [_clock(one) for one in runs],
        "promises": [_promise(one) for one in promises.all_of(session, report)],
        "tasks": [_task(one) for one in tasks.all_of(session, report)],
        "rebound_of": [one.number for one in rebounds.earlier_of(session, report)],
        **history.kept(session, report),
    }


def _overdue(session: Session, run: ClockRun | None, now: datetime) -> int:
    if run is None or run.due_at is None or run.paused_at is not None or now <= run.due_at:
        return 0
    zone = county.zone(session)
    return max(1, (now.astimezone(zone).date() - run.due_at.astimezone(zone).date()).days)


def _clock(run: ClockRun) -> Record:
    return {
        "clock": run.clock,
        "since": _iso(run.since),
        "due_at": _iso(run.due_at),
        "said": run.rung.value if run.rung else None,
        "paused_at": _iso(run.paused_at),
        "stopped_at": _iso(run.stopped_at),
    }


def _promise(one: promises.Promise) -> Record:
    return {
        "number": one.number,
        "until": one.until.isoformat(),
        "kept": one.kept,
        "settled_at": _iso(one.settled_at),
    }


def _task(one: tasks.Assigned) -> Record:
    return {
        "number": one.number,
        "what": redact(one.what, HIDDEN),
        "lead": one.lead,
        "support": one.support,
        "charges": [{"who": who, "until": until.isoformat()} for who, until in one.charges],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
