"""Write the answer to a query as files for whoever asked: in a process of its own, with a counter on the card, until it
is cancelled. They are sent to the chat, once; what was asked for on the console, or is too large to be sent, waits
there to be fetched. Run again after a restart it begins anew.

Body: {"export"}; what is wanted is the export's row.
"""

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.workers import ATTEMPTS, ErrandContext, Processes
from reports import export_card
from storage import cards, errands, exports, fetching
from storage.exports import Export, ExportState
from storage.fetching import Kept
from storage.sealing import Keyring
from storage.texts import speaking

LOOK = 2.0
"""Seconds between two looks at how far it is."""
COUNTER, STOP = "counter", "stop"
"""Files by which the two processes tell each other how far it is, and that it is not wanted any more."""


class Way(Enum):
    """Where the files go."""

    CHAT = auto()
    CONSOLE = auto()
    NOWHERE = auto()
    """Too large to be sent, and its asker has no console; or cancelled."""


@dataclass(frozen=True)
class Wish:
    """What the process is told: where everything is, and which export."""

    database: str
    keyring: Keyring
    files: str | Path
    export: int
    folder: Path
    now: datetime


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    number = int(body["export"])
    try:
        await _run(context, number)
    except Exception:
        if context.attempts + 1 >= ATTEMPTS:
            await context.pen(lambda session: _end(session, number, ExportState.FAILED, context.now()))
        raise


async def _run(context: ErrandContext, number: int) -> None:
    wanted = await context.pen(lambda session: exports.running(session, number, context.now()) is not None)
    process = Processes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made: list[Path] | None = None
        try:
            if wanted:
                made = await _watched(context, process, number, folder)
        finally:
            process.close()
        size = max((one.stat().st_size for one in made or []), default=0)
        way = await context.pen(lambda session: _way(session, number, size, context.now()))
        given = [] if way is Way.NOWHERE else made or []
        files = [await asyncio.to_thread(_kept, context, one) for one in given]
    await context.pen(lambda session: _settle(session, context, number, way, files))


def _way(session: Session, number: int, size: int, now: datetime) -> Way:
    """`size` is that of the largest file, in bytes."""
    found, large = exports.running(session, number, now), size > export_card.LARGEST
    if found is None:
        return Way.NOWHERE
    found[0].size = size
    if fetching.wanted(session, *found, large=large):
        return Way.CONSOLE
    return Way.NOWHERE if large else Way.CHAT


def _settle(session: Session, context: ErrandContext, number: int, way: Way, files: list[Kept]) -> None:
    """Files that nobody wants any more are deleted: they hold names in the clear."""
    now = context.now()
    if exports.running(session, number, now) is None:
        fetching.drop(session, number, files, context.bot, now)
    else:
        export = exports.by_id(session, number)
        if files and way is Way.CONSOLE:
            fetching.keep(session, export, files, context.bot, now)
        elif files:
            exports.send(session, export, [(one.sha, one.name) for one in files], now)
        _end(session, number, ExportState.TOO_LARGE if way is Way.NOWHERE else ExportState.DONE, now)
    errands.done(session, context.errand_id)


def _kept(context: ErrandContext, file: Path) -> Kept:
    return Kept(file.name, context.files.keep_file(file), file.stat().st_size)


async def _watched(
    context: ErrandContext, process: Processes, number: int, folder: Path
) -> list[Path] | None:
    """Have it made, while the card counts; None when it was cancelled."""
    store = context.pen.store
    wish = Wish(store.url, store.keyring, context.files.location, number, folder, context.now())
    making = asyncio.ensure_future(process(make, wish))
    ended = False
    while not ended:
        await asyncio.wait({making}, timeout=LOOK)
        ended = making.done()  # before the count is read, which is the last one then
        note = partial(_count, number=number, so_far=counted(folder), now=context.now())
        if not await context.pen(note):
            (folder / STOP).touch()
    return await making


def counted(folder: Path) -> tuple[int, int]:
    """How many are written, of how many."""
    with suppress(OSError, ValueError):
        done, total = (folder / COUNTER).read_text().split()
        return int(done), int(total)
    return 0, 0


def _count(session: Session, number: int, so_far: tuple[int, int], now: datetime) -> bool:
    """Note how far it is. Whether it is still wanted."""
    if exports.running(session, number, now) is None:
        return False
    export = exports.by_id(session, number)
    if (export.done, export.total) != so_far:
        export.done, export.total = so_far
        show(session, export, now)
    return True


def _end(session: Session, number: int, state: ExportState, now: datetime) -> None:
    export = exports.by_id(session, number)
    if export.state is ExportState.RUNNING:
        export.state = state
        show(session, export, now)


def show(session: Session, export: Export, now: datetime) -> None:
    """Bring its card to what is known now; the console looks for itself."""
    if export.on_console:
        return
    chat, card = exports.chat_of(session, export)
    with speaking(export.language):
        text, rows = export_card.drawn(session, export, now=now)
    keys = [[{"text": label, "callback_data": data} for label, data in row] for row in rows]
    payload = {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": keys},
    }
    export.card_id = cards.show(session, chat, payload, now=now, card=card).id


def make(wish: Wish) -> list[Path] | None:
    """For the spawned process: the files, or None when it was told to stop."""
    import storage.tables  # noqa: F401 - rows of one table refer to rows of others, which must be known
    from bot.errands import exporting
    from storage.db import Store

    store = Store(wish.database, wish.keyring)
    try:
        return exporting.write(store, wish)
    finally:
        store.close()
