"""Matters: records that ask for attention, without anybody's name, read by the scope and window of a summary."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage import standing
from storage.kinds.hardship import HardshipCase, Urgency
from storage.kinds.rectification import Rectification
from storage.places import Region
from storage.report import Report
from storage.summaries import Scope
from storage.tallies import Window, of_kind, sent_in


@dataclass(frozen=True)
class Matter:
    """A record that asks for attention, without a name: number, village's name, its category or due day."""

    id: int
    number: str
    place: str
    at: datetime
    category: str = ""


_MATTER = (Report.id, Report.number, Region.name)


def urgent_cases(session: Session, scope: Scope, window: Window, limit: int = 10) -> list[Matter]:
    """Urgent hardship cases opened in the window, newest first."""
    return _cases(session, scope, window, (Urgency.URGENT.value,), limit)


def new_cases(session: Session, scope: Scope, window: Window, limit: int = 10) -> list[Matter]:
    """Hardship cases opened in the window, newest first."""
    return _cases(session, scope, window, tuple(one.value for one in Urgency), limit)


def _cases(
    session: Session, scope: Scope, window: Window, urgencies: tuple[str, ...], limit: int
) -> list[Matter]:
    columns: Any = (*_MATTER, Report.sent_at, HardshipCase.category)
    rows = session.exec(
        select(*columns)
        .join(HardshipCase)
        .join(Region, col(Region.code) == Report.village)
        .where(*sent_in(scope, window))
        .where(col(HardshipCase.urgency).in_(urgencies))
        .order_by(col(Report.sent_at).desc(), col(Report.id).desc())
        .limit(limit)
    )
    return [Matter(*row) for row in rows]


def overdue(session: Session, scope: Scope, moment: datetime, limit: int = 10) -> list[Matter]:
    """Rectifications overdue at that moment, the longest first; `at` is when they were due."""
    columns: Any = (*_MATTER, Report.due_at)
    rows = session.exec(
        select(*columns)
        .join(Region, col(Region.code) == Report.village)
        .where(of_kind(scope, Rectification.kind), standing.overdue_at(moment))
        .order_by(col(Report.due_at), col(Report.id))
        .limit(limit)
    )
    return [Matter(*row) for row in rows]
