"""Asking for more time: the days that give some. A day no later than the present deadline gives none, so it is
neither offered nor taken."""

from datetime import date, timedelta

from sqlmodel import Session

from storage import clock_runs, county
from storage.draft import Draft
from storage.forms.ask import Ask
from storage.forms.dates import Date
from storage.refusals import Refusal
from storage.report import Report
from storage.texts import _


def deadline(session: Session, report: Report) -> date | None:
    """The day in the county's zone on which the clock that runs ends; None where there is none."""
    run = clock_runs.running(session, report)
    if run is None or run.due_at is None:
        return None
    return run.due_at.astimezone(county.zone(session)).date()


def due_of(session: Session, draft: Draft, ask: Ask) -> date | None:
    """The deadline that the day asked for must be later than; None where any day will do."""
    if not isinstance(ask, Date) or not ask.after_due or draft.report_id is None:
        return None
    return deadline(session, session.get_one(Report, draft.report_id))


def check_chosen(session: Session, draft: Draft, ask: Ask, given: object) -> None:
    """Raises Refusal for a day that gives no time, as soon as it is chosen."""
    if due_of(session, draft, ask) is not None:
        check(session, session.get_one(Report, draft.report_id), date.fromisoformat(ask.check(given)))


def check(session: Session, report: Report, day: date) -> None:
    """Raises Refusal for a day that gives no time, with the first one that does."""
    due = deadline(session, report)
    if due is None or day > due:
        return
    first = due + timedelta(days=1)
    raise Refusal(
        _(
            "现在的期限就是 {month}月{day}日，延到的日期要比它晚。请选 {first_month}月{first_day}日或更晚的一天。"
        ).format(month=due.month, day=due.day, first_month=first.month, first_day=first.day)
    )
