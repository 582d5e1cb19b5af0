"""Tokens with which other programs read: each has a territory, a role in it, and an end.

A token is shown once, when it is made; only the hash of its secret is kept. What it may read is what somebody of that
role and territory would see, through the same conditions (storage/scope.py), and always masked.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from storage import journal, teams
from storage.db import Utc, by_value
from storage.identity import Actor, Post
from storage.people import Role
from storage.refusals import NoToken, Refusal
from storage.texts import _
from storage.told_once import hashed, new_token

RIGHT = frozenset({Role.LEADER, Role.SUPERVISOR, Role.ADMIN})
"""Roles of tokens: whoever would see more than what they sent themselves."""
LONGEST = 366
"""Days that a token holds at most."""
_FORM = re.compile(r"zct([1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})")
_NOBODY = b"\0" * 32
PROGRAM = 0
"""The person that a token is: nobody."""


class ApiToken(SQLModel, table=True):
    """A leader's token has a team, the others a region (None: everywhere). `token_hash` is of its secret alone."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    label: str
    role: Role = Field(sa_type=by_value(Role))
    team_id: int | None = Field(default=None, foreign_key="team.id")
    region: str | None = Field(default=None, foreign_key="region.code")
    made_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)


@dataclass(frozen=True)
class Caller:
    """A program that showed its token, and what it may see."""

    token_id: int
    label: str
    expires_at: datetime
    actor: Actor


def make(
    session: Session, label: str, role: Role, place: str, days: int, *, by: int | None, now: datetime
) -> str:
    """A new token, to be said once: `place` is a leader's team, else a region's code ("" for an administrator of
    everything). Raises Refusal."""
    name, (team_id, region) = label_of(label), territory(session, role, place)
    if not 1 <= days <= LONGEST:
        raise Refusal(_("有效期请写 1 到 {most} 天。").format(most=LONGEST))
    secret = new_token()
    row = ApiToken(
        token_hash=hashed(secret), label=name, role=role, team_id=team_id, region=region, made_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    session.add(row)
    session.flush()
    facts = {"role": role.value, "territory": said(team_id, region), "days": days}
    journal.write(session, by, "token.make", f"token:{row.id}", now, **facts)
    return f"zct{row.id}_{secret}"


def territory(session: Session, role: Role, place: str) -> tuple[int | None, str | None]:
    """The team, or the region, that a role's place means. Raises Refusal."""
    if role not in RIGHT:
        raise Refusal(_("角色请选 leader（一个工作队）、supervisor 或 admin（一个区域）。"))
    if role is Role.LEADER:
        return teams.existing(session, place).id, None
    if not place and role is not Role.ADMIN:
        raise Refusal(_("请写明区域代码（--region），只有 admin 可以不写（整个系统）。"))
    return None, teams.region(session, place).code if place else None


def said(team_id: int | None, region: str | None) -> str:
    """A territory as the journal says it."""
    return f"team:{team_id}" if team_id else f"region:{region or ''}"


def label_of(label: str) -> str:
    """For whom it is, in one line. Raises Refusal."""
    plain = " ".join(label.split())
    if not 1 <= len(plain) <= 40:
        raise Refusal(_("请写明给谁用，1 到 40 个字，例如：大数据局。"))
    return plain


def revoke(session: Session, number: int, *, by: int | None, now: datetime) -> None:
    """Let a token hold no longer. Raises Refusal for one that does not."""
    row = session.get(ApiToken, number)
    if row is None or row.revoked_at is not None:
        raise Refusal(_("没有这个令牌，或者已经作废。请用 zhucun tokens list 核对编号。"))
    row.revoked_at = now
    session.flush()
    journal.write(session, by, "token.revoke", f"token:{number}", now)


def all_of(session: Session) -> list[ApiToken]:
    """Every token, also those that hold no longer, by number."""
    return list(session.exec(select(ApiToken).order_by(col(ApiToken.id))))


def caller(session: Session, text: str, now: datetime, language: str) -> Caller:
    """Whose token it is. Raises NoToken, which does not say whether it is unknown, expired or revoked."""
    form = _FORM.fullmatch(text)
    row = session.get(ApiToken, int(form[1])) if form else None
    known = hmac.compare_digest(row.token_hash if row else _NOBODY, hashed(form[2] if form else ""))
    if row is None or not known or row.revoked_at is not None or row.expires_at <= now:
        raise NoToken
    actor = program(session, row.label, Post(row.role, row.team_id, row.region, None), language)
    return Caller(row.id or 0, row.label, row.expires_at, actor)


def program(session: Session, label: str, post: Post, language: str) -> Actor:
    """A program as whoever would be posted so: it sees their territory, and nothing as a person's own."""
    served = tuple(teams.villages_of(session, post.team_id)) if post.team_id is not None else ()
    return Actor(PROGRAM, "", label, language, None, (post,), served)


def note(session: Session, token_id: int, read: Iterable[tuple[str, str]], now: datetime) -> None:
    """Journal what a token was given: (what, of which record), nothing of it in the clear."""
    for what, record in read:
        journal.write(session, None, "api.read", record, now, token=token_id, what=what)
