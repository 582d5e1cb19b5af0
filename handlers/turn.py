"""One arrival being handled: who speaks, where, and how to answer.

Nothing here sends. What is said becomes a letter, what has buttons becomes a card, in the same transaction as
the arrival's effect; delivery sends them after the commit.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram.types import CallbackQuery
from sqlmodel import Session

from storage import cards, letters
from storage.cards import Card
from storage.chats import Chat
from storage.draft import Draft
from storage.identity import Actor
from storage.letters import Lane
from storage.refusals import Stranger

Button = dict[str, Any]
Keyboard = Sequence[Sequence[Button]]
"""Rows of buttons, as made by `button` and `link`."""

escape = html.escape


def button(label: str, data: str) -> Button:
    """A button that comes back as a press. `data` is `<prefix>:<rest>`, at most 56 bytes (Telegram's 64 less
    the card's own mark), holding ids only."""
    if len(data.encode()) > 56:
        raise ValueError(f"callback data too long: {data}")
    return {"text": label, "callback_data": data}


def link(label: str, url: str) -> Button:
    return {"text": label, "url": url}


def payload(text: str, keyboard: Keyboard | None = None, quiet: bool = False) -> dict[str, Any]:
    """Parameters of sendMessage for HTML text."""
    made: dict[str, Any] = {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    if keyboard:
        made["reply_markup"] = {"inline_keyboard": [list(row) for row in keyboard if row]}
    if quiet:
        made["disable_notification"] = True
    return made


@dataclass
class Turn:
    """Handed to every handler as `turn`."""

    db: Session
    now: datetime
    bot: int
    username: str
    chat: Chat
    actor: Actor | None
    draft: Draft | None = None
    telegram_id: int = 0
    telegram_name: str = ""
    pressed: Card | None = None
    """The card whose button was pressed."""
    answered: bool = False
    """The press was answered (a toast); the desk answers the others silently."""

    def person(self) -> Actor:
        """Who speaks. Raises Stranger when nobody with an active posting does."""
        if self.actor is None:
            raise Stranger
        return self.actor

    def say(
        self,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        chat: Chat | None = None,
        lane: Lane = Lane.TALK,
        key: str | None = None,
        quiet: bool = False,
    ) -> int | None:
        """Say HTML text here (or in another chat). With buttons it is a new card: its id; else None.
        A `key` is for texts without a card: said once."""
        if keyboard and key is None:
            shown = cards.show(
                self.db, chat or self.chat, payload(text, keyboard, quiet), now=self.now, lane=lane
            )
            return shown.id
        letters.say(
            self.db,
            chat or self.chat,
            "sendMessage",
            payload(text, keyboard, quiet),
            now=self.now,
            lane=lane,
            key=key,
        )
        return None

    def show(self, card: int | None, text: str, keyboard: Keyboard | None = None) -> int:
        """Make a card, or change the one with that id (ours; Telegram's message id or -id are understood by
        `cards.find`). Returns its id."""
        found = self.db.get(Card, card) if card else None
        shown = cards.show(self.db, self.chat, payload(text, keyboard), now=self.now, card=found)
        return shown.id or 0

    def redraw(self, query: CallbackQuery, text: str, keyboard: Keyboard | None = None) -> int:
        """Change the card whose button was pressed. Returns its id."""
        shown = cards.show(self.db, self.chat, payload(text, keyboard), now=self.now, card=self.pressed)
        return shown.id or 0

    def remove(self, card_id: int) -> None:
        """Want a card's message gone."""
        card = self.db.get(Card, card_id)
        if card is not None and card.chat_id == self.chat.id:
            cards.remove(self.db, self.chat, card, self.now)

    def delete(self, message_id: int) -> None:
        """Delete a message somebody sent here (best effort: Telegram allows it for 48 hours)."""
        letters.say(self.db, self.chat, "deleteMessage", {"message_id": message_id}, now=self.now)

    def album(self, shas: Sequence[str], caption: str = "") -> None:
        """Show kept pictures, ten to an album, captioned once."""
        for method, parameters in letters.album(shas, _words(caption)):
            self._call(method, parameters)

    def photo(self, sha: str, caption: str = "", name: str = "photo.jpg") -> None:
        self._file("sendPhoto", "photo", sha, name, caption)

    def document(self, sha: str, name: str, caption: str = "") -> None:
        self._file("sendDocument", "document", sha, name, caption)

    def _file(self, method: str, field: str, sha: str, name: str, caption: str) -> None:
        self._call(method, {field: {"$file": sha, "name": name}} | _words(caption))

    def _call(self, method: str, parameters: dict[str, Any]) -> None:
        letters.say(self.db, self.chat, method, parameters, now=self.now)


def _words(caption: str) -> dict[str, str]:
    return {"caption": caption, "parse_mode": "HTML"} if caption else {}
