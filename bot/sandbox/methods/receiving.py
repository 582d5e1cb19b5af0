"""getMe, and the two ways of receiving."""

from __future__ import annotations

from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError
from bot.sandbox.model import Json
from bot.sandbox.shapes import bot_user

MOST_UPDATES = 100
LONGEST_POLL = 50.0
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
SET_WEBHOOK = "Conflict: terminated by setWebhook request"


async def get_me(call: Call) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return bot_user(call.bot) | abilities


def allow(call: Call) -> None:
    allowed = call.json("allowed_updates")
    if isinstance(allowed, list):
        call.bot.allowed = [str(kind) for kind in allowed]


async def get_updates(call: Call) -> list[Json]:
    """Long poll; of two pollers the later one wins and the earlier is told 409."""
    bot, queue = call.bot, call.bot.queue
    if bot.webhook.get("url"):
        raise ApiError(409, WEBHOOK_ACTIVE)
    allow(call)
    queue.pollers += 1
    mine = queue.pollers
    call.world.signals.ring(f"queue {bot.id}")
    queue.confirm(call.integer("offset"))
    limit = call.integer("limit") or MOST_UPDATES
    limit = limit if 1 <= limit <= MOST_UPDATES else MOST_UPDATES

    def look() -> list[Json]:
        if bot.webhook.get("url"):
            raise ApiError(409, SET_WEBHOOK)
        if queue.pollers != mine:
            raise ApiError(409, OTHER_POLLER)
        return queue.take(limit)

    timeout = min(float(call.integer("timeout")), LONGEST_POLL)
    return await call.world.signals.poll(f"queue {bot.id}", look, timeout)


async def close(call: Call) -> bool:
    """Accepted and ignored: closing a bot here would end somebody's demo."""
    call.warnings.append(f"{call.method} does nothing in the sandbox")
    return True


METHODS: dict[str, Any] = {"getMe": get_me, "getUpdates": get_updates, "close": close, "logOut": close}
