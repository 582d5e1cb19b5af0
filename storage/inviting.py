"""What somebody may invite into (the choices that /invite offers), and the picture of a link."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage import letters
from storage.chats import Chat
from storage.identity import Actor
from storage.people import Role, Team
from storage.places import Level, Region
from storage.scope import led_teams, within


def roles(actor: Actor) -> tuple[Role, ...]:
    """Roles that one may give in the chat; officers come by the roster, because they need a department."""
    if actor.regions(Role.ADMIN):
        return (Role.MEMBER, Role.LEADER, Role.SUPERVISOR, Role.ADMIN)
    return (Role.MEMBER, Role.LEADER) if actor.has(Role.LEADER) else ()


def teams(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the teams one may invite into, by name."""
    mine = select(Team).where(led_teams(actor), col(Team.ended_at).is_(None)).order_by(Team.name)
    return [(str(team.id), team.name) for team in session.exec(mine)]


def territories(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the counties and towns one administers, by code."""
    mine = select(Region.code, Region.name).where(
        within(Region.code, actor.regions(Role.ADMIN)), col(Region.level).in_((Level.COUNTY, Level.TOWN))
    )
    return [(code, name) for code, name in session.exec(mine.order_by(Region.code))]


def send_picture(session: Session, chat_id: int, sha: str, caption: str, *, key: str, now: datetime) -> None:
    """A letter with a kept picture; once for a key."""
    payload = {"photo": {"$file": sha, "name": "invitation.png"}, "caption": caption}
    letters.say(session, session.get_one(Chat, chat_id), "sendPhoto", payload, now=now, key=key)
