"""setWebhook, deleteWebhook, getWebhookInfo."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.methods.receiving import allow
from bot.sandbox.model import Json

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


async def set_webhook(call: Call) -> bool:
    """Plain http is taken for loopback only; Telegram wants https always."""
    url = call.text("url").strip()
    if not url:
        return await delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not _SECRET.fullmatch(call.text("secret_token")):
        raise bad("secret token contains unallowed characters")
    allow(call)
    _drop(call)
    most = call.integer("max_connections") or 40
    call.bot.webhook = {"url": url, "max_connections": most, "secret_token": call.text("secret_token")}
    _changed(call)
    return True


async def delete_webhook(call: Call) -> bool:
    _drop(call)
    call.bot.webhook = {}
    _changed(call)
    return True


def _drop(call: Call) -> None:
    if call.flag("drop_pending_updates"):
        call.bot.queue.items.clear()


def _changed(call: Call) -> None:
    call.world.touch()
    call.world.signals.ring(f"queue {call.bot.id}")
    call.world.signals.ring("hooks")


async def get_webhook_info(call: Call) -> Json:
    shown = {key: value for key, value in call.bot.webhook.items() if key != "secret_token"}
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(call.bot.queue)}
    allowed = {"allowed_updates": call.bot.allowed} if call.bot.allowed else {}
    return info | shown | allowed


METHODS: dict[str, Any] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
