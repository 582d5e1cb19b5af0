"""The methods a bot can call, a file for each family; every one is `async (Call) -> result` or ApiError."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.methods import editing, receiving, sending

Method = Callable[[Call], Awaitable[Any]]

METHODS: dict[str, Method] = {**receiving.METHODS, **sending.METHODS, **editing.METHODS}
BY_LOWER_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
