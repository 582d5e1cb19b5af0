"""Opening the desk: the bot's name from Telegram, and the handlers, which take seconds to load."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from bot.hand import Hand
from bot.loops import LONGEST_PAUSE, PAUSE
from bot.outcomes import BotDownError, WireError
from bot.pen import Acting, Job
from bot.wire import Wire
from handlers import loading
from storage import bots, errands

if TYPE_CHECKING:
    from bot.desk import Desk

log = logging.getLogger("zhucun")


async def open_desk(
    pen: Acting,
    wire: Wire,
    token: str,
    now: Callable[[], datetime],
    hand: Hand,
    hush: Callable[[Sequence[str]], None],
    write: Callable[[Job[Any]], Awaitable[Any]],
) -> "Desk":
    """Load the handlers beside the running intake. Once: aiogram's routers cannot be attached again."""
    username = await _username(pen, wire, int(token.partition(":")[0]), now)
    await asyncio.to_thread(_load_handlers)
    from bot.desk import Desk

    desk = Desk(pen, token, username, now, hand, hush, write)
    gc.collect()
    gc.freeze()
    # What one arrival leaves is freed by counting; look for rings less often.
    gc.set_threshold(10_000, 50, 50)
    log.info("ready: @%s", username)
    return desk


async def _username(pen: Acting, wire: Wire, bot: int, now: Callable[[], datetime]) -> str:
    """The bot's @name from Telegram, or as it was noted when last asked."""
    pause = PAUSE
    while True:
        try:
            number, name = await wire.me()
            await pen.pen(partial(_note_bot, number=number, name=name, now=now()))
            return name
        except WireError as error:
            with pen.pen.store.reading() as session:
                known = bots.username(session, bot)
            if known is not None:
                return known
            refused = isinstance(error, BotDownError)
            log.error("Telegram %s (%s)", "refuses the token" if refused else "is out of reach", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _note_bot(session: Session, number: int, name: str, now: datetime) -> None:
    """Note the bot's name, and have the menus of strangers and groups registered."""
    bots.remember(session, number, name)
    errands.send_on(session, number, "commands", {"chat_id": None}, due_at=now)


def _load_handlers() -> None:
    loading.load()
    import bot.desk  # noqa: F401 - loaded here, off the loop, because it takes seconds
