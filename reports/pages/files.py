"""Exports that somebody asked for: how far they are, and where they go."""

import htpy as h
from htpy import Node

from reports import listing
from reports.export_card import FORMS
from reports.pages.asked import Answer, Asked
from reports.pages.frame import marked, page, table
from storage import county, exports
from storage.exports import Export, ExportState, Form
from storage.texts import _

MOST = 20


def show(asked: Asked) -> Answer:
    """One's own exports."""
    made = [_row(asked, one) for one in exports.of_person(asked.session, asked.actor, MOST)]
    heads = [_("时间"), _("内容"), _("文件"), _("进度"), ""]
    return page(
        asked,
        _("导出"),
        h.p(".note")[_("文件做好后发到您和机器人的私聊。再打开这一页就看到新的进度。")],
        table(heads, made, empty=_("还没有导出过。打开一张表，在表的下面导出。")),
        here="/exports",
    )


def _row(asked: Asked, one: Export) -> list[Node]:
    at = one.created_at.astimezone(county.zone(asked.session))
    wanted = exports.filter_of(asked.session, one)
    return [
        f"{at:%m-%d %H:%M}",
        listing.describe(asked.session, wanted) or _("全部记录"),
        _(FORMS[Form(one.form)]) if one.form in set(Form) else "",
        _said(one),
        _cancel(asked, one) if one.state is ExportState.RUNNING else None,
    ]


def _said(one: Export) -> str:
    """How far it is."""
    return {
        ExportState.ASKED: _("在聊天里等着选文件"),
        ExportState.RUNNING: _("正在导出：{done} / {total} 份").format(done=one.done, total=one.total)
        if one.total
        else _("正在准备…"),
        ExportState.DONE: _("✓ 已导出 {total} 份").format(total=one.total),
        ExportState.CANCELLED: _("已取消"),
        ExportState.TOO_LARGE: _("文件太大，请缩小范围"),
        ExportState.FAILED: _("没有导出成功，请过一会儿再试"),
    }[one.state]


def _cancel(asked: Asked, one: Export) -> Node:
    return h.form(method="post", action=asked.path("exports", one.id, "cancel"))[
        marked(asked), h.button(".stop")[_("取消")]
    ]
