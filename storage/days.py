"""Days in the village: derived from reports, working days, leave and trips, and corrected by the person with a reason.
No place is asked and nobody is followed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from storage import absences, county, journal
from storage.absences import AbsenceState
from storage.calendar import is_workday
from storage.county import Rhythm
from storage.db import Utc, new_uid
from storage.identity import Actor
from storage.kinds.visit import Visit
from storage.people import Posting
from storage.postings import TEAM_ROLES
from storage.redact import HIDDEN, redact
from storage.refusals import NotYours, Refusal
from storage.report import Report, ReportState, StepTaken
from storage.sealing import open_text, seal_text
from storage.texts import N_, _


class Where(StrEnum):
    """What a day is counted as."""

    REPORT = "report"
    WORKDAY = "workday"
    TRIP = "trip"
    LEAVE = "leave"
    OFF = "off"
    AHEAD = "ahead"


NAMES = {
    Where.REPORT: N_("在村，有报告"),
    Where.WORKDAY: N_("在村，工作日"),
    Where.TRIP: N_("出差"),
    Where.LEAVE: N_("请假"),
    Where.OFF: N_("不在村"),
    Where.AHEAD: N_("还没到"),
}
INSIDE = (Where.REPORT, Where.WORKDAY)
CORRECTED = 62
"""Days after which nothing is corrected any more: this month and the one before."""


class DayMark(SQLModel, table=True):
    """Somebody says that they were in the village on a day, or not. `reason` is a box (`daymark.reason|uid`)."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    person_id: int = Field(foreign_key="person.id", index=True)
    day: date
    inside: bool
    reason: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Day:
    """`reports` of that day; `marked`: the person said so."""

    day: date
    where: Where
    reports: int = 0
    marked: bool = False


@dataclass(frozen=True)
class Known:
    """What days are derived from."""

    reports: Counter[date]
    away: dict[date, str]
    marks: dict[date, bool]
    served: frozenset[date]


def month_of(day: date) -> tuple[date, date]:
    """Its first and last day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def days(
    session: Session,
    person_id: int,
    first: date,
    last: date,
    now: datetime,
    reports: Counter[date] | None = None,
) -> list[Day]:
    """Every day from first to last. `reports` by day, of a caller who has them already."""
    rhythm = county.rhythm(session, "")
    today = now.astimezone(rhythm.zone).date()
    known = Known(
        reports=reported(session, person_id, first, last, rhythm) if reports is None else reports,
        away=_away(session, person_id, first, last),
        marks={one.day: one.inside for one in _marks(session, person_id, first, last)},
        served=frozenset(_served(session, person_id, first, last, rhythm)),
    )
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [_day(day, known, today, rhythm) for day in every]


def _day(day: date, known: Known, today: date, rhythm: Rhythm) -> Day:
    """What the person says; else leave and trips; else a report of that day; else a working day of a posting."""
    reports = known.reports[day]
    if day in known.marks:
        inside = Where.REPORT if reports else Where.WORKDAY
        return Day(day, inside if known.marks[day] else Where.OFF, reports, marked=True)
    if day in known.away:
        return Day(day, Where(known.away[day]), reports)
    if reports:
        return Day(day, Where.REPORT, reports)
    if day > today:
        return Day(day, Where.AHEAD)
    worked = day in known.served and is_workday(day, rhythm.extra)
    return Day(day, Where.WORKDAY if worked else Where.OFF)


def totals(found: Iterable[Day]) -> dict[Where, int]:
    """How many days of each sort."""
    counted = Counter(one.where for one in found)
    return {where: counted[where] for where in Where}


def reported(session: Session, person_id: int, first: date, last: date, rhythm: Rhythm) -> Counter[date]:
    """Reports by the day of the county on which they say that they happened, else were sent; steps by their day."""
    start, end = bounds(first, last, rhythm.zone)
    sent = sent_between(person_id, start, end, Report.sent_at, Visit.day)
    found = Counter(day or at.astimezone(rhythm.zone).date() for at, day in session.exec(sent))
    steps = taken_between(person_id, start, end, StepTaken.at)
    found.update(at.astimezone(rhythm.zone).date() for at in session.exec(steps))
    return Counter({day: count for day, count in found.items() if first <= day <= last})


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the first day begins, and when the last one is over."""
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def sent_between(person_id: int, start: datetime, end: datetime, *columns: Any) -> Any:
    """These columns of their reports and visits; also of those sent later, which may tell of a day in between."""
    found = select(*columns).outerjoin(Visit, col(Visit.report_id) == Report.id)
    return found.where(
        Report.author_id == person_id, Report.state != ReportState.WITHDRAWN, Report.sent_at >= start,
        Report.sent_at < end + timedelta(days=CORRECTED),
    )  # fmt: skip


def taken_between(person_id: int, start: datetime, end: datetime, *columns: Any) -> Any:
    """These columns of the steps they took."""
    found = select(*columns)
    return found.where(StepTaken.by_id == person_id, StepTaken.at >= start, StepTaken.at < end)


def _away(session: Session, person_id: int, first: date, last: date) -> dict[date, str]:
    """Granted leave and trips by day; without a signal somebody is in the village."""
    found = absences.within(session, [person_id], first, last, [AbsenceState.APPROVED])
    return {
        one.first + timedelta(days=number): one.kind
        for one in found
        if one.kind in (Where.LEAVE.value, Where.TRIP.value)
        for number in range(one.days)
    }


def _marks(session: Session, person_id: int, first: date, last: date) -> list[DayMark]:
    """Corrections in the order they were made: a later one counts."""
    found = select(DayMark).where(DayMark.person_id == person_id, DayMark.day >= first, DayMark.day <= last)
    return list(session.exec(found.order_by(col(DayMark.id))))


def _served(session: Session, person_id: int, first: date, last: date, rhythm: Rhythm) -> Iterable[date]:
    """Days on which they were posted in a team."""
    posts = select(Posting).where(Posting.person_id == person_id, col(Posting.role).in_(TEAM_ROLES))
    for post in session.exec(posts):
        start = max(first, post.starts_at.astimezone(rhythm.zone).date())
        end = min(last, post.ends_at.astimezone(rhythm.zone).date()) if post.ends_at else last
        yield from (start + timedelta(days=number) for number in range((end - start).days + 1))


def correct(session: Session, actor: Actor, day: date, inside: bool, reason: str, now: datetime) -> DayMark:
    """The person says otherwise, and why. The former word stays. Raises Refusal."""
    if not actor.teams():
        raise NotYours
    today = county.today(session, now)
    if day > today or (today - day).days > CORRECTED:
        raise Refusal(_("只能更正今天和前两个月里的日子，请换一天。"))
    words = redact(reason.strip(), HIDDEN)
    if not words:
        raise Refusal(_("请写上原因，例如：驻村天数 11-21 在 周六入户。"))
    uid = new_uid()
    mark = DayMark(
        uid=uid, person_id=actor.person_id, day=day, inside=inside, at=now,
        reason=seal_text(session, "daymark.reason", uid, words),
    )  # fmt: skip
    session.add(mark)
    session.flush()
    record, said = f"person:{actor.person_id}", "in" if inside else "out"
    journal.write(session, actor.person_id, "day.correct", record, now, day=day.isoformat(), said=said)
    return mark


def reasons(session: Session, person_id: int, first: date, last: date) -> dict[date, str]:
    """Why days were corrected: the latest word of each."""
    return {
        one.day: open_text(session, "daymark.reason", one.uid, one.reason)
        for one in _marks(session, person_id, first, last)
    }
