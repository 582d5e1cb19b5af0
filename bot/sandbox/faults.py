"""Misbehaviour on request: answers that fail, come late, or never, before or after the effect."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.errors import ApiError, too_many

OF_UPDATES = ("twice", "late")
KINDS = ("429", "500", "502", "reset", "timeout", "slow", "400", "403", "401", *OF_UPDATES)
HANG_SECONDS = 600.0
SLOW_SECONDS = 2.0
DOWNLOAD = "file"  # the name under which downloads are meant
UPDATE = "update"  # that of what waits for a bot: given out twice, or late under a later number
_DEFAULTS = {
    "500": "Internal Server Error",
    "400": "Bad Request: chat not found",
    "403": "Forbidden: bot was blocked by the user",
    "401": "Unauthorized",
}


@dataclass
class Fault:
    """`count` how many times (0: always), `share` of the calls, `method` "*" means every one; `seconds` how slow,
    how long until an answer is lost, how late."""

    method: str
    kind: str
    retry_after: int = 1
    seconds: float | None = None
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
        """The fault this call meets, counted down. One lot decides, so that each has the share it was given."""
        lot = secrets.randbelow(1_000_000) / 1_000_000
        for fault in self.active:
            if _meant(fault, method) and fault.chat in (None, _number(chat)):
                if lot < fault.share:
                    return self._counted(fault)
                lot -= fault.share
        return None

    def _counted(self, fault: Fault) -> Fault:
        if fault.count:
            fault.count -= 1
            if not fault.count:
                self.active.remove(fault)
        return fault


def _meant(fault: Fault, method: str) -> bool:
    if (method == UPDATE) != (fault.kind in OF_UPDATES):
        return False
    return fault.method in ("*", UPDATE) or fault.method.lower() == method.lower()


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
        await asyncio.sleep(SLOW_SECONDS if fault.seconds is None else fault.seconds)
        return None
    if fault.kind == "502":
        return web.Response(
            status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html"
        )
    if fault.kind == "timeout":
        await asyncio.sleep(HANG_SECONDS if fault.seconds is None else fault.seconds)
    if fault.kind in ("reset", "timeout"):
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
    raise error(fault)
