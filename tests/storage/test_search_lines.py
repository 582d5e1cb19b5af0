"""The index is written once for all reports of a transaction, and whoever asks before finds them all the same."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import reading, search
from storage.db import Store, savepoint
from storage.keeping import Keeping
from storage.reading import Filter
from storage.report import Report, ReportState
from storage.search_index import in_order
from tests.storage import indexed
from tests.storage.asking import County, add_report

pytestmark = pytest.mark.both_databases


store, county = indexed.store, indexed.county


@pytest.fixture
def session(store: Store, county: County) -> Iterator[Keeping]:
    assert county.people
    with store.pen_session() as made:
        yield made


def wrote(session: Session, county: County, words: str) -> Report:
    return add_report(session, county.people["王爱民"], text=words)


def lines(session: Session) -> list[tuple[int, str]]:
    """What the index has, asked by SQL of our own, which nothing is written for."""
    rows = session.connection().execute(text("SELECT report_id, words FROM report_search ORDER BY rowid"))
    return [(number, in_order(words) if words.startswith("'") else words) for number, words in rows]


def found(session: Session, words: str) -> list[int]:
    page = reading.page(session, None, Filter(words=words), everything=True)
    return [one.id or 0 for one in page.rows]


def test_reports_of_a_transaction_come_into_the_index_at_its_end(
    session: Keeping, store: Store, county: County
) -> None:
    first, second = wrote(session, county, "屋顶漏雨"), wrote(session, county, "老人独居")
    assert lines(session) == []
    session.commit()
    with store.reading() as other:
        assert [one for one, _words in lines(other)] == [first.id, second.id]
        assert found(other, "漏雨") == [first.id]
        assert found(other, second.number) == [second.id]


def test_whoever_asks_before_finds_them(session: Keeping, county: County) -> None:
    first = wrote(session, county, "屋顶漏雨")
    assert found(session, "漏雨") == [first.id]
    second = wrote(session, county, "又漏雨了")
    assert found(session, "漏雨") == [second.id, first.id]


def test_a_report_that_was_given_up_is_not_in_the_index(
    session: Keeping, store: Store, county: County
) -> None:
    kept = wrote(session, county, "屋顶漏雨")
    with suppress(KeyError), savepoint(session):
        wrote(session, county, "屋顶漏雨")
        assert len(found(session, "漏雨")) == 2
        raise KeyError
    session.commit()
    with store.reading() as other:
        assert found(other, "漏雨") == [kept.id]


def test_new_words_take_the_place_of_the_old_ones(session: Keeping, store: Store, county: County) -> None:
    made = wrote(session, county, "屋顶漏雨")
    search.index_report(session, made, ["已经修好"])
    session.commit()
    search.index_report(session, made, ["换了新瓦"])
    session.commit()
    with store.reading() as other:
        assert [one for one, _words in lines(other)] == [made.id]
        assert found(other, "新瓦") == [made.id]
        assert found(other, "漏雨") == found(other, "修好") == []


def test_a_state_that_changes_in_the_same_transaction_is_followed(
    session: Keeping, store: Store, county: County
) -> None:
    made = wrote(session, county, "屋顶漏雨")
    made.state = ReportState.WITHDRAWN
    session.commit()
    with store.reading() as other:
        ((_report, words),) = lines(other)
    assert words.split()[0] == search.state_token(ReportState.WITHDRAWN)
    assert "漏雨" in words.split()


def test_other_sessions_write_at_once(store: Store, county: County) -> None:
    with store.writing() as session:
        made = wrote(session, county, "屋顶漏雨")
        assert [one for one, _words in lines(session)] == [made.id]


def test_a_report_whose_line_is_missing_gets_one(session: Keeping, store: Store, county: County) -> None:
    made = wrote(session, county, "屋顶漏雨")
    session.commit()
    search.drop(session, made.id or 0)
    search.index_report(session, made, ["屋顶漏雨"])
    session.commit()
    with store.reading() as other:
        assert found(other, "漏雨") == [made.id]
