"""The methods a bot can call, a file for each family; every one is `async (Call) -> result` or ApiError."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.methods import albums, chats, editing, files, hooks, menus, receiving, sending

Method = Callable[[Call], Awaitable[Any]]

_FAMILIES = (receiving, hooks, sending, albums, editing, files, chats, menus)
METHODS: dict[str, Method] = {name: method for family in _FAMILIES for name, method in family.METHODS.items()}
BY_LOWER_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
