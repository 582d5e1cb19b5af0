"""The world as the page and the tests see it: JSON of the control side."""

from __future__ import annotations

from bisect import bisect_right

from bot.sandbox.files import file_id
from bot.sandbox.model import Chat, Json, Message
from bot.sandbox.render import safe_html
from bot.sandbox.shapes import anyone
from bot.sandbox.world import World


def state(world: World) -> Json:
    bots = [{"id": b.id, "username": b.username, "commands": b.commands} for b in world.bots.values()]
    users = [vars(person) for person in world.users.values()]
    chats = [chat(place) for place in world.chats.values()]
    return {
        "change": world.change,
        "clock": world.clock.view(),
        "bots": bots,
        "users": users,
        "chats": chats,
    }


def chat(place: Chat) -> Json:
    shape: Json = {"id": place.id, "type": place.type, "title": place.title, "forum": place.forum}
    shape["topics"] = [{"id": number, "name": name} for number, name in place.topics.items()]
    shape |= {"members": place.members, "admins": place.admins, "pinned": place.pinned}
    shape |= {"upgraded_to": place.upgraded_to, "privacy": place.privacy}
    if place.private:
        shape |= {"bot_id": place.bot_id, "user_id": place.id}
        shape |= {"started": place.started, "blocked": place.blocked}
    return shape


def messages(world: World, place: Chat | None, topic: int | None, after: int) -> list[Json]:
    """What changed after a change number, oldest change first; a chat of None means all chats."""
    if place is None:
        log = world.log[bisect_right(world.log, after, key=lambda entry: entry[0]) :]
        pairs = [(number, world.chats[key], message_id) for number, key, message_id in log]
    else:
        start = bisect_right(place.log, after, key=lambda entry: entry[0])
        pairs = [(number, place, message_id) for number, message_id in place.log[start:]]
    said = ((number, where, where.messages[message_id]) for number, where, message_id in pairs)
    return [
        message(world, where, one)
        for number, where, one in said
        if one.change == number and (topic is None or one.topic == topic)
    ]


def message(world: World, place: Chat, said: Message) -> Json:
    shape: Json = {
        "message_id": said.message_id,
        "change": said.change,
        "chat": place.id,
        "bot": place.bot_id,
    }
    if said.deleted:
        return shape | {"deleted": True}
    sender = anyone(world, said.sender)
    shape |= {"date": said.date, "edited": bool(said.edited), "topic": said.topic, "forward": said.forward}
    shape["from"] = {"id": said.sender, "name": sender["first_name"], "bot": sender["is_bot"]}
    words = said.caption if said.text is None else said.text
    if words is not None:
        shape["caption" if said.text is None else "text"] = words
        shape |= {"entities": said.entities, "html": safe_html(words, said.entities)}
    if said.first is not None:
        shape["first"] = said.first
    return shape | _content(world, place, said) | _extras(world, said)


def _content(world: World, place: Chat, said: Message) -> Json:
    shape: Json = {}
    bot_id = place.bot_id or 0
    if said.photo:
        file = world.files.known[said.photo[-1]]
        shape["photo"] = {"file_id": file_id(file, bot_id or 1), "width": file.width, "height": file.height}
        shape["photo"]["url"] = f"/sandbox/file?id={shape['photo']['file_id']}"
    if said.document:
        file = world.files.known[said.document]
        url = f"/sandbox/file?id={file_id(file, bot_id or 1)}"
        shape["document"] = {"name": file.name, "size": file.size, "mime": file.mime, "url": url}
    return shape


def _extras(world: World, said: Message) -> Json:
    shape: Json = {}
    for key in ("media_group_id", "location", "contact", "sticker", "reply_to", "reactions"):
        if getattr(said, key):
            shape[key] = getattr(said, key)
    if said.keyboard:
        shape["keyboard"] = [[_button(button) for button in row] for row in said.keyboard]
    if said.reply_markup is not None:
        shape["reply_keyboard"] = said.reply_markup
    if said.service:
        shape["service"] = service_line(world, said.service)
    return shape


def _button(button: Json) -> Json:
    shape = {"text": button["text"]}
    if "callback_data" in button:
        shape["data"] = button["callback_data"]
    return shape | {key: button[key] for key in ("url", "request_location") if key in button}


def service_line(world: World, service: Json) -> str:
    """One line of grey text in the chat."""
    if "new_chat_members" in service:
        names = [anyone(world, member)["first_name"] for member in service["new_chat_members"]]
        return "、".join(names) + " 进群"
    if "left_chat_member" in service:
        return str(anyone(world, service["left_chat_member"])["first_name"]) + " 退群"
    if "migrate_to_chat_id" in service:
        return "本群已升级为超级群"
    lines = {
        "group_chat_created": "群已建立",
        "supergroup_chat_created": "群已建立",
        "migrate_from_chat_id": "由普通群升级而来",
        "forum_topic_created": "话题已建立",
        "pinned_message": "置顶了一条消息",
    }
    return next((line for key, line in lines.items() if key in service), "群消息")
