"""Compare a kept photo with those sent before: looked up by the words of its look, laid over the likeliest."""

from typing import Any

from sqlmodel import Session

from bot.workers import ErrandContext
from storage import errands, likeness, likeness_told
from storage.likeness import Like
from storage.looks.packed import Look


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    photo_id = body["photo_id"]
    with context.pen.store.reading() as session:
        mine = likeness.look_of(session, photo_id)
        others = likeness.candidates(session, photo_id, mine) if mine else {}
    likes = await context.process(alike, mine, others) if mine and others else []

    def settle(session: Session) -> None:
        found = likeness.note(session, photo_id, likes, context.now())
        likeness_told.tell_sender(session, found, context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def alike(mine: Look, others: dict[int, Look]) -> list[Like]:
    """Those it is a copy of, or that are copies of it, the likest first. For the spawned process: numpy is
    imported there only."""
    from storage.looks import overlay

    fits = {number: overlay.fit(mine, other) for number, other in others.items()}
    found = [Like(number, fit.unlike) for number, fit in fits.items() if fit is not None and fit.is_copy()]
    return sorted(found, key=lambda like: like.unlike)
