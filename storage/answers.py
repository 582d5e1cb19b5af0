"""The answers of a report: between its form, its rows, the words to find it by, and its reader."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, SQLModel

from storage import photos, picking, places, search
from storage.db import fresh, run
from storage.forms import Choice, Number, Photos, Text, flow
from storage.forms.detail import Detail, Kind
from storage.kinds import KINDS
from storage.private_numbers import hide
from storage.report import Report
from storage.sealing import open_json, seal_json
from storage.texts import _


def detail(session: Session, kind: Kind, report: Report, answers: flow.Answers) -> Detail:
    """The row beside the header. A sealed answer is a box named `<kind>.<question>|<report's uid>`."""
    values: dict[str, Any] = {}
    for name, ask in kind.table.columns().items():
        if name in answers:
            box, value = f"{kind.name}.{name}", answers[name]
            if isinstance(ask, Text) and value is not None:
                value = hide(session, value, report.uid, report.sent_at)
            values[name] = seal_json(session, box, report.uid, value) if ask.sealed else ask.kept(value)
    return fresh(kind.table, report_id=report.id, **values)


Answers = dict[str, Any]


def answers_of(session: Session, report: Report) -> Answers:
    """The answers of a report by question, as its form takes them; photos as their count (kept or on the
    way). Sealed ones are opened: whoever shows them to a person journals the reading."""
    kind = KINDS[report.kind]
    found = {"village": report.village, "household": report.household_id or 0, "team": report.team_id}
    found |= _columns(session, kind, report) | _photos(session, kind, report)
    return {name: found[name] for name in kind.asks if name in found}


def answer_of(session: Session, kind: Kind, report_id: int, uid: str, question: str) -> Any:
    """One answer of the report with that id and uid, as `answers_of` gives it; None when there is none, or when
    the header or other rows keep it."""
    if question not in kind.table.columns():
        return None
    kept = run(session, _column(cast(Any, kind.table), question), report=report_id).scalar()
    return _opened(session, kind, uid, question, kept)


@cache
def _column(table: Any, question: str) -> Select[Any]:
    columns = SQLModel.metadata.tables[table.__tablename__].c
    return select(columns[question]).where(columns.report_id == bindparam("report"))


def _columns(session: Session, kind: Kind, report: Report) -> dict[str, Any]:
    row = session.get_one(kind.table, report.id)
    found = {
        name: _opened(session, kind, report.uid, name, getattr(row, name)) for name in kind.table.columns()
    }
    return {name: answer for name, answer in found.items() if answer is not None}


def _opened(session: Session, kind: Kind, uid: str, name: str, kept: Any) -> Any:
    ask = kind.table.columns()[name]
    if kept is None or (kept == [] and ask.optional):
        return None
    return open_json(session, f"{kind.name}.{name}", uid, kept) if ask.sealed else ask.answer(kept)


def _photos(session: Session, kind: Kind, report: Report) -> dict[str, int]:
    names = [name for name, ask in kind.asks.items() if isinstance(ask, Photos)]
    counts = {name: photos.counts(session, report, name) for name in names}
    return {name: one.kept + one.waiting for name, one in counts.items() if one.kept + one.waiting}


def sees(
    session: Session,
    report: Report,
    *,
    mask: bool = False,
    reason: bool = False,
    answers: Answers | None = None,
) -> flow.Lines:
    """The report's lines as a person reads them; with `mask`, for letters, names
    and places are hidden; with a `reason`, which the caller journals, numbers in texts are in full. `answers` are the
    report's, where they are known."""
    asks, answers = KINDS[report.kind].asks, answers or answers_of(session, report)
    found = picking.texts(session, asks, answers, mask=mask, reason=reason)
    if mask:
        found |= {name: _("已提供") for name, ask in asks.items() if ask.sealed}
    return flow.lines(asks, answers, found)


_STEPS = SQLModel.metadata.tables["steptaken"].c
_NOTES = (
    select(_STEPS.note)
    .where(_STEPS.report_id == bindparam("report"), _STEPS.note.is_not(None))
    .order_by(_STEPS.id)
)


def index(session: Session, report: Report) -> None:
    """Words to find a report by: what was written and chosen, what its later steps said, and the place; no
    names."""
    kind = KINDS[report.kind]
    asks, answers = kind.asks, _columns(session, kind, report)
    said = [
        ask.shown(answers[name])
        for name, ask in asks.items()
        if isinstance(ask, Text | Choice | Number) and name in answers
    ]
    region = places.region(session, report.village)
    session.flush()
    steps = run(session, _NOTES, report=report.id).scalars()
    search.index_report(session, report, [*said, *steps, region.name if region else ""])
