"""Who hears a weekly summary: the groups bound to a region, and each team's leader in private."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage import chats
from storage.chats import Chat
from storage.duties import private_chats
from storage.people import Posting, Role, Team
from storage.postings import active_at, of_team
from storage.summaries import Scope, WeeklySummary


@dataclass(frozen=True)
class Reader:
    """A chat that hears the summary, in its language. `private`: teams may be named there."""

    chat: Chat
    language: str = "zh"
    private: bool = False


def scopes(session: Session, now: datetime) -> dict[Scope, datetime | None]:
    """Every scope that somebody hears of, with when its first reader came (None: long ago)."""
    found: dict[Scope, datetime | None] = {}
    for chat in chats.groups(session):
        if chat.region is not None:
            _first(found, Scope(chat.region), chat.bound_at)
    for team, since in _led(session, now):
        _first(found, Scope(team.region, team.id), since)
    return found


def _first(found: dict[Scope, datetime | None], scope: Scope, since: datetime | None) -> None:
    if scope not in found:
        found[scope] = since
    elif found[scope] is not None:
        found[scope] = min(since, found[scope] or since) if since else None


def _led(session: Session, now: datetime) -> list[tuple[Team, datetime]]:
    led = (
        select(Team, Posting.starts_at)
        .join(Posting, col(Posting.team_id) == Team.id)
        .where(Posting.role == Role.LEADER, active_at(now), col(Team.ended_at).is_(None))
        .order_by(col(Team.id))
    )
    return list(session.exec(led))


def readers(session: Session, scope: Scope, closed_at: datetime, now: datetime) -> list[Reader]:
    """Who hears the week that closed then; who came later does not."""
    if scope.team is None:
        bound = chats.groups(session, scope.region)
        return [Reader(chat) for chat in bound if chat.bound_at is None or chat.bound_at < closed_at]
    leaders = [one for one in of_team(session, scope.team, now, Role.LEADER) if one.starts_at < closed_at]
    found = private_chats(session, [one.person_id for one in leaders]).values()
    return [Reader(chat, person.language, private=True) for person, chat in found]


def asking(session: Session, chat_id: int, language: str) -> Reader:
    """The chat (our own number) where somebody asked."""
    chat = session.get_one(Chat, chat_id)
    return Reader(chat, language, chat.private)


def latest(session: Session) -> dict[str, tuple[str, datetime]]:
    """The last week that was summed up, and when it closed, by scope."""
    rows = session.exec(
        select(WeeklySummary.scope, WeeklySummary.week, WeeklySummary.window_end).order_by(
            col(WeeklySummary.window_end)
        )
    )
    return {scope: (week, end) for scope, week, end in rows}
