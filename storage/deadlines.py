"""Days that a question binds to the deadline of the case: more time is asked beyond it, a task is to be done within it.
A day on the wrong side is neither offered nor taken."""

from datetime import date, timedelta

from sqlmodel import Session

from storage import clock_runs, county
from storage.draft import Draft
from storage.forms.ask import Ask
from storage.forms.dates import Bound, Date
from storage.refusals import Refusal
from storage.report import Report
from storage.texts import _


def deadline(session: Session, report: Report) -> date | None:
    """The day in the county's zone on which the clock that runs ends; None where there is none."""
    run = clock_runs.running(session, report)
    if run is None or run.due_at is None:
        return None
    return run.due_at.astimezone(county.zone(session)).date()


def bounds(session: Session, draft: Draft, ask: Ask) -> tuple[date, date]:
    """The first and the last day that may be answered; as far apart as days go where the deadline binds nothing."""
    due = _due_of(session, draft, ask)
    if due is None or not isinstance(ask, Date):
        return date.min, date.max
    return (due + timedelta(days=1), date.max) if ask.bound == Bound.AFTER else (date.min, due)


def _due_of(session: Session, draft: Draft, ask: Ask) -> date | None:
    if not isinstance(ask, Date) or ask.bound is None or draft.report_id is None:
        return None
    return deadline(session, session.get_one(Report, draft.report_id))


def check_chosen(session: Session, draft: Draft, ask: Ask, given: object) -> None:
    """Raises Refusal for a day on the wrong side, as soon as it is chosen."""
    if isinstance(ask, Date) and ask.bound is not None and draft.report_id is not None:
        check(
            session, session.get_one(Report, draft.report_id), date.fromisoformat(ask.check(given)), ask.bound
        )


def check(session: Session, report: Report, day: date, bound: Bound) -> None:
    """Raises Refusal for a day on the wrong side of the deadline, with one that will do."""
    due = deadline(session, report)
    if due is None or (day > due if bound == Bound.AFTER else day <= due):
        return
    if bound == Bound.WITHIN:
        raise Refusal(
            _("任务的时限不能晚于整改期限 {month}月{day}日。请选那天或更早的一天。").format(
                month=due.month, day=due.day
            )
        )
    first = due + timedelta(days=1)
    raise Refusal(
        _(
            "现在的期限就是 {month}月{day}日，延到的日期要比它晚。请选 {first_month}月{first_day}日或更晚的一天。"
        ).format(month=due.month, day=due.day, first_month=first.month, first_day=first.day)
    )
