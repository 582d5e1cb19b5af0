"""People as an administrator sees them in the console: whoever is posted in the own territory, with all their postings
there. Colleagues are called by their names; numbers are masked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from storage import invitations, names, postings, showing, teams
from storage.identity import Actor
from storage.people import Person, Posting, Role, Team
from storage.places import Region
from storage.redact import Secret
from storage.refusals import Gone, NotYours, Refusal
from storage.scope import administers, within
from storage.sealing import open_text
from storage.showing import Channel, Of
from storage.texts import _


@dataclass(frozen=True)
class Post:
    """A posting in words; `ends_at` None while it holds."""

    id: int
    role: Role
    where: str
    department: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Known:
    """Somebody of the territory. `joined`: has a Telegram account."""

    person_id: int
    name: str
    phone: str
    joined: bool
    posts: tuple[Post, ...]


def page(session: Session, actor: Actor, now: datetime, after: int = 0, most: int = 50) -> list[Known]:
    """Whoever is posted there now, by number, after one; one more than `most` where there are more."""
    there = select(Posting.person_id).where(postings.active_at(now), _there(actor))
    found = select(Person).where(col(Person.id) > after, col(Person.id).in_(there)).order_by(col(Person.id))
    return _known(session, actor, session.exec(found.limit(most + 1)).all(), now, active=True)


def one(session: Session, actor: Actor, person_id: int, now: datetime) -> Known:
    """Somebody who is or was posted there, with every posting there. Raises Gone or NotYours."""
    person = session.get(Person, person_id)
    if person is None:
        raise Gone
    ever = select(Posting.id).where(Posting.person_id == person_id, _there(actor))
    if session.exec(ever).first() is None:
        raise NotYours
    return _known(session, actor, [person], now, active=False)[0]


def may_change(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Name and account are changed by whoever could have posted them everywhere they serve. Raises NotYours."""
    one(session, actor, person_id, now)
    if not invitations.may_rebind(session, actor, person_id, now):
        raise NotYours


def post(
    session: Session, actor: Actor, person_id: int, role: Role, place: str, department: str, now: datetime
) -> None:
    """Post somebody: `place` is a team's name or a region's code. Raises Refusal, NotYours outside the territory."""
    team_id, region = None, None
    if role in postings.TEAM_ROLES:
        team_id = teams.existing(session, place).id
    elif place or role is not Role.ADMIN:
        region = teams.region(session, place).code
    if role is Role.OFFICER and not department:
        raise Refusal(_("请写部门人员所在的部门，例如：民政局。"))
    if not invitations.may_invite(session, actor, role, team_id, region):
        raise NotYours
    postings.post(
        session, person_id, role, team_id=team_id, region=region, department=department or None,
        by=actor.person_id, now=now,
    )  # fmt: skip


def end(session: Session, actor: Actor, posting_id: int, now: datetime) -> int:
    """End a posting in the territory; whose it was. Raises Gone or NotYours."""
    found = session.get(Posting, posting_id)
    if found is None:
        raise Gone
    if not invitations.may_invite(session, actor, found.role, found.team_id, found.region):
        raise NotYours
    postings.end_posting(session, posting_id, by=actor.person_id, now=now)
    return found.person_id


def check(actor: Actor, region: str) -> None:
    """Settings and clocks of a region ("": everywhere) are its administrators'. Raises NotYours."""
    if not administers(actor, region or None):
        raise NotYours


def _there(actor: Actor) -> ColumnElement[bool]:
    """SQL over Posting: in a territory that the actor administers."""
    territories = actor.regions(Role.ADMIN)
    mine = select(Team.id).where(within(Team.region, territories))
    whole = [col(Posting.region).is_(None) & col(Posting.team_id).is_(None)] if "" in territories else []
    placed = col(Posting.region).is_not(None) & within(Posting.region, territories)
    return or_(col(Posting.team_id).in_(mine), placed, *whole)


def _known(
    session: Session, actor: Actor, people: Sequence[Person], now: datetime, *, active: bool
) -> list[Known]:
    posts: dict[int, list[Post]] = {}
    found = select(Posting).where(col(Posting.person_id).in_([one.id for one in people]), _there(actor))
    for row in session.exec(
        (found.where(postings.active_at(now)) if active else found).order_by(col(Posting.id))
    ):
        posts.setdefault(row.person_id, []).append(_post(session, row))
    shown = showing.degree(Of.NUMBER, Channel.PAGE)
    return [
        Known(
            person_id=one.id or 0,
            name=showing.name(names.full(session, one.id or 0), showing.degree(Of.COLLEAGUE, Channel.PAGE)),
            phone=showing.number(Secret.PHONE, _phone(session, one), shown),
            joined=one.telegram_id is not None,
            posts=tuple(posts.get(one.id or 0, ())),
        )
        for one in people
    ]


def _phone(session: Session, person: Person) -> str:
    return open_text(session, "person.phone", person.uid, person.phone) if person.phone else ""


def _post(session: Session, row: Posting) -> Post:
    team = session.get(Team, row.team_id) if row.team_id is not None else None
    region = session.get(Region, row.region) if row.region is not None else None
    where = team.name if team else region.name if region else _("整个系统")
    return Post(row.id or 0, row.role, where, row.department or "", row.starts_at, row.ends_at)
