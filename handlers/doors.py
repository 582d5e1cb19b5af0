"""Which routers an update can concern, told by its first word or by the prefix of its button.

aiogram asks each handler of each router in turn. Most stand behind a word of their own (a `Command`, a prefix of
`Pressed`), so whoever says another word need not be led past them.
"""

from collections.abc import Sequence
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from handlers.filters import first_word

EVENTS: dict[str, type[Message | CallbackQuery | ChatMemberUpdated]] = {
    "message": Message,
    "edited_message": Message,
    "callback_query": CallbackQuery,
    "my_chat_member": ChatMemberUpdated,
}
"""The kinds of updates that anybody handles."""


class Doors:
    """Made once of the routers, which keep their order. `open` gives the routers to ask."""

    def __init__(self, routers: Sequence[Router]) -> None:
        self._rooms = {kind: [(router, _words(router, kind)) for router in routers] for kind in EVENTS}
        self._known = {kind: _all(words for _router, words in rooms) for kind, rooms in self._rooms.items()}
        self._open: dict[tuple[str, str], list[Router]] = {}

    def open(self, kind: str, event: dict[str, Any]) -> list[Router]:
        """The routers that a raw update's event of that kind may concern, in order."""
        word = _said(kind, event)
        if word not in self._known[kind]:
            word = ""
        if (kind, word) not in self._open:
            self._open[kind, word] = [
                router for router, words in self._rooms[kind] if words is None or word in words
            ]
        return self._open[kind, word]


def _said(kind: str, event: dict[str, Any]) -> str:
    if kind == "callback_query":
        return str(event.get("data", "")).partition(":")[0]
    return first_word(event.get("text", ""))


def _words(router: Router, kind: str) -> frozenset[str] | None:
    """The words behind which all handlers of a kind stand; None when one of them has no such door."""
    doors = [_door(handler) for handler in router.observers[kind].handlers]
    return None if any(door is None for door in doors) else _all(doors)


def _door(handler: Any) -> frozenset[str] | None:
    words = (getattr(one.callback, "words", None) for one in handler.filters or ())
    return next((found for found in words if found is not None), None)


def _all(some: Any) -> frozenset[str]:
    return frozenset().union(*(words for words in some if words))
