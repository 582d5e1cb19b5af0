"""/mine: what I sent and its state; opening one, correcting it, taking it back."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import cards, forms, keys, record
from handlers.filters import Command, Pressed, Private
from handlers.forms import View, draw
from handlers.pickers import Rows
from handlers.turn import Button, Turn, escape
from storage import county, drafts, own_reports, photos, states
from storage.identity import Actor
from storage.kinds import KINDS
from storage.people import Role
from storage.refusals import Gone
from storage.report import Report
from storage.texts import _

router = Router(name="mine")


@router.message(Private(), Command("mine"))
async def mine(message: Message, turn: Turn, rest: str) -> None:
    turn.show(None, *_list(turn, 0))


@router.callback_query(Private(), Pressed(keys.MINE))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    keys.act(turn, rest, _VERBS)


def _key(label: str, verb: str, *ids: object) -> Button:
    return keys.press(label, verb, *ids, prefix=keys.MINE)


def _list(turn: Turn, page: int) -> tuple[str, Rows]:
    actor = turn.person()
    total = own_reports.count(turn.db, actor)
    if not total:
        return escape(_nothing(actor)), []
    made = [[_key(_line(turn, one), "open", one.id, page)] for one in own_reports.page(turn.db, actor, page)]
    last = (total - 1) // own_reports.PAGE
    turning = [
        *([_key(_("‹ 较新"), "page", page - 1)] if page else []),
        *([_key(_("较早 ›"), "page", page + 1)] if page < last else []),
    ]
    return escape(_("我报过的，共 {total} 份。点一份查看、更正或撤回：").format(total=total)), [
        *made,
        turning,
    ]


def _nothing(actor: Actor) -> str:
    if actor.has(Role.MEMBER, Role.LEADER):
        return _("您还没有报过。要报走访，发 走访；报照片直接发照片。")
    return _("您还没有交办过。要交办问题，发 交办。") if actor.regions() else _("您还没有报过。")


def _line(turn: Turn, report: Report) -> str:
    day = report.sent_at.astimezone(county.zone(turn.db))
    kind, about = _(KINDS[report.kind].title), own_reports.about(turn.db, report)
    return f"{day:%m-%d} {kind} {cards.clip(about, 10)} · {states.state_of(report)}"


def _page(turn: Turn, ids: list[str]) -> None:
    forms.redraw(turn, *_list(turn, keys.number(ids)))


def _open(turn: Turn, ids: list[str]) -> None:
    """From the list: on the same card, with the way back."""
    text, made = _report(turn, _find(turn, ids))
    forms.redraw(turn, text, [*made, [_key(_("‹ 返回列表"), "page", keys.number(ids, 1))]])


def _see(turn: Turn, ids: list[str]) -> None:
    """From a receipt: beside it, because the receipt still tells of its photos."""
    turn.show(None, *_report(turn, _find(turn, ids)))


def _find(turn: Turn, ids: list[str]) -> Report:
    return own_reports.find(turn.db, turn.person(), keys.number(ids))


def _report(turn: Turn, report: Report) -> tuple[str, Rows]:
    text, made = record.card(turn, report)
    kept = photos.counts(turn.db, report).kept
    look = [_key(_("看照片（{count}）").format(count=kept), "photos", report.id)] if kept else []
    return text, [look, *made]


def _photos(turn: Turn, ids: list[str]) -> None:
    if not record.albums(turn, _find(turn, ids)):
        raise Gone(_("照片还在保存，请稍后再看。"))


def _fix(turn: Turn, ids: list[str]) -> None:
    _change(turn, ids, drafts.CORRECT, edit=True)


def _drop(turn: Turn, ids: list[str]) -> None:
    _change(turn, ids, drafts.WITHDRAW)


def _change(turn: Turn, ids: list[str], step: str, edit: bool = False) -> None:
    report = _find(turn, ids)
    if turn.draft is not None and turn.draft.report_id != report.id:
        forms.put_aside(turn)
    draft = own_reports.change(turn.db, turn.chat, report, turn.person(), step, turn.now)
    if turn.pressed is not None and drafts.of_card(turn.db, turn.pressed.id) is None:
        forms.on(turn, draft)  # the list's card is used on; a receipt stays, it still tells of its photos
    draw(turn, draft, View(edit=edit))


_VERBS: dict[str, Callable[[Turn, list[str]], None]] = {
    "page": _page,
    "open": _open,
    "see": _see,
    "photos": _photos,
    "fix": _fix,
    "drop": _drop,
}
