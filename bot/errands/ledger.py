"""Write the three lists and the ledger of somebody's territories and send them to their chat.

Body: {"chat", "regions", "language", "name"}; whoever asked was checked and the asking journaled.
"""

import asyncio
from typing import Any

from sqlmodel import Session

from bot.workers import ErrandContext
from storage import errands, orders
from storage.kinds.rectification import Rectification
from storage.reading import Filter
from storage.showing import Channel
from storage.texts import speaking


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    made = await asyncio.to_thread(_workbook, context, body)
    sha = await asyncio.to_thread(context.files.keep, made)

    def settle(session: Session) -> None:
        orders.send_ledger(session, body["chat"], sha, body["name"], context.errand_id, context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def _workbook(context: ErrandContext, body: dict[str, Any]) -> bytes:
    # Here, because workbooks are loaded by whoever writes one.
    from reports import ledgers

    places = tuple(region for region in body["regions"] if region)
    asked = Filter(kind=Rectification.kind, places=() if "" in body["regions"] else places)
    with context.pen.store.reading() as session, speaking(body["language"]):
        made, _count = ledgers.workbook(session, asked, "", context.now(), Channel.LETTER)
        return made
