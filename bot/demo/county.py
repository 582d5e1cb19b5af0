"""The demo's installation before anything was reported: keys, places, teams, people, households."""

import random
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.demo import lands, neighbours
from bot.demo.cast import ACTORS, COUNTY, CREWS, FORMER, LEFT_TEAM, OFFICER, Crew, Player
from storage import (
    household_import,
    household_list,
    identity,
    migrate,
    postings,
    regions_import,
    roster,
    teams,
)
from storage.db import Store
from storage.identity import Actor
from storage.sealing import Keyring

SEED = 120114


def open_store(folder: Path) -> Store:
    """The database of the installation in that folder, made when it is new."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "zhucun.key"
    if not key.exists():
        Keyring.new().save(key)
    store = Store(f"sqlite:///{folder / 'zhucun.db'}", Keyring.load(key))
    migrate.upgrade(store.write)
    return store


@dataclass
class Here:
    """Who and what there is, by the names the history uses: people by Telegram id, teams and households by
    team name and village."""

    actors: dict[int, Actor] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    households: dict[str, list[int]] = field(default_factory=dict)


def furnish(session: Session, now: datetime) -> None:
    """What an administrator would have imported and added."""
    plan = regions_import.plan(session, regions_import.shipped(COUNTY))
    regions_import.write(session, plan.changes, by=None, now=now)
    lands.survey(session, now)
    for crew in CREWS:
        teams.add_team(session, crew.name, crew.villages, unit=crew.unit, by=None, now=now)
    for player in (*ACTORS, FORMER):
        _post(session, player, now)
    _households(session, now)


def _post(session: Session, player: Player, now: datetime) -> None:
    person = roster.add_person(session, player.name, telegram_id=player.id, by=None, now=now)
    crew = next((one for one in CREWS if player in one.people or _left(player, one)), None)
    postings.post(
        session,
        person.id or 0,
        player.role,
        team_id=teams.existing(session, crew.name).id if crew else None,
        region=player.region,
        department=player.called if player.id == OFFICER.id else None,
        by=None,
        now=now,
    )


def _left(player: Player, crew: Crew) -> bool:
    return player == FORMER and crew.name == LEFT_TEAM


def _households(session: Session, now: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "households.csv"
        neighbours.write(path, _villages(), random.Random(SEED))  # noqa: S311 - invented people, not secrets
        plan = household_import.plan(session, path, territory=COUNTY)
        household_import.write(session, plan.changes, by=None, now=now)


def _villages() -> list[str]:
    return [village for crew in CREWS for village in crew.villages]


def here(session: Session, now: datetime) -> Here:
    """Everything that is there."""
    found = Here()
    for player in (*ACTORS, FORMER):
        actor = identity.actor_of(session, player.id, now)
        if actor is None:
            raise LookupError(player.name)
        found.actors[player.id] = actor
    for crew in CREWS:
        found.teams[crew.name] = teams.existing(session, crew.name).id or 0
    for village in _villages():
        heads = household_list.masked_list(session, [village])
        found.households[village] = [one.household_id for one in heads]
    return found
