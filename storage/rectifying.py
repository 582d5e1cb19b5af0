"""What is checked when a rectification is issued or corrected."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from storage import clock_runs, clocks, county
from storage.identity import Actor
from storage.people import TeamVillage
from storage.refusals import NotYours, Refusal
from storage.report import Report
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
    due = clocks.end_of(date.fromisoformat(answers["due"]), county.rhythm(session, report.village))
    if due != report.due_at and due < now:
        raise Refusal(_("期限已经过了。请点“修改”换一个日期。"))
    report.due_at = due
    run = clock_runs.running(session, report) if report.id is not None else None
    if run is not None and run.due_at != due:
        clock_runs.set_end(session, report, run, due, now)
