"""Handing in reports of any kind: one transaction with the number, the detail row, the photos, the journal
line and the letters to those who should know."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel

from storage import answers as answering
from storage import county, drafts, journal, photos, picking
from storage.answers import answers_of, sees
from storage.correcting import check_village, correct, household_of, may_change, withdraw
from storage.db import fresh, new_uid, run, savepoint
from storage.draft import Draft, DraftState
from storage.forms import flow
from storage.identity import Actor
from storage.kinds import KINDS, Kind
from storage.numbers import next_number
from storage.receipts import photos_changed
from storage.refusals import Gone, Refusal
from storage.report import Report
from storage.report_letters import tell_new
from storage.texts import _

__all__ = ["answers_of", "hand_in", "last_answer", "may_change", "photos_changed", "sees", "send", "withdraw"]


def hand_in(session: Session, draft: Draft, actor: Actor, now: datetime) -> Report:
    """Make of a draft what it was for: a new report, a correction, a withdrawal or a workflow step. A draft
    that was sent gives its report again. Raises Refusal while something is missing or not allowed."""
    if draft.state == DraftState.SENT and draft.report_id is not None:
        return session.get_one(Report, draft.report_id)
    if draft.state != DraftState.OPEN or draft.kind == drafts.NOTE:
        raise Gone(_("这份草稿已取消。可以点“恢复”，或重新开始。"))
    answers = _complete(session, draft)
    with savepoint(session):  # a refusal on the way leaves nothing behind
        report = _do(session, draft, answers, actor, now)
    draft.state, draft.focus, draft.report_id, draft.touched_at = DraftState.SENT, False, report.id, now
    draft.asking = None
    session.flush()
    return report


def _complete(session: Session, draft: Draft) -> flow.Answers:
    """The answers, when none is missing."""
    asks, answers = drafts.asks_of(draft), drafts.filling(session, draft).answers
    missing = flow.next_question(asks, answers)
    if missing is not None:
        raise Refusal(_("还差“{label}”，填好就可以发送。").format(label=_(asks[missing].label)))
    return answers


def _do(session: Session, draft: Draft, answers: flow.Answers, actor: Actor, now: datetime) -> Report:
    if draft.step is None:
        return send(session, KINDS[draft.kind], answers, actor, now, draft)
    if draft.step == drafts.CORRECT:
        return correct(session, draft, actor, now)
    if draft.step == drafts.WITHDRAW:
        return withdraw(session, session.get_one(Report, draft.report_id), actor, str(answers["reason"]), now)
    return KINDS[draft.kind].steps[draft.step].hand_in(session, draft, actor, now)


def send(
    session: Session,
    kind: Kind,
    answers: flow.Answers,
    actor: Actor,
    now: datetime,
    draft: Draft | None = None,
) -> Report:
    """A new report with these answers, and the photos of its draft."""
    village = str(answers["village"])
    check_village(session, actor, village)
    day = now.astimezone(county.zone(session)).date()
    report = fresh(
        Report, uid=new_uid(), kind=kind.name, author_id=actor.person_id, village=village, state=kind.state,
        sent_at=now, team_id=answers.get("team") or _team(session, kind, actor, village),
        household_id=household_of(session, answers, actor, now),
        number=next_number(session, kind.prefix, day),  # last: other bots wait for whoever has one
    )  # fmt: skip
    if kind.settle is not None:
        kind.settle(session, report, answers, actor, now)
    session.add(report)
    session.flush()
    session.add(answering.detail(session, kind, report, answers))
    moved = photos.move(session, draft, report) if draft is not None else 0
    session.flush()
    journal.write(session, actor.person_id, f"{kind.name}.send", f"report:{report.number}", now, photos=moved)
    answering.index(session, report)
    (kind.begin or tell_new)(session, report, actor, now)
    return report


_SERVED = SQLModel.metadata.tables["teamvillage"].c
_SERVING = select(_SERVED.team_id).where(_SERVED.village == bindparam("place"))


def _team(session: Session, kind: Kind, actor: Actor, village: str) -> int | None:
    """The own team that serves the village; the first one when none does (a meeting in another village). A case
    that somebody without a team sends is the serving team's."""
    serving = run(session, _SERVING, place=village).scalars()
    own = next((team for team in actor.teams() if team in serving), actor.team_id)
    return min(serving, default=None) if own is None and kind.life is not None else own


def last_answer(
    session: Session, draft: Draft, question: str, household: int | None
) -> tuple[object, str] | None:
    """What this person answered last time to that question of that kind (for the household, when it was
    reported on before), and its text; None when there is nothing to repeat."""
    found, kind = picking.last_report(session, draft.person_id, draft.kind, household), KINDS[draft.kind]
    answer = answering.answer_of(session, kind, *found, question) if found is not None else None
    if answer is None:
        return None
    ask = kind.asks[question]
    return answer, picking.texts(session, {question: ask}, {question: answer}).get(question) or ask.shown(
        answer
    )
