"""Who is acting: a person with the postings that are active now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, select

from storage.chats import Chat, ChatKind, find_chat
from storage.db import Utc, run
from storage.people import Person, Posting, Role
from storage.postings import active_at
from storage.sealing import open_text


@dataclass(frozen=True)
class Post:
    """One active posting: members and leaders have a team, the others a region (None: everywhere)."""

    role: Role
    team_id: int | None
    region: str | None
    department: str | None


@dataclass(frozen=True)
class Actor:
    """Somebody posted. `name` is opened; `villages` are those of own teams, the default one first."""

    person_id: int
    uid: str
    name: str
    language: str
    default_village: str | None
    posts: tuple[Post, ...]
    villages: tuple[str, ...]

    @property
    def team_id(self) -> int | None:
        return next(iter(self.teams()), None)

    def has(self, *roles: Role) -> bool:
        return any(post.role in roles for post in self.posts)

    def teams(self, *roles: Role) -> tuple[int, ...]:
        """Own teams, of those roles only when some are given."""
        mine = (post.team_id for post in self.posts if not roles or post.role in roles)
        return tuple(dict.fromkeys(team for team in mine if team is not None))

    def regions(self, *roles: Role) -> tuple[str, ...]:
        """Territories of supervisor and administrator postings (of those roles only when some are given);
        "" is everywhere: the administrator of the whole installation."""
        ruling = roles or (Role.SUPERVISOR, Role.ADMIN)
        return tuple(post.region or "" for post in self.posts if post.team_id is None and post.role in ruling)


_PEOPLE, _POSTS, _SERVED = (SQLModel.metadata.tables[name].c for name in ("person", "posting", "teamvillage"))
_POSTED = (
    columns(
        _PEOPLE.id, _PEOPLE.uid, _PEOPLE.name, _PEOPLE.language, _PEOPLE.default_village,
        _POSTS.id.label("post"), _POSTS.role, _POSTS.team_id, _POSTS.region, _POSTS.department, _SERVED.village,
    )
    .join_from(_PEOPLE.id.table, _POSTS.id.table, _POSTS.person_id == _PEOPLE.id)
    .outerjoin(_SERVED.team_id.table, _SERVED.team_id == _POSTS.team_id)
    .where(active_at(bindparam("now", type_=Utc)))
    .order_by(_POSTS.id)
)  # fmt: skip
_BY_ACCOUNT = _POSTED.where(_PEOPLE.telegram_id == bindparam("number"))
_BY_ID = _POSTED.where(_PEOPLE.id == bindparam("number"))


def actor_of(session: Session, telegram_id: int, now: datetime) -> Actor | None:
    """The actor of a Telegram account; None for a stranger: nobody, or without an active posting."""
    return _actor(session, _BY_ACCOUNT, telegram_id, now)


def actor(session: Session, person_id: int, now: datetime) -> Actor | None:
    """The same by our own id."""
    return _actor(session, _BY_ID, person_id, now)


def of_chat(session: Session, chat_id: int, now: datetime) -> tuple[int, Actor | None]:
    """The Telegram account of a private chat of ours, and its actor."""
    telegram_id = session.get_one(Chat, chat_id).telegram_id
    return telegram_id, actor_of(session, telegram_id, now)


def _actor(session: Session, who: Select[Any], number: int, now: datetime) -> Actor | None:
    """Each update asks this, so it is one Core statement; postings changed in this session are flushed first."""
    session.flush()
    posted = run(session, who, number=number, now=now).all()
    if not posted:
        return None
    one = posted[0]
    return Actor(
        person_id=one.id,
        uid=one.uid,
        name=open_text(session, "person.name", one.uid, one.name),
        language=one.language,
        default_village=one.default_village,
        posts=tuple(
            {row.post: Post(row.role, row.team_id, row.region, row.department) for row in posted}.values()
        ),
        villages=_villages(posted, one.default_village),
    )


def _villages(posted: Sequence[Any], first: str | None) -> tuple[str, ...]:
    served = {row.village for row in posted if row.village is not None}
    # The default village leads the list; the others keep the order of their codes.
    return tuple(sorted(served, key=lambda code: (code != first, code)))


def private_chat(session: Session, bot: int, person_id: int) -> Chat | None:
    """The chat of a person with that bot; None before they ever wrote to it."""
    person = session.get(Person, person_id)
    if person is None or person.telegram_id is None:
        return None
    return find_chat(session, bot, person.telegram_id)


def administrators(session: Session, bot: int, now: datetime) -> list[tuple[Person, Chat]]:
    """Administrators whom that bot can write to, with their private chats."""
    posted = select(Posting.person_id).where(Posting.role == Role.ADMIN, active_at(now))
    found = (
        select(Person, Chat)
        .join(Chat, col(Chat.telegram_id) == col(Person.telegram_id))
        .where(Chat.bot == bot, Chat.kind == ChatKind.PRIVATE, col(Person.id).in_(posted))
        .order_by(col(Person.id))
    )
    return [(person, chat) for person, chat in session.exec(found)]
