"""The records of a scope's week for its ledger: batches of reports with what stands beside them, few queries a batch.

A week's records are those sent in it; of cases also those that moved in it or stood open at its end.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from storage import standing
from storage.forms.detail import Detail
from storage.kinds import KINDS
from storage.known import Known
from storage.photo import Photo, PhotoState
from storage.report import Report, ReportState, StepTaken
from storage.showing import Channel
from storage.summaries import Scope
from storage.tallies import Window, of_kind
from storage.unindexed import unindexed

BATCH = 500


@dataclass(frozen=True)
class Row:
    """A record as a ledger shows it: names masked, `steps` (name, after, when) oldest first. `report` and `answers` are
    plain rows with the columns that ledgers show."""

    report: Any
    answers: Any
    town: str
    village: str
    team: str
    author: str
    head: str
    photos: int
    steps: tuple[tuple[str, str, datetime], ...]


def rows(session: Session, scope: Scope, window: Window, kind: str) -> Iterator[Row]:
    """The week's records of a kind in the order they were sent, those that were withdrawn left out."""
    known, table = Known(session, Channel.FILE), KINDS[kind].table
    numbers = session.exec(
        select(Report.id)
        .where(_of_the_week(scope, window, kind))
        .order_by(col(Report.sent_at), col(Report.id))
    ).all()
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        found = {one.id: one for one in _plain(session, Report, _HEADER, Report.id, some)}
        beside = _Beside(known, [found[number] for number in some], table)
        yield from (_row(known, found[number], beside) for number in some)


_HEADER = (
    "id", "number", "kind", "village", "team_id", "author_id", "household_id", "sent_at", "due_at", "state",
)  # fmt: skip


def _plain(session: Session, table: Any, names: Iterable[str], key: Any, ids: Sequence[Any]) -> Iterator[Any]:
    """Rows without objects, which would take most of the time of a ledger."""
    columns = [getattr(table, name) for name in names]
    yield from session.connection().execute(select(*columns).where(col(key).in_(ids))).all()


def _of_the_week(scope: Scope, window: Window, kind: str) -> ColumnElement[bool]:
    sent = (unindexed(Report.kind) == kind) & window.holds(Report.sent_at)
    life = KINDS[kind].life
    if life is None:
        return sent & scope.reports(hidden=True) & (col(Report.state) != ReportState.WITHDRAWN)
    moved = select(StepTaken.report_id).where(window.holds(StepTaken.at))
    stood = standing.state_at(window.end, standing.FIRST[kind]).in_([one.value for one in life.live])
    open_ = standing.perhaps(window.end, *life.live) & stood
    mine = of_kind(scope, kind) & (col(Report.sent_at) < window.end)
    return mine & or_(window.holds(Report.sent_at), col(Report.id).in_(moved), open_)


class _Beside:
    """What stands beside a batch of reports, by report."""

    def __init__(self, known: Known, reports: Sequence[Any], table: type[Detail]) -> None:
        session, ids, key = known.session, [one.id for one in reports], table.report_id
        names = [name for name, ask in table.columns().items() if not ask.sealed]
        self.answers = {one.report_id: one for one in _plain(session, table, ("report_id", *names), key, ids)}
        self.photos = _photos(session, ids)
        self.heads = known.heads(one.household_id for one in reports)
        self.steps: dict[int, list[tuple[str, str, datetime]]] = {}
        taken = select(StepTaken.report_id, StepTaken.step, StepTaken.after, StepTaken.at)
        taken = taken.where(col(StepTaken.report_id).in_(ids)).order_by(col(StepTaken.at), col(StepTaken.id))
        for number, name, after, at in session.exec(taken):
            self.steps.setdefault(number, []).append((name, after, at))


def _photos(session: Session, ids: Sequence[int | None]) -> dict[int | None, int]:
    here = col(Photo.state).in_((PhotoState.WAITING, PhotoState.KEPT))
    counted = select(Photo.report_id, func.count()).where(col(Photo.report_id).in_(ids), here)
    return dict(session.exec(counted.group_by(col(Photo.report_id))).all())


def _row(known: Known, report: Any, beside: _Beside) -> Row:
    town = report.village[:9]
    return Row(
        report=report,
        answers=beside.answers.get(report.id),
        town=known.region(town, unknown=town),
        village=known.region(report.village, unknown=report.village),
        team=known.team(report.team_id),
        author=known.person(report.author_id),
        head=beside.heads.get(report.household_id, ""),
        photos=beside.photos.get(report.id, 0),
        steps=tuple(beside.steps.get(report.id, ())),
    )
