"""A query on a card: kept sealed, its owner's alone, and its buttons short enough."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from storage import queries
from storage.reading import LIVE, Cursor, Filter
from storage.refusals import Gone, NotYours
from storage.sealing import seal_json
from tests.storage.asking import NOW, County, new_store, settle

FULL = Filter(
    kind="visit", places=("120114", "1201"), team_id=3, authors=(1, 2), since=NOW - timedelta(days=7),
    until=NOW, states=LIVE, words="屋顶 张三", due_before=NOW, number="-0042",
    households=(4,), period="上周", oldest=True, figure="visits", ids=(5, 6),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, County]]:
    store = new_store(str(tmp_path_factory.mktemp("queries") / "z.db"))
    with store.writing() as session:
        yield session, settle(session)
    store.close()


def test_every_field_of_a_filter_comes_back(world: tuple[Session, County]) -> None:
    session, county = world
    assert all(getattr(FULL, one.name) for one in fields(FULL)), "a new field needs a value above"
    for asked in (FULL, Filter()):
        query = queries.keep(session, county.actor(session, "孙丽"), asked, NOW)
        session.expire(query)
        assert queries.filter_of(session, query) == asked


def test_the_words_are_sealed(world: tuple[Session, County]) -> None:
    session, county = world
    query = queries.keep(session, county.actor(session, "孙丽"), FULL, NOW)
    assert "张三".encode() not in query.filter


def test_changing_starts_at_the_newest(world: tuple[Session, County]) -> None:
    session, county = world
    query = queries.keep(session, county.actor(session, "孙丽"), FULL, NOW)
    query.at = "o1.1"
    queries.change(session, query, Filter(words="雨"))
    assert (queries.filter_of(session, query), query.at) == (Filter(words="雨"), "")


def test_a_field_of_another_version_is_left_out(world: tuple[Session, County]) -> None:
    session, county = world
    query = queries.keep(session, county.actor(session, "孙丽"), FULL, NOW)
    query.filter = seal_json(session, "query.filter", query.uid, {"words": "雨", "mood": "bad"})
    assert queries.filter_of(session, query) == Filter(words="雨")


def test_somebody_elses_query_is_refused(world: tuple[Session, County]) -> None:
    session, county = world
    query = queries.keep(session, county.actor(session, "孙丽"), FULL, NOW)
    assert queries.find(session, county.actor(session, "孙丽"), query.id or 0) == query
    with pytest.raises(NotYours):
        queries.find(session, county.actor(session, "周正"), query.id or 0)
    with pytest.raises(Gone):
        queries.find(session, county.actor(session, "孙丽"), 999_999)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2087, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone


@given(moments, st.integers(1, 2**31))
def test_a_place_in_a_list_fits_a_button_and_comes_back(moment: datetime, report_id: int) -> None:
    token = queries.token(Cursor(moment, report_id))
    assert queries.place(token) == Cursor(moment, report_id)
    assert len(f"q:9999999999:o:{token}") <= 56


@pytest.mark.parametrize("text", ["", "x", "1", "1.2.3", "zz.1", "f" * 40 + ".1", "."])
def test_what_is_no_place_is_an_old_button(text: str) -> None:
    with pytest.raises(Gone):
        queries.place(text)
