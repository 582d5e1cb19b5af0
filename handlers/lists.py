"""Lists that managers send as a file: looked at, shown, taken in by one press. Data of the buttons (prefix il):
`template:<kind>`, `as:<look>:<kind>`, `import:<look>:<kind>`, `leave:<look>`."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import forms, keys
from handlers.filters import Command, HasList, Pressed, Private
from handlers.turn import Button, Turn, button, escape
from reports import list_card
from reports.list_card import PREFIX, Drawn
from storage import list_kinds, lists, roster_links
from storage.list_kinds import ListKind
from storage.refusals import Refusal
from storage.texts import _

router = Router(name="lists")


@router.message(Private(), Command("import"))
async def how(message: Message, turn: Turn) -> None:
    """What may be sent, and an empty list of each kind."""
    offered = list_kinds.offered(turn.person())
    if not offered:
        raise Refusal(_("导入清单由管理组和管理员来做，请把文件交给他们。"))
    said = _(
        "把清单的 xlsx 文件直接发到这里：先试运行，列出每一处错误，您点“导入”才写入。"
        "同一份清单可以反复发，已导入的不会重复。空白模板："
    )
    templates = [keys.press(_(kind.label), "template", kind.value, prefix=PREFIX) for kind in offered]
    turn.say(escape(said), keys.rows(templates, 1))


@router.message(Private(), HasList())
async def sent(message: Message, turn: Turn) -> None:
    file = message.document
    assert file is not None
    name = file.file_name or ""
    if (file.file_size or 0) > lists.LARGEST:
        raise Refusal(_("{file} 太大了，请只留清单那一张表，分成几份。").format(file=name))
    wish = {
        "file": file.file_id, "name": name, "source": lists.source_of(name, message.caption or ""),
        "card": turn.show(None, *_keyed(list_card.reading(name))), "message": message.message_id,
    }  # fmt: skip
    lists.ask(turn.db, turn.person(), turn.chat, wish, turn.now)


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    keys.act(turn, rest, _VERBS)
    if keys.parts(rest)[0] == "template":
        await query.answer(_("正在做，马上就好。"))


def _keyed(drawn: Drawn) -> tuple[str, list[list[Button]]]:
    text, rows = drawn
    return text, [[button(label, data) for label, data in row] for row in rows]


def _template(turn: Turn, ids: list[str]) -> None:
    lists.ask_template(turn.db, turn.person(), turn.chat, "".join(ids[:1]), turn.now)


def _as(turn: Turn, ids: list[str]) -> None:
    wish = lists.as_kind(turn.db, turn.person(), keys.number(ids), "".join(ids[1:2]), turn.now)
    forms.redraw(turn, *_keyed(list_card.reading(wish.name)))


def _import(turn: Turn, ids: list[str]) -> None:
    actor, number, kind = turn.person(), keys.number(ids), "".join(ids[1:2])
    _errand, wish = lists.checked(turn.db, actor, number)
    gathered = roster_links.begin(turn.db, actor, wish.name, turn.now) if kind == ListKind.ROSTER else 0
    lists.take_in(turn.db, actor, number, kind, turn.now, links=gathered)
    forms.redraw(turn, *_keyed(list_card.writing(wish, kind)))


def _leave(turn: Turn, ids: list[str]) -> None:
    wish = lists.leave(turn.db, turn.person(), keys.number(ids))
    forms.redraw(turn, *_keyed(list_card.left(wish)))


_VERBS: dict[str, Callable[[Turn, list[str]], None]] = {
    "template": _template,
    "as": _as,
    "import": _import,
    "leave": _leave,
}
