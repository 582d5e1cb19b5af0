"""Long writes of the command line: short transactions, so that the running program never waits long."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlmodel import Session

from storage.db import Store
from storage.sheets import BadCell
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


def show_faults(faults: Iterable[tuple[str, BadCell]]) -> int:
    """List faults (file, cell) on standard error. How many there are."""
    wrong = list(faults)
    if wrong:
        table = Table(_("文件"), _("行"), _("单元格"), _("问题"))
        for file, fault in wrong[:SHOWN]:
            table.add_row(file, str(fault.row), fault.cell, fault.what)
        Console(stderr=True).print(table)
    return len(wrong)
