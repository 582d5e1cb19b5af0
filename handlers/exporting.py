"""Exports on cards: what a query shows, as a file. `x:make:<export>:<form>`, `x:cancel:<export>`."""

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers import keys
from handlers.filters import Pressed, Private
from handlers.turn import Button, Turn, button
from reports import export_card
from storage import exports, queries
from storage.exports import Export
from storage.queries import Query
from storage.refusals import Gone
from storage.texts import _

router = Router(name="exporting")


def begin(turn: Turn, query: Query) -> None:
    """A card below that asks which file is wanted of this query's answer."""
    actor = turn.person()
    export = exports.ask(turn.db, actor, turn.chat, queries.filter_of(turn.db, query), turn.now)
    export.card_id = turn.show(None, *_drawn(turn, export))


def give_reason(turn: Turn, reason: str) -> None:
    """Names in full, for the export asked for last: its card comes below."""
    export = exports.give_reason(turn.db, turn.person(), reason, turn.now)
    export.card_id = turn.show(None, *_drawn(turn, export))


def _drawn(turn: Turn, export: Export) -> tuple[str, list[list[Button]]]:
    text, rows = export_card.drawn(turn.db, export, now=turn.now, reveal=exports.may_reveal(turn.person()))
    return text, [[button(label, data) for label, data in row] for row in rows]


@router.callback_query(Private(), Pressed(export_card.PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    export = exports.find(turn.db, turn.person(), keys.number(ids))
    if verb == "make":
        exports.start(turn.db, turn.person(), export, "".join(ids[1:2]), turn.bot, turn.now)
    elif verb == "cancel":
        exports.cancel(export)
    else:
        raise Gone
    export.card_id = turn.redraw(query, *_drawn(turn, export))
    if verb == "make":
        await query.answer(_("正在做，做好发到这里。"))
