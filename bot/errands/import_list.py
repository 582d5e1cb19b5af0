"""Take in a list that a manager has seen looked at: fetched and read anew, its new rows some at a time. Run again after
a crash it goes on: what is in already is known.

Body: a storage.lists.Wish with its kind.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.errands import fetched_list
from bot.workers import ErrandContext
from reports import list_card
from reports.list_card import Drawn
from storage import list_kinds, lists, roster_links
from storage.list_kinds import Checked
from storage.lists import Wish
from storage.refusals import Refusal
from storage.sheets import BadCell, Read
from storage.texts import speaking


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    wish = Wish(**body)
    await fetched_list.tell(context, wish, partial(_taken_in, context, wish))


def _plan(context: ErrandContext, wish: Wish, read: Read) -> Checked:
    with context.pen.store.reading() as session, speaking(wish.language):
        return lists.plan(session, read, list_kinds.kind_of(wish.kind), wish, context.now())


async def _taken_in(context: ErrandContext, wish: Wish, read: Read) -> Drawn:
    """What became of it; a row that is refused ends it, and what went in before stays."""
    made = await asyncio.to_thread(_plan, context, wish, read)
    done, wrong, stopped = 0, [*made.wrong], ""
    for part in list_kinds.parts(made):
        try:
            faults = await context.pen(partial(_written, context=context, wish=wish, made=made, part=part))
        except Refusal as refusal:
            stopped = refusal.sentence
            break
        done, wrong = done + len(part) - len(faults), [*wrong, *faults]
        await context.pen(partial(_count, context=context, wish=wish, made=made, done=done))
    if not stopped:
        await context.pen(lambda session: lists.forget(session, wish, made.kind, context.now()))
    with speaking(wish.language):
        told = list_card.written(wish, made, done, wrong, stopped)
    await context.pen(partial(_finished, context=context, wish=wish, told=told))
    return told


def _finished(session: Session, context: ErrandContext, wish: Wish, told: Drawn) -> None:
    with speaking(wish.language):
        roster_links.finish(session, wish, told, context.bot, context.now())


def _written(
    session: Session, context: ErrandContext, wish: Wish, made: Checked, part: Sequence[Any]
) -> Sequence[BadCell]:
    with speaking(wish.language):
        given = lists.write(session, made.kind, part, wish, context.now())
        roster_links.tell(session, given.links, wish, context.bot, context.now())
        return given.wrong


def _count(session: Session, context: ErrandContext, wish: Wish, made: Checked, done: int) -> None:
    with speaking(wish.language):
        so_far = list_card.writing(wish, made.kind, done, len(made.new))
    fetched_list.show(session, wish, so_far, context.now(), busy=True)
