"""Duties: what teams owe, and when those who owe are reminded of it.

What a county asks of each person is data (storage/duty_rules.py); where it asks nothing a team owes one visit a week
together. Returned reports besides. What has a clock of its own is in storage/sweeping.py.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from storage import county, duty_states
from storage.chats import Chat, ChatKind
from storage.db import Utc
from storage.duty_rules import DutyRules
from storage.duty_states import DutyState
from storage.kinds import KINDS
from storage.kinds.rectification import RECTIFICATION
from storage.people import Person, Posting, Team
from storage.places import Region
from storage.postings import TEAM_ROLES, active_at
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope
from storage.tallies import Window
from storage.unindexed import unindexed

VISIT, CORRECT = "visit", "correct"
CORRECTION = timedelta(days=7)
"""How long the correction of a returned report may take, as nothing else is said."""
MOST = 2000
"""Reports looked at in one go; a county has some hundreds open."""


class Reminder(SQLModel, table=True):
    """Somebody was reminded of a duty at one of its slots ("start", "half", "before"): once each, so at most
    three times. `duty` is like "visit:7:2026-11-20" or "mend:ZG-20261121-0003:1"."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    duty: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    sent_at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Duty:
    """What `people` owe from `since` until `due`. `what` is VISIT, CORRECT or a clock's name; `number` and `place` name
    the report it is about, empty for a visit; `region` tells whose calendar and hours hold."""

    key: str
    what: str
    people: tuple[int, ...]
    region: str
    since: datetime
    due: datetime
    number: str = ""
    place: str = ""
    done: int = 0
    wanted: int = 0
    """Visits of one's own so far, and those wanted of each person; 0 for what a team owes together."""
    team: int | None = None
    """The team in which one's own visits are wanted."""


People = dict[int | None, tuple[int, ...]]


def owed(session: Session, now: datetime, week: Callable[[str], Window]) -> list[Duty]:
    """Everything that is owed now; `week(region)` gives the window of the week that runs there."""
    people = _people(session, now)
    rows = session.exec(select(Team.id, Team.region).where(col(Team.ended_at).is_(None))).all()
    windows = {region: week(region) for region in {region for _team, region in rows}}
    rules = DutyRules(session)
    zone = county.zone(session)
    ruled = {region for region, window in windows.items() if rules.anybody(region, window.first_day(zone))}
    return [
        *_visits(
            session, people, [(team, windows[region], region) for team, region in rows if region not in ruled]
        ),
        *_own_visits(session, {region: windows[region] for region in ruled}, now),
        *_corrections(session, people),
    ]


def _visits(session: Session, people: People, teams: list[tuple[int | None, Window, str]]) -> Iterator[Duty]:
    """Teams that have sent no visit yet in their week."""
    visited = {window: _visited(session, window) for window in {window for _team, window, _region in teams}}
    for team, window, region in teams:
        if team in people and team not in visited[window]:
            key = f"{VISIT}:{team}:{window.end.date()}"
            yield Duty(key, VISIT, people[team], region, window.start, window.end)


def _own_visits(session: Session, windows: dict[str, Window], now: datetime) -> Iterator[Duty]:
    """People of whom the county asks visits of their own, and who made fewer; nobody who is away all week."""
    for window in set(windows.values()):
        for one in duty_states.standings(session, Scope(""), window, now):
            there = windows.get(one.region) == window
            if there and one.visits < one.wanted and one.state is DutyState.NOT_DUE:
                key = f"{VISIT}:p{one.person_id}:{one.team_id}:{window.end.date()}"
                yield Duty(
                    key, VISIT, (one.person_id,), one.region, window.start, window.end, done=one.visits,
                    wanted=one.wanted, team=one.team_id,
                )  # fmt: skip


def _visited(session: Session, window: Window) -> set[int | None]:
    sent = select(Report.team_id).where(
        unindexed(Report.kind) == "visit",
        window.holds(Report.sent_at),
        Report.state != ReportState.WITHDRAWN,
    )
    return set(session.exec(sent.distinct()))


def _people(session: Session, now: datetime) -> People:
    """Members and leaders by team."""
    posted = select(Posting.team_id, Posting.person_id).where(
        col(Posting.role).in_(TEAM_ROLES), active_at(now)
    )
    people: People = {}
    for team, person in session.exec(posted.order_by(col(Posting.id))):
        people[team] = tuple(dict.fromkeys((*people.get(team, ()), person)))
    return people


def _corrections(session: Session, people: People) -> Iterator[Duty]:
    """Reports that were sent back; the author owes a correction, or the team of one who has left. A
    rectification that was sent back has its clock."""
    # Only a step of a life sends back, and those are few beside all visits and photos ever sent.
    lives = [kind.name for kind in KINDS.values() if kind.life is not None and kind is not RECTIFICATION]
    back = (col(Report.returned).is_(True), col(Report.kind).in_(lives))
    found = select(Report, Region.name).join(Region).where(*back, Report.state != ReportState.WITHDRAWN)
    rows = session.exec(found.limit(MOST)).all()
    moved = _moved(session, [report.id for report, _name in rows])
    posted = {person for team in people.values() for person in team}
    for report, place in rows:
        author = report.author_id in posted
        if owing := (report.author_id,) if author else people.get(report.team_id, ()):
            yield _correction(report, place, moved.get(report.id), owing)


def _correction(
    report: Report, place: str, moved: tuple[datetime, int] | None, people: tuple[int, ...]
) -> Duty:
    since, steps = moved or (report.sent_at, 0)
    key = f"{CORRECT}:{report.number}:{steps}"
    return Duty(key, CORRECT, people, report.village, since, since + CORRECTION, report.number, place)


def _moved(session: Session, reports: Iterable[int | None]) -> dict[int | None, tuple[datetime, int]]:
    """When each report was last moved by a step, and how many steps it took."""
    steps = select(StepTaken.report_id, StepTaken.at).where(col(StepTaken.report_id).in_(list(reports)))
    found: dict[int | None, tuple[datetime, int]] = {}
    for report, at in session.exec(steps.order_by(col(StepTaken.at), col(StepTaken.id))):
        found[report] = (at, found.get(report, (at, 0))[1] + 1)
    return found


def reminded(session: Session, duties: Iterable[str]) -> set[tuple[int, str, str]]:
    """(person, duty, slot) of what was said about these duties."""
    rows = session.exec(select(Reminder).where(col(Reminder.duty).in_(list(duties))))
    return {(row.person_id, row.duty, row.slot) for row in rows}


def note(session: Session, person_id: int, duty: str, slot: str, now: datetime) -> None:
    """The person is reminded of the duty now."""
    session.add(Reminder(person_id=person_id, duty=duty, slot=slot, sent_at=now))


def private_chats(session: Session, people: Iterable[int]) -> dict[int, tuple[Person, Chat]]:
    """People by id with their newest private chat; those who never wrote to a bot are left out."""
    rows = session.exec(
        select(Person, Chat)
        .join(Chat, col(Chat.telegram_id) == col(Person.telegram_id))
        .where(Chat.kind == ChatKind.PRIVATE, col(Person.id).in_(list(people)))
        .order_by(col(Chat.id))
    )
    return {person.id: (person, chat) for person, chat in rows if person.id is not None}
