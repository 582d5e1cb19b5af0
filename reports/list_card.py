"""The card of a list that was sent in chat: what it is, what would become of it, each fault with its cell."""

from collections.abc import Sequence
from html import escape

from storage.list_kinds import Checked, ListKind, kind_of
from storage.lists import Wish
from storage.sheets import BadCell
from storage.texts import N_, _

PREFIX = "il"
SHOWN, ON_PAGE = 12, 500
"""Faults on a card, and on a page of the console; the rest is counted."""
Drawn = tuple[str, list[list[tuple[str, str]]]]
"""HTML, and rows of (label, data)."""

_NEW = {
    ListKind.PROBLEMS: N_("交办 {count} 件"),
    ListKind.COMPARED: N_("立案 {count} 户"),
    ListKind.PAIRS: N_("请人联系 {count} 户"),
    ListKind.HOUSEHOLDS: N_("写入 {count} 户"),
    ListKind.ROSTER: N_("任职 {count} 人次"),
    ListKind.REGIONS: N_("写入 {count} 个区域"),
}
_STRANGERS = {
    **dict.fromkeys(ListKind, N_("其中新户 {count} 户")),
    ListKind.ROSTER: N_("其中新人 {count} 人"),
    ListKind.REGIONS: N_("其中新增 {count} 个"),
}
_SAME = {
    **dict.fromkeys(ListKind, N_("不变 {count} 户")),
    ListKind.ROSTER: N_("不变 {count} 人次"),
    ListKind.REGIONS: N_("不变 {count} 个"),
}


def reading(name: str) -> Drawn:
    return _head(name, "") + "\n" + escape(_("正在核对，马上就好。")), []


def refused(wish: Wish, sentence: str) -> Drawn:
    """It is no list that we can take."""
    again = _("什么都没有导入。")
    return "\n".join([_head(wish.name, wish.kind), escape(sentence), escape(again)]), []


def which(wish: Wish, kinds: Sequence[ListKind], errand: int) -> Drawn:
    """Its headings fit several."""
    said = _("这份清单的表头有几种可能，按哪一种来？")
    keys = [(_(kind.label), f"{PREFIX}:as:{errand}:{kind.value}") for kind in kinds]
    return _head(wish.name, "") + "\n" + escape(said), [keys, [_leave(errand)]]


def looked(wish: Wish, made: Checked, errand: int) -> Drawn:
    """The dry run."""
    lines = [
        _head(wish.name, made.kind),
        escape(_("试运行，还没有写入：{counts}").format(counts=counts(made))),
    ]
    if made.kind is ListKind.COMPARED:
        source = _("来源：{source}（不对的话，把文件再发一次，附上一句部门的名称）").format(
            source=wish.source
        )
        lines.append(escape(source))
    lines += _known(made) + _left(made) + faults(made.wrong, _most(wish))
    if not made.new:
        lines.append(escape(_("没有要导入的。")))
        return "\n".join(lines), []
    label = _("导入：{what}").format(what=_new(made.kind, len(made.new)))
    return "\n".join(lines), [[(label, f"{PREFIX}:import:{errand}:{made.kind.value}"), _leave(errand)]]


def writing(wish: Wish, kind: str, done: int = 0, total: int = 0) -> Drawn:
    """It is being written; how much there is may not be known yet."""
    said = _("正在导入：{done} / {total}").format(done=done, total=total) if total else _("正在导入…")
    return "\n".join([_head(wish.name, kind), escape(said)]), []


def written(wish: Wish, made: Checked, done: int, wrong: Sequence[BadCell], stopped: str = "") -> Drawn:
    """What became of it; `stopped` says why the rest is missing."""
    said = _("✓ 已导入：{what}").format(what=_new(made.kind, done))
    lines = [_head(wish.name, made.kind), escape(said), *_known(made)]
    lines += [escape(stopped)] if stopped else _left(made)
    return "\n".join([*lines, *faults(wrong, _most(wish))]), []


def left(wish: Wish) -> Drawn:
    return _head(wish.name, wish.kind) + "\n" + escape(_("没有导入。改好后把文件再发一次就行。")), []


def counts(made: Checked) -> str:
    """All rows of a list, in words."""
    said = [_new(made.kind, len(made.new))]
    if made.strangers:
        said.append(_(_STRANGERS[made.kind]).format(count=made.strangers))
    if made.known:
        said.append(_("已在办 {count} 件").format(count=len(made.known)))
    if made.same:
        said.append(_(_SAME[made.kind]).format(count=made.same))
    if made.wrong:
        said.append(_("有误 {count} 处").format(count=len(made.wrong)))
    return _("，").join(said)


def _new(kind: ListKind, count: int) -> str:
    return _(_NEW[kind]).format(count=count)


def _known(made: Checked) -> list[str]:
    """The first rows whose case is open already."""
    shown = [
        escape(_("第 {row} 行：已在办，{number}").format(row=one.line.number, number=one.number))
        for one in made.known[:SHOWN]
    ]
    more = len(made.known) - len(shown)
    return [*shown, *([escape(_("…还有 {count} 行已在办。").format(count=more))] if more else [])]


def _left(made: Checked) -> list[str]:
    """What stays as it is, and what to do about it."""
    said = []
    if made.absent:
        said.append(_("库里有而表里没有：{count} 个，保留不动。").format(count=made.absent))
    if made.waiting:
        again = _("{count} 人次的链接还没有打开；链接丢了，就在控制台的人员里或用 换手机 给本人一个新的。")
        said.append(again.format(count=made.waiting))
    return [escape(one) for one in said]


def _most(wish: Wish) -> int:
    return ON_PAGE if wish.upload else SHOWN


def faults(wrong: Sequence[BadCell], most: int = SHOWN) -> list[str]:
    """Each with its cell, and what to do."""
    if not wrong:
        return []
    shown = [f"<b>{one.cell}</b> {escape(one.what)}" for one in wrong[:most]]
    more = len(wrong) - len(shown)
    end = _("有误的行不导入；改好后把文件再发一次，已导入的不会重复。")
    return [*shown, *([escape(_("…还有 {count} 处。").format(count=more))] if more else []), escape(end)]


def _head(name: str, kind: str) -> str:
    title = _(kind_of(kind).label) if kind else _("清单")
    return f"<b>{escape(title)}</b> {escape(name)}"


def _leave(errand: int) -> tuple[str, str]:
    return _("不导入"), f"{PREFIX}:leave:{errand}"
