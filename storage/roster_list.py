"""The roster as lists: masked for whoever may read over a shoulder, with whole names for a leader."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, or_, select

from storage import journal, postings, showing
from storage.identity import Actor
from storage.people import Person, Posting, Role, Team
from storage.redact import Secret
from storage.scope import led_teams, within
from storage.sealing import open_text
from storage.showing import Channel, Of


@dataclass(frozen=True)
class Listed:
    """One line of the roster: a person with one active posting. Name and phone are masked."""

    person_id: int
    posting_id: int
    name: str
    phone: str
    role: Role
    team: str | None
    region: str | None
    joined: bool
    """Has a Telegram account."""


def listed(session: Session, now: datetime, territory: str = "") -> list[Listed]:
    """Everybody posted inside a territory ("": all), by team, masked."""
    rows = session.exec(
        select(Person, Posting, Team)
        .join(Posting, col(Posting.person_id) == col(Person.id))
        .join(Team, col(Posting.team_id) == col(Team.id), isouter=True)
        .where(postings.active_at(now), _posted_in(territory))
        .order_by(col(Team.name), col(Posting.role), col(Person.id))
    )
    return [_listed(session, person, posting, team) for person, posting, team in rows]


def _posted_in(territory: str) -> ColumnElement[bool]:
    if not territory:
        return true()
    return or_(within(Team.region, (territory,)), within(Posting.region, (territory,)))


def _listed(session: Session, person: Person, posting: Posting, team: Team | None) -> Listed:
    assert person.id is not None
    assert posting.id is not None
    phone = open_text(session, "person.phone", person.uid, person.phone) if person.phone else ""
    whole = open_text(session, "person.name", person.uid, person.name)
    return Listed(
        person_id=person.id,
        posting_id=posting.id,
        name=showing.name(whole, showing.degree(Of.COLLEAGUE, Channel.FILE)),
        phone=showing.number(Secret.PHONE, phone, showing.degree(Of.NUMBER, Channel.FILE)),
        role=posting.role,
        team=team.name if team else None,
        region=team.region if team else posting.region,
        joined=person.telegram_id is not None,
    )


@dataclass(frozen=True)
class Colleague:
    """Somebody in a team, called by their whole name, for private chats."""

    person_id: int
    name: str
    place: str


def led(session: Session, actor: Actor, now: datetime) -> list[Colleague]:
    """Whoever is posted in the teams that one leads or administers, by team. Journaled as one reading."""
    rows = session.exec(
        select(Person, Team.name)
        .join(Posting, col(Posting.person_id) == col(Person.id))
        .join(Team, col(Posting.team_id) == col(Team.id))
        .where(postings.active_at(now), led_teams(actor))
        .order_by(Team.name, col(Person.id))
    ).all()
    journal.read(session, actor.person_id, "person.name", f"person:{actor.person_id}", "rebind", now)
    return [
        Colleague(person.id or 0, open_text(session, "person.name", person.uid, person.name), team)
        for person, team in rows
    ]
