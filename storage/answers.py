"""The answers of a report: between its form, its rows, the words to find it by, and its reader."""

from typing import Any

from sqlmodel import Session, col, select

from storage import photos, picking, places, search
from storage.forms import Choice, Number, Photos, Text, flow
from storage.forms.detail import Detail, Kind
from storage.kinds import KINDS
from storage.report import Report, StepTaken
from storage.sealing import open_json, seal_json
from storage.texts import _


def detail(session: Session, kind: Kind, report: Report, answers: flow.Answers) -> Detail:
    """The row beside the header. A sealed answer is a box named `<kind>.<question>|<report's uid>`."""
    values: dict[str, Any] = {}
    for name, ask in kind.table.columns().items():
        if name in answers:
            box, value = f"{kind.name}.{name}", answers[name]
            values[name] = seal_json(session, box, report.uid, value) if ask.sealed else ask.kept(value)
    return kind.table(report_id=report.id, **values)


def answers_of(session: Session, report: Report) -> dict[str, Any]:
    """The answers of a report by question, as its form takes them; photos as their count (kept or on the
    way). Sealed ones are opened: whoever shows them to a person journals the reading."""
    kind = KINDS[report.kind]
    found = {"village": report.village, "household": report.household_id or 0, "team": report.team_id}
    found |= _columns(session, kind, report) | _photos(session, kind, report)
    return {name: found[name] for name in kind.asks if name in found}


def _columns(session: Session, kind: Kind, report: Report) -> dict[str, Any]:
    row = session.get_one(kind.table, report.id)
    found: dict[str, Any] = {}
    for name, ask in kind.table.columns().items():
        kept = getattr(row, name)
        if kept is None or (kept == [] and ask.optional):
            continue
        box = f"{kind.name}.{name}"
        found[name] = open_json(session, box, report.uid, kept) if ask.sealed else ask.answer(kept)
    return found


def _photos(session: Session, kind: Kind, report: Report) -> dict[str, int]:
    names = [name for name, ask in kind.asks.items() if isinstance(ask, Photos)]
    counts = {name: photos.counts(session, report, name) for name in names}
    return {name: one.kept + one.waiting for name, one in counts.items() if one.kept + one.waiting}


def sees(session: Session, report: Report, *, mask: bool = False) -> flow.Lines:
    """The report's lines as a person reads them; with `mask`, for letters, names
    and places are hidden."""
    asks, answers = KINDS[report.kind].asks, answers_of(session, report)
    found = picking.texts(session, asks, answers, mask=mask)
    if mask:
        found |= {name: _("已提供") for name, ask in asks.items() if ask.sealed}
    return flow.lines(asks, answers, found)


def index(session: Session, report: Report) -> None:
    """Words to find a report by: what was written and chosen, what its later steps said, and the place; no
    names."""
    asks, answers = KINDS[report.kind].asks, answers_of(session, report)
    said = [
        ask.shown(answers[name])
        for name, ask in asks.items()
        if isinstance(ask, Text | Choice | Number) and name in answers
    ]
    region = places.region(session, report.village)
    notes = select(StepTaken.note).where(StepTaken.report_id == report.id, col(StepTaken.note).is_not(None))
    steps = [note or "" for note in session.exec(notes.order_by(col(StepTaken.id)))]
    search.index_report(session, report, [*said, *steps, region.name if region else ""])
