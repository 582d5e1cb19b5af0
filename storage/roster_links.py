"""Links of newcomers that a roster brought: sealed in the transaction that makes them, because only hashes are kept. A
file of the chat would lie unsealed until it was sent, so many of them are fetched on the console."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from sqlmodel import Session

from storage import bots, invitations, letters, uploads
from storage.chats import Chat
from storage.identity import Actor
from storage.lists import Wish
from storage.roster_import import Link
from storage.texts import _
from storage.uploads import ListUpload, Shown

FEW = 30
"""So many are told in messages of the chat even where there is a console."""
LONG = 3500
"""Characters of a message; Telegram takes 4,096."""
Said = tuple[str, str, str]
"""Name, place and address."""


def begin(session: Session, actor: Actor, name: str, now: datetime) -> int:
    """Where the links of a roster of the chat gather until all of it is taken in."""
    return uploads.hold(session, actor, name, now)


def tell(session: Session, links: Sequence[Link], wish: Wish, bot: int, now: datetime) -> None:
    """Keep them, sealed, for whoever brought the roster. Raises Refusal while the bot's name is unknown."""
    if not links:
        return
    said = [(one.name, one.team, invitations.link(session, bot, one.token)) for one in links]
    if wish.upload or wish.links:
        uploads.add_links(session, wish.upload or wish.links, said)
        return
    _say(session, wish, said, f"links:{wish.chat}:{links[0].person_id}", now)  # begun by an older version


def finish(session: Session, wish: Wish, shown: Shown, bot: int, now: datetime) -> None:
    """All of a roster of the chat is in: tell what gathered, in messages, or where on the console it is. Once: what was
    told in messages is forgotten."""
    found = session.get(ListUpload, wish.links) if wish.links else None
    if found is None:
        return
    said, console = uploads.links(session, found), bots.console(session, bot)
    key = f"links:{wish.chat}:of:{wish.links}"
    if console and len(said) > FEW:
        uploads.show(session, wish.links, (shown[0], []))
        text = _(
            "{count} 个加入的链接不在聊天里逐条发。请先发 /console 登录，再在一天内打开这一页，可以下载成表格："
        )
        _write(
            session, wish, f"{escape(text.format(count=len(said)))}\n{console}/lists/{wish.links}", key, now
        )
        return
    _say(session, wish, said, key, now)
    uploads.forget(session, wish.links)


def _say(session: Session, wish: Wish, said: Sequence[Said], key: str, now: datetime) -> None:
    head = escape(_("加入的链接，一人一个，七天内有效，请只转发给本人："))
    for number, lines in enumerate(_messages(said)):
        _write(session, wish, "\n".join([head, *lines]), f"{key}:{number}" if number else key, now)


def _messages(said: Sequence[Said]) -> Iterator[list[str]]:
    """What fits into one message each."""
    lines, length = list[str](), 0
    for name, place, address in said:
        line = f"{escape(name)} {escape(place)}\n{escape(address)}"
        if lines and length + len(line) > LONG:
            yield lines
            lines, length = [], 0
        lines.append(line)
        length += len(line) + 1
    if lines:
        yield lines


def _write(session: Session, wish: Wish, text: str, key: str, now: datetime) -> None:
    payload = {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    letters.say(session, session.get_one(Chat, wish.chat), "sendMessage", payload, now=now, key=key)
