"""Misbehaviour on request: answers that fail, come late, or never, before or after the effect."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.errors import ApiError, too_many

KINDS = ("429", "500", "502", "reset", "timeout", "slow", "400", "403", "401")
HANG_SECONDS = 600.0
SLOW_SECONDS = 2.0
DOWNLOAD = "file"  # the name under which downloads are meant
_DEFAULTS = {
    "500": "Internal Server Error",
    "400": "Bad Request: chat not found",
    "403": "Forbidden: bot was blocked by the user",
    "401": "Unauthorized",
}


@dataclass
class Fault:
    """`count` how many times (0: always), `share` of the calls, `method` "*" means every one."""

    method: str
    kind: str
    retry_after: int = 1
    seconds: float = SLOW_SECONDS
    description: str = ""
    count: int = 0
    share: float = 1.0
    after_effect: bool = False
    chat: int | None = None


class Faults:
    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, wish: dict[str, Any]) -> Fault:
        """ValueError when the wish names no such fault."""
        fault = Fault(str(wish.get("method", "*")), str(wish["kind"]))
        if fault.kind not in KINDS:
            raise ValueError("kind: " + "|".join(KINDS))
        for name, make in (("retry_after", int), ("seconds", float), ("count", int), ("share", float)):
            if wish.get(name) is not None:
                setattr(fault, name, make(wish[name]))
        fault.description = str(wish.get("description") or "")
        fault.after_effect = bool(wish.get("after_effect"))
        fault.chat = int(wish["chat"]) if wish.get("chat") is not None else None
        self.active.append(fault)
        return fault

    def draw(self, method: str, chat: str) -> Fault | None:
        """The fault this call meets, counted down."""
        for fault in self.active:
            named = fault.method == "*" or fault.method.lower() == method.lower()
            if named and fault.chat in (None, _number(chat)) and _chance(fault.share):
                if fault.count:
                    fault.count -= 1
                    if not fault.count:
                        self.active.remove(fault)
                return fault
        return None


def _chance(share: float) -> bool:
    return secrets.randbelow(1_000_000) < share * 1_000_000


def _number(chat: str) -> int | None:
    return int(chat) if chat.lstrip("-").isdigit() else None


def error(fault: Fault) -> ApiError:
    if fault.kind == "429":
        return too_many(fault.retry_after)
    return ApiError(int(fault.kind), fault.description or _DEFAULTS[fault.kind])


async def strike(request: web.Request, fault: Fault) -> web.Response | None:
    """What the caller gets instead of the answer; None for a slow one, whose answer still comes.

    A 502 is a proxy's page, not JSON; ApiError for what the Bot API itself would say.
    """
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind == "502":
        return web.Response(
            status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html"
        )
    if fault.kind == "timeout":
        await asyncio.sleep(HANG_SECONDS)
    if fault.kind in ("reset", "timeout"):
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
    raise error(fault)
