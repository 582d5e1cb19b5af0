"""The clocks of referrals: each department's own, beside that of the case. Reminders to whoever owes the answer, then
to the supervisors and the office, with all else that is said at that hour."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage import casework, clocks, referrals, sweeping
from storage.clock_rules import Rules
from storage.county import Rhythms
from storage.duties import Duty
from storage.kinds.referring import REFERRING
from storage.places import Region
from storage.referrals import Referral
from storage.report import Report
from storage.sweeping import Call, Listeners

MOST = 200


def sweep(session: Session, now: datetime) -> list[Call]:
    """Let every referral speak whose moment has come, and plan its next one."""
    due = (
        select(Referral, Report, Region.name)
        .join(Report, col(Report.id) == Referral.report_id)
        .join(Region, col(Region.code) == Report.village)
        .where(col(Referral.remind_at) <= now)
        .order_by(col(Referral.remind_at), col(Referral.id))
        .limit(MOST)
        .with_for_update(of=Referral)
    )
    rules, rhythms, found = Rules(session), Rhythms(session), Listeners(session, now)
    calls: list[Call] = []
    for one, report, place in session.exec(due).all():
        rhythm = rhythms.of(report.village)
        if not clocks.may_speak(rhythm, now):
            one.remind_at = clocks.next_hour(rhythm, now)
            continue
        for rung in sweeping.speak(one, referrals.planned(report, one, rules, rhythm), now):
            owing = tuple(
                referrals.officers(session, report, one.department, now)
                or casework.judges(session, report, now)
            )
            people = found.above(report, rung) if rung in clocks.OVERDUE else owing
            assert one.due_at is not None
            duty = Duty(
                f"{REFERRING}:{one.id}", REFERRING, people, report.village, one.asked_at, one.due_at,
                report.number, place,
            )  # fmt: skip
            calls.append(Call(duty, rung, people, owing))
    session.flush()
    return calls
