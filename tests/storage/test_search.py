"""The index of words finds what is written, nothing else, and forgets what is dropped."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from storage import search
from storage.db import Store
from storage.report import Report, ReportState
from tests.storage import indexed
from tests.storage.asking import NOW, PLACES, County, add_report

pytestmark = pytest.mark.both_databases


store, county = indexed.store, indexed.county


@pytest.fixture
def filled(store: Store, county: County) -> tuple[Store, County]:
    return store, county


def ids(session: Session, question: str) -> list[int]:
    """Ids that answer, newest first."""
    found = search.matching(question)
    return [report_id for _, report_id in session.exec(found.order_by(text("rowid desc")))]


def wrote(session: Session, county: County, words: str, **more: object) -> int:
    report = add_report(session, county.people["王爱民"], text=words, **more)  # type: ignore[arg-type] # as given
    assert report.id is not None
    return report.id


def test_words_of_one_two_and_more_characters(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        one = wrote(session, county, "王大爷家屋顶漏雨，已报镇里")
        two = wrote(session, county, "屋里漏水")
        for words, expected in {
            "屋": [two, one],
            "雨": [one],
            "屋顶": [one],
            "屋顶漏雨": [one],
            "漏": [two, one],
            "屋顶 镇里": [one],
            "顶漏": [one],
            "屋顶漏水": [],
            "雨已": [],
            "里": [two, one],
        }.items():
            assert ids(session, search.asked(words)) == expected, words


def test_latin_words_digits_and_numbers_whole(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        one = wrote(session, county, "装了 LED 灯 20 盏，3号楼", number="ZF-20261120-0042")
        wrote(session, county, "20261 米")
        assert ids(session, search.asked("led")) == [one]
        assert ids(session, search.asked("ＬＥＤ灯")) == [one]
        assert ids(session, search.asked("20")) == [one]
        assert ids(session, search.asked("3号楼")) == [one]
        assert ids(session, search.asked("zf-20261120-0042")) == [one]
        assert ids(session, search.asked("0042")) == [one]
        assert ids(session, search.asked("le")) == []


@pytest.mark.parametrize(
    "typed", ['"', "屋*", "NOT 屋", "a:b", "(", "屋 OR", "':vX", "^屋", "\0", "-", "words:屋"]
)
def test_nothing_typed_is_a_command(filled: tuple[Store, County], typed: str) -> None:
    store, county = filled
    with store.writing() as session:
        one = wrote(session, county, "屋 not or a b vx words")
        question = search.asked(typed)
        assert ids(session, question) == [one] if question else not search.pieces(typed)


def test_personal_numbers_are_not_indexed(filled: tuple[Store, County], tmp_path: Path) -> None:
    store, county = filled
    with store.writing() as session:
        one = wrote(session, county, "电话13812345678身份证11010519491231002X困难")
        assert ids(session, search.asked("困难")) == [one]
        assert ids(session, search.asked("13812345678")) == []
        assert ids(session, search.asked("11010519491231002x")) == []
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"13812345678" not in kept
    assert b"1010519491231002" not in kept


def test_indexing_again_replaces_and_dropping_forgets(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        report = add_report(session, county.people["王爱民"], text="屋顶漏雨")
        search.index_report(session, report, ["已经修好"])
        assert ids(session, search.asked("漏雨")) == []
        assert ids(session, search.asked("修好")) == [report.id]
        assert search.drop(session, report.id or 0) == 1
        assert search.drop(session, report.id or 0) == 0
        assert ids(session, search.asked("修好")) == []


def test_a_report_is_in_the_index_from_its_row_on(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        author = county.people["王爱民"]
        report = Report(
            kind="visit", number="ZF-20261120-0042", author_id=author, village=PLACES[0], sent_at=NOW
        )
        session.add(report)
        session.flush()
        assert ids(session, search.asked("0042")) == [report.id]
        assert ids(session, search.asked("", [search.author_token(author)])) == [report.id]


def test_the_index_follows_the_state(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        report = add_report(session, county.people["王爱民"], text="屋顶")
        sent, withdrawn = (search.asked("屋顶", [search.state_token(one)]) for one in ("sent", "withdrawn"))
        assert (ids(session, sent), ids(session, withdrawn)) == ([report.id], [])
        report.state = ReportState.WITHDRAWN
        session.flush()
        assert (ids(session, sent), ids(session, withdrawn)) == ([], [report.id])
        assert ids(session, search.asked("屋顶", [search.author_token(report.author_id)])) == [report.id]
        report.revision += 1
        session.flush()
        assert ids(session, withdrawn) == [report.id]


def test_the_index_is_undone_with_its_transaction(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        add_report(session, county.people["王爱民"], text="屋顶")
        session.rollback()
    with store.reading() as session:
        assert ids(session, search.asked("屋顶")) == []


def test_scope_tokens_narrow_and_cannot_be_typed(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        team = county.teams["一队"]
        one = wrote(session, county, "屋顶", team=team)
        two = wrote(session, county, "屋顶", village=PLACES[2], kind="photo")
        for tokens, expected in {
            (search.team_token(team),): [one],
            (search.place_token("120114101"),): [two],
            (search.place_token("120114"),): [two, one],
            (search.kind_token("photo"),): [two],
            (search.team_token(team), search.kind_token("photo")): [two, one],
            (): [two, one],
        }.items():
            assert ids(session, search.asked("屋顶", tokens)) == expected, tokens
        assert ids(session, search.asked("", [search.team_token(team)])) == [one]
        assert ids(session, search.asked(f"屋顶 {search.team_token(team)}")) == []


def test_positions_grow_as_lists_do() -> None:
    moments = [NOW, NOW + timedelta(seconds=1), NOW + timedelta(days=30)]
    positions = [search.position(at, report_id) for at in moments for report_id in (1, 2, 4_000_000_000)]
    assert positions == sorted(set(positions))
    assert positions[-1] < 2**63


def test_a_period_may_lie_beyond_the_numbers_of_the_index(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        wrote(session, county, "屋顶")
        for since, until, count in ((1900, 2200, 1), (2099, 2100, 0), (1900, 1901, 0)):
            period = [datetime(year, 1, 1, tzinfo=UTC) for year in (since, until)]
            found = session.exec(search.matching(search.asked("屋顶"), search.positions(*period))).all()
            assert len(found) == count, (since, until)


def test_a_period_is_read_from_the_index(filled: tuple[Store, County]) -> None:
    store, county = filled
    with store.writing() as session:
        old = wrote(session, county, "屋顶", at=NOW - timedelta(days=40))
        new = wrote(session, county, "屋顶")
        since = search.matching(search.asked("屋顶"), search.positions(NOW - timedelta(days=1)))
        until = search.matching(search.asked("屋顶"), search.positions(None, NOW - timedelta(days=1)))
        assert [report_id for _, report_id in session.exec(since)] == [new]
        assert [report_id for _, report_id in session.exec(until)] == [old]


def test_create_and_remove_again_do_nothing(store: Store) -> None:
    with store.write.begin() as connection:
        search.create(connection)
        search.remove(connection)
        search.remove(connection)
        search.create(connection)
    with store.reading() as session:
        assert ids(session, search.asked("屋顶")) == []


_words = st.text("屋顶漏雨修ab12，。 ", max_size=12)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(_words, min_size=1, max_size=8), asked=_words)
def test_the_index_answers_as_a_scan_does(filled: tuple[Store, County], texts: list[str], asked: str) -> None:
    store, county = filled
    with store.writing() as session:
        reports = [
            add_report(session, county.people["王爱民"], text=one, number=f"#{at}")
            for at, one in enumerate(texts)
        ]
        question = search.asked(asked)
        if question:
            expected = [
                report.id for report, one in zip(reports, texts, strict=True) if scan(report, one, asked)
            ]
            assert sorted(ids(session, question)) == expected
        session.rollback()


def scan(report: Report, written: str, asked: str) -> bool:
    """The same by looking: a Chinese piece stands in the text, any other is one of its words."""
    words = search.pieces(f"{report.number} {written}")
    return all(
        any(piece in word for word in words) if search.is_han(piece) else piece in words
        for piece in search.pieces(asked)
    )


def test_beside_words_the_narrowest_group_is_asked_for() -> None:
    author, village, team, town, county, usual, case, withdrawn = (
        [search.author_token(7)], [search.place_token("120114001007")], [search.team_token(3)],
        [search.place_token("120114001")], [search.place_token("120114")], [search.kind_token("visit")],
        [search.kind_token("hardship")], [search.state_token("withdrawn")],
    )  # fmt: skip
    assert search.narrowest([usual, county, team, village]) == village
    assert search.narrowest([town, case]) == case
    assert search.narrowest([withdrawn, town]) == withdrawn
    assert search.narrowest([[*author, *town], team]) == team, "a group is as wide as its widest token"
    assert search.narrowest([[*author, *team], [], village]) == village
    assert search.narrowest([usual, county]) == (), "rows that do not fit are skipped faster"
    assert search.narrowest([[search.kind_token("gone")]]) == (), "a kind of a former version"
    assert search.narrowest([]) == ()


@pytest.mark.parametrize("year", [1990, 2020, 2026, 2087])
def test_a_row_tells_its_report(filled: tuple[Store, County], year: int) -> None:
    store, county = filled
    with store.writing() as session:
        one = wrote(session, county, "屋顶漏雨", at=datetime(year, 5, 1, tzinfo=UTC))
        assert ids(session, search.asked("屋顶")) == [one]
