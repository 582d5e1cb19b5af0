"""What a person sent, for that person."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from storage import drafts, household_list, journal, picking
from storage.answers import answers_of, sees
from storage.chats import Chat
from storage.correcting import may_change
from storage.draft import Draft, DraftState
from storage.forms import flow
from storage.identity import Actor
from storage.kinds import KINDS
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report
from storage.scope import may_see

PAGE = 6


def count(session: Session, actor: Actor) -> int:
    return session.exec(
        select(func.count()).select_from(Report).where(Report.author_id == actor.person_id)
    ).one()


def page(session: Session, actor: Actor, number: int) -> list[Report]:
    """A page (from 0) of what this person sent, newest first."""
    mine = select(Report).where(Report.author_id == actor.person_id)
    newest = mine.order_by(col(Report.sent_at).desc(), col(Report.id).desc())
    return list(session.exec(newest.offset(number * PAGE).limit(PAGE)))


def find(session: Session, actor: Actor, report_id: int) -> Report:
    """A report this person may see. Raises Gone or NotYours."""
    report = session.get(Report, report_id)
    if report is None:
        raise Gone
    if not may_see(session, actor, report):
        raise NotYours
    return report


def about(session: Session, report: Report) -> str:
    """Whom or what place it is about."""
    if report.household_id is not None:
        return household_list.name_of(session, report.household_id)
    return picking.village_name(session, report.village)


def opened(session: Session, actor: Actor, report: Report, now: datetime, reason: str = "open") -> flow.Lines:
    """Its lines in full; the reading is journaled when something sealed is among them."""
    lines = sees(session, report)
    asks = KINDS[report.kind].asks
    sealed = [f"{report.kind}.{name}" for name, _label, _text in lines if asks[name].sealed]
    fields = [*(["household.head"] if report.household_id is not None else []), *sealed]
    if fields:
        journal.read(session, actor.person_id, ",".join(fields), f"report:{report.number}", reason, now)
    return lines


def changeable(session: Session, actor: Actor, report: Report) -> bool:
    try:
        may_change(session, report, actor)
    except Refusal:
        return False
    return True


def change(session: Session, chat: Chat, report: Report, actor: Actor, step: str, now: datetime) -> Draft:
    """The draft that corrects or withdraws the report: the one begun before, or a new one that holds the
    answers as they are. Raises as `may_change`."""
    may_change(session, report, actor)
    begun = select(Draft).where(Draft.report_id == report.id, Draft.step == step, Draft.chat_id == chat.id)
    mine = begun.where(Draft.person_id == actor.person_id, Draft.state == DraftState.OPEN)
    draft = session.exec(mine).first()
    if draft is not None:
        drafts.use(session, draft)
        return draft
    answers = answers_of(session, report) if step == drafts.CORRECT else {}
    return drafts.start(session, chat, actor, report.kind, now, answers=answers, step=step, report=report)
