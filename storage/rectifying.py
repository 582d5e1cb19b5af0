"""Taking the steps of a rectification: each is one transaction with its row, its journal line, its letters."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage import answers as answering
from storage import county, drafts, journal, photos, rectification_letters
from storage.chats import Chat
from storage.draft import Draft, DraftState
from storage.identity import Actor
from storage.kinds.rectification import COMPLETE
from storage.people import TeamVillage
from storage.rectifications import check, last
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, StepTaken
from storage.scope import manages
from storage.texts import _


def settle(session: Session, report: Report, answers: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Check place, team and day of one to be issued or corrected; the day's end goes into the header. Raises
    NotYours, or Refusal with what to change."""
    if not manages(actor, report.village):
        raise NotYours
    if report.team_id != answers["team"]:
        raise Refusal(_("已交办的整改不能换队。请撤回，再交办给另一个队。"))
    if session.get(TeamVillage, (report.team_id, report.village)) is None:
        raise Refusal(_("这个队不负责所选的村。请点“修改”重新选村。"))
    due = _end_of(date.fromisoformat(answers["due"]), session)
    if due != report.due_at and due < now:
        raise Refusal(_("期限已经过了。请点“修改”换一个日期。"))
    report.due_at = due


def _end_of(day: date, session: Session) -> datetime:
    """The last second of a day in the county's zone, so that whatever shows the hour shows that day."""
    return datetime.combine(day, time(23, 59, 59), county.zone(session))


def issue(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """One was sent: the team is told."""
    rectification_letters.tell(session, report, actor, None, now)


def begin(session: Session, chat: Chat, report: Report, actor: Actor, step: str, now: datetime) -> Draft:
    """The draft in which that step is filled in: the one begun before, or a new one; one that was sent back
    holds what was said the last time. Raises as `rectifications.check`."""
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
    """Take the step whose draft is complete. Raises as `rectifications.check`."""
    report = session.get_one(Report, draft.report_id)
    filled = drafts.filling(session, draft)
    words = str(filled.answers.get("done") or filled.answers.get("reason"))
    take(session, report, draft.step or "", actor, now, version=filled.version, note=words, draft=draft)
    return report


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
) -> StepTaken:
    """Take a step that was offered at that version of the report; the photos of its draft prove it. Raises as
    `rectifications.check`."""
    step = check(session, actor, report, name, now, version)
    before = report.state
    # The version decides between two people, whatever connection each of them writes by.
    mine = update(Report).where(col(Report.id) == report.id, col(Report.version) == version)
    moved = mine.values(state=step.after, returned=step.returns, version=version + 1)
    if session.exec(moved).rowcount != 1:
        raise Gone
    session.refresh(report)
    taken = StepTaken(
        report_id=report.id or 0, step=name, before=before.value, after=step.after.value,
        by_id=actor.person_id, at=now, note=note,
    )  # fmt: skip
    session.add(taken)
    session.flush()
    proofs = photos.move(session, draft, report, taken.id) if draft is not None else 0
    record = f"report:{report.number}"
    journal.write(session, actor.person_id, f"{report.kind}.{name}", record, now, photos=proofs)
    answering.index(session, report)
    rectification_letters.tell(session, report, actor, taken, now)
    return taken
