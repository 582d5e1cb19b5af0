"""Invitations: one-time or n-time links into a role, kept only as a hash of their token."""

from datetime import datetime, timedelta

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from storage import bots, journal
from storage.db import Utc, by_value
from storage.identity import Actor, actor
from storage.people import Role
from storage.postings import TEAM_ROLES, active
from storage.refusals import NotYours, Refusal
from storage.scope import administers, leads
from storage.texts import _
from storage.told_once import hashed, new_token

USES = range(1, 101)
DAYS = range(1, 91)
VALID = timedelta(days=7)
_BYTES = 24


class Invitation(SQLModel, table=True):
    """Role and team or region that a link gives; with `person_id` it gives that person's account instead (a
    person from a roster who has none yet, or a changed phone)."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    role: Role | None = Field(default=None, sa_type=by_value(Role))
    team_id: int | None = Field(default=None, foreign_key="team.id")
    region: str | None = Field(default=None, foreign_key="region.code")
    department: str | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    uses: int = 1
    used: int = 0
    made_by: int | None = Field(default=None, foreign_key="person.id", index=True)
    """None: made on the command line."""
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)


def make(
    session: Session,
    role: Role,
    *,
    team_id: int | None = None,
    region: str | None = None,
    department: str | None = None,
    uses: int = 1,
    valid: timedelta = VALID,
    by: int | None,
    now: datetime,
) -> str:
    """The token of a new invitation into a role: said once, kept nowhere. Raises Refusal when team or region
    do not fit the role, or uses (1-100) and days (1-90) are out of range."""
    _check(role, team_id, region, uses, valid)
    place = {"team_id": team_id} if role in TEAM_ROLES else {"region": region, "department": department}
    invitation = Invitation(
        token_hash=b"", role=role, uses=uses, made_by=by, created_at=now, expires_at=now + valid, **place
    )
    return _keep(session, invitation, now)


def make_claim(
    session: Session, person_id: int, *, valid: timedelta = VALID, by: int | None, now: datetime
) -> str:
    """The token of a one-use link that gives a person's account to whoever opens it first; earlier such links
    stop working."""
    for old in open_claims(session, person_id, now):
        revoke(session, old.id or 0, by=by, now=now)
    invitation = Invitation(
        token_hash=b"", person_id=person_id, made_by=by, created_at=now, expires_at=now + valid
    )
    return _keep(session, invitation, now)


def _check(role: Role, team_id: int | None, region: str | None, uses: int, valid: timedelta) -> None:
    if role in TEAM_ROLES and team_id is None:
        raise Refusal(_("队员和队长要有所属工作队，请给出工作队名称。"))
    if role not in TEAM_ROLES and role != Role.ADMIN and region is None:
        raise Refusal(_("这个角色要有负责的区域，请给出区域代码，例如 120114。"))
    if uses not in USES or valid.days not in DAYS:
        raise Refusal(_("邀请可用 1 到 100 次，有效 1 到 90 天。"))


def _keep(session: Session, invitation: Invitation, now: datetime) -> str:
    token = new_token(_BYTES)
    invitation.token_hash = hashed(token)
    session.add(invitation)
    session.flush()
    facts = {"role": invitation.role, "team": invitation.team_id, "region": invitation.region,
             "person": invitation.person_id, "uses": invitation.uses}  # fmt: skip
    journal.write(session, invitation.made_by, "invitation.make", _record(invitation), now, **facts)
    return token


def _record(invitation: Invitation) -> str:
    return f"invitation:{invitation.id}"


def open_claims(session: Session, person_id: int, now: datetime) -> list[Invitation]:
    """Links to a person's account that still work."""
    claims = select(Invitation).where(Invitation.person_id == person_id, Invitation.used == 0)
    return list(
        session.exec(claims.where(col(Invitation.revoked_at).is_(None), col(Invitation.expires_at) > now))
    )


def link(session: Session, bot: int | None, token: str) -> str:
    """The address that opens the bot with a token. Raises Refusal while the bot's name is not known."""
    name = bots.username(session, bot)
    if name is None:
        raise Refusal(_("还不知道机器人的用户名：请先用 zhucun run 启动一次，再生成链接。"))
    return f"https://t.me/{name}?start={token}"


def opened(session: Session, token: str, now: datetime) -> Invitation:
    """The invitation of a token, still good. Raises Refusal."""
    found = session.exec(select(Invitation).where(Invitation.token_hash == hashed(token))).first()
    if found is None:
        raise Refusal(_("这个邀请链接无效。请向队长或管理员要一个新的。"))
    return still_good(session, found, now)


def still_good(session: Session, invitation: Invitation, now: datetime) -> Invitation:
    """The invitation itself. Raises Refusal when it is used up, expired, revoked, or was made by somebody
    who could not make it any more: their right ends with their posting."""
    if invitation.used >= invitation.uses:
        raise Refusal(_("这个邀请链接已经用完了。请向队长或管理员要一个新的。"))
    if invitation.expires_at <= now:
        raise Refusal(_("这个邀请链接已经过期了。请向队长或管理员要一个新的。"))
    if invitation.revoked_at is not None or not _maker_may(session, invitation, now):
        raise Refusal(_("这个邀请链接已经作废了。请向队长或管理员要一个新的。"))
    return invitation


def _maker_may(session: Session, invitation: Invitation, now: datetime) -> bool:
    if invitation.made_by is None:
        return True
    maker = actor(session, invitation.made_by, now)
    if maker is None:
        return False
    if invitation.person_id is not None:
        return may_rebind(session, maker, invitation.person_id, now)
    assert invitation.role is not None
    return may_invite(session, maker, invitation.role, invitation.team_id, invitation.region)


def may_invite(session: Session, actor: Actor, role: Role, team_id: int | None, region: str | None) -> bool:
    """A leader invites members and leaders into own teams; an administrator anybody inside own territory,
    and only one of the whole installation another such."""
    if role in TEAM_ROLES:
        return team_id is not None and leads(session, actor, team_id)
    return administers(actor, region)


def may_rebind(session: Session, actor: Actor, person_id: int, now: datetime) -> bool:
    """Whoever could invite into each of the person's postings: nobody gains a right by another's account."""
    posts = active(session, person_id, now)
    return bool(posts) and all(may_invite(session, actor, one.role, one.team_id, one.region) for one in posts)


def use(session: Session, invitation: Invitation, person_id: int, now: datetime) -> None:
    """Count a use by a person."""
    invitation.used += 1
    session.flush()
    journal.write(session, person_id, "invitation.use", _record(invitation), now, used=invitation.used)


def revoke(session: Session, invitation_id: int, *, by: int | None, now: datetime) -> None:
    """Let an invitation work no longer. Raises Refusal when there is none."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None:
        raise Refusal(
            _("没有编号为 {number} 的邀请，请用 zhucun invite list 查看。").format(number=invitation_id)
        )
    if invitation.revoked_at is None:
        invitation.revoked_at = now
        session.flush()
        journal.write(session, by, "invitation.revoke", _record(invitation), now)


def revoke_own(session: Session, actor: Actor, invitation_id: int, now: datetime) -> bool:
    """The same by its maker or an administrator who could make it. Whether it had been used up before, so that
    there was nothing to revoke. Raises NotYours."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotYours
    role = invitation.role or Role.MEMBER
    if invitation.made_by != actor.person_id and not may_invite(
        session, actor, role, invitation.team_id, invitation.region
    ):
        raise NotYours
    revoke(session, invitation_id, by=actor.person_id, now=now)
    return invitation.used >= invitation.uses


def working(session: Session, now: datetime) -> list[Invitation]:
    """Invitations that can still be used, newest first."""
    good = (
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > now,
        col(Invitation.used) < col(Invitation.uses),
    )
    return list(session.exec(select(Invitation).where(*good).order_by(col(Invitation.id).desc())))
