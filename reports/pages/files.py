"""Exports that somebody asked for: how far they are, and their files."""

import htpy as h
from htpy import Node, Renderable

from reports import listing
from reports.export_card import FORMS, megabytes
from reports.pages.asked import Answer, Asked, Watched
from reports.pages.frame import marked, page, table
from storage import county, exports, fetching
from storage.exports import Export, ExportState, Form
from storage.fetching import Kept
from storage.texts import _

MOST = 20
ANEW = 3
"""Seconds after which a page that is watched is loaded anew."""


def show(asked: Asked) -> Answer:
    """One's own exports. `watch`: loaded anew by itself as long as one is being made; never unasked, because it takes
    the place away from whoever reads with a screen reader."""
    found = exports.of_person(asked.session, asked.actor, MOST)
    running = any(one.state is ExportState.RUNNING for one in found)
    watched = bool(running and asked.said("watch"))
    heads = [_("时间"), _("内容"), _("文件"), _("进度"), ""]
    made = page(
        asked,
        _("导出"),
        h.p(".note")[
            _("文件只有您自己能下载，保留一天；在聊天里要的，50 MB 以内的发到聊天里。请妥善保管，用完删除。")
        ],
        _watching(asked, watched=watched) if running else None,
        table(
            heads, [_row(asked, one) for one in found], empty=_("还没有导出过。打开一张表，在表的下面导出。")
        ),
        here="/exports",
    )
    return Watched(made, ANEW) if watched else made


def _watching(asked: Asked, *, watched: bool) -> Renderable:
    """The way to a newer count."""
    here = asked.path("exports")
    if watched:
        return h.p[
            _("这一页每 {seconds} 秒更新一次。").format(seconds=ANEW),
            " ",
            h.a(href=here)[_("停止自动更新")],
        ]
    return h.p[h.a(href=here)[_("看新的进度")], " · ", h.a(href=f"{here}?watch=1")[_("自动更新")]]


def _row(asked: Asked, one: Export) -> list[Node]:
    at = one.created_at.astimezone(county.zone(asked.session))
    return [
        f"{at:%m-%d %H:%M}",
        _about(asked, one),
        _(FORMS[Form(one.form)]) if one.form in set(Form) else "",
        _progress(one),
        _cancel(asked, one) if one.state is ExportState.RUNNING else _files(asked, one),
    ]


def _about(asked: Asked, one: Export) -> str:
    said = listing.describe(asked.session, exports.filter_of(asked.session, one)) or _("全部记录")
    return _("{what}（不打码）").format(what=said) if one.reason else said


def _progress(one: Export) -> Node:
    """How far it is."""
    if one.state is ExportState.RUNNING and one.total:
        said = _("正在导出：{done} / {total} 份").format(done=one.done, total=one.total)
        return [h.progress(value=str(one.done), max=str(one.total), aria_label=_("进度")), " ", said]
    return _SAID[one.state]().format(total=one.total)


_SAID = {
    ExportState.ASKED: lambda: _("在聊天里等着选文件"),
    ExportState.RUNNING: lambda: _("正在准备…"),
    ExportState.DONE: lambda: _("✓ 已导出 {total} 份"),
    ExportState.CANCELLED: lambda: _("已取消"),
    ExportState.TOO_LARGE: lambda: _("文件太大，请缩小范围"),
    ExportState.FAILED: lambda: _("没有导出成功，请过一会儿再试"),
}


def _files(asked: Asked, one: Export) -> Node:
    """Links to what waits; else where it is, or that it is gone."""
    if one.state is not ExportState.DONE or not one.total:
        return None
    if one.files is None and not one.on_console:
        return _("在聊天里")
    found = fetching.links(asked.session, one, asked.now)
    if not found:
        return _("已删除")
    until = one.until.astimezone(county.zone(asked.session)) if one.until else asked.now
    return [
        *(h.p[h.a(href=asked.base + path, download=True)[_label(file)]] for path, file in found),
        h.p(".note")[_("{until} 前可下载").format(until=f"{until:%m-%d %H:%M}")],
    ]


def _label(file: Kept) -> str:
    size = f"{megabytes(file.size)} MB" if file.size >= 1_000_000 else f"{-(-file.size // 1000)} kB"
    return f"{file.name}（{size}）"


def _cancel(asked: Asked, one: Export) -> Node:
    return h.form(method="post", action=asked.path("exports", one.id, "cancel"))[
        marked(asked), h.button(".stop")[_("取消")]
    ]
