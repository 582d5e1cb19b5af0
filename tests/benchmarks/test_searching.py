"""The county of the search benchmark, small: every query is answered as a scan answers it."""

import random
from pathlib import Path

from storage import reading
from storage.reading import LIVE, Filter
from tests.benchmarks import searching
from tests.benchmarks.searching import County, actors, equal, fill, made, opened, questions, scan, settled
from tests.benchmarks.searching_postgresql import both_clocks, filled

REPORTS, QUERIES = 1_000, 80


def test_the_index_answers_as_a_scan_does(tmp_path: Path) -> None:
    path, county = settled(tmp_path / "data")
    rows = list(made(county, REPORTS))
    fill(path, iter(rows))
    store, people = opened(path), actors(county)
    asked = list(questions(county, random.Random(5), QUERIES))
    with store.reading() as session:
        assert equal(session, rows, people, iter(asked)) == QUERIES
        found = [bool(scan(rows, people[who], one)) for who, one in asked]
        assert QUERIES // 4 < sum(found) < QUERIES, "some find something and some do not"
        assert equal(session, rows[:-300], people, iter(asked)) < QUERIES, "a scan of other reports differs"
        taken = searching.seconds(session, people, iter(asked[:20]))
        assert len(taken) >= 20
        assert min(taken) > 0
        everything = reading.count_upto(session, people["all"], Filter(states=LIVE), REPORTS)
    store.close()
    assert everything == sum(one.state == "sent" for one in rows)


def test_words_of_every_length_are_asked_for() -> None:
    county = County({1: ["120114001001"]}, {1: [1]})
    asked = {piece for _who, one in questions(county, random.Random(1), 300) for piece in one.words.split()}
    lengths = {len(piece) for piece in asked if not piece.isascii()}
    assert {1, 2, 3, 4} <= lengths
    assert any(piece.isdigit() for piece in asked)
    assert any(piece.isascii() and piece.isalpha() for piece in asked)


def test_the_index_of_postgresql_answers_so_too(tmp_path: Path) -> None:
    store, county = filled(tmp_path / "data", 3_000)
    asked = list(questions(county, random.Random(5), QUERIES))
    with store.reading() as session:
        assert equal(session, list(made(county, 3_000)), actors(county), iter(asked)) == QUERIES
        clock = both_clocks(session)
        assert min(searching.seconds(session, actors(county), iter(asked[:5]), clock)) > 0
    store.close()
