"""What comes in.

Conversations: short translators from chat to storage, and the rendering of forms as cards.
A handler never waits and never sends: what it says is written down as cards and letters.
May import storage and reports. No SQL, no rules.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiogram import Router

ORDER = (
    "start", "joining", "inviting", "groups", "weekly", "query", "exporting", "record", "looking", "photo_copies",
    "week_draft", "leave", "diary", "owe", "burden", "policy_mode", "suggesting", "signing_in",
    "casework", "contact_cards", "referrals", "handovers", "lists", "mine", "asking", "sending", "fallback",
)  # fmt: skip
"""Modules with a `router`, in the order they are asked: commands before drafts, the fallback last."""


def routers() -> "list[Router]":
    """The routers in order. Imported here, not above: they bring aiogram with them, which takes seconds."""
    return [import_module(f"handlers.{name}").router for name in ORDER]
