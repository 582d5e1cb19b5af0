"""Draw a contact card and send it as a file, which is not made smaller on the way.

Body: {"card", "chat", "language"}. The card itself hangs in the village and is in Chinese.
"""

import asyncio
from typing import Any

from sqlmodel import Session

from bot.errands.alone import alone
from bot.workers import ErrandContext
from storage import contact_papers, errands
from storage.texts import speaking

PAPER = "zh"


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    with context.pen.store.reading() as session, speaking(PAPER):
        facts = contact_papers.facts(session, body["card"], body["chat"], context.now())
    if facts is None:  # over meanwhile
        await context.pen(lambda session: errands.done(session, context.errand_id))
        return
    png = await alone(context.process, draw, facts)
    sha = await asyncio.to_thread(context.files.keep, png)

    def settle(session: Session) -> None:
        with speaking(body["language"]):
            contact_papers.send(session, body["chat"], sha, facts["head"], context.errand_id, context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def draw(facts: dict[str, str]) -> bytes:
    """For the spawned process: pictures are loaded there only."""
    from reports import contact_card

    with speaking(PAPER):
        return contact_card.draw(contact_card.Paper(**facts))
