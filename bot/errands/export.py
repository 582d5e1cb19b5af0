"""Write the answer to a query as files and send them to whoever asked: in a process of its own, with a counter on the
card, until it is cancelled. Run again after a restart it begins anew, and its files are sent once.

Body: {"export"}; what is wanted is the export's row.
"""

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.workers import ATTEMPTS, ErrandContext, Processes
from reports import export_card
from storage import cards, errands, exports
from storage.exports import Export, ExportState
from storage.sealing import Keyring
from storage.texts import speaking

LOOK = 2.0
"""Seconds between two looks at how far it is."""
COUNTER, STOP = "counter", "stop"
"""Files by which the two processes tell each other how far it is, and that it is not wanted any more."""


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
        large = max((one.stat().st_size for one in made or []), default=0)
        sendable = [] if made is None or large > export_card.LARGEST else made
        files = [(await asyncio.to_thread(_kept, context, one), one.name) for one in sendable]

    def settle(session: Session) -> None:
        if exports.running(session, number, context.now()) is not None:
            state = ExportState.TOO_LARGE if large > export_card.LARGEST else ExportState.DONE
            exports.by_id(session, number).size = large
            _end(session, number, state, context.now())
            if files:
                exports.send(session, exports.by_id(session, number), files, context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def _kept(context: ErrandContext, file: Path) -> str:
    return context.files.keep(file.read_bytes())


async def _watched(
    context: ErrandContext, process: Processes, number: int, folder: Path
) -> list[Path] | None:
    """Have it made, while the card counts; None when it was cancelled."""
    store = context.pen.store
    wish = Wish(store.url, store.keyring, context.files.location, number, folder, context.now())
    making = asyncio.ensure_future(process(make, wish))
    while not making.done():
        await asyncio.wait({making}, timeout=LOOK)
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
    """Bring its card to what is known now."""
    chat, card = exports.chat_of(session, export)
    with speaking(export.language):
        text, rows = export_card.drawn(session, export)
    keys = [[{"text": label, "callback_data": data} for label, data in row] for row in rows]
    payload = {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": keys}}
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
