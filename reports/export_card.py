"""The card of an export: what it holds, how far it is, what to do. Drawn where it is asked for and by the errand."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from sqlmodel import Session

from reports import listing
from storage import exports, fetching
from storage.exports import Export, ExportState, Form
from storage.texts import N_, _, labelled

PREFIX = "x"
FORMS = {
    Form.XLSX: N_("Excel 表格"), Form.CSV: N_("CSV 表格"), Form.PHOTOS: N_("照片（zip）"), Form.DOCX: N_("Word 文件"),
}  # fmt: skip
MOST = 45 << 20
"""Bytes of photos in one zip."""
LARGEST = 50_000_000
"""Bytes of a file that a bot may send; Telegram's limit."""
Buttons = list[list[tuple[str, str]]]
"""Rows of (label, data)."""


def drawn(session: Session, export: Export, *, now: datetime, reveal: bool = False) -> tuple[str, Buttons]:
    """HTML and buttons. `reveal`: its asker may have names in full, and is told how."""
    about = listing.describe(session, exports.filter_of(session, export)) or _("全部记录")
    head = [f"<b>{escape(_('导出'))}</b> {escape(about)}"]
    reason = exports.reason_of(session, export)
    if reason:
        head.append(escape(labelled(_("不打码，理由"), reason)))
    forms = exports.offered(exports.filter_of(session, export))
    said, buttons = (
        _asked(export, forms) if export.state is ExportState.ASKED else _SAID[export.state](export)
    )
    lines = [*head, *map(escape, said), *_links(session, export, now)]
    if export.state is ExportState.TOO_LARGE and fetching.address(session, export) is not None:
        lines.append(escape(_("也可以请队长来导出：队长和管理组能在控制台下载大的文件。")))
    if export.state is ExportState.ASKED and not reason:
        lines.append(escape(_("姓名和号码打码。")))
        if reveal:
            lines.append(escape(_("工作需要不打码的，先发送 查询 理由 加理由，会记入日志。")))
    return "\n".join(lines), buttons


def megabytes(size: int) -> int:
    return -(-size // 1_000_000)


def _links(session: Session, export: Export, now: datetime) -> list[str]:
    """HTML: the way to each file that waits on the console, for whoever asked in chat."""
    found, base = fetching.links(session, export, now), fetching.address(session, export)
    if not found or base is None:
        return []
    made = [f'<a href="{escape(base + path)}">{escape(one.name)}</a>' for path, one in found]
    return [*made, escape(_("打不开的话，先发送 控制台 登录，再点。"))]


Said = tuple[list[str], Buttons]


def _asked(export: Export, forms: Sequence[Form]) -> Said:
    made = [*((_(FORMS[one]), f"{PREFIX}:make:{export.id}:{one}") for one in forms), _cancel(export)]
    return [_("要哪种文件？")], [made[start : start + 2] for start in range(0, len(made), 2)]


def _cancel(export: Export) -> tuple[str, str]:
    return _("取消"), f"{PREFIX}:cancel:{export.id}"


def _running(export: Export) -> Said:
    if not export.total:
        return [_("正在准备…")], [[_cancel(export)]]
    share = 100 * export.done // export.total
    said = _("正在导出：{done} / {total} 份（{share}%）").format(
        done=export.done, total=export.total, share=share
    )
    return [said], [[_cancel(export)]]


def _done(export: Export) -> Said:
    if not export.total:
        return [_("没有记录，不用导出。")], []
    if export.files is not None:
        said = _("✓ 已导出 {total} 份。文件有 {size} MB，聊天里发不下，请在控制台下载，只保留一天：")
        return [said.format(total=export.total, size=megabytes(export.size))], []
    return [_("✓ 已导出 {total} 份，文件在下面。请妥善保管，用完删除。").format(total=export.total)], []


def _cancelled(_export: Export) -> Said:
    return [_("已取消。要再导出，请回到查询结果点“导出”。")], []


def _too_large(export: Export) -> Said:
    said = _(
        "文件有 {size} MB，Telegram 只让机器人发 50 MB 以内的文件。请缩小范围，例如一个月一个月地导出；"
        "也可以请服务器的管理员运行 zhucun reports export。"
    )
    return [said.format(size=megabytes(export.size))], []


def _failed(_export: Export) -> Said:
    return [_("没有导出成功。请过一会儿再点“导出”；还不行请告诉管理员。")], []


_SAID = {
    ExportState.RUNNING: _running,
    ExportState.DONE: _done,
    ExportState.CANCELLED: _cancelled,
    ExportState.TOO_LARGE: _too_large,
    ExportState.FAILED: _failed,
}
