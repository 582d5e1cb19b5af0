"""Long writes of the command line: short transactions, so that the running program never waits long."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlmodel import Session

from bot.errors import fail
from storage.db import Store
from storage.sheets import BadCell, Known
from storage.texts import _

T = TypeVar("T")
R = TypeVar("R")
BATCH = 50
SHOWN = 50
"""Faults listed at most; the rest is counted."""


def in_batches(
    store: Store, items: Sequence[T], write: Callable[[Session, Sequence[T]], R], title: str
) -> list[R]:
    """Write items 50 to a transaction, with a progress bar on standard error. What each call gave."""
    given = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=len(items))
        for start in range(0, len(items), BATCH):
            part = items[start : start + BATCH]
            with store.writing() as session:
                given.append(write(session, part))
            progress.advance(task, len(part))
    return given


def refuse_faults(file: Path, wrong: Iterable[BadCell]) -> None:
    """The end of an import: where cells of the file are wrong they are listed, and the exit code is 2."""
    if count := show_faults((file.name, fault) for fault in wrong):
        fail(
            _("{count} 处有误，这些行没有导入。改好后再导入一次即可，已导入的不会重复。").format(count=count)
        )


def show_known(known: Iterable[Known]) -> None:
    """Rows of an import of what is here already, a line each."""
    for one in known:
        typer.echo(_("第 {row} 行：已在办，{number}").format(row=one.line.number, number=one.number))


def show_faults(faults: Iterable[tuple[str, BadCell]]) -> int:
    """List faults (file, cell) on standard error. How many there are."""
    wrong = list(faults)
    if wrong:
        table = Table(_("文件"), _("行"), _("单元格"), _("问题"))
        for file, fault in wrong[:SHOWN]:
            table.add_row(file, str(fault.row), fault.cell, fault.what)
        Console(stderr=True).print(table)
    return len(wrong)
