"""The index of words is read in the order of lists: near reports, then stretches that are as long as they must be."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Subquery, text
from sqlmodel import Session

from storage import reading, search, search_stretches
from storage.engines import on_postgresql
from storage.identity import Actor
from storage.reading import Filter
from storage.search_index import SPANS, Question, Range, Spans
from storage.search_stretches import longer, stretch
from tests import databases
from tests.storage.asking import NOW, add_report, new_store, settle

HOUR, DAY = 3600 << 32, 86_400 << 32
YEARS = Range(0, 6 * 365 * DAY)


@pytest.mark.parametrize(
    ("found", "wanted", "times"),
    [(0, 21, 16), (1, 21, 16), (3, 21, 13), (10, 21, 3), (20, 21, 1), (1, 1 << 40, 16), (0, 1, 3)],
)
def test_a_stretch_is_as_long_as_what_is_missing_lets_expect(found: int, wanted: int, times: int) -> None:
    assert longer(found, wanted) == times


@pytest.mark.parametrize("length", [1, HOUR, 20 * DAY, 200 * DAY, 1000 * DAY, 9000 * DAY])
@pytest.mark.parametrize("rising", [True, False])
def test_spans_cover_a_stretch_and_are_few(length: int, rising: bool) -> None:
    spans = stretch(YEARS, length, rising=rising)
    covered = YEARS.common(spans.range())
    assert covered.length() >= min(length, YEARS.length())
    assert (covered.low == YEARS.low) if rising else (covered.high == YEARS.high)
    assert spans.last - spans.first < 32
    assert covered.length() <= max(2 * length, 1 << SPANS[0])


def test_short_spans_are_taken_where_they_are_few() -> None:
    assert [stretch(YEARS, days * DAY, rising=True).length for days in (1, 20, 30, 300, 2000)] == [
        0,
        0,
        1,
        1,
        2,
    ]


def test_spans_of_different_lengths_never_have_one_number() -> None:
    assert len({span + (length << 40) for length in range(3) for span in (-40_000, 0, 40_000)}) == 9


def test_ranges() -> None:
    whole, part = Range(10, 90), Range(30, 40)
    assert whole.beyond(part, rising=True) == Range(41, 90)
    assert whole.beyond(part, rising=False) == Range(10, 29)
    assert part.common(Range(35, 200)) == Range(35, 40)
    assert Spans(0, 2, 3).range() == Range(2 << SPANS[0], (4 << SPANS[0]) - 1)
    assert search.positions().common(part) == part
    assert part.ends() == {"low": 30, "high": 40}
    assert Range(low=5).ends() == {"low": 5}
    assert Range().ends() == {}


Wide = tuple[Session, Actor, dict[int, str]]


@pytest.fixture(scope="module")
def uneven(database: databases.Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wide]:
    """Reports of ten years: many on some days and none for years, every seventh with a word of its own."""
    store = new_store(str(tmp_path_factory.mktemp(database) / "z.db"))
    ages = [timedelta(minutes=number) for number in range(40)]
    ages += [timedelta(days=200, hours=number) for number in range(40)]
    ages += [timedelta(days=365 * year) for year in range(2, 11)]
    ages += [timedelta(days=20 * 365), timedelta(days=-30)]
    texts = {}
    with store.writing() as session:
        county = settle(session)
        for number, age in enumerate(ages):
            said = "屋顶漏雨" if number % 7 else "井盖松动"
            report = add_report(
                session, county.people["王爱民"], text=said, at=NOW - age, number=f"ZF-20261120-{number:04d}"
            )
            texts[report.id or 0] = said
        actor = county.actor(session, "孙丽")
    with store.reading() as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_stretches, "NEAR", 4)
        yield session, actor, texts
    store.close()


def _expected(session: Session, texts: dict[int, str], words: str) -> list[int]:
    everything = reading.page(session, None, Filter(), limit=200, everything=True).rows
    return [one.id or 0 for one in everything if words in texts[one.id or 0]]


@pytest.mark.both_databases
@pytest.mark.parametrize("words", ["井盖", "动", "漏雨", "没有的"])
@pytest.mark.parametrize("oldest", [False, True])
def test_what_lies_far_apart_is_found_in_order(uneven: Wide, words: str, oldest: bool) -> None:
    session, actor, texts = uneven
    expected = _expected(session, texts, words)
    asked = Filter(words=words, oldest=oldest)
    for limit in (3, 10, 60):
        page = reading.page(session, actor, asked, None, limit)
        found = [one.id for one in page.rows]
        while page.next is not None:
            page = reading.page(session, actor, asked, page.next, limit)
            found += [one.id for one in page.rows]
        assert found == (expected[::-1] if oldest else expected)
    assert reading.count_upto(session, actor, asked) == len(expected)
    assert reading.count_upto(session, actor, asked, 5) == min(5, len(expected))


@pytest.mark.both_databases
def test_a_period_ends_where_it_was_said(uneven: Wide) -> None:
    session, actor, texts = uneven
    since, until = NOW - timedelta(days=201), NOW - timedelta(days=199)
    rows = reading.page(session, actor, Filter(words="井盖", since=since, until=until), None, 60).rows
    assert [one.id for one in rows] == [
        one.id
        for one in reading.page(session, None, Filter(), limit=200, everything=True).rows
        if since <= one.sent_at < until and "井盖" in texts[one.id or 0]
    ]
    assert rows


@pytest.mark.both_databases
def test_nobody_asks_further_than_the_page_reaches(uneven: Wide) -> None:
    session, _, _ = uneven
    parts: list[int] = []

    def more(found: Subquery, said: dict[str, Any], wanted: int) -> int:
        parts.append(len(session.connection().execute(found.select().limit(wanted), said).all()))
        return parts[-1]

    for words, wanted in (("漏雨", 3), ("没有的", 3)):
        parts.clear()
        search_stretches.read(session, search.asked(words), Range(), wanted, more, rising=False)
        assert sum(parts) == (3 if words == "漏雨" else 0)
        assert len(parts) == 1 or on_postgresql(session.connection())
    assert len(parts) <= 6


@pytest.mark.postgresql_only
def test_the_index_tells_what_lies_in_spans(uneven: Wide) -> None:
    session, _, _ = uneven
    session.connection().execute(text("SET LOCAL enable_seqscan = off"))
    ends = Range(0, DAY).ends()
    found = search_stretches._indexed(tuple(ends), in_spans=True)
    said = {"spans": Spans(0, 1, 2).numbers(), **ends}
    connection = session.connection()
    asked = {**said, "question": Question().process_bind_param(search.asked("井盖"), connection.dialect)}
    compiled = found.select().compile(connection)
    plan = connection.exec_driver_sql(f"EXPLAIN {compiled}", asked).scalars().all()
    assert any("Bitmap Index Scan on report_search_words" in line for line in plan)
    assert any("Index Cond" in line and "&&" in line and "@@" in line for line in plan)
