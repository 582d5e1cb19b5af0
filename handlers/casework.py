"""Cases in conversation: issuing a problem, what waits for me, and the steps of every kind with a life.

`/problem` and the steps that need words are forms (handlers/asking.py); what needs none is one press here.
Data of the buttons (prefix r): `page:<n>`, `todo:<n>` (of every kind), `open:<report>`, `mend:<report>` (its
photos, then the form), `fill:<step>:<report>`, `do:<step>:<report>:<version>`, `photos:<report>`,
`kept:<report>:<version>:<number of the measure>`, `heed:<report>`, `notice:<report>`,
`order:<report>`, `ledger`.
"""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import asking, forms, keys, record, referrals
from handlers.filters import Command, Pressed, Private
from handlers.forms import View, draw
from handlers.pickers import Rows
from handlers.turn import Button, Turn, escape
from storage import casework, notices, orders, picking, rebounds, scope, step_letters, stepping, todo
from storage import referrals as asked
from storage.kinds import KINDS
from storage.kinds.hardship_life import KEPT
from storage.kinds.house_life import HEED
from storage.kinds.rectification import ACCEPT, COMPLETE, STRIKE_OFF, Rectification
from storage.kinds.referring import ANSWERS
from storage.people import Role
from storage.refusals import Gone
from storage.report import Report, ReportState
from storage.step_letters import PREFIX
from storage.texts import N_, _
from storage.workflow import Step

router = Router(name="casework")

VERIFIED = N_("已核实")
"""What is noted when somebody strikes off by one tap."""


@router.message(Command("problem"))
async def problem(message: Message, turn: Turn, rest: str) -> None:
    asking.open_form(turn, Rectification.kind, rest, message)


@router.message(Private(), Command("mend"))
async def mend(message: Message, turn: Turn, rest: str) -> None:
    """The rectifications that wait for me."""
    text, rows = _list(turn, 0, Rectification.kind)
    papers = [[_key(_("清单和台账"), "ledger")]] if turn.person().regions() else []
    turn.say(text, [*rows, *papers])


@router.message(Private(), Command("todo"))
async def to_do(message: Message, turn: Turn, rest: str) -> None:
    """Everything that waits for me."""
    turn.say(*_mine(turn, 0))


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    keys.act(turn, rest, _VERBS)
    if keys.parts(rest)[0] in ("order", "ledger"):
        await query.answer(_("正在做，马上就好。"))


def _list(turn: Turn, page: int, *kinds: str) -> tuple[str, Rows]:
    actor, db, now = turn.person(), turn.db, turn.now
    total = todo.count(db, actor, now, *kinds)
    head = _head(turn, total, *kinds)
    if not total:
        return head, []
    made = [[_key(_line(turn, one), "open", one.id)] for one in todo.page(db, actor, now, page, *kinds)]
    last, verb = (total - 1) // todo.PAGE, "page" if kinds else "todo"
    turning = [
        *([_key("‹", verb, page - 1)] if page else []),
        *([_key("›", verb, page + 1)] if page < last else []),
    ]
    return head, [*made, turning]


def _head(turn: Turn, total: int, *kinds: str) -> str:
    """How many, and (of everything) how many are past their clock in what one may see: the count that is to
    be zero."""
    if kinds:
        none, some = _("现在没有等您办理的整改。"), _("等您办理的整改，共 {total} 件。点一件打开：")
        return escape((some if total else none).format(total=total))
    late = todo.late(turn.db, turn.person(), turn.now)
    zero = _("动态清零：您负责的范围里，逾期未办 {late} 件。").format(late=late)
    none, some = _("现在没有等您办理的事。"), _("等您办理的事，共 {total} 件。点一件打开：")
    return escape("\n".join([zero, (some if total else none).format(total=total)]))


def _key(label: str, verb: str, *ids: object) -> Button:
    return keys.press(label, verb, *ids, prefix=PREFIX)


def _line(turn: Turn, report: Report) -> str:
    place = picking.village_name(turn.db, report.village)
    state = step_letters.state_words(report)
    due = step_letters.due_words(turn.db, report, turn.now)
    parts = [state, place, due, report.number]
    return _("｜").join(part for part in parts if part)


def _page(turn: Turn, ids: list[str]) -> None:
    forms.redraw(turn, *_list(turn, keys.number(ids), Rectification.kind))


def _todo(turn: Turn, ids: list[str]) -> None:
    forms.redraw(turn, *_mine(turn, keys.number(ids)))


def _mine(turn: Turn, page: int) -> tuple[str, Rows]:
    """An officer's are the referrals of their department; those for departments without officers are the managers'."""
    actor = turn.person()
    if actor.has(Role.OFFICER) and not actor.teams() and not actor.regions():
        return referrals.waiting(turn)
    text, rows = _list(turn, page)
    return text, [*rows, *referrals.way(turn)]


def _find(turn: Turn, ids: list[str], place: int = 0) -> Report:
    return casework.find(turn.db, turn.person(), keys.number(ids, place))


def _open(turn: Turn, ids: list[str]) -> None:
    record.show(turn, _find(turn, ids))


def steps(turn: Turn, report: Report) -> list[Button]:
    """The buttons of what this person may do next, for the view of a record."""
    rows = step_letters.buttons(turn.db, turn.person(), report, turn.now, opened=True)
    more = [_key(_("公示内容"), "notice", report.id)] if report.state == ReportState.PUBLISHED else []
    if report.kind == Rectification.kind:
        more += [_key(_("交办单"), "order", report.id), *_earlier(turn, report)]
    return [*(one for row in rows for one in row), *more]


def _earlier(turn: Turn, report: Report) -> list[Button]:
    """The problems that this one may be again, where the reader may see them."""
    found = rebounds.earlier_of(turn.db, report)
    seen = [one for one in found if scope.may_see(turn.db, turn.person(), one)]
    return [_key(_("原整改 {number}").format(number=one.number), "open", one.id) for one in seen]


record.EXTRAS.update({kind.name: steps for kind in KINDS.values() if kind.life is not None})


def _photos(turn: Turn, ids: list[str]) -> None:
    if not record.albums(turn, _find(turn, ids)):
        raise Gone(_("照片还在保存，请稍后再看。"))


def _mend(turn: Turn, ids: list[str]) -> None:
    """From a notice: the pictures of the problem, then the form."""
    report = _find(turn, ids)
    casework.check(turn.db, turn.person(), report, COMPLETE, turn.now)
    record.albums(turn, report)
    _begin(turn, report, COMPLETE)


def _of_step(turn: Turn, ids: list[str]) -> Report:
    """The case of a step's button; one that was referred to a department is found by it, though not seen."""
    if ids and ids[0] in ANSWERS:
        return asked.find(turn.db, turn.person(), keys.number(ids, 1), turn.now)
    return _find(turn, ids, 1)


def _fill(turn: Turn, ids: list[str]) -> None:
    report = _of_step(turn, ids)
    _begin(turn, report, _step(report, ids))


def _begin(turn: Turn, report: Report, step: str) -> None:
    """The form of a step, at the end of the chat; what is being filled in is kept for later."""
    before = turn.draft
    draft = stepping.begin(turn.db, turn.chat, report, turn.person(), step, turn.now)
    if before is not None and before.id != draft.id:
        forms.put_aside(turn)
    draw(turn, draft, View(below=True))


def _step(report: Report, ids: list[str]) -> str:
    if not ids or ids[0] not in (step.name for step in casework.life_of(report).steps[1:]):
        raise Gone
    return ids[0]


def _do(turn: Turn, ids: list[str]) -> None:
    """A step that needs no more words; the card that was pressed tells what follows."""
    report = _of_step(turn, ids)
    step = casework.life_of(report).step(_step(report, ids))
    if (step.needs and step.name != STRIKE_OFF) or step.name == KEPT:
        raise Gone
    note = _(VERIFIED) if step.name == STRIKE_OFF else None
    stepping.take(turn.db, report, step.name, turn.person(), turn.now, version=keys.number(ids, 2), note=note)
    if step.name in ANSWERS:
        forms.redraw(turn, *referrals.waiting(turn))
        return
    forms.redraw(turn, *_taken(turn, report, step))


def _taken(turn: Turn, report: Report, step: Step) -> tuple[str, Rows]:
    """What the pressed card says now."""
    said = [f"<b>{escape(_done(report, step))}</b>"]
    said += [escape(line) for line in step_letters.facts(turn.db, report, turn.now)]
    if step.name == ACCEPT:
        closing = casework.life_of(report).step(STRIKE_OFF)
        asked = casework.whom_to_ask(turn.db, report, closing, turn.now)
        said += ["", escape(_("销号要由另一个人办理。") + asked)]
    return "\n".join(said), [[_key(_("查看"), "open", report.id)]]


def _heed(turn: Turn, ids: list[str]) -> None:
    """An alarm is taken up, however the case has moved since it rang."""
    report = _find(turn, ids)
    stepping.take(turn.db, report, HEED, turn.person(), turn.now, version=report.version)
    text, _keys = _taken(turn, report, casework.life_of(report).step(HEED))
    forms.redraw(turn, text, step_letters.buttons(turn.db, turn.person(), report, turn.now, opened=False))


def _kept(turn: Turn, ids: list[str]) -> None:
    """One of the measures is done."""
    report, which = _find(turn, ids), keys.number(ids, 2)
    version, given = keys.number(ids, 1), {"which": which}
    stepping.take(turn.db, report, KEPT, turn.person(), turn.now, version=version, answers=given)
    turn.show(turn.pressed.id if turn.pressed is not None else None, *record.card(turn, report))


def _notice(turn: Turn, ids: list[str]) -> None:
    """The text of the public notice, to be put up."""
    said = notices.text(turn.db, _find(turn, ids))
    if not said:
        raise Gone
    turn.say(escape(said))


def _order(turn: Turn, ids: list[str]) -> None:
    """The order document as a file, drawn anew as the problem stands now."""
    report = _find(turn, ids)
    if report.kind != Rectification.kind:
        raise Gone
    orders.again(turn.db, report, turn.chat, turn.now)


def _ledger(turn: Turn, _ids: list[str]) -> None:
    orders.ledger(turn.db, turn.person(), turn.chat, turn.now)


def _done(report: Report, step: Step) -> str:
    if report.kind == Rectification.kind and step.name == STRIKE_OFF:
        return _("✓ 已销号 {number}，这件整改办结了").format(number=report.number)
    said = {ACCEPT: _("✓ 已验收 {number}"), STRIKE_OFF: _("✓ 已销号 {number}")}
    return said.get(step.name, _("✓ {step} {number}")).format(step=_(step.title), number=report.number)


_VERBS: dict[str, Callable[[Turn, list[str]], None]] = {
    "page": _page,
    "todo": _todo,
    "open": _open,
    "mend": _mend,
    "fill": _fill,
    "do": _do,
    "heed": _heed,
    "kept": _kept,
    "notice": _notice,
    "order": _order,
    "ledger": _ledger,
    "photos": _photos,
}
