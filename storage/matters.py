"""Matters: records that ask for attention, without anybody's name, read by the scope and window of a summary."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from storage import counting
from storage.counting import Shape
from storage.db import run
from storage.kinds.hardship import HardshipCase, Urgency
from storage.places import Region
from storage.report import Report
from storage.summaries import Scope
from storage.tallies import Window


@dataclass(frozen=True)
class Matter:
    """A record that asks for attention, without a name: number, village's name, its category or due day."""

    id: int
    number: str
    place: str
    at: datetime
    category: str = ""


_MATTER = col(Report.id), col(Report.number), col(Region.name)


def urgent_cases(session: Session, scope: Scope, window: Window, limit: int = 10) -> list[Matter]:
    """Urgent hardship cases opened in the window, newest first."""
    return _cases(session, scope, window, limit, urgent=True)


def new_cases(session: Session, scope: Scope, window: Window, limit: int = 10) -> list[Matter]:
    """Hardship cases opened in the window, newest first."""
    return _cases(session, scope, window, limit, urgent=False)


def _cases(session: Session, scope: Scope, window: Window, limit: int, *, urgent: bool) -> list[Matter]:
    statement = _opened(counting.shape_of(session, scope), limit, urgent)
    rows = run(session, statement, **counting.values(scope), since=window.start, until=window.end)
    return [Matter(*row) for row in rows]


@cache
def _opened(shape: Shape, limit: int, urgent: bool) -> Any:
    """What Matter has of hardship cases sent in the window."""
    found: Any = rows_of(*_MATTER, col(Report.sent_at), col(HardshipCase.category)).join_from(
        Report, HardshipCase
    )
    found = found.join(Region, col(Region.code) == col(Report.village))
    found = found.where(counting.mine(shape), *counting.sent())
    if urgent:
        found = found.where(col(HardshipCase.urgency) == Urgency.URGENT.value)
    return found.order_by(col(Report.sent_at).desc(), col(Report.id).desc()).limit(limit)


def overdue(session: Session, scope: Scope, moment: datetime, limit: int = 10) -> list[Matter]:
    """Rectifications overdue at that moment, the longest first; `at` is when they were due."""
    statement = _overdue(counting.shape_of(session, scope), limit)
    return [Matter(*row) for row in run(session, statement, **counting.values(scope), until=moment)]


@cache
def _overdue(shape: Shape, limit: int) -> Any:
    """What Matter has of rectifications overdue at the window's end."""
    found: Any = rows_of(*_MATTER, col(Report.due_at)).join_from(
        Report, Region, col(Region.code) == col(Report.village)
    )
    found = found.where(counting.late_rectifications(shape))
    return found.order_by(col(Report.due_at), col(Report.id)).limit(limit)
