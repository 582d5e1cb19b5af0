"""Filling in a form: its commands and its buttons. What is typed and sent is in handlers/sending.py."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import cards, filling, forms, keys, looking
from handlers.filters import Command, Pressed, Private
from handlers.forms import View, draw
from handlers.turn import Turn, escape
from storage import drafts
from storage.draft import Draft, DraftState
from storage.kinds import KINDS
from storage.redact import typed
from storage.refusals import Gone, Refusal
from storage.reporting import hand_in
from storage.texts import _

router = Router(name="asking")

LAST_PAGE = 1000
"""No list is longer, and no calendar reaches as many months away."""


@router.message(Command("visit"))
async def visit(message: Message, turn: Turn, rest: str) -> None:
    open_form(turn, "visit", rest, message)


@router.message(Command("photo"))
async def photo(message: Message, turn: Turn, rest: str) -> None:
    open_form(turn, "photo", rest, message)


@router.message(Command("case"))
async def case(message: Message, turn: Turn, rest: str) -> None:
    open_form(turn, "hardship", rest, message)


@router.message(Command("house"))
async def house(message: Message, turn: Turn, rest: str) -> None:
    open_form(turn, "house", rest, message)


def open_form(turn: Turn, kind: str, words: str = "", message: Message | None = None) -> None:
    """Begin a report of that kind; words typed behind the command are taken in. Also for deep links."""
    if not turn.chat.private:
        # Strangers in a group are not answered.
        if turn.actor is not None:
            forms.in_group(turn, kind)
        return
    draft = forms.begin(turn, kind)
    if words and message is not None:
        filling.first_words(turn, draft, typed(words), typed(message.text or ""), message.message_id)
        looking.tidy(turn, message, draft)
    draw(turn, draft)


@router.message(Private(), Command("drafts"))
async def list_drafts(message: Message, turn: Turn) -> None:
    found = drafts.open_ones(turn.db, turn.person())
    if not found:
        turn.say(escape(_("没有没写完的草稿。要报走访，发 走访。")))
        return
    made = [[keys.of(draft, cards.clip(cards.called(turn, draft), 40), "use")] for draft in found[:20]]
    turn.say(escape(_("没写完的草稿，点一份继续：")), made)


@router.message(Private(), Command("cancel"))
async def give_up(message: Message, turn: Turn) -> None:
    turn.person()
    if turn.draft is None:
        turn.say(escape(_("现在没有正在填的草稿。")))
        return
    drafts.cancel(turn.db, turn.draft, turn.now)
    draw(turn, turn.draft, View(below=True))


@router.callback_query(Private(), Pressed(keys.FORMS))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    """Any button of a form. A draft that was sent or given up shows what it is now."""
    verb, ids = keys.parts(rest)
    turn.person()
    if verb == "idle":
        return
    if verb == "new":
        _new(turn, ids)
        return
    draft = drafts.own(turn.db, keys.number(ids), turn.person())
    if verb in ("undo", "use"):
        _take_up(turn, draft)
    elif draft.state == DraftState.OPEN:
        _act(turn, draft, verb, ids[1:])
    else:
        forms.on(turn, draft)
        draw(turn, draft)


def _new(turn: Turn, ids: list[str]) -> None:
    if not ids or ids[0] not in KINDS:
        raise Gone
    draw(turn, forms.begin(turn, ids[0]))


def _take_up(turn: Turn, draft: Draft) -> None:
    if turn.draft is not None and turn.draft.id != draft.id and draft.state != DraftState.SENT:
        forms.put_aside(turn)
    forms.on(turn, draft)
    drafts.restore(turn.db, draft, turn.now)
    if draft.state == DraftState.OPEN:
        drafts.use(turn.db, draft)
        drafts.move_on(turn.db, draft)
    draw(turn, draft)


def _act(turn: Turn, draft: Draft, verb: str, ids: list[str]) -> None:
    """A press on the card of an open draft, which thereby comes into focus."""
    act = _VERBS.get(verb)
    if act is None:
        raise Gone
    if not draft.focus:
        forms.put_aside(turn)
        drafts.use(turn.db, draft)
    forms.on(turn, draft)
    if verb not in _ABOUT_DRAFT:
        _check_question(draft, verb, ids)
    draw(turn, draft, act(turn, draft, ids))


def _check_question(draft: Draft, verb: str, ids: list[str]) -> None:
    """Raises Gone when the press is about a question that the form does not have (any more)."""
    if not ids or ids[0] not in drafts.asks_of(draft):
        raise Gone
    if verb in _WITH_VALUE and len(ids) < 2:
        raise Gone


def _send(turn: Turn, draft: Draft, _ids: list[str]) -> View | None:
    try:
        hand_in(turn.db, draft, turn.person(), turn.now)
    except Refusal as refusal:
        drafts.move_on(turn.db, draft)
        return View(note=refusal.sentence)
    return None


def _ask(turn: Turn, draft: Draft, ids: list[str]) -> View | None:
    draft.asking = ids[0]
    filling.forget_loose(turn, draft)
    return View(many=filling.ticked(turn, draft, ids[0]))


def _page(turn: Turn, draft: Draft, ids: list[str]) -> View | None:
    draft.asking = ids[0]
    page = keys.number(ids, 1)
    if page > LAST_PAGE:
        raise Gone
    if page == 0:
        filling.forget_loose(turn, draft)
    return View(page=page)


def _back(turn: Turn, draft: Draft, ids: list[str]) -> View | None:
    filling.back(turn, draft, ids[0])
    return None


def _summary(turn: Turn, draft: Draft, _ids: list[str]) -> View | None:
    filling.forget_loose(turn, draft)
    drafts.move_on(turn.db, draft)
    return None


def _cancel(turn: Turn, draft: Draft, _ids: list[str]) -> View | None:
    drafts.cancel(turn.db, draft, turn.now)
    return None


def _kind(turn: Turn, draft: Draft, ids: list[str]) -> View | None:
    if draft.kind != drafts.NOTE or not ids or ids[0] not in KINDS:
        raise Gone
    forms.may_report(turn.person(), ids[0])
    drafts.become(turn.db, draft, ids[0], turn.person(), turn.now)
    return None


def _edit(_turn: Turn, _draft: Draft, _ids: list[str]) -> View | None:
    return View(edit=True)


def _more(_turn: Turn, draft: Draft, ids: list[str]) -> View | None:
    filling.several(draft, ids[0])
    draft.asking = ids[0]
    return View(many=True)


def _flip(turn: Turn, draft: Draft, ids: list[str]) -> View | None:
    filling.flip(turn, draft, ids[0], ids[1])
    return View(many=True)


_VERBS: dict[str, Callable[[Turn, Draft, list[str]], View | None]] = {
    "set": lambda turn, draft, ids: filling.pick(turn, draft, ids[0], ids[1]),
    "none": lambda turn, draft, ids: filling.none(turn, draft, ids[0]),
    "say": lambda turn, draft, ids: filling.suggested(turn, draft, ids[0], keys.number(ids, 1)),
    "last": lambda turn, draft, ids: filling.same_as_last(turn, draft, ids[0]),
    "typed": lambda turn, draft, ids: filling.place_loose(turn, draft, ids[1]),
    "skip": lambda turn, draft, ids: filling.skip(turn, draft, ids[0]),
    "done": lambda turn, draft, ids: filling.done(turn, draft, ids[0]),
    "more": _more,
    "flip": _flip,
    "page": _page,
    "ask": _ask,
    "back": _back,
    "edit": _edit,
    "sum": _summary,
    "send": _send,
    "cancel": _cancel,
    "kind": _kind,
}
_WITH_VALUE = frozenset({"set", "say", "typed", "flip"})
_ABOUT_DRAFT = frozenset({"edit", "sum", "send", "cancel", "kind"})
