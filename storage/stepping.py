"""Taking the steps of a case: each is one transaction with its row, its clock, its journal line, its letters."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage import answers as answering
from storage import clock_runs, drafts, effects, journal, photos, step_letters
from storage.casework import check, last, life_of
from storage.chats import Chat
from storage.draft import Draft, DraftState
from storage.forms import Photos, Text, flow
from storage.identity import Actor
from storage.kinds.rectification import COMPLETE
from storage.private_numbers import hide_in
from storage.refusals import Gone
from storage.report import Report, StepTaken
from storage.texts import _, labelled
from storage.workflow import KEEP, Step


def begin_life(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """A case was sent: its first clock starts, those who owe are told."""
    _tick(session, report, life_of(report).first, now)
    step_letters.tell(session, report, actor, None, now)


def begin(session: Session, chat: Chat, report: Report, actor: Actor, step: str, now: datetime) -> Draft:
    """The draft in which that step is filled in: the one begun before, or a new one; one that was sent back
    holds what was said the last time. Raises as `casework.check`."""
    check(session, actor, report, step, now)
    begun = select(Draft).where(Draft.report_id == report.id, Draft.step == step, Draft.chat_id == chat.id)
    mine = begun.where(Draft.person_id == actor.person_id, Draft.state == DraftState.OPEN)
    draft = session.exec(mine).first()
    if draft is None:
        done = last(session, report, COMPLETE) if step == COMPLETE else None
        answers = {"done": done.note} if done is not None else {}
        draft = drafts.start(
            session, chat, actor, report.kind, now, answers=answers, step=step, report=report
        )
    drafts.use(session, draft)
    filled = drafts.filling(session, draft)
    filled.version = report.version
    drafts.keep(session, draft, filled, now)
    drafts.move_on(session, draft)
    return draft


def hand_in(session: Session, draft: Draft, actor: Actor, now: datetime) -> Report:
    """Take the step whose draft is complete. Raises as `casework.check`."""
    report = session.get_one(Report, draft.report_id)
    filled, asks = drafts.filling(session, draft), drafts.asks_of(draft)
    answers = {name: value for name, value in filled.answers.items() if not isinstance(asks[name], Photos)}
    take(
        session, report, draft.step or "", actor, now, version=filled.version, note=_note(asks, answers),
        draft=draft, answers=answers,
    )  # fmt: skip
    return report


def _note(asks: flow.Asks, answers: flow.Answers) -> str | None:
    """What was said, in one text: the words alone when there is nothing else, each line with its label."""
    said = flow.lines(asks, answers, {})
    if len(said) == 1 and isinstance(asks[said[0][0]], Text):
        return said[0][2]
    return _("；").join(labelled(label, text) for _name, label, text in said) or None


def take(
    session: Session,
    report: Report,
    name: str,
    actor: Actor,
    now: datetime,
    *,
    version: int,
    note: str | None = None,
    draft: Draft | None = None,
    answers: dict[str, Any] | None = None,
) -> StepTaken:
    """Take a step that was offered at that version of the report; the photos of its draft prove it. Raises as
    `casework.check`."""
    step = check(session, actor, report, name, now, version)
    version = report.version if step.beside else version
    note, answers = hide_in(session, [note, answers or {}], report.uid, now)
    before, after = report.state, step.after or report.state
    # The version decides between two people, whatever connection each of them writes by.
    mine = update(Report).where(col(Report.id) == report.id, col(Report.version) == version)
    returned = step.returns if step.after else report.returned
    moved = mine.values(state=after, returned=returned, version=version + 1)
    if session.exec(moved).rowcount != 1:
        raise Gone
    session.refresh(report)
    taken = StepTaken(
        report_id=report.id or 0, step=name, before=before.value, after=after.value, by_id=actor.person_id,
        at=now, note=note, answers=answers,
    )  # fmt: skip
    session.add(taken)
    session.flush()
    _tick(session, report, step, now)
    effects.of(session, report, taken, actor, now)
    proofs = photos.move(session, draft, report, taken.id) if draft is not None else 0
    record = f"report:{report.number}"
    journal.write(session, actor.person_id, f"{report.kind}.{name}", record, now, photos=proofs)
    answering.index(session, report)
    step_letters.tell(session, report, actor, taken, now)
    return taken


def _tick(session: Session, report: Report, step: Step, now: datetime) -> None:
    """Start the clock of a step, or stop the one that runs."""
    if step.starts == KEEP:
        return
    if not step.starts:
        clock_runs.stop(session, report, now)
        return
    clock = life_of(report).clock(step.starts)
    clock_runs.start(session, report, clock, now, due=report.due_at if clock.fixed else None)
