"""A small county with some weeks of records made by a fixed seed, and a plain count of the same records.

The plain count goes over the rows one by one in Python, as a clerk would; the program's figures come from
set-based queries. A test that compares them can fail.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import Session

from storage.chats import Chat, ChatKind
from storage.clock_runs import ClockRun
from storage.db import Store, new_uid
from storage.households import Household
from storage.kinds.hardship import HardshipCase
from storage.kinds.photo_report import PhotoReport
from storage.kinds.rectification import Rectification
from storage.kinds.visit import Visit
from storage.people import Person, Posting, Role, Team, TeamVillage
from storage.photo import Photo, PhotoState
from storage.places import Region, level_of
from storage.report import Report, ReportState, StepTaken
from storage.sealing import Keyring, keyring
from storage.tables import metadata
from storage.tallies import Tally, Window
from tests import clerk, databases

CLOSE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""Friday 2026-11-20 16:00 in the county: the close of 2026-W47."""
WEEK = timedelta(weeks=1)
W47 = Window(CLOSE - WEEK, CLOSE)
W46 = Window(CLOSE - 2 * WEEK, CLOSE - WEEK)
COUNTY = "120114"
BOT = 42
FIRST = {"rectification": ReportState.ISSUED, "hardship": ReportState.OPEN}
"""The state in which a case begins."""


def new_store(path: object) -> Store:
    """A store with every table, empty."""
    store = Store(databases.url(path), Keyring.new())
    metadata.create_all(store.write)
    return store


@dataclass
class County:
    """What was written: rows as plain dictionaries for the plain count, ids by name."""

    towns: list[str] = field(default_factory=list)
    villages: list[str] = field(default_factory=list)
    teams: dict[int, str] = field(default_factory=dict)
    """Team's id → its village."""
    leaders: dict[int, int] = field(default_factory=dict)
    members: dict[int, int] = field(default_factory=dict)
    households: dict[str, list[int]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))


@contextmanager
def two_weeks(file: Path, seed: int) -> "Iterator[tuple[Store, County]]":
    """A county with the weeks 46 and 47 filled, by this seed and the next."""
    store = new_store(file)
    with store.writing() as session:
        county = settle(session)
        fill(session, county, W46, seed=seed)
        fill(session, county, W47, seed=seed + 1)
    yield store, county
    store.close()


def settle(session: Session, towns: int = 3, villages: int = 3, households: int = 4) -> County:
    """Regions, a team with leader and member for each village, households; nobody has written to a bot."""
    county = County()
    for code, name in (("12", "天津市"), ("1201", "市辖区"), (COUNTY, "武清区")):
        add_region(session, code, name)
    for town in range(1, towns + 1):
        code = f"{COUNTY}{town:03}"
        add_region(session, code, f"第{town}镇")
        county.towns.append(code)
        for number in range(1, villages + 1):
            _village(session, county, f"{code}{number:03}", f"{town}-{number}村委会", households)
    return county


def add_region(session: Session, code: str, name: str) -> None:
    parent = {2: None, 4: code[:2], 6: code[:4], 9: code[:6], 12: code[:9]}[len(code)]
    session.add(Region(code=code, name=name, level=level_of(code), parent=parent))
    session.flush()


def _village(session: Session, county: County, code: str, name: str, households: int) -> None:
    add_region(session, code, name)
    county.villages.append(code)
    team = Team(name=name.replace("村委会", "村工作队"), region=code[:9])
    session.add(team)
    session.flush()
    assert team.id is not None
    session.add(TeamVillage(team_id=team.id, village=code))
    county.teams[team.id] = code
    county.leaders[team.id] = add_person(session, "队长", Role.LEADER, team=team.id)
    county.members[team.id] = add_person(session, "队员", Role.MEMBER, team=team.id)
    for _each in range(households):
        uid = new_uid()
        household = Household(
            village=code, uid=uid, head=keyring(session).seal("household.head", uid, "李爱民")
        )
        session.add(household)
        session.flush()
        county.households.setdefault(code, []).append(household.id or 0)


def add_person(
    session: Session, name: str, role: Role, *, team: int | None = None, region: str | None = None,
    telegram: int | None = None,
) -> int:  # fmt: skip
    uid, long_ago = new_uid(), CLOSE - timedelta(days=400)
    sealed = keyring(session).seal("person.name", uid, name)
    person = Person(uid=uid, name=sealed, telegram_id=telegram, created_at=long_ago)
    session.add(person)
    session.flush()
    assert person.id is not None
    session.add(Posting(person_id=person.id, role=role, team_id=team, region=region, starts_at=long_ago))
    session.flush()
    return person.id


def add_chat(session: Session, person_id: int, telegram: int) -> Chat:
    """The private chat of a person, who has now written to the bot."""
    session.get_one(Person, person_id).telegram_id = telegram
    chat = Chat(bot=BOT, telegram_id=telegram)
    session.add(chat)
    session.flush()
    return chat


def add_group(session: Session, region: str | None = None, topic: int = 0, telegram: int = -1001) -> Chat:
    """A group; bound long ago when a region is given."""
    bound_at = CLOSE - timedelta(days=300) if region else None
    chat = Chat(
        bot=BOT, telegram_id=telegram, topic=topic, kind=ChatKind.SUPERGROUP, title="管理组",
        region=region, bound_at=bound_at,
    )  # fmt: skip
    session.add(chat)
    session.flush()
    return chat


def add_report(
    session: Session, county: County, team: int, at: datetime, kind: str = "visit", **more: Any
) -> Report:
    """A record of a team. `urgency` for a hardship case, `day` for a visit, `photos` (states) for pictures, `steps` of
    (after, at), `clocks` of (since, due, stopped), `answered` for a record with its answers, else columns of Report."""
    urgency, photos, steps = more.pop("urgency", "normal"), more.pop("photos", ()), more.pop("steps", ())
    clocks, day = more.pop("clocks", ()), more.pop("day", None)
    answered = more.pop("answered", day is not None)
    usual = FIRST.get(kind, ReportState.SENT)
    row: dict[str, Any] = {
        "kind": kind, "number": f"{kind[:2].upper()}-{next(county.numbers):04}", "team_id": team,
        "author_id": county.members[team], "village": county.teams[team], "state": usual, "sent_at": at,
    } | more  # fmt: skip
    report = Report(**row)
    session.add(report)
    session.flush()
    _details(session, report, urgency, photos, steps)
    if answered:
        _answers(session, report, day)
    _run(session, report, clocks)
    told = {"urgency": urgency, "photos": photos, "steps": steps, "clocks": clocks, "day": day}
    county.rows.append(row | told)
    return report


def _details(session: Session, report: Report, urgency: str, photos: Any, steps: Any) -> None:
    if report.kind == "hardship":
        session.add(HardshipCase(report_id=report.id, category="allowance", urgency=urgency, findings="x"))
    chat = Chat(bot=BOT, telegram_id=900_000_000 + (report.id or 0))
    if photos:
        session.add(chat)
        session.flush()
    for number, state in enumerate(photos):
        session.add(
            Photo(
                bot=BOT, chat_id=chat.id or 0, message_id=number, report_id=report.id, file_id="f",
                unique_id=new_uid(), received_at=report.sent_at, state=state,
            )
        )  # fmt: skip
    before = FIRST.get(report.kind, report.state).value
    for after, at in steps:
        who: dict[str, Any] = {"report_id": report.id or 0, "by_id": report.author_id}
        session.add(StepTaken(**who, step="move", before=before, after=after, at=at))
        before = after
    session.flush()


def _answers(session: Session, report: Report, day: date | None) -> None:
    """The row beside the header; a hardship case always has one."""
    if report.kind == "visit":
        session.add(Visit(report_id=report.id, purposes=["policy"], findings="屋顶漏雨", day=day))
    if report.kind == "photo":
        session.add(PhotoReport(report_id=report.id))
    if report.kind == "rectification":
        due = (report.due_at or report.sent_at).date()
        session.add(Rectification(report_id=report.id, findings="河边有垃圾", due=due))


def _run(session: Session, report: Report, clocks: Any) -> None:
    for since, due, stopped in clocks:
        clock = "mend" if report.kind == "rectification" else "verify"
        run = ClockRun(report_id=report.id or 0, clock=clock, since=since, due_at=due, stopped_at=stopped)
        session.add(run)
    session.flush()


def fill(session: Session, county: County, window: Window, seed: int, records: int = 120) -> None:
    """Records of every kind at random moments of the window, some withdrawn, the last team of all silent."""
    chance = random.Random(seed)  # a fixed seed: the same county in every run
    seconds = int((window.end - window.start).total_seconds())
    for _each in range(records):
        team = chance.choice(list(county.teams)[:-1])
        at = window.start + timedelta(seconds=chance.randrange(seconds))
        kind = chance.choices(("visit", "photo", "hardship", "rectification"), (6, 2, 1, 1))[0]
        more: dict[str, Any] = {}
        if kind == "visit":
            more["household_id"] = chance.choice([None, *county.households[county.teams[team]]])
            more["day"] = chance.choice([None, None, (at - timedelta(days=chance.randrange(5))).date()])
        if kind == "hardship":
            more["urgency"] = chance.choice(("normal", "soon", "urgent"))
            more |= _cared_for(chance, at)
        if kind == "rectification":
            more |= _mended(chance, at)
        if chance.random() < 0.1 and "steps" not in more:
            more["state"] = ReportState.WITHDRAWN
        more["photos"] = [chance.choice(list(PhotoState)) for _photo in range(chance.randrange(4))]
        add_report(session, county, team, at, kind, answered=True, **more)


def _mended(chance: random.Random, at: datetime) -> dict[str, Any]:
    moments = [at + timedelta(hours=chance.randrange(1, 90)) for _step in range(4)]
    done, struck = ["completed", "accepted"], ["completed", "accepted", "struck_off"]
    back = ["completed", "issued"]
    path = chance.choice(([], ["completed"], done, back, back + done, struck, struck))
    steps = list(zip(path, sorted(moments), strict=False))
    state = ReportState(path[-1]) if path else ReportState.ISSUED
    due = at + timedelta(hours=chance.randrange(10, 200))
    return {"due_at": due, "steps": steps, "state": state, "clocks": _clocks(at, due, steps)}


def _cared_for(chance: random.Random, at: datetime) -> dict[str, Any]:
    path = chance.choice(([], [], ["verified"], ["not_true"], ["verified", "vanished"], ["not_true", "open"]))
    moments = sorted(at + timedelta(hours=chance.randrange(1, 90)) for _step in range(2))
    steps = list(zip(path, moments, strict=False))
    due = at + timedelta(hours=chance.randrange(10, 200))
    state = ReportState(path[-1]) if path else ReportState.OPEN
    return {"steps": steps, "state": state, "clocks": _clocks(at, due, steps)}


def _clocks(
    since: datetime, due: datetime, steps: list[tuple[str, datetime]]
) -> list[tuple[datetime, datetime, datetime | None]]:
    """One after the other; nothing runs any more after an end."""
    found: list[tuple[datetime, datetime, datetime | None]] = []
    for _state, at in steps:
        found.append((since, due, at))
        since, due = at, at + timedelta(hours=60)
    if not steps or steps[-1][0] not in clerk.ENDED:
        found.append((since, due, None))
    return found


def plain(county: County, window: Window, village: str = "", team: int | None = None) -> Tally:
    """The count of a clerk who looks at every row."""
    mine = (
        row for row in county.rows if row["village"].startswith(village) and team in (None, row["team_id"])
    )
    return clerk.count([row for row in mine if row["state"] != ReportState.WITHDRAWN], window)
