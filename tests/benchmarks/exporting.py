"""Exports: a hundred thousand visits as a workbook, beside xlsxwriter given the same cells: `make bench-quick`.

Both write in the same way (constant memory, the same shapes of cells), turn about in processes of their own. What is
more is reading: pages inside a territory, names opened, answers put in words. Times are processor time.
"""

import argparse
import multiprocessing
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import IO

from storage.reading import Filter
from storage.rows import Row, Rows
from storage.showing import Channel
from tests.benchmarks.bare import book as bare_book
from tests.benchmarks.searching import County, actors, made, merge_words, opened, settled, write_batches
from tests.benchmarks.tables import Goal

ROWS, ROUNDS = 100_000, 3
RATIO, GROWTH = 1.5, 20.0


def goals(count: int = ROWS, rounds: int = ROUNDS) -> list[Goal]:
    """What is promised of exports, measured now; without rounds that of csv alone, for a million rows."""
    with tempfile.TemporaryDirectory() as name:
        path, county = settled(Path(name) / "data")
        fill(path, county, count)
        ratios, growth = [], 0.0
        for _round in range(rounds):
            ours, growth = _alone(export, path, county)
            bare, _growth = _alone(plain, path, county)
            ratios.append(ours / bare)
        _spent, csv_growth = _alone(csv, path, county)
    flat = Goal("6.csv_growth_mb", csv_growth, GROWTH)
    if not ratios:
        return [flat]
    return [
        flat,
        Goal("6.export_beside_xlsxwriter", median(ratios), RATIO),
        Goal("6.export_growth_mb", growth, GROWTH),
    ]


def _alone(work, path: Path, county: County) -> tuple[float, float]:  # type: ignore[no-untyped-def] # either of two
    """Processor seconds, and by how many megabytes its memory grew after the first tenth, in a new process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        result: tuple[float, float] = process.submit(work, path, county).result()
        return result


def fill(path: Path, county: County, count: int) -> None:
    """So many visits, each to a household of its village, with purposes, findings and a day."""
    chance = random.Random(3)
    with closing(sqlite3.connect(path)) as base, base:
        homes: dict[str, list[int]] = {}
        for number, village in base.execute("SELECT id, village FROM household ORDER BY id"):
            homes.setdefault(village, []).append(number)
        rows = [one._replace(kind="visit") for one in made(county, count)]
        write_batches(base, iter(rows))
        base.executemany(
            "INSERT INTO visit (report_id, purposes, findings, day, companions) VALUES (?, ?, ?, ?, '[]')",
            [
                (
                    one.report_id,
                    '["look", "housing"]',
                    f"{one.text}。已记下，{one.number}",
                    f"{one.sent_at:%Y-%m-%d}",
                )
                for one in rows
            ],
        )
        base.executemany(
            "UPDATE report SET household_id = ? WHERE id = ?",
            [(chance.choice(homes[one.village]), one.report_id) for one in rows],
        )
        merge_words(base)


def _peak() -> float:
    from tests.benchmarks import processes

    return processes.peak_megabytes([os.getpid()])


class _Grown:
    """Hears of each batch; knows the memory's peak after the first tenth and after all."""

    def __init__(self, count: int) -> None:
        self.tenth, self.early = count // 10, 0.0

    def __call__(self, done: int) -> None:
        if done >= self.tenth and not self.early:
            self.early = _peak()

    @property
    def growth(self) -> float:
        return _peak() - self.early


def export(path: Path, county: County) -> tuple[float, float]:
    """A workbook as the errand makes it, for somebody who may see everything."""
    from reports import tables

    with (path.parent / "ours.xlsx").open("wb") as out:
        return _written(path, county, lambda batches, told: tables.xlsx(batches, out, "查询结果", told))


def csv(path: Path, county: County) -> tuple[float, float]:
    """The same as csv."""
    from reports import tables

    with (path.parent / "ours.csv").open("w", encoding="utf-8", newline="") as out:
        return _written(path, county, lambda batches, told: tables.csv_file(batches, out, told))


def _written(
    path: Path, county: County, write: Callable[[Iterator[list[Row]], "_Grown"], int]
) -> tuple[float, float]:
    import storage.tables  # noqa: F401 - rows of one table refer to rows of others
    from storage import reading

    store = opened(path)
    with store.reading() as session:
        actor, asked = actors(county)["all"], Filter()
        grown = _Grown(reading.count_upto(session, actor, asked, reading.EVERYTHING))
        begun = time.process_time()
        rows = Rows(session, Channel.FILE, reason=False)
        write((rows.of(batch) for batch in reading.batches(session, actor, asked)), grown)
        spent = time.process_time() - begun
    store.close()
    return spent, grown.growth


def plain(path: Path, _county: County) -> tuple[float, float]:
    """The same cells without reading: rows made up before the time is taken."""
    rows = list(_rows(path))
    grown = _Grown(len(rows))
    with (path.parent / "bare.xlsx").open("wb") as out:
        begun = time.process_time()
        bare(rows, out)
        spent = time.process_time() - begun
    return spent, grown.growth


def _rows(path: Path) -> Iterator[Row]:
    """Rows like ours, from the tables themselves."""
    with closing(sqlite3.connect(path)) as base:
        found = base.execute(
            "SELECT r.id, r.number, r.sent_at, v.findings, v.day FROM report r JOIN visit v ON v.report_id = r.id"
            " ORDER BY r.sent_at DESC"
        )
        for number, receipt, sent, findings, day in found:
            at = datetime.fromisoformat(sent)
            words = f"事由：了解情况、住房\n情况：{findings}"
            yield Row(
                number, receipt, "走访", "杨村街道", "大桃园村", "李*山", date.fromisoformat(day), words, "已发送",
                "队*0", "第1队", at, None, 0,
            )  # fmt: skip


def bare(rows: list[Row], out: IO[bytes]) -> None:
    """xlsxwriter and nothing else: the same columns."""
    from reports.tables import COLUMNS, values

    with bare_book(out) as (book, write_row):
        page = book.add_worksheet("记录")
        for place, (_head, width) in enumerate(COLUMNS):
            page.set_column(place, place, width)
        write_row(page, 0, 0, [head for head, _width in COLUMNS])
        for number, row in enumerate(rows, 1):
            write_row(page, number, 0, [number, *values(row)])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.exporting", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    found = goals(given.rows, given.rounds)
    sys.stdout.write("".join(f"{goal}\n" for goal in found))
    return 0 if all(goal.met for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
