"""Managing groups: chats (or forum topics) bound to a region, which hear its digests and summaries."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage import chats, county, journal, slots
from storage.chats import Chat, ChatKind
from storage.identity import Actor
from storage.places import Level, Region, children, region
from storage.refusals import NotYours, Refusal
from storage.scope import manages
from storage.texts import _


def bind(session: Session, chat: Chat, code: str, actor: Actor | None, now: datetime) -> Region:
    """Make a group (or topic) the managing group of a region. Weeks that closed earlier are not announced
    to it. `actor` None is the command line. Raises Refusal (a private chat), NotYours (another territory)."""
    if chat.private:
        raise Refusal(_("请在管理组的群里发送 绑定，这里是私聊。"))
    found = region(session, code)
    if found is None:
        raise Refusal(_("没有这个区域代码，请先导入区划或检查代码。"))
    if actor is not None and not manages(actor, code):
        raise NotYours
    if chat.region != code:
        chat.region, chat.bound_at = code, now
        _write(session, chat, "group.bind", actor, now)
    return found


def unbind(session: Session, chat: Chat, actor: Actor | None, now: datetime) -> None:
    """The group hears nothing of its region any more. Raises NotYours outside the territory."""
    if chat.region is None:
        raise Refusal(_("本群没有绑定区域，需要的话请发送 /bind。"))
    if actor is not None and not manages(actor, chat.region):
        raise NotYours
    _write(session, chat, "group.unbind", actor, now)
    chat.region = chat.bound_at = None


def _write(session: Session, chat: Chat, action: str, actor: Actor | None, now: datetime) -> None:
    by = actor.person_id if actor else None
    journal.write(session, by, action, f"chat:{chat.id}", now, region=chat.region)


def to_choose(session: Session, actor: Actor, inside: str | None) -> list[Region]:
    """Regions to offer for binding: the own territories, or what lies directly below `inside`."""
    if inside is not None:
        return [one for one in children(session, inside) if manages(actor, one.code)]
    found = {code: region(session, code) for code in actor.regions() if code}
    mine = [one for one in found.values() if one is not None]
    return _counties(session) if "" in actor.regions() else mine


def _counties(session: Session) -> list[Region]:
    counties = select(Region).where(Region.level == Level.COUNTY).order_by(Region.code)
    return list(session.exec(counties))


def find(session: Session, telegram_id: int, topic: int) -> Chat | None:
    """The row of a group by Telegram's id, whichever bot knows it."""
    return session.exec(
        select(Chat)
        .where(Chat.telegram_id == telegram_id, Chat.topic == topic, Chat.kind != ChatKind.PRIVATE)
        .order_by(col(Chat.id))
    ).first()


def known(session: Session, bot: int, telegram_id: int, topic: int) -> Chat:
    """The row of a group, made when the bot has not yet heard from it (the command line may be first)."""
    return find(session, telegram_id, topic) or chats.chat_of(
        session, bot, telegram_id, topic, ChatKind.SUPERGROUP
    )


def topics(session: Session, bot: int, telegram_id: int) -> list[Chat]:
    """All rows of one group: the group itself and its topics."""
    return list(session.exec(select(Chat).where(Chat.bot == bot, Chat.telegram_id == telegram_id)))


def may_refuse(session: Session, chat: Chat, telegram_id: int, now: datetime) -> bool:
    """Whether somebody unknown is told so in this group: once a day and person, lest they make us talk."""
    day = county.today(session, now)
    return slots.take(session, "stranger", f"{day}:{chat.id}:{telegram_id}", now)
