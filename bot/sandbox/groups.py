"""What happens in groups besides talk: joining, leaving, administrators, topics, the upgrade."""

from __future__ import annotations

from bot.sandbox import acts, shapes
from bot.sandbox.model import Chat, Json, Message
from bot.sandbox.world import World

FIRST_TOPIC = 2  # 1 is "General"


def service(world: World, chat: Chat, by: int, what: Json) -> Message:
    """A service message, which every bot in the group gets."""
    said = world.add_message(chat, by, service=what)
    acts.tell(world, chat, said, "message")
    return said


def status(chat: Chat, who: int) -> str:
    if who not in chat.members:
        return "left"
    if who in chat.admins:
        return "creator" if who == chat.admins[0] else "administrator"
    return "member"


def join(world: World, chat: Chat, by: int, who: int) -> None:
    """Somebody comes in; a bot is told of itself first, then of the service message."""
    before = status(chat, who)
    chat.members.append(who)
    tell_member(world, chat, by, who, before)
    service(world, chat, by, {"new_chat_members": [who]})


def leave(world: World, chat: Chat, by: int, who: int) -> None:
    before = status(chat, who)
    chat.members.remove(who)
    chat.former.append(who)
    chat.admins = [admin for admin in chat.admins if admin != who]
    tell_member(world, chat, by, who, before)
    service(world, chat, by, {"left_chat_member": who})


def promote(world: World, chat: Chat, who: int, admin: bool) -> None:
    before = status(chat, who)
    chat.admins = [one for one in chat.admins if one != who] + ([who] if admin else [])
    tell_member(world, chat, next(iter(chat.admins), who), who, before)


def tell_member(world: World, chat: Chat, by: int, who: int, before: str) -> None:
    """my_chat_member to a bot about itself; chat_member about others to bots that are administrators."""
    world.touch()
    after = status(chat, who)
    if before == after:
        return
    if who in world.bots:
        gone = "kicked" if after == "left" and by != who else after
        acts.member_changed(world, chat, world.bots[who], by, (before, gone))
        return
    body: Json = {"chat": shapes.chat(world, chat), "from": shapes.anyone(world, by)}
    body |= {"date": int(world.clock.now())}
    for key, state in (("old_chat_member", before), ("new_chat_member", after)):
        body[key] = acts.member_state(shapes.anyone(world, who), state)
    for bot in world.bots_of(chat):
        if bot.id in chat.admins:
            world.emit(bot, "chat_member", body, str(chat.id))


def add_topic(world: World, chat: Chat, by: int, name: str) -> int:
    topic = max([FIRST_TOPIC - 1, chat.last_message_id, *chat.topics]) + 1
    chat.last_message_id = topic - 1
    chat.topics[topic] = name
    world.add_message(
        chat, by, topic=topic, service={"forum_topic_created": {"name": name, "icon_color": 7322096}}
    )
    return topic


def upgrade(world: World, chat: Chat) -> Chat:
    """The old group stays as a pointer; bots are told in both."""
    by = next(iter(chat.admins), chat.members[0])
    new = world.add_group(chat.title, list(chat.members), forum=False, supergroup=True)
    new.privacy, new.admins = chat.privacy, list(chat.admins)
    service(world, chat, by, {"migrate_to_chat_id": new.id})
    service(world, new, by, {"migrate_from_chat_id": chat.id})
    chat.upgraded_to = new.id
    return new
