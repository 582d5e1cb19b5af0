"""Handovers: choosing a successor, accepting a pack or not. The letters bring the buttons.

Data of the buttons (prefix v): `give:<handover>:<person>`, `yes:<handover>`, `no:<handover>`.
"""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers import forms, keys
from handlers.filters import Pressed, Private
from handlers.turn import Turn, escape
from storage import handover_letters, handovers, names
from storage.handover_letters import PREFIX
from storage.handovers import Handover
from storage.texts import _

router = Router(name="handovers")


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    keys.act(turn, rest, _VERBS)


def _find(turn: Turn, ids: list[str]) -> Handover:
    return handovers.find(turn.db, turn.person(), keys.number(ids))


def _give(turn: Turn, ids: list[str]) -> None:
    """The card keeps its choices: until somebody has accepted another one may be asked."""
    handover, person = _find(turn, ids), keys.number(ids, 1)
    handovers.give(turn.db, turn.person(), handover, person, turn.now)
    if handover.taken_at is not None:
        _taken(turn, handover)
        return
    text, rows = handover_letters.card(turn.db, handover, turn.now)
    asked = _("已请{name}接手，等他答复。").format(name=names.full(turn.db, person))
    forms.redraw(turn, f"{text}\n{escape(asked)}", rows)


def _yes(turn: Turn, ids: list[str]) -> None:
    handover = _find(turn, ids)
    handovers.accept(turn.db, turn.person(), handover, turn.now)
    _taken(turn, handover)


def _taken(turn: Turn, handover: Handover) -> None:
    lines = [_("✓ 已接收，从现在起归您："), *handover_letters.pack(turn.db, handover)]
    forms.redraw(turn, escape("\n".join(lines)), [])


def _no(turn: Turn, ids: list[str]) -> None:
    handovers.decline(turn.db, turn.person(), _find(turn, ids), turn.now)
    forms.redraw(turn, escape(_("已回复不接收，由队长另请一位。")), [])


_VERBS: dict[str, Callable[[Turn, list[str]], None]] = {"give": _give, "yes": _yes, "no": _no}
