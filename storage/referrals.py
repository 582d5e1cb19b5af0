"""Referrals: one row a department that was asked to help with a case. It accepts, declines or reports what was given;
when all that were asked together have answered, whoever asked hears it in one reply, gaps named.

Who answers is decided by who is posted now: the officers of that department whose territory holds the village; where
there are none, those who manage the place (the work group). An officer sees the referral, never the case.
"""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Field, Session, SQLModel, col, select

from storage import casework, clock_runs, clocks, county, journal, places, referral_letters
from storage.clock_rules import Rules
from storage.clocks import Rung
from storage.county import Rhythm
from storage.db import Utc, by_value
from storage.identity import Actor
from storage.kinds.referring import REFERRING, Consent, Department, department
from storage.people import Posting, Role
from storage.postings import active_at
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, StepTaken
from storage.scope import manages, within
from storage.showing import Degree
from storage.texts import _, labelled

_ALSO = {  # not for people: what is matched
    Department.WATER: ("水利",),
    Department.WORK: ("人力资源", "就业"),
}


class Answer(StrEnum):
    ASKED = "asked"
    TAKEN_ON = "taken_on"
    CANNOT = "cannot"
    GIVEN = "given"


OPEN = (Answer.ASKED, Answer.TAKEN_ON)


class Referral(SQLModel, table=True):
    """`step_id` is the step by which it was asked, with the others of that time; `what` is all that the department
    reads; `consent` is a value of Consent. `due_at`, `remind_at`, `rung` are its clock, as in ClockRun."""

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    step_id: int = Field(foreign_key="steptaken.id", index=True)
    department: str
    what: str
    consent: str
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Utc)
    answer: Answer = Field(default=Answer.ASKED, sa_type=by_value(Answer))
    words: str | None = None
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
    due_at: datetime | None = Field(default=None, sa_type=Utc)
    remind_at: datetime | None = Field(default=None, sa_type=Utc, index=True)
    rung: Rung | None = Field(default=None, sa_type=by_value(Rung))

    @property
    def title(self) -> str:
        """The department in words."""
        return _(department(self.department).label)


def ask(session: Session, report: Report, taken: StepTaken, actor: Actor, now: datetime) -> None:
    """Ask every department that the form names. Raises Refusal without consent, or when one is asked already."""
    given = taken.answers
    if given["consent"] == Consent.REFUSED.value:
        raise Refusal(_("户主不同意，不能把个人信息转给部门。请先向户主说明；可以点“取消”。"))
    waiting = {one.department for one in of_report(session, report) if one.answer in OPEN}
    again = [_(one.label) for one in Department if one.value in given["departments"] and one.value in waiting]
    if again:
        raise Refusal(_("已经转给{department}了，正在等答复。请点“修改”去掉它。").format(department=again[0]))
    rhythm, rules = county.rhythm(session, report.village), Rules(session)
    rule = clock_runs.rule_of(rules, report, REFERRING, rhythm)
    made = [
        Referral(
            report_id=report.id or 0, step_id=taken.id or 0, department=one, what=given["what"],
            consent=given["consent"], asked_by=actor.person_id, asked_at=now, due_at=clocks.end(now, rule, rhythm),
        )
        for one in given["departments"]
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    for one in made:
        one.remind_at = clock_runs.next_moment(one, planned(report, one, rules, rhythm), now)
        referral_letters.asked(session, report, one, officers(session, report, one.department, now), now)


def planned(report: Report, one: Referral, rules: Rules, rhythm: Rhythm) -> list[tuple[Rung, datetime]]:
    """The rungs of its clock: to whoever owes the answer, then to the managers."""
    rule = clock_runs.rule_of(rules, report, REFERRING, rhythm)
    return clocks.rungs(one.asked_at, one.due_at or one.asked_at, rhythm, rule, team=False)


def of_report(session: Session, report: Report) -> list[Referral]:
    found = select(Referral).where(Referral.report_id == report.id)
    return list(session.exec(found.order_by(col(Referral.id))))


def officers(
    session: Session, report: Report, asked: str, now: datetime, posted: list[Posting] | None = None
) -> list[int]:
    """The officers of a department nearest to the village; none where there is no officer. `posted`: every
    officer there is, read once by whoever asks about many."""
    around = places.around(report.village)
    if posted is None:
        posted = _posted(session, now, col(Posting.region).in_(around))
    mine = [one for one in posted if one.region in around and named(one.department, asked)]
    return list(casework.nearest(mine, Role.OFFICER))


def _posted(session: Session, now: datetime, *where: ColumnElement[bool]) -> list[Posting]:
    """The active postings of officers, oldest first."""
    posts = select(Posting).where(Posting.role == Role.OFFICER, active_at(now), *where)
    return list(session.exec(posts.order_by(col(Posting.id))))


def named(posted: str | None, asked: str) -> bool:
    """Whether a posting's department, as people write it (县民政局), is that one."""
    one = department(asked)
    return any(word in (posted or "") for word in (one.label, *_ALSO.get(one, ())))


def theirs(session: Session, actor: Actor, report: Report, now: datetime) -> list[Referral]:
    """The referrals of a case that wait for this person's answer."""
    if not (actor.has(Role.OFFICER) or manages(actor, report.village)):
        return []  # nobody else answers, and every reader of a case is asked about here
    waiting = [one for one in of_report(session, report) if one.answer in OPEN]
    return [one for one in waiting if _may_answer(session, actor, report, one, now)]


def _may_answer(
    session: Session, actor: Actor, report: Report, one: Referral, now: datetime,
    posted: list[Posting] | None = None,
) -> bool:  # fmt: skip
    mine = (
        post.role == Role.OFFICER
        and report.village.startswith(post.region or "-")
        and named(post.department, one.department)
        for post in actor.posts
    )
    if any(mine):
        return True
    return manages(actor, report.village) and not officers(session, report, one.department, now, posted)


def find(session: Session, actor: Actor, report_id: int, now: datetime) -> Report:
    """A case that was referred to this person: to answer, not to read. Raises Gone or NotYours."""
    report = session.get(Report, report_id)
    if report is None:
        raise Gone
    if theirs(session, actor, report, now):
        return report
    if any(_may_answer(session, actor, report, one, now) for one in of_report(session, report)):
        raise _answered(report)
    raise NotYours


def _answered(report: Report) -> Gone:
    return Gone(_("{number} 的转办已经答复过了，不用再办。").format(number=report.number))


def waiting(session: Session, actor: Actor, now: datetime) -> list[tuple[Referral, Report]]:
    """What somebody owes answers to, as an officer or for a department that has none; the most urgent first."""
    officer = tuple(post.region for post in actor.posts if post.role == Role.OFFICER and post.region)
    found = (
        select(Referral, Report)
        .join(Report)
        .where(col(Referral.answer).in_(OPEN), within(Report.village, (*officer, *actor.regions())))
        .order_by(col(Referral.due_at), col(Referral.id))
    )
    posted = _posted(session, now)
    return [
        (one, report)
        for one, report in session.exec(found)
        if _may_answer(session, actor, report, one, now, posted)
    ]


def opened(
    session: Session, actor: Actor, referral_id: int, shown: Degree, now: datetime
) -> tuple[Referral, Report]:
    """One that waits for this person's answer; the head's name in full is a reading. Raises Gone or NotYours."""
    one = session.get(Referral, referral_id)
    if one is None:
        raise Gone
    report = find(session, actor, one.report_id, now)
    if not _may_answer(session, actor, report, one, now):
        raise NotYours
    if shown is Degree.FULL and report.household_id is not None:
        journal.read(session, actor.person_id, "household.head", f"report:{report.number}", "referral", now)
    return one, report


def answer(
    session: Session, report: Report, actor: Actor, said: Answer, words: str | None, now: datetime
) -> Referral:
    """Somebody answers for their department. Raises Gone when it was answered, or accepted twice."""
    mine = theirs(session, actor, report, now)
    if said is Answer.TAKEN_ON:
        mine = [one for one in mine if one.answer is Answer.ASKED]
    if not mine:
        raise _answered(report)
    one = mine[0]
    one.answer, one.words, one.answered_by, one.answered_at = said, words, actor.person_id, now
    if said not in OPEN:
        one.remind_at = None
    session.flush()
    together = [other for other in of_report(session, report) if other.step_id == one.step_id]
    if all(other.answer not in OPEN for other in together):
        referral_letters.all_answered(session, report, together, now)
    return one


def gaps(asked: list[Referral]) -> list[str]:
    """The departments that could not help."""
    return [one.title for one in asked if one.answer is Answer.CANNOT]


def lines(session: Session, report: Report) -> list[str]:
    """Each in a line of the case."""
    zone = county.zone(session)
    return [
        labelled(_("转办{department}").format(department=one.title), state(one, zone))
        for one in of_report(session, report)
    ]


def state(one: Referral, zone: ZoneInfo) -> str:
    """What became of it, in words."""
    if one.answer is Answer.GIVEN:
        return _("已办，{words}").format(words=one.words)
    if one.answer is Answer.CANNOT:
        return _("不能办，{words}").format(words=one.words)
    day = f"{one.due_at.astimezone(zone):%m-%d}" if one.due_at else ""
    return (_("已接办，{day} 前答复") if one.answer is Answer.TAKEN_ON else _("等答复，{day} 前")).format(
        day=day
    )
