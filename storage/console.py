"""Ways into the console: a link of one use and a few minutes that the bot gives in a private chat, and the session
that a browser gets for it.

Of both only hashes are kept. A session lives for a working day, and ends with any posting of its person, when the
account moves to another phone, and by signing out. Rights are read anew with every page.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage import identity, journal, slots
from storage.db import Utc
from storage.identity import Actor
from storage.people import Role
from storage.refusals import NotYours, Refusal, SignedOut
from storage.texts import _
from storage.told_once import hashed, new_token

RIGHT = frozenset({Role.LEADER, Role.SUPERVISOR, Role.ADMIN})
"""Who has a console."""
LINK = timedelta(minutes=10)
SESSION = timedelta(hours=8)
KEPT = timedelta(days=30)
"""Rows of what is over stay so long, for whoever asks who was there when."""
_NONCE = 12


class ConsoleLink(SQLModel, table=True):
    """A link that was given to a person; opened once."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    used_at: datetime | None = Field(default=None, sa_type=Utc)


class ConsoleSession(SQLModel, table=True):
    """A browser that somebody is signed in with."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    begun_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in: their session's number, the cookie, and who they are by now."""

    session_id: int
    token: str
    actor: Actor


def link(session: Session, actor: Actor, now: datetime) -> str:
    """The token of a new link: said once, kept nowhere. Links given before stop working. Raises NotYours."""
    if not actor.has(*RIGHT):
        raise NotYours
    _expire(session, actor.person_id, now)
    token = new_token()
    session.add(
        ConsoleLink(
            token_hash=hashed(token), person_id=actor.person_id, created_at=now, expires_at=now + LINK
        )
    )
    session.flush()
    journal.write(session, actor.person_id, "console.link", _record(actor.person_id), now)
    return token


def enter(session: Session, token: str, now: datetime) -> str:
    """Exchange a link's token for that of a new session. Raises Refusal: used, expired, or nobody's any more, and does
    not say which to whoever guesses."""
    found = session.exec(select(ConsoleLink).where(ConsoleLink.token_hash == hashed(token))).first()
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise Refusal(_("这个链接用过了，或者已经过期。请在和机器人的私聊里再发一次 控制台。"))
    actor = identity.actor(session, found.person_id, now)
    if actor is None or not actor.has(*RIGHT):
        raise SignedOut
    found.used_at = now
    made = new_token()
    session.add(
        ConsoleSession(
            token_hash=hashed(made), person_id=actor.person_id, begun_at=now, expires_at=now + SESSION
        )
    )
    session.flush()
    journal.write(session, actor.person_id, "console.enter", _record(actor.person_id), now)
    return made


def visitor(session: Session, token: str, now: datetime) -> Visitor:
    """Whose session it is, with the rights they have now. Raises SignedOut."""
    found = session.exec(select(ConsoleSession).where(ConsoleSession.token_hash == hashed(token))).first()
    if found is None or found.ended_at is not None or found.expires_at <= now:
        raise SignedOut
    actor = identity.actor(session, found.person_id, now)
    if actor is None or not actor.has(*RIGHT):
        raise SignedOut
    return Visitor(found.id or 0, token, actor)


def leave(session: Session, visitor: Visitor, now: datetime) -> None:
    """Sign out."""
    session.get_one(ConsoleSession, visitor.session_id).ended_at = now
    journal.write(session, visitor.actor.person_id, "console.leave", _record(visitor.actor.person_id), now)


def end(session: Session, person_id: int, now: datetime) -> None:
    """End whatever a person has open, links too: a posting ended, or the account is another phone's."""
    theirs, open_ones = col(ConsoleSession.person_id) == person_id, col(ConsoleSession.ended_at).is_(None)
    session.exec(update(ConsoleSession).where(theirs, open_ones).values(ended_at=now))
    _expire(session, person_id, now)


def _expire(session: Session, person_id: int, now: datetime) -> None:
    """Links that were not used yet stop working."""
    theirs, waiting = col(ConsoleLink.person_id) == person_id, col(ConsoleLink.expires_at) > now
    session.exec(update(ConsoleLink).where(theirs, waiting).values(expires_at=now))


def form(visitor: Visitor) -> str:
    """What a form carries to show that this session's page sent it, and that it was not sent before."""
    nonce = secrets.token_urlsafe(_NONCE)
    return f"{nonce}.{_sealed(visitor, nonce)}"


def take(session: Session, visitor: Visitor, given: str, now: datetime) -> bool:
    """Take a form's mark. False when that very form was taken before. Raises SignedOut for a mark of another session
    or of nobody's."""
    nonce, _dot, seal = given.partition(".")
    if not hmac.compare_digest(seal.encode(), _sealed(visitor, nonce).encode()):
        raise SignedOut
    return slots.take(session, f"console:{visitor.session_id}", nonce, now)


def prune(session: Session, now: datetime) -> int:
    """Forget links and sessions that were over long ago. How many."""
    tables = (ConsoleLink, ConsoleSession)
    return sum(session.exec(delete(one).where(col(one.expires_at) < now - KEPT)).rowcount for one in tables)


def _sealed(visitor: Visitor, nonce: str) -> str:
    return hmac.new(visitor.token.encode(), f"form {nonce}".encode(), "sha256").hexdigest()


def _record(person_id: int) -> str:
    return f"person:{person_id}"
