"""`python -m tests.benchmarks [--quick] [--rounds N] [--only REGEX] [--out FILE]`: the table, or goals met and
missed. The rounds are interleaved, so that a busy moment of the machine meets all."""

import argparse
import json
import re
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from tests.benchmarks import (
    console,
    desks,
    exporting,
    filled,
    outbound,
    photos,
    searching,
    searching_postgresql,
    tables,
    weekly,
)
from tests.benchmarks.contenders import CONTENDERS, ECHO_BOT, REDIS, ZHUCUN, Contender
from tests.benchmarks.installation import furnish
from tests.benchmarks.measuring import FULL, QUICK, Run, measure


def main() -> int:
    given = _arguments()
    quick = f"^({'|'.join(map(re.escape, (ZHUCUN, REDIS, ECHO_BOT)))})$"
    wanted = quick if given.quick and not given.only else given.only
    chosen = [one for one in CONTENDERS if re.search(wanted or "", one.name)]
    if not chosen:
        sys.stderr.write(f"no bot has such a name: {', '.join(one.name for one in CONTENDERS)}\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        furnished = Path(folder) / "furnished"
        furnish(furnished, datetime.now(UTC))
        runs = _rounds(chosen, given, furnished)
        goals = tables.goals(runs)
        if not given.only:
            goals += outbound.goals(furnished, quick=given.quick, run=uvloop.run)
            goals += desks.goals(furnished, quick=given.quick)
    if given.quick and not given.only:
        goals += [
            *photos.goals(),
            *searching.goals(),
            *searching_postgresql.goals(),
            *exporting.goals(),
            *console.goals(),
            *weekly.goals(),
        ]
    if not given.quick and not given.only:
        goals += filled.goals()
    if not given.quick:
        sys.stdout.write(tables.markdown(runs) + "\n\n")
    sys.stdout.write("".join(f"{goal}\n" for goal in goals))
    return 0 if all(goal.met for goal in goals) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about twenty-five minutes: one line a goal")
    parser.add_argument("--rounds", type=int, help="runs of each bot; 3, with --quick 2")
    parser.add_argument("--only", metavar="REGEX", help="bots whose name has that")
    parser.add_argument("--out", type=Path, metavar="FILE", help="add each run as a line of JSON")
    return parser.parse_args()


def _rounds(chosen: list[Contender], given: argparse.Namespace, furnished: Path) -> list[Run]:
    runs = []
    for _ in range(given.rounds or (2 if given.quick else 3)):
        for contender in chosen:
            run = uvloop.run(measure(contender, QUICK if given.quick else FULL, furnished))
            _tell(run, given.out)
            runs.append(run)
    return runs


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
