"""A diary made of one's own reports and steps, with a line of one's own where somebody wants to add one."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from storage import briefs, casework, county, days, journal, picking, showing
from storage.briefs import first_words
from storage.db import Utc, new_uid
from storage.identity import Actor
from storage.kinds import KINDS
from storage.kinds.visit import Visit
from storage.redact import HIDDEN, redact
from storage.refusals import NotYours, Refusal
from storage.report import Report, StepTaken
from storage.sealing import open_text, seal_text
from storage.showing import Channel, Of
from storage.texts import _

LONGEST = 1000
"""Characters of a day's own line."""


class DiaryLine(SQLModel, table=True):
    """What somebody added to a day. `text` is a box (`diaryline.text|uid`); a later one takes an earlier one's place,
    which stays."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    person_id: int = Field(foreign_key="person.id", index=True)
    day: date
    text: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Entry:
    """Something done: at which local time, what, where, at whose house (masked), in which words, and its number."""

    at: datetime
    what: str
    place: str
    head: str
    words: str
    number: str


@dataclass(frozen=True)
class Page:
    day: days.Day
    entries: tuple[Entry, ...]
    line: str


def pages(session: Session, person_id: int, first: date, last: date, now: datetime) -> list[Page]:
    """Every day from first to last."""
    entries = _entries(session, person_id, first, last)
    reports = Counter({day: len(some) for day, some in entries.items()})
    found = days.days(session, person_id, first, last, now, reports)
    lines = _lines(session, person_id, first, last)
    return [Page(one, tuple(entries.get(one.day, ())), lines.get(one.day, "")) for one in found]


def _entries(session: Session, person_id: int, first: date, last: date) -> dict[date, list[Entry]]:
    zone = county.zone(session)
    start, end = days.bounds(first, last, zone)
    mine = days.sent_between(person_id, start, end, Report, Visit.day)
    taken = days.taken_between(person_id, start, end, StepTaken, Report).join(Report)
    done = [
        (day or one.sent_at.astimezone(zone).date(), _reported(session, one))
        for one, day in session.exec(mine)
    ]
    done += [
        (step.at.astimezone(zone).date(), _moved(session, step, one)) for step, one in session.exec(taken)
    ]
    found: dict[date, list[Entry]] = {}
    for day, entry in sorted(done, key=lambda pair: pair[1].at):
        found.setdefault(day, []).append(entry)
    return found


def _reported(session: Session, report: Report) -> Entry:
    kind = KINDS[report.kind]
    words = first_words(session, report)
    return _entry(session, report, report.sent_at, _(kind.title), words)


def _moved(session: Session, step: StepTaken, report: Report) -> Entry:
    titles = [_(one.title) for one in casework.life_of(report).steps if one.name == step.step]
    return _entry(session, report, step.at, "".join(titles) or step.step, redact(step.note or "", HIDDEN))


def _entry(session: Session, report: Report, at: datetime, what: str, words: str) -> Entry:
    head = briefs.head(session, report, showing.degree(Of.HEAD, Channel.FILE))
    place = picking.village_name(session, report.village)
    return Entry(at.astimezone(county.zone(session)), what, place, head, words, report.number)


def _lines(session: Session, person_id: int, first: date, last: date) -> dict[date, str]:
    found = select(DiaryLine).where(
        DiaryLine.person_id == person_id, DiaryLine.day >= first, DiaryLine.day <= last
    )
    return {
        one.day: open_text(session, "diaryline.text", one.uid, one.text)
        for one in session.exec(found.order_by(col(DiaryLine.id)))
    }


def add(session: Session, actor: Actor, day: date, text: str, now: datetime) -> None:
    """A line of one's own for a day that has begun. Raises Refusal."""
    if not actor.teams():
        raise NotYours
    if day > county.today(session, now):
        raise Refusal(_("这一天还没到。请写今天或以前的日记。"))
    words = redact(text.strip(), HIDDEN)
    if len(words) > LONGEST:
        raise Refusal(
            _("一天最多写 {most} 个字，这段有 {count} 个。请写短一些。").format(
                most=LONGEST, count=len(words)
            )
        )
    uid = new_uid()
    box = seal_text(session, "diaryline.text", uid, words)
    session.add(DiaryLine(uid=uid, person_id=actor.person_id, day=day, text=box, at=now))
    session.flush()
    journal.write(
        session, actor.person_id, "diary.write", f"person:{actor.person_id}", now, day=day.isoformat()
    )
