"""The records behind a figure of a week: what is counted in storage/counting.py, found again as a query of reports.

A figure that was kept does not change; what was withdrawn or corrected since makes the list a little different.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from storage import contact_rows, contact_share, counting, county, presence, standing
from storage.clock_runs import ClockRun
from storage.kinds.hardship import HardshipCase, Urgency
from storage.kinds.rectification import Rectification
from storage.kinds.visit import Visit
from storage.photo import Photo, PhotoState
from storage.reading import LIVE, Filter
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope
from storage.tallies import Window, of_kind, sent_in

MOST = 2000
"""Records of a figure that are listed at most, the newest of them."""
_KINDS = counting.SENT | {"households": Visit.kind}


def behind(session: Session, scope: Scope, window: Window, figure: str) -> Filter:
    """What asks for the records that the figure (a field of Tally, or `contacted`) counts. KeyError for one that is not
    there."""
    whole = Filter(
        states=LIVE, places=(scope.region,) if scope.team is None and scope.region else (),
        team_id=scope.team, figure=figure,
    )  # fmt: skip
    if figure in _KINDS:
        return _with(whole, kind=_KINDS[figure], since=window.start, until=window.end)
    found = select(Report.id).where(
        *_FIGURES[figure](session, scope, window), Report.state != ReportState.WITHDRAWN
    )
    newest = found.distinct().order_by(col(Report.id).desc()).limit(MOST)
    return _with(whole, ids=tuple(one or 0 for one in session.exec(newest)) or (0,))


def _with(whole: Filter, **more: Any) -> Filter:
    return Filter(**vars(whole) | more)


Which = tuple[ColumnElement[bool], ...]
"""SQL over Report."""


def _beside(scope: Scope, window: Window, key: Any, *which: ColumnElement[bool]) -> Which:
    return (*sent_in(scope, window), col(Report.id).in_(select(key).where(*which)))


def _pictures(_session: Session, scope: Scope, window: Window) -> Which:
    here = or_(*(col(Photo.state) == state for state in (PhotoState.WAITING, PhotoState.KEPT)))
    return _beside(scope, window, Photo.report_id, here)


def _urgent(_session: Session, scope: Scope, window: Window) -> Which:
    urgent = col(HardshipCase.urgency) == Urgency.URGENT.value
    return _beside(scope, window, HardshipCase.report_id, urgent)


def _belated(session: Session, scope: Scope, window: Window) -> Which:
    first = window.start.astimezone(county.zone(session)).date()
    return _beside(scope, window, Visit.report_id, col(Visit.day).is_not(None), col(Visit.day) < first)


def _moved(kind: str, *states: ReportState) -> Callable[[Session, Scope, Window], Which]:
    """Cases of the kind that a step of the window brought into one of these states."""
    after, before = col(StepTaken.after), col(StepTaken.before)
    reached = or_(*(after == one.value for one in states)) & ~or_(*(before == one.value for one in states))

    def which(_session: Session, scope: Scope, window: Window) -> Which:
        steps = select(StepTaken.report_id).where(window.holds(StepTaken.at), reached)
        return of_kind(scope, kind), col(Report.id).in_(steps)

    return which


def _stood(kind: str, *states: ReportState) -> Callable[[Session, Scope, Window], Which]:
    """Cases of the kind that stood in one of these states at the window's end."""

    def which(_session: Session, scope: Scope, window: Window) -> Which:
        state = standing.state_at(window.end, standing.FIRST[kind])
        stood = or_(*(state == one.value for one in states))
        sent = col(Report.sent_at) < window.end
        return of_kind(scope, kind), sent, standing.perhaps(window.end, *states), stood

    return which


def _overdue(_session: Session, scope: Scope, window: Window) -> Which:
    return of_kind(scope, Rectification.kind), standing.overdue_at(window.end)


def _clock(number: int, kind: str = "") -> Callable[[Session, Scope, Window], Which]:
    """Cases with a clock that was stopped (0), stopped in time (1), or ran late at the window's end (2)."""

    def which(_session: Session, scope: Scope, window: Window) -> Which:
        runs = select(ClockRun.report_id).where(standing.of_clocks(window.start, window.end)[number])
        whose = of_kind(scope, kind) if kind else scope.reports(hidden=True)
        return whose, col(Report.id).in_(runs)

    return which


def _contacted(session: Session, scope: Scope, window: Window) -> Which:
    """Visits and cases by which those households were seen whose contact was due."""
    served = presence.served(session, scope, window) if scope.team is not None else ()
    cards = [one.card for one in contact_share.due(session, scope, window, served) if one.seen]
    values = {"start": window.start, "end": window.end}
    return (col(Report.id).in_(contact_rows.contacts(session, cards, values, MOST)),)


_FIGURES: dict[str, Callable[[Session, Scope, Window], Which]] = {
    "pictures": _pictures,
    "urgent": _urgent,
    "belated": _belated,
    "completed": _moved(Rectification.kind, ReportState.COMPLETED),
    "accepted": _moved(Rectification.kind, ReportState.ACCEPTED),
    "returned": _moved(Rectification.kind, ReportState.ISSUED),
    "struck_off": _moved(Rectification.kind, ReportState.STRUCK_OFF),
    "closed": _moved(HardshipCase.kind, *standing.ENDS),
    "overdue": _overdue,
    "open": _stood(HardshipCase.kind, *standing.OPEN),
    **{name: _stood(Rectification.kind, state) for state, name in standing.RECTIFYING.items()},
    "ended": _clock(0),
    "on_time": _clock(1),
    "running_late": _clock(2),
    "cases_overdue": _clock(2, HardshipCase.kind),
    "contacted": _contacted,
}
