"""Let the search index forget deleted words, a piece at a time, then empty the write-ahead log. Body: {}."""

import asyncio
from typing import Any

from sqlmodel import Session

from bot.workers import ErrandContext
from storage import errands, forgetting


async def run(context: ErrandContext, _body: dict[str, Any]) -> None:
    more, first = True, True
    while more:
        more = await context.pen(_piece(first))
        first = False
    await asyncio.to_thread(forgetting.empty_log, context.pen.store)
    await context.pen(lambda session: errands.done(session, context.errand_id))


def _piece(first: bool) -> Any:
    def work(session: Session) -> bool:
        return forgetting.words(session, first=first)

    return work
