"""Correcting and withdrawing a report: nothing is overwritten silently, old answers stay as a revision."""

from datetime import datetime

from sqlmodel import Session

from storage import answers as answering
from storage import clock_runs, drafts, household_list, journal, photos, picking
from storage.answers import answers_of, sees
from storage.db import new_uid
from storage.draft import Draft
from storage.forms import flow
from storage.identity import Actor
from storage.kinds import KINDS
from storage.private_numbers import hide
from storage.refusals import NotYours, Refusal
from storage.report import Report, ReportState, Revision, StepTaken
from storage.report_letters import tell_changes, tell_withdrawn
from storage.scope import administers, leads, reaches
from storage.sealing import seal_json
from storage.texts import _


def may_change(session: Session, report: Report, actor: Actor) -> None:
    """Only the author or the team's leader (of an issued one: an administrator) changes a report, and only in
    a state that allows it. Raises NotYours, or Refusal with the reason."""
    if report.author_id != actor.person_id and not _answers_for(session, report, actor):
        raise NotYours
    if report.state == ReportState.WITHDRAWN:
        raise Refusal(_("{number} 已撤回，不能再改。需要的话请另报一份。").format(number=report.number))
    if report.state not in KINDS[report.kind].correctable:
        raise Refusal(
            _("{number} 已进入办理，不能再更正或撤回。请联系管理组说明情况。").format(number=report.number)
        )


def _answers_for(session: Session, report: Report, actor: Actor) -> bool:
    if KINDS[report.kind].issued:
        return administers(actor, report.village)
    return report.team_id is not None and leads(session, actor, report.team_id)


def check_village(session: Session, actor: Actor, village: str) -> None:
    """Raises Refusal when the actor may not report from there."""
    if not reaches(actor, village):
        raise Refusal(
            _("您现在不负责{village}，不能在那里填报。请点“修改”换一个村。").format(
                village=picking.village_name(session, village)
            )
        )


def household_of(session: Session, answers: flow.Answers, actor: Actor, now: datetime) -> int | None:
    """The row of the answered household; a new one is made from the head's name. Raises Refusal when it is
    not in the answered village."""
    value, village = answers.get("household"), str(answers["village"])
    if isinstance(value, str):
        return household_list.add(session, village, value, by=actor.person_id, now=now).id
    if not value:
        return None
    if household_list.village_of(session, value) != village:
        raise Refusal(_("这一户不在所选的村里。请点“修改”重新选户。"))
    return int(value)


def correct(session: Session, draft: Draft, actor: Actor, now: datetime) -> Report:
    """Put a draft's answers in the place of its report's. Raises as `may_change`, or without a change."""
    report = session.get_one(Report, draft.report_id)
    may_change(session, report, actor)
    kind, old = KINDS[report.kind], answers_of(session, report)
    answers = drafts.filling(session, draft).answers
    if answers == old:
        raise Refusal(_("还没有改动。请点“修改”改好再发送，或点“取消”。"))
    check_village(session, actor, str(answers["village"]))
    before = sees(session, report, mask=True)
    _keep_revision(session, report, old, actor, now)
    report.village, report.household_id = str(answers["village"]), household_of(session, answers, actor, now)
    report.revision, report.version, report.returned = report.revision + 1, report.version + 1, False
    if kind.settle is not None:
        kind.settle(session, report, answers, actor, now)
    session.delete(session.get_one(kind.table, report.id))
    session.flush()
    session.add(answering.detail(session, kind, report, answers))
    photos.move(session, draft, report)
    session.flush()
    journal.write(
        session,
        actor.person_id,
        f"{kind.name}.correct",
        f"report:{report.number}",
        now,
        revision=report.revision,
    )
    answering.index(session, report)
    tell_changes(session, report, flow.changes(before, sees(session, report, mask=True)), actor, now)
    return report


def _keep_revision(
    session: Session,
    report: Report,
    answers: flow.Answers,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    uid = new_uid()
    session.add(
        Revision(
            uid=uid, report_id=report.id or 0, revision=report.revision, by_id=actor.person_id, at=now,
            answers=seal_json(session, "revision.answers", uid, answers), reason=reason,
        )
    )  # fmt: skip


def withdraw(session: Session, report: Report, actor: Actor, reason: str, now: datetime) -> Report:
    """Take a report back. Its answers stay, as a revision with the reason. Raises as `may_change`."""
    may_change(session, report, actor)
    before, reason = report.state, hide(session, reason, report.uid, now)
    _keep_revision(session, report, answers_of(session, report), actor, now, reason)
    report.state, report.returned, report.version = ReportState.WITHDRAWN, False, report.version + 1
    clock_runs.stop(session, report, now)
    session.add(
        StepTaken(
            report_id=report.id or 0, step=drafts.WITHDRAW, before=before.value, after=report.state.value,
            by_id=actor.person_id, at=now, note=reason,
        )
    )  # fmt: skip
    journal.write(session, actor.person_id, f"{report.kind}.withdraw", f"report:{report.number}", now)
    session.flush()
    tell_withdrawn(session, report, reason, actor, now)
    return report
