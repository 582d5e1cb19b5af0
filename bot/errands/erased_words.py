"""Let the search index forget deleted words, a piece at a time, then empty the write-ahead log. Body: {}."""

import asyncio
from functools import partial
from typing import Any

from bot.workers import ErrandContext
from storage import errands, forgetting


async def run(context: ErrandContext, _body: dict[str, Any]) -> None:
    more, first = True, True
    while more:
        more = await context.pen(partial(forgetting.words, first=first))
        first = False
    await asyncio.to_thread(forgetting.empty_log, context.pen.store)
    await context.pen(lambda session: errands.done(session, context.errand_id))
