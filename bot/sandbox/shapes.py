"""Bot API objects as JSON: what a bot gets to see of users, chats and messages."""

from __future__ import annotations

from bot.sandbox.files import file_id, unique_id
from bot.sandbox.model import Bot, Chat, Json, Message, StoredFile, User
from bot.sandbox.world import World


def user(person: User) -> Json:
    shape: Json = {"id": person.id, "is_bot": False, "first_name": person.name}
    if person.username:
        shape["username"] = person.username
    return shape | {"language_code": person.language}


def bot_user(bot: Bot) -> Json:
    return {"id": bot.id, "is_bot": True, "first_name": bot.name, "username": bot.username}


def anyone(world: World, user_id: int) -> Json:
    if user_id in world.bots:
        return bot_user(world.bots[user_id])
    return user(world.users[user_id])


def chat(world: World, place: Chat) -> Json:
    if place.private:
        person = world.users[place.id]
        shape: Json = {"id": place.id, "type": "private", "first_name": person.name}
        return shape | ({"username": person.username} if person.username else {})
    shape = {"id": place.id, "type": place.type, "title": place.title}
    return shape | ({"is_forum": True} if place.forum else {})


def photo_size(file: StoredFile, bot_id: int) -> Json:
    return _file(file, bot_id) | {"width": file.width, "height": file.height}


def document(file: StoredFile, bot_id: int) -> Json:
    return _file(file, bot_id) | {"file_name": file.name, "mime_type": file.mime}


def _file(file: StoredFile, bot_id: int) -> Json:
    return {"file_id": file_id(file, bot_id), "file_unique_id": unique_id(file), "file_size": file.size}


def message(world: World, place: Chat, said: Message, bot_id: int, deep: bool = True) -> Json:
    """`deep` adds the message replied to, one level only, as Telegram does."""
    shape: Json = {"message_id": said.message_id, "from": anyone(world, said.sender)}
    shape |= {"chat": chat(world, place), "date": said.date}
    if said.topic:
        shape |= {"message_thread_id": said.topic, "is_topic_message": True}
    shape |= _words(said) | _content(world, said, bot_id)
    if said.service:
        shape |= _service(world, place, said.service, bot_id)
    if deep and (answered := world.message(place, said.reply_to)):
        shape["reply_to_message"] = message(world, place, answered, bot_id, deep=False)
    return shape | _marks(said)


def _words(said: Message) -> Json:
    shape: Json = {}
    for key, entities in (("text", "entities"), ("caption", "caption_entities")):
        words = getattr(said, key)
        if words is not None:
            shape[key] = words
            if said.entities:
                shape[entities] = said.entities
    return shape


def _content(world: World, said: Message, bot_id: int) -> Json:
    shape: Json = {}
    if said.photo:
        shape["photo"] = [photo_size(world.files.known[n], bot_id) for n in said.photo]
    if said.document:
        shape["document"] = document(world.files.known[said.document], bot_id)
    if said.location:
        shape["location"] = said.location
    if said.contact:
        shape["contact"] = said.contact
    if said.sticker:
        shape["sticker"] = _STICKER
    return shape


_STICKER: Json = {
    "file_id": "CAACAgUAAxkBsticker",
    "file_unique_id": "AgADsticker",
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "emoji": "👍",
}


def _service(world: World, place: Chat, service: Json, bot_id: int) -> Json:
    """People and messages are kept as numbers and shown whole."""
    shape = dict(service)
    if "new_chat_members" in shape:
        shape["new_chat_members"] = [anyone(world, member) for member in shape["new_chat_members"]]
    if "left_chat_member" in shape:
        shape["left_chat_member"] = anyone(world, shape["left_chat_member"])
    pinned = shape.pop("pinned_message", None)
    if pinned is not None and pinned in place.messages:
        shape["pinned_message"] = message(world, place, place.messages[pinned], bot_id, deep=False)
    return shape


def _marks(said: Message) -> Json:
    shape: Json = {}
    if said.media_group_id:
        shape["media_group_id"] = said.media_group_id
    if said.edited:
        shape["edit_date"] = said.edited
    if said.forward:
        origin = {"type": "hidden_user", "sender_user_name": "转发来源", "date": said.date}
        shape["forward_origin"] = origin
    if said.keyboard:
        shape["reply_markup"] = {"inline_keyboard": said.keyboard}
    return shape
