"""Absences: leave and trips, asked and approved in the chat, and days without a signal, which somebody declares. No
place is asked."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from storage import casework, county, journal
from storage.db import Utc, by_value, new_uid
from storage.forms import Labelled
from storage.forms.dates import day_in
from storage.identity import Actor
from storage.people import Role, Team
from storage.postings import TEAM_ROLES, active, of_team
from storage.redact import HIDDEN, redact
from storage.refusals import Gone, NotYours, Refusal
from storage.scope import manages, own
from storage.sealing import open_text, seal_text
from storage.texts import N_, _

SHORT = 3
"""Days that the own leader may grant; more are for those who manage (policy: three days the township)."""
LONGEST, SILENT = 60, 7
"""Days in one go: of leave and trips; without a signal."""
BACK = 7
"""Days after which nothing is declared any more."""


class AbsenceKind(Labelled):
    LEAVE = "leave", N_("请假")
    TRIP = "trip", N_("出差")
    NO_SIGNAL = "no_signal", N_("没信号")


KINDS = {one.value: one for one in AbsenceKind}
"""By the value that is kept."""


class AbsenceState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Absence(SQLModel, table=True):
    """Somebody is away from `first` to `last`, days of the county, both included. `reason` is a box
    (`absence.reason|uid`)."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str
    first: date
    last: date = Field(index=True)
    reason: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: AbsenceState = Field(default=AbsenceState.ASKED, sa_type=by_value(AbsenceState))
    asked_at: datetime = Field(sa_type=Utc)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Utc)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Wish:
    """What somebody typed: from when to when, and why."""

    first: date
    last: date
    reason: str = ""


_APART = re.compile(r"[\s,，。;；]+")
_TO = re.compile(r"[到至~—]")  # not for people: matched
_LENGTH = re.compile(r"(\d{1,2}|[一二两三四五六七八九十])[天日]")  # not for people: matched
_COUNTED = "〇一二三四五六七八九十"  # not for people: matched
_TWO = str.maketrans("两", "二")  # not for people: matched


def wished(text: str, today: date) -> Wish | None:
    """明天 2天 家里有事, 11-23到11-25 开会, 周五: None when it begins with no day."""
    head, *rest = _APART.split(unicodedata.normalize("NFKC", text).strip()) or [""]
    start, *end = _TO.split(head, maxsplit=1)
    first = _day(start, today)
    if first is None:
        return None
    if end:
        last = _day(end[0], first)
    else:
        last, rest = _until(first, rest)
    return Wish(first, last, " ".join(rest).strip()) if last is not None and last >= first else None


def _until(first: date, rest: list[str]) -> tuple[date | None, list[str]]:
    """The last day, when the next word tells it; else the first one."""
    word = rest[0] if rest else ""
    if found := _LENGTH.fullmatch(word):
        count = int(found[1]) if found[1].isdecimal() else _COUNTED.index(found[1].translate(_TWO))
        return first + timedelta(days=max(count, 1) - 1), rest[1:]
    last = _day(_TO.sub("", word, count=1), first) if word else None
    return (last, rest[1:]) if last is not None and last >= first else (first, rest)


def _day(text: str, today: date) -> date | None:
    """The next such day; one that is a few days ago rather than a year ahead."""
    day, past = day_in(text, today, future=True), day_in(text, today)
    lately = past is not None and (today - past).days <= BACK
    return past if day is not None and (day - today).days > _FAR and lately else day


_FAR = 300


def ask(session: Session, actor: Actor, kind: str, wish: Wish, now: datetime) -> Absence:
    """Somebody wants to be away, or declares to be without a signal, which nobody approves. Raises Refusal."""
    if kind not in KINDS:
        raise Gone
    _check(session, actor, kind, wish, now)
    uid, words = new_uid(), redact(wish.reason, HIDDEN)
    made = Absence(
        uid=uid, person_id=actor.person_id, kind=kind, first=wish.first, last=wish.last, asked_at=now,
        reason=seal_text(session, "absence.reason", uid, words) if words else None,
    )  # fmt: skip
    if kind == AbsenceKind.NO_SIGNAL.value:
        made.state, made.decided_at = AbsenceState.APPROVED, now
    session.add(made)
    session.flush()
    journal.write(session, actor.person_id, "absence.ask", f"absence:{made.id}", now, kind=kind)
    return made


def _check(session: Session, actor: Actor, kind: str, wish: Wish, now: datetime) -> None:
    if not any(post.role in TEAM_ROLES for post in actor.posts):
        raise NotYours
    today, most = county.today(session, now), SILENT if kind == AbsenceKind.NO_SIGNAL.value else LONGEST
    days = (wish.last - wish.first).days + 1
    if days > most:
        raise Refusal(_("一次最多 {most} 天，这是 {days} 天。请分开写。").format(most=most, days=days))
    if (today - wish.first).days > BACK:
        raise Refusal(
            _("{back} 天以前的不能再补了。请在驻村天数里更正：驻村天数 11-21 不在 原因。").format(back=BACK)
        )
    for one in within(session, [actor.person_id], wish.first, wish.last):
        raise Refusal(_("这几天里已经有{kind}（{days}）。要改的话，请先撤回那一个。").format(
            kind=_(KINDS[one.kind].label), days=span(one)))  # fmt: skip


def span(one: Absence) -> str:
    """11-23 or 11-23—11-25."""
    first, last = (f"{day:%m-%d}" for day in (one.first, one.last))
    return first if first == last else f"{first}—{last}"


def reason_of(session: Session, one: Absence) -> str:
    return open_text(session, "absence.reason", one.uid, one.reason) if one.reason else ""


def approvers(session: Session, one: Absence, now: datetime) -> list[int]:
    """Who is asked: for a few days the leader of the team; for more, or for the leader, those who supervise."""
    teams = [post.team_id for post in active(session, one.person_id, now) if post.team_id is not None]
    posts = [post for team in teams for post in of_team(session, team, now, Role.LEADER)]
    leaders = [post.person_id for post in posts if post.person_id != one.person_id]
    if leaders and one.days <= SHORT:
        return list(dict.fromkeys(leaders))
    region = session.get_one(Team, teams[0]).region if teams else ""
    return [who for who in casework.nearest_managers(session, region, now) if who != one.person_id]


def decide(session: Session, actor: Actor, number: int, yes: bool, now: datetime) -> Absence:
    """Whoever is asked, or manages the team's place, says yes or no. Raises Gone or NotYours."""
    one = session.get(Absence, number)
    if one is None:
        raise Gone
    if one.person_id == actor.person_id or not _may(session, actor, one, now):
        raise NotYours
    if one.state != AbsenceState.ASKED:
        raise Gone(_("这一条已经办过了：{state}，不用再办。").format(state=_(STATES[one.state])))
    one.state = AbsenceState.APPROVED if yes else AbsenceState.REFUSED
    one.decided_by, one.decided_at = actor.person_id, now
    session.flush()
    journal.write(session, actor.person_id, f"absence.{one.state.value}", f"absence:{one.id}", now)
    return one


STATES = {
    AbsenceState.ASKED: N_("等待同意"),
    AbsenceState.APPROVED: N_("已同意"),
    AbsenceState.REFUSED: N_("未同意"),
    AbsenceState.WITHDRAWN: N_("已撤回"),
}


def _may(session: Session, actor: Actor, one: Absence, now: datetime) -> bool:
    if actor.person_id in approvers(session, one, now):
        return True
    teams = [post.team_id for post in active(session, one.person_id, now) if post.team_id is not None]
    return any(manages(actor, session.get_one(Team, team).region) for team in teams)


def withdraw(session: Session, actor: Actor, number: int, now: datetime) -> Absence:
    """One's own: taken back, or ended today when it has begun. Raises Gone or NotYours."""
    one, today = own(session, Absence, number, actor), county.today(session, now)
    if one.state not in HOLDING or one.last < today:
        raise Gone(_("这一条已经办过了：{state}，不用再办。").format(state=_(STATES[one.state])))
    if one.state == AbsenceState.APPROVED and one.first < today:
        one.last = today - timedelta(days=1)
    else:
        one.state = AbsenceState.WITHDRAWN
    session.flush()
    journal.write(session, actor.person_id, "absence.withdraw", f"absence:{one.id}", now)
    return one


HOLDING = (AbsenceState.ASKED, AbsenceState.APPROVED)


def within(
    session: Session, people: Iterable[int], first: date, last: date, states: Iterable[AbsenceState] = HOLDING
) -> list[Absence]:
    """Theirs that touch these days, in the order they begin."""
    found = select(Absence).where(
        col(Absence.person_id).in_(list(people)), Absence.first <= last, Absence.last >= first,
        col(Absence.state).in_(list(states)),
    )  # fmt: skip
    return list(session.exec(found.order_by(col(Absence.first), col(Absence.id))))


def away(session: Session, people: Iterable[int], day: date) -> dict[int, AbsenceKind]:
    """Who of them is away on that day, and how."""
    found = within(session, people, day, day, [AbsenceState.APPROVED])
    return {one.person_id: KINDS[one.kind] for one in found}
