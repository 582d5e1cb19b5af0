"""How long a county keeps what: rules with the paper they stand in, from a day on; and what they have made due.

Without a rule everything is kept. A smaller region's rule goes before that of a larger one, a newer one before an
older. What is under way, or was touched since, is never due. Messages are kept for the whole installation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, not_, or_, text
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage import county, erasing, journal, periods, scope
from storage.db import Utc, by_value
from storage.erasing import Erased
from storage.journal import JournalEntry
from storage.kinds import KINDS
from storage.people import Person, Posting, Team
from storage.photo import Photo
from storage.places import inside
from storage.refusals import Refusal
from storage.report import Report, StepTaken
from storage.texts import N_, _


class Retained(StrEnum):
    REPORTS = "reports"
    """What reports say of people, their photos too; months since they were sent and last moved."""
    PHOTOS = "photos"
    """The photos alone, and what was made of them; months."""
    PEOPLE = "people"
    """Name, phone and account of somebody who worked here; months since the last posting ended."""
    MESSAGES = "messages"
    """What came from Telegram and what was sent there, as it waits here to be emptied; days."""


NAMES = {
    Retained.REPORTS: N_("个人信息"),
    Retained.PHOTOS: N_("照片原件"),
    Retained.PEOPLE: N_("离任人员"),
    Retained.MESSAGES: N_("收发的消息"),
}
SHORTEST = {Retained.REPORTS: 12, Retained.PHOTOS: 6, Retained.PEOPLE: 6, Retained.MESSAGES: 1}
LONGEST = {Retained.REPORTS: 1200, Retained.PHOTOS: 1200, Retained.PEOPLE: 1200, Retained.MESSAGES: 7}
NOTICE = timedelta(days=7)
"""Between the setting of a rule and its first day, if nothing else is said."""
WITHOUT_END = 0


class RetentionRule(SQLModel, table=True):
    """`length` in months, of messages in days; 0 is without end. `basis` is the paper it stands in."""

    id: int | None = Field(default=None, primary_key=True)
    region: str = Field(index=True)
    what: Retained = Field(sa_type=by_value(Retained))
    length: int
    since: date
    basis: str
    at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Due:
    """What one rule has made due: `count` reports (or people) of before that day, but not those of smaller regions with
    rules of their own."""

    rule: RetentionRule
    before: date
    smaller: tuple[str, ...]
    count: int = 0


def put(
    session: Session, region: str, what: str, length: int, basis: str, since: date, now: datetime
) -> RetentionRule:
    """Let a rule hold from that day on. Raises Refusal for what cannot be: erased is erased."""
    kind = next((one for one in Retained if one == what), None)
    if kind is None:
        raise Refusal(_("没有“{what}”这一项，可选：{known}。").format(what=what, known=", ".join(Retained)))
    if kind is Retained.MESSAGES and region:
        raise Refusal(_("收发的消息只能对整个系统规定，请不要写区域。"))
    if length != WITHOUT_END and not SHORTEST[kind] <= length <= LONGEST[kind]:
        limits = {"least": SHORTEST[kind], "most": LONGEST[kind]}
        raise Refusal(_("期限要是 {least} 到 {most} 的整数，或者 0（一直保存），请改一下。").format(**limits))
    if since <= county.today(session, now):
        raise Refusal(_("生效日期至少要是明天：先用 zhucun erase --by-rule --dry-run 看会删除什么。"))
    if not basis.strip():
        raise Refusal(_("请写明依据的文件（--basis），删除时会记入日志。"))
    row = RetentionRule(region=region, what=kind, length=length, since=since, basis=basis.strip(), at=now)
    session.add(row)
    session.flush()
    place = f"region:{region}"
    journal.write(
        session, None, "retention.put", place, now, what=kind.value, length=length, since=since.isoformat()
    )
    return row


def in_force(session: Session, day: date) -> list[RetentionRule]:
    """Of each region and thing the newest rule that holds on that day, those without end too."""
    newest = select(RetentionRule).where(RetentionRule.since <= day)
    found: dict[tuple[str, Retained], RetentionRule] = {}
    for one in session.exec(newest.order_by(col(RetentionRule.since), col(RetentionRule.id))):
        found[one.region, one.what] = one
    return list(found.values())


def all_rules(session: Session) -> list[RetentionRule]:
    """Those that came and those that come, in their order."""
    return list(session.exec(select(RetentionRule).order_by(col(RetentionRule.since), col(RetentionRule.id))))


def standing(session: Session, now: datetime, day: date | None = None) -> list[Due]:
    """The rules of that day (today) that erase anything at all, uncounted."""
    today = day or county.today(session, now)
    rules, made = in_force(session, today), []
    for rule in rules:
        if rule.what is not Retained.MESSAGES and rule.length != WITHOUT_END:
            alike = (one.region for one in rules if one.what is rule.what)
            smaller = tuple(region for region in alike if len(region) > len(rule.region))
            before = periods.ago(today, rule.length) - timedelta(days=1)
            made.append(Due(rule, before, smaller))
    return made


def due(session: Session, now: datetime, day: date | None = None) -> list[Due]:
    """The same with what each has made due; those that have made nothing due are left out."""
    counted = [replace(one, count=_count(session, one)) for one in standing(session, now, day)]
    return [one for one in counted if one.count]


def _count(session: Session, one: Due) -> int:
    return session.exec(select(func.count()).select_from(_found(session, one).subquery())).one()


def ids_of(session: Session, one: Due, most: int | None = None) -> list[int]:
    """Of the reports, or people, the oldest first."""
    found = _found(session, one)
    ordered = found.order_by(text("since"), text("id")).limit(most)
    return [number or 0 for number, _since in session.exec(ordered)]


def _found(session: Session, one: Due) -> Any:
    begin = datetime.combine(one.before, time(), county.zone(session)).astimezone(UTC)
    if one.rule.what is Retained.PEOPLE:
        return _people(one, begin)
    found: Any = select(col(Report.id).label("id"), col(Report.sent_at).label("since")).where(
        *_conditions(one, begin)
    )
    if one.rule.what is Retained.PHOTOS:
        found = found.join(Photo, col(Photo.report_id) == Report.id).distinct()
    return found


def _people(one: Due, begin: datetime) -> Any:
    """Those whose last posting ended before, and who have not been erased."""
    record = literal("person:") + cast(col(Person.id), String)
    gone = exists().where(col(JournalEntry.record) == record, col(JournalEntry.action) == "erase")
    ended = col(Posting.ends_at)
    found: Any = select(col(Person.id).label("id"), func.max(ended).label("since")).join(Posting).where(~gone)
    there = found.where(_posted(one.rule.region), *(~_posted(region) for region in one.smaller))
    return there.group_by(col(Person.id)).having(func.count() == func.count(ended), func.max(ended) < begin)


def _posted(region: str) -> ColumnElement[bool]:
    """SQL over Person: was ever posted in the region, or to one of its teams."""
    posting = aliased(Posting)
    where = select(posting.person_id).outerjoin(Team, col(Team.id) == posting.team_id)
    there = or_(scope.within(posting.region, (region,)), scope.within(Team.region, (region,)))
    return col(Person.id).in_(where.where(there))


def _conditions(one: Due, begin: datetime) -> Iterator[ColumnElement[bool]]:
    """SQL over Report, and Photo where it is about photos."""
    if one.rule.what is Retained.PHOTOS:
        yield col(Photo.sha256).is_not(None)
        yield col(Photo.received_at) < begin
    else:
        yield col(Report.erased_at).is_(None)
    yield col(Report.sent_at) < begin
    yield inside(Report.village, one.rule.region)
    yield from (not_(inside(Report.village, region)) for region in one.smaller)
    yield not_(_under_way())
    yield ~exists().where(col(StepTaken.report_id) == Report.id, col(StepTaken.at) >= begin)


def _under_way() -> ColumnElement[bool]:
    lives = {name: kind.life.live for name, kind in KINDS.items() if kind.life is not None}
    return or_(*(and_(col(Report.kind) == name, col(Report.state).in_(live)) for name, live in lives.items()))


def erase(session: Session, one: Due, ids: Sequence[int], now: datetime) -> Erased:
    """Erase what the rule says of these reports or people; its paper is the reason that the journal notes."""
    if one.rule.what is Retained.REPORTS:
        return erasing.reports(session, ids, one.rule.basis, now)
    each, done = erasing.person if one.rule.what is Retained.PEOPLE else erasing.photos, Erased()
    for number in ids:
        done.add(each(session, number, one.rule.basis, now))
    return done


def messages_kept(session: Session, now: datetime) -> timedelta:
    """How long messages are kept after they were handled or sent."""
    rules = in_force(session, county.today(session, now))
    days = next((one.length for one in rules if one.what is Retained.MESSAGES), WITHOUT_END)
    return timedelta(days=days or LONGEST[Retained.MESSAGES])
