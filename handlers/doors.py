"""Which handlers an update can concern, told by its first word or by the prefix of its button.

aiogram asks each handler of each router in turn. Most stand behind a word of their own (a `Command`, a prefix of
`Pressed`), so whoever says another word need not be led past them.
"""

from collections.abc import Sequence
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
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
    """Made once of the routers, whose handlers keep their order. `open` gives the handlers to ask. What aiogram could
    do between a router and its handlers (middlewares, routers within routers, filters of a whole router) is not done
    here, so a router that has any is refused."""

    def __init__(self, routers: Sequence[Router]) -> None:
        self._rooms = {
            kind: [(one, _door(one)) for router in routers for one in _handlers(router, kind)]
            for kind in EVENTS
        }
        self._known = {kind: _all(words for _one, words in rooms) for kind, rooms in self._rooms.items()}
        self._open: dict[tuple[str, str], list[HandlerObject]] = {}

    def open(self, kind: str, event: dict[str, Any]) -> list[HandlerObject]:
        """The handlers that a raw update's event of that kind may concern, in order."""
        word = _said(kind, event)
        if word not in self._known[kind]:
            word = ""
        if (kind, word) not in self._open:
            self._open[kind, word] = [
                one for one, words in self._rooms[kind] if words is None or word in words
            ]
        return self._open[kind, word]


def _said(kind: str, event: dict[str, Any]) -> str:
    if kind == "callback_query":
        return str(event.get("data", "")).partition(":")[0]
    return first_word(event.get("text", ""))


def _handlers(router: Router, kind: str) -> list[HandlerObject]:
    observer = router.observers[kind]
    between = (*observer.outer_middleware, *observer.middleware, *router.sub_routers)
    if between or observer._handler.filters:  # noqa: SLF001 - filters of a whole router are told nowhere else
        raise TypeError(f"{router.name}: nothing stands between an update and its handlers")
    return observer.handlers


def _door(handler: HandlerObject) -> frozenset[str] | None:
    """The words behind which a handler stands; None when it has no such door."""
    words = (getattr(one.callback, "words", None) for one in handler.filters or ())
    return next((found for found in words if found is not None), None)


def _all(some: Any) -> frozenset[str]:
    return frozenset().union(*(words for words in some if words))
