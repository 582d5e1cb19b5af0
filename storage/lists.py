"""Lists that managers send in chat or bring to the console, of the kinds of storage/list_kinds.py. They are looked at
first; what is right goes in by one press, and may be sent again.

A file of the chat stays at Telegram and is fetched anew for each look: what it holds is kept nowhere but in what
becomes of it. Of the console see storage/uploads.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import cards, errands, identity, journal, letters, list_kinds
from storage.cards import Card
from storage.chats import Chat
from storage.errands import Errand
from storage.identity import Actor
from storage.list_kinds import Checked, ListKind, Written, kind_of
from storage.refusals import Gone, NotYours
from storage.sheets import Read
from storage.texts import language

LARGEST = 5_000_000
"""Bytes of a file."""
ENDINGS = (".xlsx", ".csv", ".xls", ".et")
"""The last two are asked for as xlsx."""
CHECK, IMPORT, TEMPLATE = "check_list", "import_list", "list_template"
"""Errands."""


@dataclass(frozen=True)
class Wish:
    """A list that somebody sent: `file` is Telegram's id of it, `message` of what brought it, `source` the department
    that a comparison is of, `kind` empty until it is known. One of the console has neither, but its `upload`."""

    file: str
    name: str
    source: str
    person: int
    chat: int
    card: int
    language: str
    kind: str = ""
    message: int = 0
    upload: int = 0
    links: int = 0
    """Where the links of newcomers gather that a list of the chat makes."""

    @property
    def where(self) -> str:
        """The record that the journal names."""
        return f"upload:{self.upload}" if self.upload else f"chat:{self.chat}"

    def body(self, **changed: Any) -> dict[str, Any]:
        return vars(self) | changed


def ask(session: Session, actor: Actor, chat: Chat, wish: Mapping[str, Any], now: datetime) -> None:
    """Have a list looked at; `wish` is file, name, source, card and message. Raises NotYours for those who manage
    nothing."""
    if not actor.regions():
        raise NotYours
    made = Wish(person=actor.person_id, chat=chat.id or 0, language=language(), **wish)
    errands.send_on(
        session, chat.bot, CHECK, made.body(), due_at=now, key=f"{CHECK}:{chat.id}:{made.message}"
    )


def source_of(name: str, caption: str) -> str:
    """The department that a comparison is of: what was written with the file, else what its name begins with."""
    stem = caption.strip() or name.rpartition(".")[0]
    for end in _ENDS:
        stem = stem.partition(end)[0] or stem
    return " ".join(stem.split())[:20]


_ENDS = ("比对", "名单", "清单", "疑点", "预警")  # not for people: what names of files end with


def checked(session: Session, actor: Actor, errand_id: int) -> tuple[Errand, Wish]:
    """The look that a button belongs to. Raises Gone, or NotYours for somebody else's."""
    errand = session.get(Errand, errand_id)
    if errand is None or errand.kind != CHECK:
        raise Gone
    wish = Wish(**errands.body_of(session, errand))
    if wish.person != actor.person_id or not actor.regions():
        raise NotYours
    return errand, wish


def as_kind(session: Session, actor: Actor, errand_id: int, kind: str, now: datetime) -> Wish:
    """Look at it again, as a list of that kind. Raises as `checked`."""
    errand, wish = checked(session, actor, errand_id)
    _once(session, errand, CHECK, wish.body(kind=kind_of(kind).value), now)
    return wish


def take_in(
    session: Session, actor: Actor, errand_id: int, kind: str, now: datetime, *, links: int = 0
) -> Wish:
    """Have it written, once; `links` as in Wish. Raises as `checked`."""
    errand, wish = checked(session, actor, errand_id)
    _once(session, errand, IMPORT, wish.body(kind=kind_of(kind).value, links=links), now)
    journal.write(session, actor.person_id, "list.import", wish.where, now, kind=kind)
    return wish


def leave(session: Session, actor: Actor, errand_id: int) -> Wish:
    """It is not wanted. Raises as `checked`, and Gone when it is being written already."""
    errand, wish = checked(session, actor, errand_id)
    if errands.known(session, _key(IMPORT, errand)):
        raise Gone
    return wish


def _key(kind: str, look: Errand) -> str:
    return f"{kind}:of:{look.id}"


def _once(session: Session, errand: Errand, kind: str, body: dict[str, Any], now: datetime) -> None:
    if errands.send_on(session, errand.bot, kind, body, due_at=now, key=_key(kind, errand)) is None:
        raise Gone


def ask_template(session: Session, actor: Actor, chat: Chat, kind: str, now: datetime) -> None:
    """Somebody wants an empty list to fill in; pressing again within the minute makes nothing twice. Raises NotYours
    for those who may not bring such a list."""
    if not actor.regions():
        raise NotYours
    body = {"chat": chat.id, "kind": list_kinds.wanted(actor, kind).value, "language": language()}
    key = f"{TEMPLATE}:{chat.id}:{kind}:{now:%Y%m%d%H%M}"
    errands.send_on(session, chat.bot, TEMPLATE, body, due_at=now, key=key)


def actor_of(session: Session, wish: Wish, now: datetime) -> Actor:
    """Whoever sent it, with what they manage by now. Raises NotYours for those who manage nothing any more."""
    actor = identity.actor(session, wish.person, now)
    if actor is None or not actor.regions():
        raise NotYours
    return actor


def kinds_of(session: Session, read: Read, wish: Wish, now: datetime) -> list[ListKind]:
    """What the list may be, by its headings. Raises Refusal, which says the headings, when it is nothing we know."""
    return list_kinds.of_headings(read, actor_of(session, wish, now))


def plan(session: Session, read: Read, kind: ListKind, wish: Wish, now: datetime) -> Checked:
    """What would become of the list now; nothing is written. Raises Refusal."""
    return list_kinds.plan(session, read, kind, actor_of(session, wish, now), now)


def show(session: Session, wish: Wish, payload: dict[str, Any], now: datetime) -> None:
    """Change the list's card."""
    card = session.get(Card, wish.card)
    cards.show(session, session.get_one(Chat, wish.chat), payload, now=now, card=card)


def forget(session: Session, wish: Wish, kind: ListKind, now: datetime) -> None:
    """A list of people leaves the chat when it is in, as any message with their numbers does."""
    if kind not in (ListKind.PROBLEMS, ListKind.REGIONS) and wish.message:
        chat = session.get_one(Chat, wish.chat)
        key = f"list:{wish.chat}:{wish.message}:gone"
        letters.say(session, chat, "deleteMessage", {"message_id": wish.message}, now=now, key=key)


def write(session: Session, kind: ListKind, part: Sequence[Any], wish: Wish, now: datetime) -> Written:
    """Part of the new rows, in the name of whoever sent the list. Raises Refusal."""
    return list_kinds.write(session, kind, part, actor_of(session, wish, now), wish.source, now)
