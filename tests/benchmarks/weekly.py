"""The managing group's week: `python -m tests.benchmarks.weekly [--rows N] [--teams N] [--only sqlite]`, lines of `make
bench-quick` (which takes a tenth of the reports).

Figures of a county beside one plain GROUP BY over the same rows of the same database, in turns; the Friday of all its
teams, towns and the county itself; the ledger of a week beside xlsxwriter given the same cells. Time is processor time;
on PostgreSQL also that of the server, which nobody else uses meanwhile.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import Session

import storage.tables  # noqa: F401 - rows of one table refer to rows of others
from reports import figures, summary
from reports.week import Closed, Week
from storage import summaries
from storage.db import Store, Utc
from storage.sealing import Keyring
from storage.summaries import Scope
from tests import postgres
from tests.benchmarks import busy_week, processes, weekly_ledger
from tests.benchmarks.tables import Goal
from tests.weeks import CLOSE, COUNTY, W47, County

ROWS, QUICK, TEAMS, ROUNDS = 1_000_000, 100_000, 1_000, 3
FRIDAY = 100_000
"""Reports of the week whose Friday is run: a hundred of each team."""
LEDGER = 100_000
"""Rows of the ledger that is written."""
WEEK = Closed(Week(2026, 47), W47)
PLAIN = text(
    "SELECT team_id, SUM(CASE WHEN kind = 'visit' THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN kind = 'photo' THEN 1 ELSE 0 END), SUM(CASE WHEN kind = 'hardship' THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN kind = 'rectification' THEN 1 ELSE 0 END), COUNT(DISTINCT household_id) FROM report"
    " WHERE sent_at >= :start AND sent_at < :end AND state <> 'withdrawn' GROUP BY team_id"
).bindparams(bindparam("start", type_=Utc), bindparam("end", type_=Utc))
"""What is counted of each team from the header rows alone."""


def goals(rows: int = QUICK, teams: int = TEAMS, only: str = "", ledger: int = LEDGER) -> list[Goal]:
    """What is promised of the week, measured now."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        for database, url in _databases(Path(name)):
            if only in ("", database):
                ratio = _figures(url, rows, teams)
                found.append(Goal(f"5.figures_beside_group_by_{database}", ratio, 2))
        if only in ("", "sqlite"):
            url = f"sqlite:///{Path(name) / 'friday.db'}"
            found += [Goal("5.friday_cpu_s", friday(url, min(rows, FRIDAY), teams), 60)]
            found += weekly_ledger.goals(Path(name), min(rows, ledger))
    return found


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "sqlite", f"sqlite:///{folder / 'week.db'}"
    yield "postgresql", postgres.server().database(folder, empty=True)


def _figures(url: str, rows: int, teams: int) -> float:
    """The county's figures beside the plain query: how many times as long, in the median of the rounds."""
    store = Store(url, Keyring.new())
    busy_week.fill(store, busy_week.settled(store, teams), rows)
    cpu = _cpu if store.shared else time.thread_time
    ratios = []
    with store.reading() as session:
        for number in range(ROUNDS + 1):
            bare, ours = spent(cpu, plain, session), spent(cpu, counted, session)
            if number:
                ratios.append(ours / bare)
                sys.stderr.write(f"figures {store.url[:6]}: {bare:.2f} s plain, {ours:.2f} s ours\n")
    store.close()
    return median(ratios)


def spent(cpu: Callable[[], float], work: Callable[[Session], Any], session: Session) -> float:
    """Processor seconds of it."""
    begun = cpu()
    work(session)
    return cpu() - begun


def plain(session: Session) -> list[Any]:
    return list(session.connection().execute(PLAIN, {"start": W47.start, "end": W47.end}))


def counted(session: Session) -> figures.Figures:
    return figures.count(session, Scope(COUNTY), WEEK, CLOSE)


def _cpu() -> float:
    """Of this process and of the server's."""
    return processes.cpu_seconds([os.getpid(), *postgres.server().processes()])


def friday(url: str, rows: int, teams: int) -> float:
    """Figures and text of each team, town and the county; charts of towns and the county: processor seconds."""
    from reports import chart

    store = Store(url, Keyring.new())
    county = busy_week.settled(store, teams)
    busy_week.fill(store, county, rows)
    now, begun = CLOSE + timedelta(seconds=20), time.process_time()
    for scope in scopes(county):
        with store.writing() as session:
            made = figures.make(session, scope, WEEK, now)
        assert summary.text(made, named=True)
        if scope.team is None:
            assert chart.png(made)
    taken = time.process_time() - begun
    with store.reading() as session:
        assert all(summaries.stored(session, scope, str(WEEK.week)) for scope in scopes(county))
    store.close()
    return taken


def scopes(county: County) -> list[Scope]:
    """Of whom a summary is made."""
    teams = [Scope(village[:9], team) for team, village in county.teams.items()]
    return [Scope(COUNTY), *map(Scope, county.towns), *teams]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.weekly", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="reports of the week; 1,000,000")
    parser.add_argument("--teams", type=int, default=TEAMS)
    parser.add_argument("--only", default="", help="sqlite or postgresql")
    given = parser.parse_args()
    found = goals(given.rows, given.teams, given.only)
    sys.stdout.write("".join(f"{goal}\n" for goal in found))
    return 0 if all(goal.met for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
