"""Referrals as officers see them: what waits for an answer, one of them, the head's name when it is asked for. The
answers are steps of the case (handlers/casework.py).

Data of the buttons (prefix d): `show:<referral>`, `name:<referral>`, `list`.
"""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers import forms, keys
from handlers.filters import Pressed, Private
from handlers.pickers import Rows
from handlers.turn import Button, Turn, escape
from storage import county, picking, referral_letters, referrals, showing
from storage.referral_letters import PREFIX
from storage.referrals import Referral
from storage.report import Report
from storage.showing import Channel, Degree, Of
from storage.texts import _

router = Router(name="referrals")
MOST = 20


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    keys.act(turn, rest, _VERBS)


def waiting(turn: Turn) -> tuple[str, Rows]:
    """What an officer owes answers to, the most urgent first."""
    found = referrals.waiting(turn.db, turn.person(), turn.now)
    if not found:
        return escape(_("现在没有等您答复的转办。")), []
    said = _("等您答复的转办，共 {total} 件。点一件打开：").format(total=len(found))
    return escape(said), [[_key(_line(turn, one, report), "show", one.id)] for one, report in found[:MOST]]


def way(turn: Turn) -> Rows:
    """A button to what waits, for those who answer beside other work; none when nothing does."""
    count = len(referrals.waiting(turn.db, turn.person(), turn.now)) if turn.person().regions() else 0
    return [[_key(_("等我答复的转办（{count}）").format(count=count), "list")]] if count else []


def _line(turn: Turn, one: Referral, report: Report) -> str:
    place = picking.village_name(turn.db, report.village)
    state = referrals.state(one, county.zone(turn.db))
    return _("｜").join([one.title, place, state, report.number])


def _key(label: str, verb: str, *ids: object) -> Button:
    return keys.press(label, verb, *ids, prefix=PREFIX)


def _show(turn: Turn, ids: list[str]) -> None:
    _card(turn, ids, showing.degree(Of.HEAD, Channel.REFERRAL))


def _name(turn: Turn, ids: list[str]) -> None:
    """The head's name in full, because the household agreed; journaled."""
    _card(turn, ids, showing.degree(Of.HEAD, Channel.REFERRAL, reason=True))


def _card(turn: Turn, ids: list[str], shown: Degree) -> None:
    one, report = referrals.opened(turn.db, turn.person(), keys.number(ids), shown, turn.now)
    made = referral_letters.card(turn.db, report, one, shown)
    back = [[_key(_("‹ 返回列表"), "list")]]
    forms.redraw(turn, made["text"], [*made["reply_markup"]["inline_keyboard"], *back])


def _list(turn: Turn, _ids: list[str]) -> None:
    forms.redraw(turn, *waiting(turn))


_VERBS: dict[str, Callable[[Turn, list[str]], None]] = {"show": _show, "name": _name, "list": _list}
