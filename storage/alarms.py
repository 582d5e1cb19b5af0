"""Alarms: somebody may sleep under a roof that may come down. An alarm rings until a person has taken it up, and
stands until nobody sleeps there any more."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Field, Session, SQLModel, col, select

from storage import county, names
from storage.db import Utc
from storage.report import Report
from storage.texts import _

EVENING = time(18)
"""When those who see to it are asked whether anybody sleeps there tonight: early enough to fetch them out."""
TONIGHT = timedelta(hours=6)
"""Whoever took it up so shortly before has just answered for this night."""


class Alarm(SQLModel, table=True):
    """`next_at` is when it speaks next: it rings (again), or, taken up, it is asked about in the evening;
    null when it is over. `rounds` is how often it spoke. Over: everybody has left, or the house is none or
    sound."""

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    raised_by: int = Field(foreign_key="person.id")
    raised_at: datetime = Field(sa_type=Utc)
    rounds: int = 0
    next_at: datetime | None = Field(default=None, sa_type=Utc, index=True)
    heeded_by: int | None = Field(default=None, foreign_key="person.id")
    heeded_at: datetime | None = Field(default=None, sa_type=Utc)
    over_at: datetime | None = Field(default=None, sa_type=Utc)

    @property
    def rings(self) -> bool:
        """Nobody has taken it up, for the first time or since it was asked about again."""
        return self.over_at is None and self.heeded_at is None


def standing(session: Session, report: Report) -> Alarm | None:
    """The alarm that is not over; None when nobody is known to sleep there."""
    found = select(Alarm).where(Alarm.report_id == report.id, col(Alarm.over_at).is_(None))
    return session.exec(found.order_by(col(Alarm.id).desc())).first()


def begin(session: Session, report: Report, by: int, now: datetime) -> Alarm:
    """Let it ring with the next tick. One that rings goes on as it is; one that was taken up makes way: whoever took
    it up may think that everybody has left."""
    old = standing(session, report)
    if old is not None and old.rings:
        return old
    if old is not None:
        old.over_at, old.next_at = now, None
    made = Alarm(report_id=report.id or 0, raised_by=by, raised_at=now, next_at=now)
    session.add(made)
    session.flush()
    return made


def heed(session: Session, alarm: Alarm, by: int, now: datetime) -> None:
    """Somebody sees to it: it rings no more, and stands. Whether anybody sleeps there still is asked in the evening."""
    alarm.heeded_by, alarm.heeded_at, alarm.next_at = by, now, evening(now + TONIGHT, county.zone(session))
    session.flush()


def evening(now: datetime, zone: ZoneInfo) -> datetime:
    """The first evening hour from then on."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), EVENING, zone)
    return today if local <= today else today + timedelta(days=1)


def is_evening(now: datetime, zone: ZoneInfo) -> bool:
    return now.astimezone(zone).time() >= EVENING


def end(session: Session, report: Report, now: datetime) -> None:
    """Nobody sleeps there any more."""
    alarm = standing(session, report)
    if alarm is not None:
        alarm.over_at, alarm.next_at = now, None
        session.flush()


def heeded_words(session: Session, alarm: Alarm) -> str:
    """Who took it up and when; empty while nobody has."""
    if alarm.heeded_by is None or alarm.heeded_at is None:
        return ""
    at = alarm.heeded_at.astimezone(county.zone(session))
    return _("{name} {time} 接了告警").format(
        name=names.full(session, alarm.heeded_by), time=f"{at:%m-%d %H:%M}"
    )


def lines(session: Session, report: Report) -> list[str]:
    """The alarm that stands, as a line of the case."""
    alarm = standing(session, report)
    if alarm is None:
        return []
    return [_("【今晚住人】{state}").format(state=heeded_words(session, alarm) or _("还没有人接警"))]
