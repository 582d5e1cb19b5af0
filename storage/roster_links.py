"""Links of newcomers that a roster brought: told in the transaction that makes them, because only hashes are kept."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from sqlmodel import Session

from storage import invitations, letters, uploads
from storage.chats import Chat
from storage.lists import Wish
from storage.roster_import import Link
from storage.texts import _


def tell(session: Session, links: Sequence[Link], wish: Wish, bot: int, now: datetime) -> None:
    """Tell whoever brought the roster: on its page, or as a message. Raises Refusal while the bot's name is unknown."""
    if not links:
        return
    said = [(one.name, one.team, invitations.link(session, bot, one.token)) for one in links]
    if wish.upload:
        uploads.add_links(session, wish.upload, said)
        return
    lines = [f"{escape(name)} {escape(place)}\n{escape(address)}" for name, place, address in said]
    head = escape(_("加入的链接，一人一个，七天内有效，请只转发给本人："))
    payload = {
        "text": "\n".join([head, *lines]),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    key = f"links:{wish.chat}:{links[0].person_id}"
    letters.say(session, session.get_one(Chat, wish.chat), "sendMessage", payload, now=now, key=key)
