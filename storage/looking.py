"""Looking at what is sealed: the numbers of a household and those in a report's texts are opened with a reason, and
whoever answers for the household sees who looked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from storage import history, journal, private_numbers, scope, showing
from storage.forms import Labelled, Text
from storage.households import Household
from storage.identity import Actor
from storage.journal import JournalEntry
from storage.kinds import KINDS
from storage.people import Role
from storage.promises import Promise
from storage.redact import Secret
from storage.referrals import Referral
from storage.refusals import Gone, NotYours
from storage.report import Report, StepTaken
from storage.sealing import open_text
from storage.showing import Channel, Of
from storage.tasks import Task
from storage.texts import N_, _

NEWEST = 20
"""Readings that are shown, the newest ones."""


class Reason(Labelled):
    """Why somebody opens numbers."""

    CHECK = "check", N_("核对身份")
    CALL = "call", N_("联系本人或家属")
    APPLY = "apply", N_("办理救助或报销")
    AUDIT = "audit", N_("检查核验")


_FIELDS = (
    ("phone", Secret.PHONE, N_("电话")),
    ("id_number", Secret.ID_NUMBER, N_("身份证号")),
    ("card", None, N_("服务卡号")),
)
_KINDS = {Secret.ID_NUMBER: N_("文中身份证号"), Secret.PHONE: N_("文中电话"), Secret.CARD: N_("文中银行卡号")}
_REASONS = {
    "open": N_("打开记录"),
    "list": N_("看列表"),
    "search": N_("查找"),
    "stamp": N_("做带位置的照片"),
} | {one.value: one.label for one in Reason}
"""What a journal line says of a reading, in words; reasons of the command line are words already."""


class Line(NamedTuple):
    label: str
    text: str


@dataclass(frozen=True)
class Reading:
    """Somebody was shown sealed fields; `by_id` is None for the command line."""

    at: datetime
    by_id: int | None
    why: str


def _may_open(session: Session, actor: Actor, report: Report) -> None:
    """Numbers are for those who work with the household: its team and those who manage its village. Raises
    NotYours."""
    if not scope.may_see(session, actor, report) or not actor.has(*set(Role) - {Role.OFFICER}):
        raise NotYours


def _household(session: Session, actor: Actor, report: Report) -> Household | None:
    household = session.get(Household, report.household_id) if report.household_id else None
    return household if household is not None and scope.reaches(actor, household.village) else None


def texts(session: Session, report: Report) -> Iterator[str]:
    """Everything that was written into a report and its life."""
    kind = KINDS[report.kind]
    row = session.get(kind.table, report.id)
    if row is not None:
        yield from (getattr(row, name) or "" for name, ask in kind.asks.items() if isinstance(ask, Text))
    notes = select(StepTaken.note).where(StepTaken.report_id == report.id).order_by(col(StepTaken.id))
    yield from (note or "" for note in session.exec(notes))
    for one in session.exec(select(Promise).where(Promise.report_id == report.id)):
        yield from (one.what, one.who, one.whom or "", one.reason or "")
    for referral in session.exec(select(Referral).where(Referral.report_id == report.id)):
        yield from (referral.what, referral.words or "")
    for task in session.exec(select(Task).where(Task.report_id == report.id)):
        yield from (task.what, task.lead, task.support or "")


def anything(session: Session, actor: Actor, report: Report) -> bool:
    """Whether there are numbers that this reader could open."""
    try:
        _may_open(session, actor, report)
    except NotYours:
        return False
    household = _household(session, actor, report)
    known = household is not None and any(getattr(household, name) for name, _kind, _label in _FIELDS)
    return known or bool(private_numbers.rows(session, texts(session, report)))


def opened(session: Session, actor: Actor, report: Report, reason: str, now: datetime) -> list[Line]:
    """The numbers in full, for a card of a private chat; journaled. Raises NotYours, or Gone for a reason that is
    none."""
    _may_open(session, actor, report)
    if reason not in list(Reason):
        raise Gone
    lines, fields = [], []
    shown = showing.degree(Of.NUMBER, Channel.CARD, reason=True)
    household = _household(session, actor, report)
    for name, kind, label in _FIELDS if household is not None else ():
        box = getattr(household, name)
        if household is not None and box:
            number = open_text(session, f"household.{name}", household.uid, box)
            lines.append(Line(_(label), showing.number(kind, number, shown) if kind else number))
            fields.append(f"household.{name}")
    for row in private_numbers.rows(session, texts(session, report)):
        one = private_numbers.opened(session, row)
        lines.append(Line(_(_KINDS[one.kind]), showing.number(one.kind, one.number, shown)))
        fields.append(f"text.{one.kind}")
    journal.read(session, actor.person_id, ",".join(fields), f"report:{report.number}", reason, now)
    return lines


def readings(session: Session, actor: Actor, report: Report) -> list[Reading]:
    """Who looked at this report, and for those who answer for its household at everything about that; newest first.
    Raises NotYours."""
    if not scope.may_see(session, actor, report):
        raise NotYours
    records = {f"report:{report.number}"}
    if _household(session, actor, report) is not None:
        records.add(f"household:{report.household_id}")
        theirs = select(Report.number).where(Report.household_id == report.household_id)
        records |= {f"report:{number}" for number in session.exec(theirs)}
    found = select(JournalEntry).where(col(JournalEntry.record).in_(records), JournalEntry.action == "read")
    newest = found.where(col(JournalEntry.body).is_not(None)).order_by(col(JournalEntry.id).desc())
    return [_reading(line) for line in session.exec(newest.limit(NEWEST))]


def _reading(line: JournalEntry) -> Reading:
    said = history.said(line).get("reason", "")
    return Reading(line.at, line.actor_id, _(_REASONS[said]) if said in _REASONS else str(said))
