"""The console's lists, and answers in chat (tests/benchmarks/chat_answers.py): `python -m tests.benchmarks.console
[--rows N]`; of fewer reports lines of `make bench-quick`.

In the county of tests/benchmarks/searching.py, pages of lists are made as the console makes them: ledgers and answers
to words, first pages and deep ones, as a leader, a supervisor of a town and an administrator. From the territory to the
bytes of the page, without the network; processor time of the thread that makes them. Visits have their answers, and
every report a household's head, so that what is read, opened and masked is what a real list reads.
"""

import argparse
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlmodel import Session

from reports.pages import ledger
from reports.pages.asked import Asked
from storage import queries
from storage.db import Store
from storage.identity import Actor, Post
from storage.people import Role
from tests.benchmarks import chat_answers
from tests.benchmarks.load import percentile
from tests.benchmarks.searching import NOW, ROWS, County, actors, fill, made, opened, questions, settled
from tests.benchmarks.tables import Goal

QUICK = 50_000
LISTS, DEEP = 200, 3
"""Lists that are asked for, and how many pages deep the second one of each lies."""
HOMES = 2_000


def goals(most: int = QUICK, lists: int = LISTS, asked: int = chat_answers.ASKED) -> list[Goal]:
    """What is promised of the console's lists and of answers in chat, measured now. A million reports are what is
    promised of; of fewer the lines say of how many they are."""
    of = "" if most == ROWS else f"_among_{most // 1000}k"
    with tempfile.TemporaryDirectory() as name:
        path, county = settled(Path(name) / "data")
        fill(path, made(county, most))
        store = opened(path)
        answers(path, store)
        taken = seconds(store, county, lists)
        chat = chat_answers.goal(store, path.parent, county, asked, of)
        store.close()
    return [Goal(f"6.console_list_p95_ms{of}", percentile(taken, 0.95) * 1e3, 150), chat]


def answers(path: Path, store: Store) -> None:
    """A visit's own row for every visit, and a household for every report."""
    with closing(sqlite3.connect(path)) as base, base:
        village = base.execute("SELECT village FROM teamvillage ORDER BY village").fetchone()[0]
        heads = [
            (f"h{number}", store.keyring.seal("household.head", f"h{number}", "李大山"), village)
            for number in range(HOMES)
        ]
        base.executemany("INSERT INTO household (uid, head, village, closed) VALUES (?, ?, ?, 0)", heads)
        (first,) = base.execute("SELECT min(id) FROM household WHERE uid = 'h0'").fetchone()
        base.execute("UPDATE report SET household_id = ? + id % ?", (first, HOMES))
        base.execute(
            "INSERT INTO visit (report_id, purposes, findings, companions)"
            " SELECT id, '[]', '屋顶漏雨三处，已报镇里，约好周三上门修。', '[]' FROM report WHERE kind = 'visit'"
        )


def readers(county: County) -> list[Actor]:
    """Those who have a console: the leader of a team, a supervisor, an administrator."""
    found = actors(county)
    team = min(county.villages)
    return [replace(found["team"], posts=(Post(Role.LEADER, team, None, None),)), found["town"], found["all"]]


def seconds(store: Store, county: County, lists: int) -> list[float]:
    """Processor time of each page: of every list the first one, and a deep one where there is one."""
    taken: list[float] = []
    chance = random.Random(3)
    people = readers(county)
    wanted = [one for _who, one in questions(county, random.Random(4), lists)]
    with store.writing() as session:
        asked = [
            (reader, queries.keep(session, reader, one, NOW).id)
            for one in wanted
            for reader in [chance.choice(people)]
        ]
    with store.reading() as session:
        for place, (reader, query) in enumerate(asked):
            taken += _pages(session, _asking(session, reader, query if place % 3 else None))
    return taken


def _asking(session: Session, reader: Actor, query: int | None) -> Asked:
    """For the answer to a query, or for a ledger."""
    ids = {"kind": "all"} if query is None else {"query": str(query)}
    return Asked(session, reader, NOW, 1, "/console", ids, {}, lambda: "mark")


def _pages(session: Session, asked: Asked) -> Iterator[float]:
    for place in range(DEEP + 1):
        begun = time.thread_time()
        page = str((ledger.of_kind if "kind" in asked.ids else ledger.found)(asked))
        spent = time.thread_time() - begun
        session.expunge_all()
        if place in (0, DEEP):
            yield spent
        following = re.search(r'after=([^"]+)" rel="next"', page)
        if following is None:
            return
        asked = replace(asked, given={"after": following[1]})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.console", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="reports in the county; 1,000,000")
    found = goals(parser.parse_args().rows)
    sys.stdout.write("".join(f"{goal}\n" for goal in found))
    return 0 if all(goal.met for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
