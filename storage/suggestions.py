"""Suggestions and complaints: they go to the administrators, past one's own leader and supervisor, and are answered by
whoever reads them."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel

from storage import casework, identity, journal
from storage.db import Utc, new_uid
from storage.identity import Actor
from storage.people import Role, Team
from storage.redact import HIDDEN, redact
from storage.refusals import Gone, NotYours, Refusal
from storage.sealing import open_text, seal_text
from storage.texts import _

LONGEST = 1000


class Suggestion(SQLModel, table=True):
    """What somebody said, and what was answered: boxes (`suggestion.text|uid`, `suggestion.answer|uid`)."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    person_id: int = Field(foreign_key="person.id", index=True)
    text: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=Utc)
    answer: bytes | None = Field(default=None, sa_type=LargeBinary)
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=Utc)


def say(session: Session, actor: Actor, text: str, now: datetime) -> Suggestion:
    """Written down. The journal tells that there is one and not what it says. Raises Refusal."""
    uid = new_uid()
    box = seal_text(session, "suggestion.text", uid, _words(text))
    made = Suggestion(uid=uid, person_id=actor.person_id, text=box, at=now)
    session.add(made)
    session.flush()
    journal.write(session, actor.person_id, "suggestion.say", f"suggestion:{made.id}", now)
    return made


def _words(text: str) -> str:
    words = redact(text.strip(), HIDDEN)
    if len(words) > LONGEST:
        raise Refusal(
            _("一次最多 {most} 个字，这段有 {count} 个。请分几次发。").format(most=LONGEST, count=len(words))
        )
    return words


def text_of(session: Session, one: Suggestion) -> str:
    return open_text(session, "suggestion.text", one.uid, one.text)


def answer_of(session: Session, one: Suggestion) -> str:
    """ "" while nobody has answered."""
    return open_text(session, "suggestion.answer", one.uid, one.answer) if one.answer else ""


def readers(session: Session, actor: Actor, now: datetime) -> list[int]:
    """The administrators of the person's place and of everything, without the person."""
    places = [session.get_one(Team, team).region for team in actor.teams()] or list(actor.regions()) or [""]
    posts = [one for place in places for one in casework.managers(session, place, now)]
    found = (one.person_id for one in posts if one.role == Role.ADMIN and one.person_id != actor.person_id)
    return list(dict.fromkeys(found))


def answer(session: Session, actor: Actor, number: int, text: str, now: datetime) -> Suggestion:
    """One of those who read it answers, once. Raises Gone, NotYours or Refusal."""
    one = session.get(Suggestion, number)
    if one is None or not actor.has(Role.ADMIN):
        raise NotYours
    asker = identity.actor(session, one.person_id, now)
    if asker is None or actor.person_id not in readers(session, asker, now):
        raise NotYours
    if one.answer is not None:
        raise Gone(_("建议 {number} 已经答复过了，不用再答。").format(number=one.id))
    one.answer = seal_text(session, "suggestion.answer", one.uid, _words(text))
    one.answered_by, one.answered_at = actor.person_id, now
    session.flush()
    journal.write(session, actor.person_id, "suggestion.answer", f"suggestion:{one.id}", now)
    return one
