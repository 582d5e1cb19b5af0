"""`zhucun template`: empty lists to be filled in, the same as in chat and on the console."""

from pathlib import Path

import typer

from bot.errors import fail
from storage.list_kinds import ListKind
from storage.texts import _


def template(
    kind: ListKind = typer.Argument(help=_("哪种清单。")),
    out: Path = typer.Option(..., help=_("写到哪个文件，如 花名册.xlsx；不覆盖已有的文件。")),
) -> None:
    """Write an empty list of a kind as a workbook."""
    if out.exists():
        fail(_("{file} 已经有了：请换一个文件名。").format(file=out))
    # Here, because most commands write no workbook.
    from reports import list_templates

    try:
        out.write_bytes(list_templates.workbook(kind))
    except OSError as error:
        fail(_("写不进 {folder}：{why}。").format(folder=out, why=error.strerror or type(error).__name__))
    typer.echo(_("已写入 {file}。").format(file=out))
