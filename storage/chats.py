"""Chats as rows of ours, so that letters, cards and bindings survive a change of Telegram's id."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from storage.db import Utc, by_value, one


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Chat(SQLModel, table=True):
    """A private chat, a group, or one topic of a forum, as one bot sees it. `topic` 0 means none."""

    __table_args__ = (UniqueConstraint("bot", "telegram_id", "topic"),)

    id: int | None = Field(default=None, primary_key=True)
    bot: int = Field(sa_type=BigInteger)
    telegram_id: int = Field(sa_type=BigInteger, index=True)
    topic: int = 0
    kind: ChatKind = Field(default=ChatKind.PRIVATE, sa_type=by_value(ChatKind))
    title: str = ""
    """Groups only: a private chat's title would be a person's name."""
    region: str | None = Field(default=None, index=True)
    """Code of the region whose managing group this is, when bound."""
    bound_at: datetime | None = Field(default=None, sa_type=Utc)
    """Weeks that closed earlier are not announced to it."""
    unreachable_since: datetime | None = Field(default=None, sa_type=Utc)
    not_before: datetime | None = Field(default=None, sa_type=Utc)
    """Telegram's own wish after a 429: nothing is sent to this chat earlier."""

    @property
    def private(self) -> bool:
        return self.kind == ChatKind.PRIVATE


_FIND = select(Chat).where(
    Chat.bot == bindparam("of_bot"),
    Chat.telegram_id == bindparam("number"),
    Chat.topic == bindparam("in_topic"),
)


def chat_of(
    session: Session,
    bot: int,
    telegram_id: int,
    topic: int = 0,
    kind: ChatKind = ChatKind.PRIVATE,
    title: str = "",
) -> Chat:
    """The row of that chat, made when it is new; a group's new title is taken over."""
    chat = find_chat(session, bot, telegram_id, topic)
    if chat is None:
        chat = Chat(bot=bot, telegram_id=telegram_id, topic=topic, kind=kind, title=title)
        session.add(chat)
        session.flush()
    elif not chat.private and title and chat.title != title:
        chat.title = title
    return chat


def find_chat(session: Session, bot: int, telegram_id: int, topic: int = 0) -> Chat | None:
    return one(session, Chat, _FIND, of_bot=bot, number=telegram_id, in_topic=topic)


def groups(session: Session, region: str | None = None) -> list[Chat]:
    """Chats bound to a region (to that one, when given), oldest first."""
    bound = select(Chat).where(col(Chat.region).is_not(None)).order_by(col(Chat.id))
    return list(session.exec(bound if region is None else bound.where(Chat.region == region)))
