"""Drafts of weekly summaries: what a supervisor says first in one, and whether it is held back."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from storage import journal
from storage.db import Utc
from storage.identity import Actor
from storage.redact import HIDDEN, redact
from storage.refusals import NotYours, Refusal
from storage.scope import manages
from storage.summaries import Scope
from storage.texts import _

LONGEST = 500
"""Characters of a lead."""


class WeeklyDraft(SQLModel, table=True):
    """A region's summary before it is told. `lead` is its first paragraph; `held`: it is not told until somebody
    lets it go, which may be after the close (`released_at`)."""

    __table_args__ = (UniqueConstraint("region", "week"),)

    id: int | None = Field(default=None, primary_key=True)
    region: str
    week: str
    lead: str | None = None
    by_id: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime | None = Field(default=None, sa_type=Utc)
    held: bool = False
    released_at: datetime | None = Field(default=None, sa_type=Utc)


def of(session: Session, region: str, week: str) -> WeeklyDraft | None:
    found = select(WeeklyDraft).where(WeeklyDraft.region == region, WeeklyDraft.week == week)
    return session.exec(found).first()


def begin(session: Session, region: str, week: str) -> WeeklyDraft:
    """The draft, made when it is new."""
    found = of(session, region, week)
    if found is None:
        found = WeeklyDraft(region=region, week=week)
        session.add(found)
        session.flush()
    return found


def lead_of(session: Session, scope: Scope, week: str) -> str:
    """What a supervisor says first in the week of a region, "" when nobody did; a team's week has none."""
    found = of(session, scope.region, week) if scope.team is None else None
    return (found.lead or "") if found else ""


def held(session: Session, region: str, week: str) -> bool:
    found = of(session, region, week)
    return found is not None and found.held


def all_held(session: Session) -> dict[tuple[str, str], WeeklyDraft]:
    """Those that are held back now, by region and week."""
    found = session.exec(select(WeeklyDraft).where(col(WeeklyDraft.held)))
    return {(one.region, one.week): one for one in found}


def find(session: Session, actor: Actor, region: str, week: str) -> WeeklyDraft:
    """The draft of a region that somebody manages. Raises NotYours."""
    if not manages(actor, region):
        raise NotYours
    return begin(session, region, week)


def write(session: Session, actor: Actor, draft: WeeklyDraft, text: str, now: datetime) -> None:
    """Say something first; numbers of people are hidden, because groups read it. Nothing takes it back. Raises
    Refusal."""
    words = "\n".join(filter(None, (line.strip() for line in text.splitlines())))
    if len(words) > LONGEST:
        raise Refusal(
            _("导语最多 {most} 个字，这段有 {count} 个。请写短一些再发。").format(
                most=LONGEST, count=len(words)
            )
        )
    draft.lead = redact(words, HIDDEN) or None
    _changed(session, actor, draft, "lead", now)


def hold(session: Session, actor: Actor, draft: WeeklyDraft, now: datetime) -> None:
    """Nobody is told at the close."""
    if not draft.held:
        draft.held, draft.released_at = True, None
        _changed(session, actor, draft, "hold", now)


def release(session: Session, actor: Actor, draft: WeeklyDraft, now: datetime) -> bool:
    """It may be told. False when it was not held."""
    if not draft.held:
        return False
    draft.held, draft.released_at = False, now
    _changed(session, actor, draft, "release", now)
    return True


def _changed(session: Session, actor: Actor, draft: WeeklyDraft, what: str, now: datetime) -> None:
    draft.by_id, draft.changed_at = actor.person_id, now
    session.flush()
    about = f"summary:{draft.region}:{draft.week}"
    journal.write(session, actor.person_id, f"summary.{what}", about, now)
