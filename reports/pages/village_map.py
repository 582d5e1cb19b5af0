"""The villages of a territory: on a map made of their coordinates, and as a list."""

import htpy as h
from htpy import Node, Renderable

from reports.pages import drawing, ledger, places
from reports.pages.asked import Answer, Asked
from reports.pages.drawing import Dot
from reports.pages.frame import page, table
from storage import picking, village_counts
from storage.refusals import NoPage
from storage.texts import _
from storage.village_counts import VillageCount

DOTS, ROWS = 2000, 50
"""Villages on one map, and on one page of the list."""


def show(asked: Asked) -> Answer:
    code, after = places.chosen(asked), asked.said("after")
    if after and not (after.isascii() and after.isdigit() and len(after) == 12):
        raise NoPage
    drawn = village_counts.counted(asked.session, asked.actor, asked.now, code, most=DOTS)
    listed = village_counts.counted(asked.session, asked.actor, asked.now, code, after, ROWS)
    return page(
        asked,
        _("村图"),
        places.chooser(asked, code, "villages"),
        _map(asked, drawn),
        table([_("村"), _("镇街"), _("30 天走访"), _("未办结"), _("超期")], [_row(asked, one) for one in listed[:ROWS]],
              empty=_("这里没有村。")),
        _more(asked, code, listed),
        here="/villages",
    )  # fmt: skip


def _map(asked: Asked, villages: list[VillageCount]) -> Node:
    """A village without coordinates is on the list alone."""
    if len(villages) > DOTS:
        return h.p(".empty")[_("村太多，画不下。请在上面选一个县或镇。")]
    known = [one for one in villages if one.place is not None]
    if not known:
        return h.p(".empty")[_("还没有村的坐标，画不出图。管理员可以用 zhucun regions places 导入。")]
    most = max(one.visits for one in known) or 1
    title = _("{count} 个村，圆越大走访越多，红色有超期").format(count=len(known))
    return h.figure(".block")[
        drawing.chart([_dot(asked, one, most) for one in known], title),
        h.figcaption[title, _left_out(len(villages) - len(known))],
    ]


def _left_out(count: int) -> str:
    return _("；另有 {count} 个村没有坐标").format(count=count) if count else ""


def _dot(asked: Asked, one: VillageCount, most: int) -> Dot:
    said = _("{village}：30 天走访 {visits}，未办结 {open}，超期 {late}").format(
        village=one.name, visits=one.visits, open=one.open, late=one.late
    )
    assert one.place is not None
    return Dot(one.place, one.visits / most, one.late > 0, _link(asked, one), said)


def _link(asked: Asked, one: VillageCount) -> str:
    return f"{asked.path('ledgers', ledger.ALL)}?place={one.code}"


def _row(asked: Asked, one: VillageCount) -> list[Node]:
    return [
        h.a(href=_link(asked, one))[one.name],
        picking.village_name(asked.session, one.code[:9]),
        str(one.visits),
        str(one.open),
        h.span(class_={"late": one.late > 0})[str(one.late)],
    ]


def _more(asked: Asked, code: str, listed: list[VillageCount]) -> Renderable | None:
    if len(listed) <= ROWS:
        return None
    address = f"{asked.path('villages')}?place={code}&after={listed[ROWS - 1].code}"
    return h.nav(".pages", aria_label=_("翻页"))[
        h.a(".button.quiet", href=address, rel="next")[_("后面的村 ›")]
    ]
