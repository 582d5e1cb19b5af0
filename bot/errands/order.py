"""Draw the order document of a problem and send it to those who are to mend it, or to whoever asked for it.

Body: {"report", "chats": [[id, language], …], "since", "about"}. The paper itself is official and in Chinese.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.errands.alone import alone
from bot.workers import ErrandContext
from reports import orders as papers
from reports.orders import Order
from storage import errands, orders
from storage.texts import speaking

PAUSE = timedelta(seconds=5)
"""Until it is looked again whether the photos are here."""
PAPER = "zh"


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    since = datetime.fromisoformat(body["since"])
    with context.pen.store.reading() as session, speaking(PAPER):
        report = orders.report_of(session, body["report"])
        wait = orders.may_wait(session, report, since, context.now())
        made = papers.order(session, report, context.now())
    if wait:
        due = context.now() + PAUSE
        await context.pen(lambda session: errands.later(session, context.errand_id, due, "photos"))
        return
    shown = [await asyncio.to_thread(context.files.read, sha) for sha in made.photos]
    paper = await alone(context.process, draw, (made, shown))
    sha = await asyncio.to_thread(context.files.keep, paper)

    def settle(session: Session) -> None:
        chats = [(chat, language) for chat, language in body["chats"]]
        report = orders.report_of(session, body["report"])
        orders.send(session, report, sha, chats, body["about"], context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def draw(wish: tuple[Order, list[bytes]]) -> bytes:
    """For the spawned process: the library of documents is loaded there only."""
    from reports import order_paper

    with speaking(PAPER):
        return order_paper.draw(*wish)
