"""Rectification in conversation: issuing a problem, what waits for me, mending, judging, striking off.

`/problem` and the steps that need words are forms (handlers/asking.py); what needs none is one press here.
Data of the buttons (prefix r): `page:<n>`, `open:<report>`, `mend:<report>` (its photos, then the form),
`fill:<step>:<report>`, `do:<step>:<report>:<version>`, `photos:<report>`.
"""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import asking, forms, keys, record
from handlers.filters import Command, Pressed, Private
from handlers.forms import View, draw
from handlers.pickers import Rows
from handlers.turn import Button, Turn, escape
from storage import picking, rectification_letters, rectifications, rectifying
from storage.kinds.rectification import ACCEPT, COMPLETE, LIFE, STRIKE_OFF, Rectification
from storage.rectification_letters import PREFIX
from storage.refusals import Gone
from storage.report import Report
from storage.texts import N_, _

router = Router(name="rectification")

VERIFIED = N_("已核实")
"""What is noted when somebody strikes off by one tap."""


@router.message(Command("problem"))
async def problem(message: Message, turn: Turn, rest: str) -> None:
    asking.open_form(turn, Rectification.kind, rest, message)


@router.message(Private(), Command("mend"))
async def mend(message: Message, turn: Turn, rest: str) -> None:
    """What waits for me."""
    turn.say(*_list(turn, 0))


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    turn.person()
    act = _VERBS.get(verb)
    if act is None:
        raise Gone
    act(turn, ids)


def _list(turn: Turn, page: int) -> tuple[str, Rows]:
    actor = turn.person()
    total = rectifications.count(turn.db, actor)
    if not total:
        return escape(_("现在没有等您办理的整改。")), []
    made = [[_key(_line(turn, one), "open", one.id)] for one in rectifications.page(turn.db, actor, page)]
    last = (total - 1) // rectifications.PAGE
    turning = [
        *([_key("‹", "page", page - 1)] if page else []),
        *([_key("›", "page", page + 1)] if page < last else []),
    ]
    return escape(_("等您办理的整改，共 {total} 件。点一件打开：").format(total=total)), [*made, turning]


def _key(label: str, verb: str, *ids: object) -> Button:
    return keys.press(label, verb, *ids, prefix=PREFIX)


def _line(turn: Turn, report: Report) -> str:
    place = picking.village_name(turn.db, report.village)
    state = rectification_letters.state_words(report)
    due = rectification_letters.due_words(turn.db, report, turn.now)
    return _("{state}｜{place}｜{due}｜{number}").format(
        state=state, place=place, due=due, number=report.number
    )


def _page(turn: Turn, ids: list[str]) -> None:
    forms.redraw(turn, *_list(turn, keys.number(ids)))


def _find(turn: Turn, ids: list[str], place: int = 0) -> Report:
    return rectifications.find(turn.db, turn.person(), keys.number(ids, place))


def _open(turn: Turn, ids: list[str]) -> None:
    record.show(turn, _find(turn, ids))


def steps(turn: Turn, report: Report) -> list[Button]:
    """The buttons of what this person may do next, for the view of a record."""
    rows = rectification_letters.buttons(turn.db, turn.person(), report, opened=True)
    return [one for row in rows for one in row]


record.EXTRAS[Rectification.kind] = steps


def _photos(turn: Turn, ids: list[str]) -> None:
    if not record.albums(turn, _find(turn, ids)):
        raise Gone(_("照片还在保存，请稍后再看。"))


def _mend(turn: Turn, ids: list[str]) -> None:
    """From a notice: the pictures of the problem, then the form."""
    report = _find(turn, ids)
    rectifications.check(turn.db, turn.person(), report, COMPLETE, turn.now)
    record.albums(turn, report)
    _begin(turn, report, COMPLETE)


def _fill(turn: Turn, ids: list[str]) -> None:
    _begin(turn, _find(turn, ids, 1), _step(ids))


def _begin(turn: Turn, report: Report, step: str) -> None:
    """The form of a step, at the end of the chat; what is being filled in is kept for later."""
    before = turn.draft
    draft = rectifying.begin(turn.db, turn.chat, report, turn.person(), step, turn.now)
    if before is not None and before.id != draft.id:
        forms.put_aside(turn)
    draw(turn, draft, View(below=True))


def _step(ids: list[str]) -> str:
    if not ids or ids[0] not in (step.name for step in LIFE.steps):
        raise Gone
    return ids[0]


def _do(turn: Turn, ids: list[str]) -> None:
    """A step that needs no more words; the card that was pressed tells what follows."""
    step, report = _step(ids), _find(turn, ids, 1)
    if step not in (ACCEPT, STRIKE_OFF):
        raise Gone
    note = _(VERIFIED) if step == STRIKE_OFF else None
    rectifying.take(turn.db, report, step, turn.person(), turn.now, version=keys.number(ids, 2), note=note)
    said = [f"<b>{escape(_done(step).format(number=report.number))}</b>"]
    said += [escape(line) for line in rectification_letters.facts(turn.db, report, turn.now)]
    if step == ACCEPT:
        asked = rectifications.whom_to_ask(turn.db, report, LIFE.step(STRIKE_OFF), turn.now)
        said += ["", escape(_("销号要由另一个人办理。") + asked)]
    forms.redraw(turn, "\n".join(said), [[_key(_("查看"), "open", report.id)]])


def _done(step: str) -> str:
    return _("✓ 已验收 {number}") if step == ACCEPT else _("✓ 已销号 {number}，这件整改办结了")


_VERBS: dict[str, Callable[[Turn, list[str]], None]] = {
    "page": _page,
    "open": _open,
    "mend": _mend,
    "fill": _fill,
    "do": _do,
    "photos": _photos,
}
