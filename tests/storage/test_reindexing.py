"""The index made anew says what the reports say, and nothing that no report says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text
from sqlmodel import Session

from storage import reindexing, search
from storage.db import Store
from storage.report import Report
from storage.search_index import NAME, index, token_set
from tests.storage.asking import NOW, PLACES, add_full, new_store, settle

pytestmark = pytest.mark.both_databases


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = new_store(str(tmp_path / "z.db"))
    with store.writing() as session:
        people = settle(session).people
        for number, words in enumerate(("屋顶漏雨", "路灯坏了", "井盖松动")):
            answers = {"village": PLACES[0], "household": None, "purposes": ["look"], "findings": words}
            add_full(session, "visit", people["王爱民"], answers, number=f"ZF-20261120-000{number}")
    yield store
    store.close()


def kept(session: Session) -> dict[int, set[str]]:
    """The words of each line, by position."""
    rows = session.exec(select(index.c.rowid, index.c.words))  # type: ignore[call-overload] # a plain table
    return {at: token_set(words) for at, words in rows}


def rebuild(store: Store) -> int:
    """As the command does it. How many lines had no report."""
    reindexing.prepare(store)
    with store.writing() as session:
        reindexing.write(session, reindexing.everything(session))
        gone, place = 0, -(1 << 62)
        while True:
            last, count = reindexing.strays(session, place, limit=2)
            gone += count
            if last is None:
                return gone
            place = last


def test_what_was_lost_spoiled_or_added_is_put_right(store: Store) -> None:
    with store.writing() as session:
        before = kept(session)
        first, second, _third = sorted(before)
        session.exec(delete(index).where(index.c.rowid == first))
        session.exec(index.update().where(index.c.rowid == second).values(words=":ssent 别的"))
        stray = search.position(NOW, 999)
        session.exec(insert(index).values(rowid=stray, words="无主", report_id=999))
        assert kept(session) != before
    assert rebuild(store) == 1
    with store.reading() as session:
        assert kept(session) == before
    assert rebuild(store) == 0


def test_an_index_that_is_gone_is_made(store: Store) -> None:
    with store.reading() as session:
        before = kept(session)
    with store.write.begin() as connection:
        connection.execute(text(f"DROP TABLE {NAME}"))
    rebuild(store)
    with store.reading() as session:
        assert kept(session) == before
        found = session.exec(search.matching(search.asked("漏雨"))).all()
        assert [session.get_one(Report, one).number for _at, one in found] == ["ZF-20261120-0000"]


def test_newest_first(store: Store) -> None:
    with store.writing() as session:
        found = reindexing.everything(session)
        assert found == sorted(found, reverse=True)
        assert reindexing.write(session, [*found, 12345]) == len(found), "one that went meanwhile is none"
