"""Draw what somebody asked for of photos, unless it was drawn before, and send it to their chat.

Body: {"what": "stamped" or "pair", "report"} or {"what": "sheet", "scope", "week"}; both with "chat", "language".
"""

import asyncio
from typing import Any

from sqlmodel import Session

from bot.errands.alone import alone
from bot.workers import ErrandContext
from reports import copies, figures, week
from reports.copies import Drawing
from storage import errands, photo_copies, photos, summaries
from storage.photo_copies import PAIR, SHEET, STAMPED
from storage.picture import Unreadable
from storage.texts import speaking


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    with context.pen.store.reading() as session, speaking(body["language"]):
        drawings = _drawings(session, body)
        known = {one.name: photo_copies.known(session, one.photo_id, one.name) for one in drawings}
    made = [(one, known[one.name] or await _drawn(context, one, body["language"])) for one in drawings]

    def settle(session: Session) -> None:
        kept = [(one, sha) for one, sha in made if sha is not None]
        for one, sha in kept:
            photos.copied(session, one.photo_id, one.name, sha)
        with speaking(body["language"]):
            caption = drawings[0].title if drawings else ""
            photo_copies.send(session, body["chat"], [sha for _one, sha in kept], caption, context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def _drawings(session: Session, body: dict[str, Any]) -> list[Drawing]:
    if body["what"] == SHEET:
        scope = summaries.scope_of(session, body["scope"])
        if scope is None:
            return []
        closed = figures.closed_week(session, scope, week.parse(body["week"]))
        return copies.sheet(session, scope, closed.window, body["week"])
    report = photo_copies.report(session, body["report"])
    return copies.stamped(session, report) if body["what"] == STAMPED else copies.pair(session, report)


async def _drawn(context: ErrandContext, drawing: Drawing, language: str) -> str | None:
    """SHA-256 of the picture; None when its photo cannot be read any more."""
    sources = [await asyncio.to_thread(_source, context, sha) for sha in drawing.sources]
    try:
        made = await alone(context.process, draw, (drawing, sources, language))
    except Unreadable:
        return None
    return await asyncio.to_thread(context.files.keep, made)


def _source(context: ErrandContext, sha: str) -> bytes | None:
    try:
        return context.files.read(sha)
    except FileNotFoundError:
        return None


def draw(wish: tuple[Drawing, list[bytes | None], str]) -> bytes:
    """For the spawned process. Raises picture.Unreadable."""
    from reports import stamps

    drawing, sources, language = wish
    with speaking(language):
        shown = [stamps.Shown(data, words) for data, words in zip(sources, drawing.words, strict=True)]
        if drawing.what == STAMPED:
            return stamps.stamped(sources[0] or b"", stamps.Stamp(drawing.words[0], drawing.title))
        if drawing.what == PAIR:
            return stamps.pair(shown[0], shown[1], drawing.title)
        return stamps.sheet(shown, drawing.title, drawing.more)
