"""`zhucun reports export`: the answer to a question as a file, for the owner of the machine."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.commands.asked_reports import Narrowed, meant
from bot.commands.progress import progress
from bot.errors import fail
from bot.settings import load, open_files, open_store
from storage import exports, reading
from storage.exports import Form
from storage.files import Files
from storage.reading import Filter
from storage.rows import Rows
from storage.showing import Channel
from storage.texts import _

if TYPE_CHECKING:
    from reports.tables import Told

FORMS = {".xlsx": Form.XLSX, ".csv": Form.CSV, ".zip": Form.PHOTOS, ".docx": Form.DOCX}


def export_(
    words: list[str] = typer.Argument(None, help=_("要查的词，例如：屋顶 漏雨 王家庄 上月。")),
    out: Path = typer.Option(
        ..., help=_("写到哪个文件：.xlsx、.csv、.zip（照片）或 .docx（一份记录）；不覆盖已有的文件。")
    ),
    village: str = typer.Option("", help=_("村、镇或县的代码。")),
    team: str = typer.Option("", help=_("工作队名称。")),
    kind: str = typer.Option("", help=_("类型，如 visit、走访。")),
    since: str = typer.Option("", help=_("发送日期从哪天起，如 2026-10-01。")),
    until: str = typer.Option("", help=_("发送日期到哪天止，含当天。")),
    reveal: str = typer.Option("", help=_("不打码的理由，会记入日志。")),
) -> None:
    """Everything that search finds, as a file. Memory does not grow with it."""
    form = FORMS.get(out.suffix.lower())
    if form is None:
        fail(_("文件名要以 .xlsx、.csv、.zip 或 .docx 结尾。"))
    if out.exists():
        fail(_("{file} 已经有了：请换一个文件名。").format(file=out))
    settings, now = load(), system_now()
    store, files = open_store(settings), open_files(settings)
    with refusing():
        with store.writing() as session:
            asked = meant(session, words or [], Narrowed(kind, village, team, since, until), now)
            if form not in exports.offered(asked):
                fail(_("Word 文件一次写一份：请给出完整的编号，例如 ZF-20261120-0001。"))
            exports.note(session, None, asked, form, reveal, now)
        with store.reading() as session, progress(_("导出")) as bar:
            total = reading.count_upto(session, None, asked, reading.EVERYTHING, everything=True)
            made = Rows(session, Channel.COMMAND, bool(reveal))
            try:
                count = _write(form, out, asked, made, files, now, lambda done: bar(done, total))
            except OSError as error:
                fail(
                    _("写不进 {folder}：{why}。").format(
                        folder=out, why=error.strerror or type(error).__name__
                    )
                )
    typer.echo(_("已写入 {file}：{count} 份报告。").format(file=out, count=count))


def _write(
    form: Form, out: Path, asked: Filter, made: Rows, files: Files, now: datetime, told: "Told"
) -> int:
    """Into a folder beside it, so that no half file bears its name. How many reports."""
    from reports import export_files  # libraries of workbooks, which other commands need not

    local = now.astimezone(made.zone)
    title = _("查询结果 {day}").format(day=f"{local:%Y-%m-%d}")
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as name:
        to = export_files.Target(Path(name), out.stem, title, 0, local)
        written, count = export_files.write(form, made, None, asked, files, to, told)
        if not written:
            fail(_("没有照片可以导出。") if form is Form.PHOTOS else _("没有这个编号的记录。"))
        written[0].replace(out)
    return count
