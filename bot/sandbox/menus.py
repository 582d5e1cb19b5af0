"""Which of a bot's command lists a person sees in a chat."""

from __future__ import annotations

from bot.sandbox.model import Bot, Chat, Json, User


def scopes(chat: Chat, person: User) -> list[str]:
    """Scope keys from the narrowest to the default one."""
    admin = person.id in chat.admins
    found = [f"chat_member:{chat.id}:{person.id}"]
    found += [f"chat_administrators:{chat.id}"] if admin else []
    found.append(f"chat:{chat.id}")
    if chat.private:
        return [*found, "all_private_chats", "default"]
    return [*found, *(["all_chat_administrators"] if admin else []), "all_group_chats", "default"]


def offered(bot: Bot, chat: Chat, person: User) -> list[Json]:
    """In each scope the list in the person's language goes before the one for everybody."""
    for scope in scopes(chat, person):
        for key in (f"{scope} {person.language[:2]}", scope):
            if bot.commands.get(key):
                return bot.commands[key]
    return []
