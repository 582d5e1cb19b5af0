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


def test_plain_questions_have_a_word_of_each_length_with_each_filter_by_everybody() -> None:
    county = County({1: ["120114001001"]}, {1: [1]})
    asked = list(searching.plain_questions(county, random.Random(1), 60))
    lengths = [0 if one.words.isascii() else min(len(one.words), 4) for _who, one in asked]
    assert len({(one.places, one.team_id) for _who, one in asked}) == 4
    assert {length: lengths.count(length) for length in (0, 1)} == {0: 12, 1: 12}
    assert {2, 3, 4} <= set(lengths)
    assert all(" " not in one.words and one.words for _who, one in asked)
    assert {who for who, _one in asked} == set(searching.WHO)


def test_lines_say_of_how_many_reports_they_are_unless_of_a_million() -> None:
    few, many = searching.Taken(0.001, 0.002), searching.Taken(0.0015, 0.006)
    lines = [str(goal) for goal in searching.told("6.search", few, many, searching.ROWS, 5)]
    assert lines == [
        "6.search_p95_ms 1.50 5 ok", "6.search_p95_beside_10000 1.50 2 ok",
        "6.search_mix_p95_ms 6.00 5 short", "6.search_mix_p95_beside_10000 3.00 2 short",
    ]  # fmt: skip
    names = [goal.name for goal in searching.told("6.search", few, many, 100_000, 5)]
    assert names[0] == "6.search_p95_ms_among_100k"


def test_the_least_time_of_each_page_counts(tmp_path: Path) -> None:
    path, county = settled(tmp_path / "data")
    fill(path, made(county, 50))
    store, moments = opened(path), iter([0, 5, 0, 9, 0, 7, 0, 2])
    asked = [("all", Filter(words="没有人写过的"))]
    with store.reading() as session:
        two = searching.seconds(session, actors(county), asked * 2, lambda: next(moments), times=2)
    store.close()
    assert two == [5, 2]


def test_the_index_of_postgresql_answers_so_too(tmp_path: Path) -> None:
    store, county = filled(tmp_path / "data", 3_000)
    asked = list(questions(county, random.Random(5), QUERIES))
    with store.reading() as session:
        assert equal(session, list(made(county, 3_000)), actors(county), iter(asked)) == QUERIES
        clock = both_clocks(session)
        assert min(searching.seconds(session, actors(county), iter(asked[:5]), clock)) > 0
    store.close()
