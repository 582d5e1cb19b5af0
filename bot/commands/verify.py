"""`zhucun verify`: is everything still as it was?"""

import re

import typer

from bot.commands.progress import progress
from bot.errors import fail
from bot.settings import load, open_files, open_store
from storage import verifying
from storage.texts import _

LOOK = 1
"""Exit code: something is not as it was."""
_HEAD = re.compile(r"[0-9a-f]{16}")


def verify(
    head: list[str] = typer.Option(
        [], "--head", help=_("周报上印的日志链首，可以多个；会核对它在不在日志里。")
    ),
) -> None:
    """Hash every file again, look whether erased ones are gone, walk the journal's chain; each fault is a line and
    makes exit code 1. Beside a running bot."""
    for one in head:
        if not _HEAD.fullmatch(one.lower()):
            fail(_("链首是 16 位十六进制数，例如 0123456789abcdef：{head} 不是。").format(head=one))
    settings = load()
    store, faults = open_store(settings), 0
    with progress(_("照片和文件")) as told:
        for fault in verifying.files(store, open_files(settings), told):
            typer.echo(fault)
            faults += 1
    for fault in verifying.tombstones(store, open_files(settings)):
        typer.echo(fault)
        faults += 1
    with progress(_("日志")) as told:
        for fault in verifying.chain(store, [one.lower() for one in head], told):
            typer.echo(fault)
            faults += 1
    store.close()
    if faults:
        typer.echo(
            _("共 {count} 处不对。文件可以从备份里找回；日志被改过，请保留现场。").format(count=faults),
            err=True,
        )
        raise typer.Exit(LOOK)
    typer.echo(_("都没有变：照片、文件和日志。"))
