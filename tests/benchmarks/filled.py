"""Answers in a county with a million reports beside those in a new one: `python -m tests.benchmarks.filled`.

Two bots run at once, one on an installation without a report and one with a million visits, each with its household,
answers and words in the index (tests/benchmarks/exporting.py). Their members hold the same conversation at a steady
rate, in stretches of some seconds turn about, so that a busy moment of the machine meets both; the other bot waits
meanwhile. The rate is 100 updates a second, or less where the machine cannot carry that: a share of what both do at
full speed.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import uvloop

from tests.benchmarks import processes
from tests.benchmarks.contenders import CONTENDERS, ZHUCUN
from tests.benchmarks.exporting import fill
from tests.benchmarks.installation import furnish
from tests.benchmarks.load import Load
from tests.benchmarks.measuring import IN_FLIGHT, running
from tests.benchmarks.searching import settled
from tests.benchmarks.tables import Goal

REPORTS, ROUNDS, SECONDS = 1_000_000, 15, 8.0
"""Stretches of each, and how long one is: of 800 answers eight are later than the 99th of a hundred."""
WARM = 300
MOST, SHARE = 100.0, 0.4
"""Updates a second, at most and as a share of full speed."""
BESIDE = 1.1


@dataclass(frozen=True)
class Stretch:
    """Answers of one bot for some seconds at the steady rate: milliseconds, and processor time an update (µs)."""

    p50: float
    p99: float
    cpu: float


Pair = tuple[Stretch, Stretch]


def goals(reports: int = REPORTS, rounds: int = ROUNDS, seconds: float = SECONDS) -> list[Goal]:
    """What is promised of answers in a full county, measured now."""
    with tempfile.TemporaryDirectory() as name:
        new, full = prepared(Path(name), reports)
        return compared(uvloop.run(measured(new, full, rounds, seconds)), reports)


def prepared(folder: Path, reports: int) -> tuple[Path, Path]:
    """The data folders of the new county and of the full one, filled where they are not yet there: a million takes
    minutes, and serves for as long as no week has closed since."""
    new, full, now = folder / "new", folder / "full", datetime.now(UTC)
    if not (folder / "whole").exists():
        furnish(new, now)
        path, county = settled(full, now)
        fill(path, county, reports)
        (folder / "whole").touch()
    return new, full


async def measured(new: Path, full: Path, rounds: int, seconds: float = SECONDS) -> list[Pair]:
    """Stretches in the new county and in the full one, turn about; who begins changes."""
    (ours,) = (one for one in CONTENDERS if one.name == ZHUCUN)
    found: list[Pair] = []
    async with running(ours, new) as (one, pids, _), running(ours, full) as (other, others, _):
        rate = min(MOST, SHARE * min([await _speed(load) for load in (one, other)]))
        sys.stderr.write(f"{rate:.0f} updates a second\n")
        for number in range(rounds):
            order = [(one, pids), (other, others)][:: -1 if number % 2 else 1]
            pair = [await _stretch(load, who, rate, seconds) for load, who in order][
                :: -1 if number % 2 else 1
            ]
            found.append((pair[0], pair[1]))
            sys.stderr.write(f"without reports and with: {_told(pair[:1])}; {_told(pair[1:])}\n")
    return found


async def _speed(load: Load) -> float:
    """Updates a second that it does at most, once it is warm."""
    await load.closed(1, 1)
    await load.closed(WARM, IN_FLIGHT)
    return (await load.closed(WARM, IN_FLIGHT)).per_second


async def _stretch(load: Load, pids: list[int], rate: float, seconds: float) -> Stretch:
    count, cpu = max(1, int(rate * seconds)), processes.cpu_seconds(pids)
    heard = await load.paced(count, rate)
    spent = processes.cpu_seconds(pids) - cpu
    return Stretch(heard.at(0.5) * 1e3, heard.at(0.99) * 1e3, spent / count * 1e6)


def compared(found: Sequence[Pair], reports: int) -> list[Goal]:
    """The quotient of the medians of p99; beside it, for who looks, that of processor time."""
    new, full = ([pair[place] for pair in found] for place in (0, 1))
    sys.stderr.write(f"without reports: {_told(new)}\nwith {reports:,}: {_told(full)}\n")

    def beside(figure: Callable[[Stretch], float]) -> float:
        return median(map(figure, full)) / median(map(figure, new))

    each = median(other.p99 / one.p99 for one, other in found)
    cpu = beside(lambda one: one.cpu)
    sys.stderr.write(f"p99 stretch by stretch {each:.2f}, processor time {cpu:.2f} times\n")
    return [Goal(f"2.p99_among_{reports // 1000}k_reports_beside_none", beside(lambda one: one.p99), BESIDE)]


def _told(some: Sequence[Stretch]) -> str:
    """Medians."""
    p50, p99, cpu = (median(getattr(one, name) for one in some) for name in ("p50", "p99", "cpu"))
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, {cpu:,.0f} µs"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.filled", description=__doc__)
    parser.add_argument("--rows", type=int, default=REPORTS, help="reports in the full county; 1,000,000")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="stretches of each; 15")
    parser.add_argument("--folder", type=Path, help="where both counties are, or will be for the next time")
    given = parser.parse_args()
    if given.folder is None:
        found = goals(given.rows, given.rounds)
    else:
        new, full = prepared(given.folder, given.rows)
        found = compared(uvloop.run(measured(new, full, given.rounds)), given.rows)
    sys.stdout.write("".join(f"{goal}\n" for goal in found))
    return 0 if all(goal.met for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
