"""Write a month's diary as a document and send it to the one whose it is. Body: {"person", "first", "chat"}."""

import asyncio
from datetime import date
from typing import Any

from sqlmodel import Session

from bot.errands.alone import alone
from bot.workers import ErrandContext
from reports import diaries
from reports.diaries import Month
from storage import briefs, days, diary, diary_files, errands, identity, names
from storage.texts import _


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    made = await asyncio.to_thread(_month, context, body)
    paper = await alone(context.process, draw, made)
    sha = await asyncio.to_thread(context.files.keep, paper)

    def settle(session: Session) -> None:
        name = _("驻村工作日记 {month}").format(month=f"{made.first:%Y-%m}")
        diary_files.send(session, body["chat"], sha, name, context.errand_id, context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def _month(context: ErrandContext, body: dict[str, Any]) -> Month:
    first, last = days.month_of(date.fromisoformat(body["first"]))
    with context.pen.store.reading() as session:
        actor = identity.actor(session, body["person"], context.now())
        team = briefs.team_name(session, actor.team_id) if actor else ""
        pages = diary.pages(session, body["person"], first, last, context.now())
        return diaries.month(names.full(session, body["person"]), team, pages)


def draw(made: Month) -> bytes:
    """For the spawned process: the library of documents is loaded there only."""
    from reports import diary_sheet

    return diary_sheet.draw(made)
