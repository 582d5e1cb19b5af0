"""What waits for whoever looks: the same cases as 待办 in chat, the most urgent first."""

import htpy as h

from reports.pages import ledger
from reports.pages.asked import Answer, Asked
from reports.pages.frame import numbered, page, turned
from storage import todo
from storage.texts import _

ROWS = 30


def show(asked: Asked) -> Answer:
    number, count = numbered(asked), todo.count(asked.session, asked.actor, asked.now)
    found = todo.page(asked.session, asked.actor, asked.now, number, size=ROWS)
    return page(
        asked,
        _("等我办理"),
        h.p(".count", role="status")[_("共 {count} 件").format(count=count)],
        h.p(".note")[_("在和机器人的私聊里发送 待办 就能办理。")],
        ledger.rows(asked, found) if found else h.p(".empty")[_("没有等您办理的事。")],
        turned(asked.path("todo"), number, count, ROWS),
        here="/",
    )
