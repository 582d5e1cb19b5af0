"""Answers in a county with a million reports beside those in a new one: `python -m tests.benchmarks.filled`.

The same members hold the same conversation at a steady rate, turn about on an installation without a report and on one
with a million visits, each with its household, answers and words in the index (tests/benchmarks/exporting.py).
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import uvloop

from tests.benchmarks.contenders import CONTENDERS, ZHUCUN
from tests.benchmarks.exporting import fill
from tests.benchmarks.installation import furnish
from tests.benchmarks.measuring import Run, Size, measure
from tests.benchmarks.searching import settled
from tests.benchmarks.tables import Goal

REPORTS, ROUNDS = 1_000_000, 5
SIZE = Size(warm=200, full=200, paced=2000)
"""Most of it at a steady rate: of so many answers twenty are later than the 99th of a hundred."""
BESIDE = 1.1


def goals(reports: int = REPORTS, rounds: int = ROUNDS, size: Size = SIZE) -> list[Goal]:
    """What is promised of answers in a full county, measured now."""
    with tempfile.TemporaryDirectory() as name:
        new, full, now = Path(name) / "new", Path(name) / "full", datetime.now(UTC)
        furnish(new, now)
        path, county = settled(full, now)
        fill(path, county, reports)
        return compared(measured(new, full, rounds, size), reports)


def measured(new: Path, full: Path, rounds: int, size: Size = SIZE) -> list[tuple[Run, Run]]:
    """Rounds in the new county and in the full one, turn about."""
    (ours,) = (one for one in CONTENDERS if one.name == ZHUCUN)
    found = []
    for _ in range(rounds):
        one, other = (uvloop.run(measure(ours, size, folder)) for folder in (new, full))
        sys.stderr.write(f"without reports and with: {_told([one])}; {_told([other])}\n")
        found.append((one, other))
    return found


def compared(found: Sequence[tuple[Run, Run]], reports: int) -> list[Goal]:
    new, full = ([pair[place] for pair in found] for place in (0, 1))
    sys.stderr.write(f"without reports: {_told(new)}\nwith {reports:,}: {_told(full)}\n")
    late = [median(run.paced_p99_ms for run in some) for some in (full, new)]
    return [Goal(f"2.p99_among_{reports // 1000}k_reports_beside_none", late[0] / late[1], BESIDE)]


def _told(some: Sequence[Run]) -> str:
    """Medians: of the answers at the steady rate, and of the processor time of an update."""
    shown = (
        median(getattr(run, name) for run in some) for name in ("paced_p50_ms", "paced_p99_ms", "cpu_us")
    )
    return "p50 {:.1f} ms, p99 {:.1f} ms, {:,.0f} µs".format(*shown)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.filled", description=__doc__)
    parser.add_argument("--rows", type=int, default=REPORTS, help="reports in the full county; 1,000,000")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each; 5")
    given = parser.parse_args()
    found = goals(given.rows, given.rounds)
    sys.stdout.write("".join(f"{goal}\n" for goal in found))
    return 0 if all(goal.met for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
