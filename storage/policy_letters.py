"""Whoever policy mode is about is told when something is turned on or off."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from storage import duties, letters, policy
from storage.letters import Lane
from storage.policy import PolicySwitch
from storage.texts import speaking


def tell(
    session: Session, one: PolicySwitch, text: Callable[[], str], now: datetime, *, but: int | None = None
) -> None:
    """Every member of the region and over it, in their language; `text` gives HTML. `but` is the chat that knows."""
    for person, chat in duties.private_chats(session, policy.everybody(session, one.region, now)).values():
        if chat.id != but:
            with speaking(person.language):
                payload = {
                    "text": text(),
                    "parse_mode": "HTML",
                    "link_preview_options": {"is_disabled": True},
                }
            letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.BULK)
