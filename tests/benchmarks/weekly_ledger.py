"""The ledger of a busy week beside xlsxwriter given the same cells, each in a process of its own, turn about."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import IO
from zoneinfo import ZoneInfo

import storage.tables  # noqa: F401 - rows of one table refer to rows of others
from reports.workbooks import Value
from storage.db import Store
from storage.sealing import Keyring
from storage.summaries import Scope
from tests.benchmarks import busy_week, processes
from tests.benchmarks.bare import book as bare_book
from tests.benchmarks.tables import Goal
from tests.weeks import CLOSE, COUNTY, W47

ROUNDS, TEAMS = 3, 100
RATIO, GROWTH = 1.3, 20.0
Sheets = dict[str, list[Sequence[Value]]]


def goals(folder: Path, rows: int) -> list[Goal]:
    """What is promised of the ledger, measured now."""
    store = Store(f"sqlite:///{folder / 'ledger.db'}", Keyring.new())
    store.keyring.save(folder / "ledger.key")
    busy_week.fill(store, busy_week.settled(store, TEAMS), rows)
    store.close()
    ratios = []
    for _round in range(ROUNDS):
        ours, bare = (_alone(work, folder, 1.0)[0] for work in (write, plain))
        sys.stderr.write(f"ledger of {rows} records: {ours:.2f} s, bare {bare:.2f} s\n")
        ratios.append(ours / bare)
    growth = _alone(write, folder, 1.0)[1] - _alone(write, folder, 0.1)[1]
    return [
        Goal("5.ledger_beside_xlsxwriter", median(ratios), RATIO),
        Goal("5.ledger_growth_mb", growth, GROWTH),
    ]


def _alone(
    work: Callable[[Path, float], tuple[float, float]], folder: Path, part: float
) -> tuple[float, float]:
    """Processor seconds, and the most megabytes it held, in a new process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(work, folder, part).result()


def _opened(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'ledger.db'}", Keyring.load(folder / "ledger.key"))


def write(folder: Path, part: float) -> tuple[float, float]:
    """As the errand does it, over this part of the week, its figures known."""
    from reports import figures, week_ledger
    from reports.week import Closed, Week

    store = _opened(folder)
    with store.reading() as session, (folder / "ours.xlsx").open("wb") as out:
        found = figures.count(session, Scope(COUNTY), Closed(Week(2026, 47), W47), CLOSE)
        until = W47.start + (W47.end - W47.start) * part
        begun = time.process_time()
        week_ledger.write(session, Scope(COUNTY), replace(found, end=until.isoformat()), out)
        spent = time.process_time() - begun
    store.close()
    return spent, processes.peak_megabytes([os.getpid()])


def plain(folder: Path, _part: float) -> tuple[float, float]:
    """The same cells without reading: they are there before the time is taken."""
    from reports import week_ledger

    store, zone = _opened(folder), ZoneInfo("Asia/Shanghai")
    with store.reading() as session:
        sheets: Sheets = {
            kind: list(week_ledger.cells(session, Scope(COUNTY), W47, zone, kind))
            for kind in week_ledger.HEADS
        }
    store.close()
    with (folder / "bare.xlsx").open("wb") as out:
        begun = time.process_time()
        bare(sheets, out)
        return time.process_time() - begun, 0.0


def bare(sheets: Sheets, out: IO[bytes]) -> None:
    """xlsxwriter and nothing else."""
    with bare_book(out) as (book, write_row):
        for kind, rows in sheets.items():
            page = book.add_worksheet(kind)
            for number, row in enumerate(rows):
                write_row(page, number, 0, row)
