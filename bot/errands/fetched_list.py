"""The file of a list, fetched from Telegram or from where the console keeps it, and had read in a process of its own;
and its card or page."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel import Session

from bot.errands import list_reading
from bot.errands.alone import alone
from bot.outcomes import RefusedError
from bot.workers import ErrandContext
from reports import list_card
from reports.list_card import Drawn
from storage import errands, lists, uploads
from storage.lists import Wish
from storage.picture import Unreadable
from storage.refusals import Refusal
from storage.sheets import Read
from storage.texts import _, speaking


async def fetch(context: ErrandContext, wish: Wish) -> Read:
    """Raises Refusal when it cannot be had or read; what passes by itself is raised as it is."""
    data = await (_uploaded(context, wish) if wish.upload else _sent(context, wish))
    try:
        found = await alone(context.process, list_reading.read, (wish.name, data, wish.language))
    except Unreadable as error:
        with speaking(wish.language):
            raise Refusal(list_reading.unreadable(wish.name)) from error
    if isinstance(found, str):
        raise Refusal(found)
    return found


async def _sent(context: ErrandContext, wish: Wish) -> bytes:
    try:
        path, _size = await context.wire.get_file(wish.file)
        return await context.wire.download(path)
    except RefusedError as error:
        with speaking(wish.language):
            raise Refusal(_("Telegram 给不出这个文件了，请重新发送。")) from error


async def _uploaded(context: ErrandContext, wish: Wish) -> bytes:
    def read() -> bytes | None:
        with context.pen.store.reading() as session:
            return uploads.data_of(session, wish.upload)

    found = await asyncio.to_thread(read)
    if found is None:
        with speaking(wish.language):
            raise Refusal(_("这份清单只保留一天，已经删除了。请再上传一次。"))
    return found


async def tell(context: ErrandContext, wish: Wish, made: Callable[[Read], Awaitable[Drawn]]) -> None:
    """Do with the list what is to be done; the card tells what became of it, whatever that is."""
    try:
        drawn = await made(await fetch(context, wish))
    except Refusal as refusal:
        with speaking(wish.language):
            drawn = list_card.refused(wish, refusal.sentence)

    def settle(session: Session) -> None:
        show(session, wish, drawn, context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def show(session: Session, wish: Wish, drawn: Drawn, now: datetime, *, busy: bool = False) -> None:
    """Bring its card or page to what is known now."""
    if wish.upload:
        uploads.show(session, wish.upload, drawn, busy=busy)
        return
    text, rows = drawn
    keys = [[{"text": label, "callback_data": data} for label, data in row] for row in rows]
    payload = {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": keys}}
    lists.show(session, wish, payload, now)
