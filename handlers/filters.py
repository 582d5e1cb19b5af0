"""The only filters handlers use. All are async classes: aiogram runs anything else in threads, and the desk
does not allow a handler to wait.
"""

from typing import Any

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from handlers.menu import offered, words_of
from handlers.turn import Turn
from storage import joining, lists
from storage.refusals import NotYourRole

Passed = bool | dict[str, Any]


def first_word(text: str) -> str:
    """What a message begins with, without slash and bot: "/Visit@bot 李" and "visit" are one word."""
    return text.strip().partition(" ")[0].removeprefix("/").partition("@")[0].lower()


class Command(Filter):
    """A command in any of its forms: /visit, /visit@bot, 走访, /走访; passes `rest`, what was typed after it.

    Refuses roles to which handlers/menu.py does not offer the command: what is declared nowhere is nobody's."""

    def __init__(self, latin: str) -> None:
        self.latin = latin
        self.chinese = words_of(latin)
        self.words = frozenset({latin, *self.chinese})

    async def __call__(self, message: Message, turn: Turn) -> Passed:
        head, _, rest = (message.text or "").strip().partition(" ")
        name, _, bot = head.removeprefix("/").partition("@")
        if bot and bot.lower() != turn.username.lower():
            return False
        if not ((head.startswith("/") and name.lower() == self.latin) or name in self.chinese):
            return False
        if turn.actor is not None and not offered(self.latin, (post.role for post in turn.actor.posts)):
            raise NotYourRole(head.partition("@")[0])
        return {"rest": rest.strip()}


class Start(Filter):
    """/start, alone or with a deep link's payload; passes `payload`."""

    words = frozenset({"start"})

    async def __call__(self, message: Message) -> Passed:
        head, _, rest = (message.text or "").partition(" ")
        return {"payload": rest.strip()} if head.partition("@")[0] == "/start" else False


class Asking(Filter):
    """A draft of this chat takes what is typed; passes `draft`."""

    async def __call__(self, _event: Any, turn: Turn) -> Passed:
        return {"draft": turn.draft} if turn.draft is not None else False


class Posted(Filter):
    """Somebody with an active posting."""

    async def __call__(self, _event: Any, turn: Turn) -> bool:
        return turn.actor is not None


class Invited(Filter):
    """Nobody posted, with an invitation on the screen of a private chat: what they type is their name."""

    async def __call__(self, _event: Any, turn: Turn) -> bool:
        if turn.actor is not None or not turn.chat.private or turn.chat.id is None:
            return False
        return joining.on_screen(turn.db, turn.chat.id) is not None


class AskedByStranger(Filter):
    """A slash command to this bot, in a group, by somebody without a posting."""

    async def __call__(self, message: Message, turn: Turn) -> bool:
        head, _, _rest = (message.text or "").partition(" ")
        _name, _, bot = head.partition("@")
        ours = head.startswith("/") and bot.lower() in ("", turn.username.lower())
        return ours and turn.actor is None and not turn.chat.private


class Private(Filter):
    async def __call__(self, _event: Any, turn: Turn) -> bool:
        return turn.chat.private


class Group(Filter):
    async def __call__(self, _event: Any, turn: Turn) -> bool:
        return not turn.chat.private


class Pressed(Filter):
    """A press whose data begins with `<prefix>:`; passes `rest`, what follows the colon."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix + ":"
        self.words = frozenset({prefix})

    async def __call__(self, query: CallbackQuery) -> Passed:
        data = query.data or ""
        return {"rest": data[len(self.prefix) :]} if data.startswith(self.prefix) else False


class Text(Filter):
    """Typed text that is no command of the slash kind."""

    async def __call__(self, message: Message) -> bool:
        return bool(message.text) and not (message.text or "").startswith("/")


class HasPhoto(Filter):
    async def __call__(self, message: Message) -> bool:
        return bool(message.photo)


class HasDocument(Filter):
    async def __call__(self, message: Message) -> bool:
        return message.document is not None


class HasList(Filter):
    """A spreadsheet from somebody who manages a place: a list to be taken in."""

    async def __call__(self, message: Message, turn: Turn) -> bool:
        name = (message.document.file_name or "") if message.document else ""
        managing = turn.actor is not None and bool(turn.actor.regions())
        return managing and name.lower().endswith(lists.ENDINGS)


class HasLocation(Filter):
    async def __call__(self, message: Message) -> bool:
        return message.location is not None or message.venue is not None


class Migrated(Filter):
    """The service message of a group that became a supergroup; passes `new_id`."""

    async def __call__(self, message: Message) -> Passed:
        return {"new_id": message.migrate_to_chat_id} if message.migrate_to_chat_id else False
