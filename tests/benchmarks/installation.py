"""An installation of 200 members in twenty teams, each with a leader, two villages and their households."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from storage import chats, household_list, migrate, postings, regions_import, roster, teams
from storage.db import Store
from storage.people import Role
from storage.places import Level, Region
from storage.sealing import Keyring
from tests.benchmarks.peers.records import HOUSEHOLDS

COUNTY = "120114"
TEAMS, MEMBERS = 20, 10
FIRST, FIRST_LEADER = 100_000, 90_000
"""Telegram's number of the first member, and of the first leader."""
BOT = 42


def furnish(folder: Path, now: datetime) -> None:
    """A data folder as an administrator has just filled it: no week is closed yet, so that no summaries are
    drawn during the measurement."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = folder / "zhucun.key"
    Keyring.new().save(keys)
    store = Store(f"sqlite:///{folder / 'zhucun.db'}", Keyring.load(keys))
    migrate.upgrade(store.write)
    with store.writing() as session:
        plan = regions_import.plan(session, regions_import.shipped(COUNTY))
        regions_import.write(session, plan.changes, by=None, now=now)
        for number, villages in enumerate(_pairs(session)):
            _team(session, number, villages, now)
    store.close()


def _pairs(session: Session) -> Iterator[list[str]]:
    """Two villages of one town for each team."""
    found = select(Region.code).where(Region.level == Level.VILLAGE).order_by(col(Region.code))
    codes = list(session.exec(found.limit(2 * TEAMS)))
    return (codes[start : start + 2] for start in range(0, 2 * TEAMS, 2))


def _team(session: Session, number: int, villages: list[str], now: datetime) -> None:
    team = teams.add_team(session, f"第{number + 1}队", villages, by=None, now=now)
    leader = FIRST_LEADER + number
    _post(session, f"队长{number}", leader, Role.LEADER, team.id, now)
    chats.chat_of(session, BOT, leader)  # leaders wrote to the bot once, so they hear of each report
    for place in range(MEMBERS):
        member = FIRST + number * MEMBERS + place
        _post(session, f"队员{member}", member, Role.MEMBER, team.id, now)
    for village in villages:
        for head in HOUSEHOLDS:
            household_list.add(session, village, head, by=None, now=now)


def _post(session: Session, name: str, account: int, role: Role, team: int | None, now: datetime) -> None:
    person = roster.add_person(session, name, telegram_id=account, by=None, now=now)
    postings.post(session, person.id or 0, role, team_id=team, by=None, now=now)
