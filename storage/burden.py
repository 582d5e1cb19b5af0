"""Who asks for what, and why: each form, each of its questions and each reminder names an asker, and how long it takes.

The first form: askers and reasons are declared here, a county's own wish (storage/duty_rules.py) goes before. Minutes
are reckoned from what was sent and said: seconds for a question by its type, for a step, and for reading a reminder.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from storage import county, days
from storage.duties import Reminder
from storage.duty_rules import DutyRule, DutyRules
from storage.forms import Ask, Choice, Location, Photos, Text
from storage.kinds import KINDS
from storage.people import Posting, Team
from storage.postings import TEAM_ROLES, active
from storage.report import Report, ReportState, StepTaken
from storage.texts import N_

COUNTY, TOWN, CIVIL, HOUSING, PROGRAM = (
    N_("县驻村办"), N_("乡镇"), N_("县民政局"), N_("县住建局"), N_("本程序"),
)  # fmt: skip
TEXT, CHOICE, PHOTOS, PLACE, OTHER, STEP, REMINDER = 40, 5, 20, 10, 8, 60, 15
"""Seconds: typing a line, a tap among options, choosing photos, sending a place, any other question, a step with its
words, reading a reminder."""


@dataclass(frozen=True)
class Asked:
    """By whom (message id) and what for (message id)."""

    by: str
    why: str


FORMS = {
    "visit": Asked(COUNTY, N_("入户走访记录，一次填写，日记、联系卡和周报都用它")),
    "photo": Asked(COUNTY, N_("现场照片，作工作佐证")),
    "hardship": Asked(CIVIL, N_("防止返贫监测，困难要有人核查")),
    "house": Asked(HOUSING, N_("危房排查，今晚有没有人住要先问清")),
    "rectification": Asked(TOWN, N_("问题整改，要能看到改了没有")),
}
"""Of each kind."""
FIELDS = {
    ("visit", "companions"): Asked(PROGRAM, N_("一起去的人不用再报一次")),
    ("visit", "day"): Asked(PROGRAM, N_("补报时算在走访的那一天")),
    ("visit", "place"): Asked(PROGRAM, N_("自愿，不要求定位")),
    ("photo", "findings"): Asked(PROGRAM, N_("自愿，一句说明")),
}
"""Questions that somebody else asks than the form's own asker."""
STEPS = Asked(TOWN, N_("事情办到哪一步，要有人记下"))
REMINDERS = {
    "visit": Asked(COUNTY, N_("本周走访快截止了")),
    "correct": Asked(COUNTY, N_("退回的报告等更正")),
    "clock": Asked(TOWN, N_("办理时限快到或者过了")),
}
"""By what a reminder is about; a clock's name is "clock"."""


@dataclass(frozen=True)
class Line:
    """What was asked of somebody: how often, and the seconds of it."""

    asked: Asked
    what: str
    times: int
    seconds: int


def asked_for(kind: str, question: str) -> Asked:
    """Who asks a question of a form, and why."""
    return FIELDS.get((kind, question), FORMS[kind])


def seconds(ask: Ask) -> int:
    """What a question takes."""
    by_type: tuple[tuple[type[Ask], int], ...] = (
        (Text, TEXT), (Choice, CHOICE), (Photos, PHOTOS), (Location, PLACE),
    )  # fmt: skip
    return next((found for kind, found in by_type if isinstance(ask, kind)), OTHER)


def of_month(session: Session, person_id: int, day: date) -> list[Line]:
    """What was asked of somebody in the month of that day, the most of all first."""
    start, end = days.bounds(*days.month_of(day), county.zone(session))
    lines = [
        *_forms(session, person_id, start, end),
        *_steps(session, person_id, start, end),
        *_reminders(session, person_id, start, end),
    ]
    return sorted(lines, key=lambda one: -one.seconds)


def _forms(session: Session, person_id: int, start: datetime, end: datetime) -> Iterator[Line]:
    """The questions that were answered in reports they sent."""
    times: dict[tuple[str, Asked], int] = defaultdict(int)
    spent: dict[tuple[str, Asked], int] = defaultdict(int)
    for kind, one in KINDS.items():
        for row in _answers(session, kind, person_id, start, end):
            told = [name for name, ask in one.asks.items() if not _left_out(row, name, ask)]
            for asked in {asked_for(kind, name) for name in told}:
                times[kind, asked] += 1
            for name in told:
                spent[kind, asked_for(kind, name)] += seconds(one.asks[name])
    for (kind, asked), count in times.items():
        yield Line(asked, KINDS[kind].title, count, spent[kind, asked])


def _answers(session: Session, kind: str, person_id: int, start: datetime, end: datetime) -> Any:
    table = SQLModel.metadata.tables[str(KINDS[kind].table.__tablename__)]
    columns: Any = table.c
    found = select(*columns).join(Report, col(Report.id) == table.c.report_id).where(
        Report.author_id == person_id, Report.sent_at >= start, Report.sent_at < end,
        Report.state != ReportState.WITHDRAWN,
    )  # fmt: skip
    return session.connection().execute(found)


def _left_out(row: Any, name: str, ask: Ask) -> bool:
    """A question that was not answered; of those without a column of their own one that may be left open."""
    return getattr(row, name) in (None, [], "") if name in row._fields else ask.optional


def _steps(session: Session, person_id: int, start: datetime, end: datetime) -> Iterator[Line]:
    taken = session.exec(days.taken_between(person_id, start, end, StepTaken.id)).all()
    if taken:
        yield Line(STEPS, N_("办理步骤"), len(taken), len(taken) * STEP)


def _reminders(session: Session, person_id: int, start: datetime, end: datetime) -> Iterator[Line]:
    """What was said to them, by what it was about: one line for each, although one message may hold several."""
    said = select(Reminder.duty).where(
        Reminder.person_id == person_id, Reminder.sent_at >= start, Reminder.sent_at < end
    )
    times: dict[str, int] = defaultdict(int)
    for duty in session.exec(said):
        what = duty.partition(":")[0]
        times[what if what in REMINDERS else "clock"] += 1
    for what, count in times.items():
        yield Line(REMINDERS[what], N_("提醒"), count, count * REMINDER)


def wishes(session: Session, person_id: int, now: datetime) -> list[tuple[str, DutyRule]]:
    """What a county's own rules ask of somebody each week now, with the team it is asked of."""
    rules, today = DutyRules(session), county.today(session, now)
    found: list[tuple[str, DutyRule]] = []
    posts: list[Posting] = [one for one in active(session, person_id, now) if one.role in TEAM_ROLES]
    for post in posts:
        team = session.get_one(Team, post.team_id)
        rule = rules.of(team.region, post.role, today)
        if rule is not None:
            found.append((team.name, rule))
    return found
