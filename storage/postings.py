"""Postings: every right comes from an active one, and ends with it at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement
from sqlmodel import Session, col, or_, select

from storage import bots, chats, errands, journal
from storage.people import Person, Posting, Role
from storage.refusals import Refusal
from storage.texts import _

TEAM_ROLES = frozenset({Role.MEMBER, Role.LEADER})
"""They serve in a team; the other roles have a territory."""


def active_at(now: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """SQL: the posting has begun and has not ended at a moment, or at the one that a prepared statement is given."""
    ends = col(Posting.ends_at)
    return (col(Posting.starts_at) <= now) & or_(ends.is_(None), ends > now)


def active(session: Session, person_id: int, now: datetime) -> list[Posting]:
    """The postings a person has at `now`, oldest first."""
    return list(
        session.exec(
            select(Posting).where(Posting.person_id == person_id, active_at(now)).order_by(col(Posting.id))
        )
    )


def of_team(session: Session, team_id: int, now: datetime, *roles: Role) -> list[Posting]:
    """The active postings in a team, of those roles only when some are given."""
    wanted = select(Posting).where(Posting.team_id == team_id, active_at(now)).order_by(col(Posting.id))
    return list(session.exec(wanted.where(col(Posting.role).in_(roles)) if roles else wanted))


def post(
    session: Session,
    person_id: int,
    role: Role,
    *,
    team_id: int | None = None,
    region: str | None = None,
    department: str | None = None,
    by: int | None,
    now: datetime,
) -> Posting:
    """Post a person from `now` on; the same active posting is not made twice. An administrator without a
    region administers the whole installation. Raises Refusal when team or region does not fit the role."""
    team_id, region = _place(role, team_id, region)
    for old in active(session, person_id, now):
        if (old.role, old.team_id, old.region) == (role, team_id, region):
            return old
    posting = Posting(
        person_id=person_id, role=role, team_id=team_id, region=region, department=department, starts_at=now
    )
    session.add(posting)
    session.flush()
    where = {"team": team_id, "region": region}
    journal.write(session, by, "posting.begin", f"person:{person_id}", now, role=role.value, **where)
    refresh_menu(session, person_id, now)
    if team_id is not None:
        from storage import handovers  # which asks here who serves in a team

        handovers.joined(session, team_id, now)
    return posting


def _place(role: Role, team_id: int | None, region: str | None) -> tuple[int | None, str | None]:
    if role in TEAM_ROLES:
        if team_id is None:
            raise Refusal(_("队员和队长要有所属工作队，请给出工作队名称。"))
        return team_id, None
    if region is None and role != Role.ADMIN:
        raise Refusal(_("这个角色要有负责的区域，请给出区域代码，例如 120114。"))
    return None, region


def end_posting(session: Session, posting_id: int, *, by: int | None, now: datetime) -> None:
    """End a posting now; what it allowed is gone with the next tap, and what was open is offered to others."""
    posting = session.get_one(Posting, posting_id)
    if posting.ends_at is not None and posting.ends_at <= now:
        return
    posting.ends_at = now
    session.flush()
    journal.write(
        session,
        by,
        "posting.end",
        f"person:{posting.person_id}",
        now,
        role=posting.role.value,
        posting=posting_id,
    )
    refresh_menu(session, posting.person_id, now)
    from storage import console, handovers  # as above

    console.end(session, posting.person_id, now)
    handovers.begin(session, posting, by, now)


def refresh_menu(session: Session, person_id: int, now: datetime) -> None:
    """Let each bot that knows the person's chat register the commands of their present roles."""
    telegram_id = session.get_one(Person, person_id).telegram_id
    for bot in bots.known(session):
        chat = chats.find_chat(session, bot.id, telegram_id) if telegram_id is not None else None
        if chat is not None:
            errands.send_on(session, bot.id, "commands", {"chat_id": chat.id}, due_at=now)
