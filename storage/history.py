"""What became of a report: sent, corrected, moved on by the steps of its workflow, withdrawn, looked at."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage import journal
from storage.answers import answers_of
from storage.journal import JournalEntry
from storage.report import Report, Revision, StepTaken
from storage.sealing import open_json

SENT, CORRECTED, STEP = "sent", "corrected", "step"


@dataclass(frozen=True)
class Event:
    """`what` is SENT, CORRECTED or STEP; of a correction `questions` are the changed ones and `revision` the
    new number, of a step `step` is its name and `after` the state it led to."""

    at: datetime
    by_id: int
    what: str
    note: str = ""
    step: str = ""
    after: str = ""
    revision: int = 1
    questions: tuple[str, ...] = ()


def events(session: Session, report: Report) -> list[Event]:
    """Oldest first."""
    found = select(StepTaken).where(StepTaken.report_id == report.id).order_by(col(StepTaken.id))
    steps = [
        Event(one.at, one.by_id, STEP, note=one.note or "", step=one.step, after=one.after)
        for one in session.exec(found)
    ]
    sent = Event(report.sent_at, report.author_id, SENT)
    return sorted([sent, *_corrections(session, report), *steps], key=lambda one: one.at)


def _corrections(session: Session, report: Report) -> Iterable[Event]:
    """A revision holds the answers before a correction; the one a withdrawal keeps changes none."""
    found = select(Revision).where(Revision.report_id == report.id).order_by(col(Revision.id))
    kept = list(session.exec(found))
    answers = [open_json(session, "revision.answers", one.uid, one.answers) for one in kept]
    after = [*answers[1:], answers_of(session, report)] if kept else []
    for one, old, new in zip(kept, answers, after, strict=True):
        if one.revision < report.revision:
            changed = _changed(old, new)
            yield Event(
                one.at, one.by_id, CORRECTED, one.reason or "", revision=one.revision + 1, questions=changed
            )


def _changed(old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in {**old, **new} if old.get(name) != new.get(name))


def kept(session: Session, report: Report) -> dict[str, list[dict[str, Any]]]:
    """What export writes of a report's life: its former `revisions` and the `steps` taken, oldest first, times
    as ISO in UTC, people by number."""
    revisions = select(Revision).where(Revision.report_id == report.id).order_by(col(Revision.id))
    steps = select(StepTaken).where(StepTaken.report_id == report.id).order_by(col(StepTaken.id))
    return {
        "revisions": [
            {"revision": one.revision, "by": one.by_id, "at": one.at.isoformat()}
            for one in session.exec(revisions)
        ],
        "steps": [
            {
                "step": one.step,
                "before": one.before,
                "after": one.after,
                "by": one.by_id,
                "at": one.at.isoformat(),
            }
            for one in session.exec(steps)
        ],
    }


def said(line: JournalEntry) -> dict[str, Any]:
    """What a journal line says; nothing when it was erased."""
    found: dict[str, Any] = json.loads(line.body) if line.body is not None else {}
    return found


def readings(session: Session, report: Report) -> int:
    """How often somebody was shown its sealed fields."""
    lines = journal.history(session, f"report:{report.number}")
    return sum(line["action"] == "read" for line in lines)
