"""A bot's commands, descriptions and menu button."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.model import Json

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def scope_key(call: Call) -> str:
    """One word for a scope and language, such as "default", "chat:1001" or "chat:1001 zh"."""
    scope = call.json("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in ("chat", "chat_administrators", "chat_member"):
        _check_scope_chat(call, scope)
        kind = ":".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)
    elif kind not in _SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    return f"{kind} {call.text('language_code')}".strip()


def _check_scope_chat(call: Call, scope: Json) -> None:
    try:
        number = int(scope["chat_id"])
    except (KeyError, TypeError, ValueError):
        raise bad("chat_id is empty") from None
    if call.world.find_chat(call.bot.id, number) is None:
        raise bad("chat not found")


async def set_my_commands(call: Call) -> bool:
    given = call.json("commands")
    if not isinstance(given, list):
        raise bad("can't parse commands list JSON object")
    if len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in given:
        _check_command(command)
    shown = [{key: one[key] for key in ("command", "description")} for one in given]
    call.bot.commands[scope_key(call)] = shown
    call.world.touch()
    return True


def _check_command(command: object) -> None:
    if not isinstance(command, dict):
        raise bad("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    if not _COMMAND.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    command["command"] = name


async def get_my_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(scope_key(call), [])


async def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop(scope_key(call), None)
    call.world.touch()
    return True


async def set_chat_menu_button(call: Call) -> bool:
    button = call.json("menu_button") or {"type": "default"}
    if call.integer("chat_id"):
        call.chat().menu_button = button
    else:
        call.bot.menu_button = button
    return True


async def get_chat_menu_button(call: Call) -> Json:
    own = call.chat().menu_button if call.integer("chat_id") else None
    return own or call.bot.menu_button


Setter = Callable[[Call], Awaitable[Any]]


def _setter(field: str) -> Setter:
    async def set_text(call: Call) -> bool:
        if len(call.text(field)) > _TEXT_LIMITS[field]:
            raise bad(f"BOT_{field.upper()}_TOO_LONG")
        call.bot.texts[f"{field} {call.text('language_code')}".strip()] = call.text(field)
        return True

    return set_text


def _getter(field: str) -> Setter:
    async def get_text(call: Call) -> Json:
        key = f"{field} {call.text('language_code')}".strip()
        default = call.bot.name if field == "name" else ""
        return {field: call.bot.texts.get(key, call.bot.texts.get(field, default))}

    return get_text


async def set_rights(call: Call) -> bool:
    call.bot.texts["rights"] = json.dumps(call.json("rights") or {})
    return True


METHODS: dict[str, Any] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "setMyDefaultAdministratorRights": set_rights,
}
