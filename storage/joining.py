"""Joining: an invitation opened in a private chat, confirmed, turned into a posting or an account."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import invitations, postings, roster
from storage.chats import Chat, ChatKind
from storage.db import Utc
from storage.invitations import Invitation
from storage.people import Posting, Role, Team
from storage.places import Region
from storage.refusals import Gone, Refusal
from storage.texts import _


class Joining(SQLModel, table=True):
    """What a chat has opened and not answered yet. It is a row, because what a press carries can be forged
    and a token must not travel in it."""

    chat_id: int = Field(foreign_key="chat.id", primary_key=True)
    invitation_id: int = Field(foreign_key="invitation.id")
    opened_at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Offer:
    """What an invitation gives: roles and the names of their places. A claim gives a person's account with
    all their postings."""

    posts: tuple[tuple[Role, str], ...]
    claim: bool


@dataclass(frozen=True)
class Joined:
    """`former` is the account that a claim took the person away from."""

    person_id: int
    invited_by: int | None
    claim: bool
    former: int | None = None


def open_token(session: Session, chat_id: int, token: str, now: datetime) -> Invitation:
    """Put a token's invitation on the chat's screen; the last one opened counts. Raises Refusal."""
    invitation = invitations.opened(session, token, now)
    assert invitation.id is not None
    session.merge(Joining(chat_id=chat_id, invitation_id=invitation.id, opened_at=now))
    session.flush()
    return invitation


def on_screen(session: Session, chat_id: int) -> Invitation | None:
    """The invitation that a chat opened and has not answered."""
    joining = session.get(Joining, chat_id)
    return session.get(Invitation, joining.invitation_id) if joining else None


def close(session: Session, chat_id: int) -> None:
    """Forget what a chat had opened."""
    joining = session.get(Joining, chat_id)
    if joining is not None:
        session.delete(joining)
        session.flush()


def offer(session: Session, invitation: Invitation, now: datetime) -> Offer:
    """What somebody is asked to join."""
    if invitation.person_id is None:
        assert invitation.role is not None
        place = _place(session, invitation.team_id, invitation.region)
        return Offer(((invitation.role, place),), claim=False)
    posts = postings.active(session, invitation.person_id, now)
    return Offer(tuple((one.role, _place(session, one.team_id, one.region)) for one in posts), claim=True)


def _place(session: Session, team_id: int | None, region: str | None) -> str:
    if team_id is not None:
        return session.get_one(Team, team_id).name
    found = session.get(Region, region) if region else None
    return found.name if found else _("全部区域")


def accept(session: Session, chat: Chat, telegram_id: int, name: str | None, now: datetime) -> Joined:
    """Take what is on the chat's screen: a posting for the person of this account (made with `name` when
    there is none), or the account of the person the link is for. Raises Refusal: nothing is to be kept."""
    assert chat.id is not None
    invitation = on_screen(session, chat.id)
    if invitation is None:
        raise Gone(_("没有等您确认的邀请。请再点一次邀请链接。"))
    invitations.still_good(session, invitation, now)
    joined = (
        _claim(session, invitation, telegram_id, now)
        if invitation.person_id is not None
        else _join(session, invitation, telegram_id, name, now)
    )
    invitations.use(session, invitation, joined.person_id, now)
    close(session, chat.id)
    return joined


def _claim(session: Session, invitation: Invitation, telegram_id: int, now: datetime) -> Joined:
    person_id = invitation.person_id
    assert person_id is not None
    former = roster.bind_account(session, person_id, telegram_id, by=person_id, now=now)
    other = former if former != telegram_id else None
    return Joined(person_id, invitation.made_by, claim=True, former=other)


def _join(
    session: Session, invitation: Invitation, telegram_id: int, name: str | None, now: datetime
) -> Joined:
    person = roster.by_telegram(session, telegram_id) or roster.add_person(
        session, name or "", telegram_id=telegram_id, by=None, now=now
    )
    assert person.id is not None
    assert invitation.role is not None
    if _has(postings.active(session, person.id, now), invitation):
        raise Refusal(_("您已经在其中了，不用再加入。发送 /start 打开菜单。"))
    postings.post(
        session, person.id, invitation.role, team_id=invitation.team_id, region=invitation.region,
        department=invitation.department, by=person.id, now=now,
    )  # fmt: skip
    return Joined(person.id, invitation.made_by, claim=False)


def _has(posts: list[Posting], invitation: Invitation) -> bool:
    wanted = (invitation.role, invitation.team_id, invitation.region)
    return any((one.role, one.team_id, one.region) == wanted for one in posts)


def chats_of_account(session: Session, telegram_id: int) -> list[Chat]:
    """The private chats of an account with each bot."""
    return list(
        session.exec(
            select(Chat)
            .where(Chat.telegram_id == telegram_id, Chat.kind == ChatKind.PRIVATE)
            .order_by(col(Chat.id))
        )
    )
