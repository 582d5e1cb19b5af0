"""What waits for whoever looks: the same cases as 待办 in chat, the most urgent first."""

import htpy as h
from htpy import Node

from reports.pages import ledger
from reports.pages.asked import Answer, Asked
from reports.pages.frame import page
from storage import todo
from storage.refusals import NoPage
from storage.texts import _

ROWS = 30


def show(asked: Asked) -> Answer:
    said = asked.said("page") or "0"
    if not said.isascii() or not said.isdecimal() or len(said) > 4:
        raise NoPage
    number, count = int(said), todo.count(asked.session, asked.actor, asked.now)
    found = todo.page(asked.session, asked.actor, asked.now, number, size=ROWS)
    return page(
        asked,
        _("等我办理"),
        h.p(".count", role="status")[_("共 {count} 件").format(count=count)],
        h.p(".note")[_("在和机器人的私聊里发送 待办 就能办理。")],
        ledger.rows(asked, found) if found else h.p(".empty")[_("没有等您办理的事。")],
        _turning(asked, number, count),
        here="/",
    )


def _turning(asked: Asked, number: int, count: int) -> Node:
    address = asked.path("todo")
    links = [
        h.a(".button.quiet", href=f"{address}?page={number - 1}", rel="prev")[_("‹ 上一页")]
        if number
        else None,
        h.a(".button.quiet", href=f"{address}?page={number + 1}", rel="next")[_("下一页 ›")]
        if (number + 1) * ROWS < count
        else None,
    ]
    return h.nav(".pages", aria_label=_("翻页"))[links] if any(links) else None
