"""Look at a list that a manager sent: fetch it, read it in a process of its own, and show on its card what would become
of it. Nothing is written.

Body: a storage.lists.Wish.
"""

import asyncio
from functools import partial
from typing import Any

from bot.errands import fetched_list
from bot.workers import ErrandContext
from reports import list_card
from reports.list_card import Drawn
from storage import list_kinds, lists
from storage.lists import Wish
from storage.sheets import Read
from storage.texts import speaking


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    wish = Wish(**body)
    await fetched_list.tell(context, wish, partial(_looked, context, wish))


async def _looked(context: ErrandContext, wish: Wish, read: Read) -> Drawn:
    return await asyncio.to_thread(_drawn, context, wish, read)


def _drawn(context: ErrandContext, wish: Wish, read: Read) -> Drawn:
    with context.pen.store.reading() as session, speaking(wish.language):
        now = context.now()
        kinds = [list_kinds.kind_of(wish.kind)] if wish.kind else lists.kinds_of(session, read, wish, now)
        if len(kinds) > 1:
            return list_card.which(wish, kinds, context.errand_id)
        made = lists.plan(session, read, kinds[0], wish, now)
        return list_card.looked(wish, made, context.errand_id)
