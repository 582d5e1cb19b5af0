"""Segments of the index of words are put together by whoever asks for it, in bites, and never by a report's commit."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session

from storage import migrate, reading, search_merging
from storage.db import Store
from storage.reading import Filter
from storage.sealing import Keyring
from storage.search_merging import BITE, CRISIS, merge
from tests import databases
from tests.storage import indexed
from tests.storage.asking import County, add_report

BURST = 20
"""More than the sixteen of one level that FTS5 would put together within a commit."""
MOST = 1000
"""Bites; each changes something, so that they come to an end."""

sqlite_only = pytest.mark.skipif(databases.kind() != "sqlite", reason="PostgreSQL has no segments")


store, county = indexed.store, indexed.county


def wrote(session: Session, county: County, words: str) -> None:
    add_report(session, county.people["王爱民"], text=words)


def burst(store: Store, county: County, count: int = BURST, words: str = "屋顶漏雨") -> None:
    """Reports of the pen, each in a transaction of its own."""
    for _ in range(count):
        with store.pen_session() as session:
            wrote(session, county, words)
            session.commit()


def segments(session: Session) -> int:
    """How many there are: each has lines of its own in FTS5's list of pages."""
    return int(
        session.connection().execute(text("SELECT count(DISTINCT segid) FROM report_search_idx")).scalar_one()
    )


def pages(connection: Connection) -> set[int]:
    """Those that hold words; two smaller numbers are FTS5's notes about all of them."""
    return {
        number for (number,) in connection.execute(text("SELECT id FROM report_search_data")) if number > 10
    }


def found(session: Session, words: str) -> int:
    return len(reading.page(session, None, Filter(words=words), everything=True).rows)


@sqlite_only
def test_a_commit_puts_nothing_together(store: Store, county: County) -> None:
    burst(store, county)
    with store.reading() as session:
        assert segments(session) == BURST


@sqlite_only
def test_bites_leave_few_segments_and_every_word(store: Store, county: County) -> None:
    burst(store, county)
    with store.pen_session() as session:
        bites = 0
        while merge(session.connection()) and bites < MOST:
            session.commit()
            bites += 1
        assert 0 < bites < MOST
        assert segments(session) < 4
        assert not merge(session.connection()), "nothing is left to do"
        assert found(session, "漏雨") == BURST


@sqlite_only
def test_a_bite_writes_no_more_pages_than_it_may(store: Store, county: County) -> None:
    with store.writing() as session:
        session.connection().execute(
            text("INSERT INTO report_search(report_search, rank) VALUES ('pgsz', 64)")
        )
    burst(store, county, words="".join(map(chr, range(0x4E00, 0x4E00 + 400))))
    with store.pen_session() as session:
        before = pages(session.connection())
        assert len(before) > 10 * BITE, "else a bite would do all of it"
        assert merge(session.connection())
        assert 0 < len(pages(session.connection()) - before) <= 2 * BITE


@sqlite_only
def test_who_has_nobody_beside_puts_together_what_they_wrote(store: Store, county: County) -> None:
    for _ in range(BURST):
        with store.writing() as session:
            wrote(session, county, "屋顶漏雨")
    with store.reading() as session:
        assert segments(session) < 8
        assert found(session, "漏雨") == BURST


@sqlite_only
def test_an_older_index_learns_it_and_forgets_it_on_the_way_back(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'older.db'}", Keyring.new())
    asked = text("SELECT k, v FROM report_search_config WHERE k != 'version' ORDER BY k")
    told: list[dict[str, int]] = []
    for step, to in ((migrate.upgrade, "0035"), (migrate.downgrade, "0034"), (migrate.upgrade, "0035")):
        step(store.write, to)
        with store.write.connect() as connection:
            told.append(dict(connection.execute(asked).all()))
    ours, its = {"automerge": 0, "crisismerge": CRISIS}, {"automerge": 4, "crisismerge": 16}
    assert told == [ours, its, ours]
    store.close()


@pytest.mark.both_databases
def test_on_postgresql_there_is_nothing_to_do(store: Store, county: County) -> None:
    burst(store, county, 4)
    with store.pen_session() as session:
        assert merge(session.connection()) is not store.shared
        search_merging.its_pace(session.connection())
        search_merging.own_pace(session.connection())
        assert found(session, "漏雨") == 4
