"""`python -m tests.benchmarks [--quick] [--rounds N] [--only REGEX] [--out FILE]`: the table, or goals met and
missed. The rounds are interleaved, so that a busy moment of the machine meets all."""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import uvloop

from tests import postgres
from tests.benchmarks import (
    console,
    desks,
    exporting,
    filled,
    outbound,
    photos,
    processes,
    searching,
    searching_postgresql,
    tables,
    weekly,
)
from tests.benchmarks.contenders import CONTENDERS, ECHO_BOT, PICKLE, REDIS, ZHUCUN, Contender
from tests.benchmarks.installation import furnish
from tests.benchmarks.measuring import FULL, QUICK, Run, measure
from tests.benchmarks.tables import Goal

Member = tuple[str, Callable[[], list[Goal]]]


def main() -> int:
    given = _arguments()
    quick = f"^({'|'.join(map(re.escape, (ZHUCUN, REDIS, PICKLE, ECHO_BOT)))})$"
    wanted = quick if given.quick and not given.only else given.only
    chosen = [one for one in CONTENDERS if re.search(wanted or "", one.name)]
    if not chosen:
        sys.stderr.write(f"no bot has such a name: {', '.join(one.name for one in CONTENDERS)}\n")
        return 2
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as folder, _timed("all"):
        furnished = Path(folder) / "furnished"
        furnish(furnished, datetime.now(UTC))
        with _timed("bots"):
            _rounds(chosen, given, furnished, runs)
        goals = tables.goals(runs)
        for name, work in [] if given.only else _members(furnished, quick=given.quick):
            with _timed(name):
                goals += work()
    if not given.quick:
        sys.stdout.write(tables.markdown(runs) + "\n\n")
    sys.stdout.write("".join(f"{goal}\n" for goal in goals))
    return 0 if all(goal.met for goal in goals) else 1


def _members(furnished: Path, *, quick: bool) -> Iterator[Member]:
    """What is measured besides the bots, in order."""
    yield "broadcast", partial(outbound.goals, furnished, quick=quick, run=uvloop.run)
    yield "two desks", partial(desks.goals, furnished, quick=quick)
    if not quick:
        yield "a million reports", filled.goals
        return
    yield "photos", photos.goals
    yield "searching", searching.goals
    yield "searching on PostgreSQL", searching_postgresql.goals
    yield "exporting", partial(exporting.goals, QUICK_ROWS)
    yield "console", console.goals
    yield "week", partial(weekly.goals, ledger=QUICK_ROWS)


QUICK_ROWS = 40_000
"""Rows of an export and of a ledger: ratios of processor time, and of what memory grows by, do not need more."""


@contextmanager
def _timed(name: str) -> Iterator[None]:
    """Say on standard error how long it took, and the processor time of it, of its processes and of the server."""
    begun, spent = time.perf_counter(), _spent()
    yield
    took, used = time.perf_counter() - begun, _spent() - spent
    sys.stderr.write(f"took {took:.0f} s, {used:.0f} s of processor time: {name}\n")


def _spent() -> float:
    one = os.times()
    server = (
        processes.cpu_seconds(postgres.server().processes()) if postgres.server.cache_info().currsize else 0
    )
    return one.user + one.system + one.children_user + one.children_system + server


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under fifteen minutes: one line a goal")
    parser.add_argument("--rounds", type=int, help="runs of each bot; 3")
    parser.add_argument("--only", metavar="REGEX", help="bots whose name has that")
    parser.add_argument("--out", type=Path, metavar="FILE", help="add each run as a line of JSON")
    return parser.parse_args()


def _rounds(chosen: list[Contender], given: argparse.Namespace, furnished: Path, runs: list[Run]) -> None:
    for _ in range(given.rounds or 3):
        for contender in chosen:
            run = uvloop.run(measure(contender, QUICK if given.quick else FULL, furnished))
            _tell(run, given.out)
            runs.append(run)


def _tell(run: Run, out: Path | None) -> None:
    line = json.dumps({key: _short(value) for key, value in asdict(run).items()}, ensure_ascii=False)
    sys.stderr.write(line + "\n")
    if out is not None:
        with out.open("a") as file:
            file.write(line + "\n")


def _short(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
