"""Searching on PostgreSQL: `python -m tests.benchmarks.searching_postgresql [--rows N]`; of fewer reports lines of
`make bench-quick`.

The county and the questions of tests/benchmarks/searching.py on a real server. Times are processor time of the asking
thread and of the server's process that answers it.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from storage import moving, search
from storage.db import Store
from storage.engines import read_engine, write_engine
from storage.sealing import Keyring
from storage.search_index import Words
from tests import postgres
from tests.benchmarks import searching
from tests.benchmarks.searching import County, Made, actors, made, questions, settled
from tests.benchmarks.tables import Goal

QUICK, SAME = 50_000, 2_000
_HEADERS = "id, uid, kind, number, author_id, team_id, village, state, sent_at, returned, revision, version"


def goals(most: int = QUICK) -> list[Goal]:
    """What is promised of searching on PostgreSQL, measured now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [_same(folder / "same"), *_pages(folder, most)]


def _same(folder: Path) -> Goal:
    store, county = filled(folder, SAME)
    asked = questions(county, random.Random(20261120), searching.QUERIES)
    with store.reading() as session:
        found = searching.equal(session, list(made(county, SAME)), actors(county), asked)
    store.close()
    return Goal("6.search_as_a_scan_postgresql", found / searching.QUERIES, 1, least=True)


def _pages(folder: Path, most: int) -> Iterator[Goal]:
    taken = {}
    for count in (searching.FEW, most):
        store, county = filled(folder / str(count), count)
        with store.reading() as session:
            taken[count] = searching.measured(session, county, searching.asked(most), both_clocks(session))
        store.close()
    yield from searching.told("6.search_postgresql", taken[searching.FEW], taken[most], most, 15)


def both_clocks(session: Session) -> Callable[[], float]:
    """Seconds of processor time of this thread and of the server's process behind a session."""
    backend = session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
    told = Path(f"/proc/{backend}/schedstat")
    return lambda: time.thread_time() + int(told.read_text().split()[0]) / 1e9


def filled(folder: Path, count: int) -> tuple[Store, County]:
    """A county of so many reports on the server."""
    path, county = settled(folder)
    url = postgres.server().database(folder, empty=True)
    source, target = read_engine(f"sqlite:///{path}"), write_engine(url)
    moving.move(source, target, lambda _done, _all: None)
    source.dispose()
    target.dispose()
    _fill(folder, made(county, count))
    return Store(url, Keyring.load(folder / "zhucun.key")), county


def _fill(folder: Path, rows: Iterator[Made]) -> None:
    """By COPY; the index of words is made when all are there."""
    with postgres.server().look_into(folder) as connection:
        index = connection.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'report_search_words'"
        ).fetchone()
        assert index is not None
        connection.execute("DROP INDEX report_search_words")
        while batch := list(islice(rows, 20_000)):
            with connection.cursor().copy(f"COPY report ({_HEADERS}) FROM STDIN") as into:
                for one in batch:
                    into.write_row(_header(one))
            with connection.cursor().copy("COPY report_search (rowid, words, report_id) FROM STDIN") as into:
                for one in batch:
                    into.write_row(_line(one))
        connection.execute(index[0])
        connection.execute("VACUUM ANALYZE")


def _header(one: Made) -> tuple[object, ...]:
    number = f"{one.number}-{one.report_id}"
    whose = (one.author, one.team, one.village, one.state, one.sent_at)
    return one.report_id, f"u{one.report_id}", one.kind, number, *whose, False, 1, 1


def _line(one: Made) -> tuple[object, ...]:
    words = Words().process_bind_param(searching.tokens(one), postgresql.dialect())  # type: ignore[no-untyped-call] # SQLAlchemy's class has no types
    return search.position(one.sent_at, one.report_id), words, one.report_id


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.searching_postgresql", description=__doc__
    )
    parser.add_argument(
        "--rows", type=int, default=searching.ROWS, help="reports in the large county; 1,000,000"
    )
    found = goals(parser.parse_args().rows)
    sys.stdout.write("".join(f"{goal}\n" for goal in found))
    return 0 if all(goal.met for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
