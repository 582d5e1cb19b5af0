"""Searching: `python -m tests.benchmarks.searching [--rows N]`; of fewer reports lines of `make bench-quick`.

A county of so many reports is written by a fast generator straight into the tables: words drawn from a few hundred,
some in every tenth report and some in one of thousands. Pages are asked for, the first one and a deep one, as somebody
of a team, of a town and of everywhere: by a word of each length with no filter or one of village, team and county; and,
as a mix, by one or two words with these filters and others. In a smaller county the queries of the mix are answered by
looking at every report, and both must be equal. Times are processor time of the asking thread.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session

from storage import reading, search
from storage.db import Store
from storage.identity import Actor, Post
from storage.people import Role
from storage.reading import LIVE, Cursor, Filter
from storage.report import Report, ReportState
from storage.sealing import Keyring
from tests.benchmarks.installation import COUNTY, furnish
from tests.benchmarks.load import percentile
from tests.benchmarks.tables import Goal

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ROWS, QUICK, FEW, SAME, QUERIES = 1_000_000, 100_000, 10_000, 20_000, 500
ASKED, SOME, TIMES = 300, 120, 3
"""Queries of each sort, fewer where less than a million reports are asked, and how often all of them are asked: the
least time of each page counts."""
PAGE, DEEP = 20, 5
"""Rows of a page; how many pages on a deep one lies."""
KINDS = ("visit", "photo", "hardship")
WHO = ("team", "town", "all")
_SIGNS = (
    "屋顶漏雨路灯坏了井盖松动低保医疗住房饮水安全就业培训庄稼受灾"
    "道路积水老人独居慢病买药学费困难电线老化围墙倒塌厕所改造"
)
_LATIN = ("LED", "PVC", "B12", "3", "20", "2026", "a1")


class Made(NamedTuple):
    """What was written of one report."""

    report_id: int
    sent_at: datetime
    village: str
    team: int
    author: int
    kind: str
    state: str
    number: str
    text: str


@dataclass
class County:
    """Places and people that reports are written of: villages by team, authors by team."""

    villages: dict[int, list[str]]
    authors: dict[int, list[int]]


def words(chance: random.Random) -> tuple[list[str], list[int]]:
    """Three hundred phrases and how often each is drawn: the tenth is drawn a tenth as often as the first."""
    found = ["".join(chance.sample(_SIGNS, chance.randint(2, 6))) for _ in range(293)]
    found[1:1] = _LATIN
    return found, [1_000_000 // (place + 1) for place in range(len(found))]


def made(county: County, count: int, seed: int = 7) -> Iterator[Made]:
    chance = random.Random(seed)
    phrases, weights = words(chance)
    teams = sorted(county.villages)
    picked = iter(chance.choices(phrases, weights, k=4 * count))
    for number in range(1, count + 1):
        team = chance.choice(teams)
        text = "，".join([next(picked) for _ in range(4)])
        state = "withdrawn" if chance.random() < 0.02 else "sent"
        sent = NOW - timedelta(seconds=30 * (count - number))
        yield Made(
            number, sent, chance.choice(county.villages[team]), team, chance.choice(county.authors[team]),
            chance.choice(KINDS), state, f"ZF-{sent:%Y%m%d}-{number % 10_000:04d}", text,
        )  # fmt: skip


def fill(path: Path, rows: Iterator[Made]) -> None:
    """Write reports and their lines of the index. The index is given its rows in rising order, as lists grow."""
    with closing(sqlite3.connect(path)) as base, base:
        write_batches(base, rows)
        base.execute("INSERT INTO report_search(report_search) VALUES('optimize')")
        base.execute("ANALYZE")


def write_batches(base: sqlite3.Connection, rows: Iterator[Made]) -> None:
    base.execute("PRAGMA synchronous=OFF")
    base.execute("PRAGMA cache_size=-200000")
    while batch := list(islice(rows, 20_000)):
        _write(base, batch)


def merge_words(base: sqlite3.Connection) -> None:
    """Put segments together until nothing is left to do, as the running program has done with what it was told."""
    more = True
    while more:
        before = base.total_changes
        base.execute("INSERT INTO report_search(report_search, rank) VALUES('merge', 1000)")
        more = base.total_changes - before > 1


def _write(base: sqlite3.Connection, batch: list[Made]) -> None:
    base.executemany(
        "INSERT INTO report (id, uid, kind, number, author_id, team_id, village, state, sent_at, returned, revision,"
        " version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 1)",
        [
            (
                one.report_id, f"u{one.report_id}", one.kind, f"{one.number}-{one.report_id}", one.author, one.team,
                one.village, one.state, f"{one.sent_at:%Y-%m-%d %H:%M:%S.%f}",
            )
            for one in batch
        ],
    )  # fmt: skip
    base.executemany(
        "INSERT INTO report_search (rowid, words, report_id) VALUES (?, ?, ?)",
        [(search.position(one.sent_at, one.report_id), tokens(one), one.report_id) for one in batch],
    )


def tokens(one: Made) -> str:
    """As the program indexes such a report; a phrase is the same wherever it stands, since no pair crosses a comma."""
    number = f"{one.number}-{one.report_id}"
    said = (token for phrase in one.text.split("，") for token in _of_phrase(phrase))
    return " ".join(
        [*_of_header(one.state, one.kind, one.author, one.team, one.village), *search.tokens(number), *said]
    )


@cache
def _of_phrase(phrase: str) -> list[str]:
    return search.tokens(phrase)


@cache
def _of_header(state: str, kind: str, author: int, team: int, village: str) -> list[str]:
    header = Report(
        number="",
        kind=kind,
        author_id=author,
        team_id=team,
        village=village,
        state=ReportState(state),
        sent_at=NOW,
    )
    return search.scope_tokens(header)


def settled(folder: Path, now: datetime = NOW) -> tuple[Path, County]:
    """An installation with its teams, villages and members, without a report: its database."""
    furnish(folder, now)
    path = folder / "zhucun.db"
    with closing(sqlite3.connect(path)) as base:
        served = base.execute("SELECT team_id, village FROM teamvillage ORDER BY village").fetchall()
        posted = base.execute(
            "SELECT team_id, person_id FROM posting WHERE team_id IS NOT NULL ORDER BY id"
        ).fetchall()
    villages: dict[int, list[str]] = {}
    authors: dict[int, list[int]] = {}
    for team, village in served:
        villages.setdefault(team, []).append(village)
    for team, person in posted:
        authors.setdefault(team, []).append(person)
    return path, County(villages, authors)


def opened(path: Path) -> Store:
    return Store(f"sqlite:///{path}", Keyring.load(path.parent / "zhucun.key"))


def actors(county: County) -> dict[str, Actor]:
    """Somebody of a team, a supervisor of a town, an administrator of everything."""
    team = min(county.villages)
    town = county.villages[team][0][:9]
    posts = {
        "team": Post(Role.MEMBER, team, None, None),
        "town": Post(Role.SUPERVISOR, None, town, None),
        "all": Post(Role.ADMIN, None, None, None),
    }
    own = {"team": tuple(county.villages[team])}
    return {
        name: Actor(county.authors[team][0], "", "", "zh", None, (post,), own.get(name, ()))
        for name, post in posts.items()
    }


def questions(county: County, chance: random.Random, count: int) -> Iterator[tuple[str, Filter]]:
    """A mix. Who asks what: one or two words of each length (parts of what was written and others), and any filter."""
    phrases, weights = words(random.Random(7))
    village = _village(county)
    narrowed = (
        *_plain(county), Filter(states=LIVE, kind="visit"),
        Filter(states=LIVE, since=NOW - timedelta(days=2)), Filter(states=(ReportState.WITHDRAWN,)),
        Filter(states=LIVE, places=(village[:9],), kind="photo", oldest=True),
    )  # fmt: skip
    for _number in range(count):
        asked = chance.choice(narrowed)
        yield chance.choice(WHO), replace(asked, words=_asked(phrases, weights, chance))


def plain_questions(county: County, chance: random.Random, count: int) -> Iterator[tuple[str, Filter]]:
    """One word of each length by turns (a sign, two, three, a whole phrase, a word of other letters), with each plain
    filter and by each asker by turns."""
    phrases, weights = words(random.Random(7))
    shapes = [(length, asked, who) for length in (1, 2, 3, 6, 0) for asked in _plain(county) for who in WHO]
    for number in range(count):
        length, asked, who = shapes[number % len(shapes)]
        phrase = next(
            one
            for one in iter(lambda: chance.choices(phrases, weights)[0], "")
            if one.isascii() == (length == 0)
        )
        yield who, replace(asked, words=_part(phrase, length or len(phrase), chance))


def _plain(county: County) -> tuple[Filter, ...]:
    """No filter, a village, a team, the county."""
    return (
        Filter(states=LIVE), Filter(states=LIVE, places=(_village(county),)),
        Filter(states=LIVE, team_id=min(county.villages)), Filter(states=LIVE, places=(COUNTY,)),
    )  # fmt: skip


def _village(county: County) -> str:
    return county.villages[min(county.villages)][0]


def _asked(phrases: list[str], weights: list[int], chance: random.Random) -> str:
    """One or two parts of phrases, of 1, 2, 3 or all characters; a Latin word, a number, or what nobody wrote."""
    parts = []
    for phrase in chance.choices(phrases, weights, k=chance.choice((1, 1, 1, 2))):
        length = chance.choice((1, 2, 3, len(phrase)))
        parts.append(_part(phrase, length, chance))
    if chance.random() < 0.05:
        parts.append(chance.choice(("龙", "无人写过", "zzz", f"{chance.randrange(10_000):04d}")))
    return " ".join(parts)


def _part(phrase: str, length: int, chance: random.Random) -> str:
    start = chance.randrange(max(1, len(phrase) - length + 1))
    return phrase if phrase.isascii() else phrase[start : start + length]


def scan(rows: list[Made], actor: Actor, asked: Filter) -> list[int]:
    """The answer by looking at every report, newest first unless the oldest are wanted."""
    pieces = [(piece, search.is_han(piece)) for piece in search.pieces(asked.words)]
    found = [one.report_id for one in reversed(rows) if _fits(one, actor, asked, pieces)]
    return found[::-1] if asked.oldest else found


def _fits(one: Made, actor: Actor, asked: Filter, pieces: list[tuple[str, bool]]) -> bool:
    mine = (
        one.author == actor.person_id
        or one.team in actor.teams()
        or any(one.village.startswith(code) for code in actor.regions())
    )
    return (
        mine
        and one.state in asked.states
        and (not asked.kind or one.kind == asked.kind)
        and (asked.team_id is None or one.team == asked.team_id)
        and (not asked.places or any(one.village.startswith(code) for code in asked.places))
        and (asked.since is None or one.sent_at >= asked.since)
        and all(_said(one, piece, han=han) for piece, han in pieces)
    )


def _said(one: Made, piece: str, *, han: bool) -> bool:
    """A Chinese piece stands within a run of the text; any other is one of its words, or of the number's."""
    if han:
        return piece in one.text
    return piece in _words_of(one)


@cache
def _words_of(one: Made) -> frozenset[str]:
    return frozenset(search.pieces(f"{one.number}-{one.report_id} {one.text}"))


def equal(
    session: Session, rows: list[Made], people: dict[str, Actor], asked: Iterator[tuple[str, Filter]]
) -> int:
    """How many queries are answered as a scan answers them: the first page, and the one after it."""
    same = 0
    for who, one in asked:
        expected = scan(rows, people[who], one)
        first = reading.page(session, people[who], one, limit=PAGE)
        found = [report.id for report in first.rows]
        if first.next is not None:
            found += [report.id for report in reading.page(session, people[who], one, first.next, PAGE).rows]
        same += found == expected[: 2 * PAGE] and reading.count_upto(session, people[who], one, 50) == min(
            50, len(expected)
        )
        session.expunge_all()
    return same


def seconds(
    session: Session,
    people: dict[str, Actor],
    asked: Iterable[tuple[str, Filter]],
    clock: Callable[[], float] = time.thread_time,
    times: int = 1,
) -> list[float]:
    """Processor time of each page: of every query the first one, and a deep one where there is one. All are asked so
    many times, one after the other, and the least time of each counts: neighbours on the machine make some slow."""
    wanted = list(asked)
    rounds = [_once(session, people, wanted, clock) for _ in range(times)]
    return [min(some) for some in zip(*rounds, strict=True)]


def _once(
    session: Session, people: dict[str, Actor], asked: list[tuple[str, Filter]], clock: Callable[[], float]
) -> list[float]:
    taken: list[float] = []
    for who, one in asked:
        after: Cursor | None = None
        for place in range(DEEP + 1):
            begun = clock()
            page = reading.page(session, people[who], one, after, PAGE)
            spent = clock() - begun
            session.expunge_all()
            if place in (0, DEEP):
                taken.append(spent)
            after = page.next
            if after is None:
                break
    return taken


class Taken(NamedTuple):
    """The 95th of a hundred pages, in seconds: of plain questions and of the mix."""

    plain: float
    mix: float


def measured(
    session: Session, county: County, count: int, clock: Callable[[], float] = time.thread_time
) -> Taken:
    """Of so many queries of each sort."""
    people = actors(county)
    seconds(session, people, questions(county, random.Random(1), 20), clock)
    found = [
        seconds(session, people, ask(county, random.Random(2), count), clock, TIMES)
        for ask in (plain_questions, questions)
    ]
    return Taken(*(percentile(some, 0.95) for some in found))


def asked(most: int) -> int:
    return ASKED if most == ROWS else SOME


def told(prefix: str, few: Taken, many: Taken, most: int, goal_ms: float) -> Iterator[Goal]:
    """A million is what is promised of; of fewer the lines say of how many they are."""
    of = "" if most == ROWS else f"_among_{most // 1000}k"
    for name, before, now in (("", few.plain, many.plain), ("_mix", few.mix, many.mix)):
        yield Goal(f"{prefix}{name}_p95_ms{of}", now * 1e3, goal_ms)
        yield Goal(f"{prefix}{name}_p95_beside_10000{of}", now / before, 2)


def goals(most: int = QUICK) -> list[Goal]:
    """What is promised of searching, measured now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [*_same(folder / "same"), *_pages(folder, most)]


def _same(folder: Path) -> Iterator[Goal]:
    path, county = settled(folder)
    rows = list(made(county, SAME))
    fill(path, iter(rows))
    store = opened(path)
    with store.reading() as session:
        asked = questions(county, random.Random(20261120), QUERIES)
        yield Goal("6.search_as_a_scan", equal(session, rows, actors(county), asked) / QUERIES, 1, least=True)
    store.close()


def _pages(folder: Path, most: int) -> Iterator[Goal]:
    taken = {}
    for count in (FEW, most):
        path, county = settled(folder / str(count))
        fill(path, made(county, count))
        store = opened(path)
        with store.reading() as session:
            taken[count] = measured(session, county, asked(most))
        store.close()
        path.unlink()
    yield from told("6.search", taken[FEW], taken[most], most, 5)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.searching", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="reports in the large county; 1,000,000")
    found = goals(parser.parse_args().rows)
    sys.stdout.write("".join(f"{goal}\n" for goal in found))
    return 0 if all(goal.met for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
