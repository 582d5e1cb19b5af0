"""Moving to PostgreSQL: every row arrives as it was, or none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from storage import chats, letters, migrate, moving, reading, search, tables
from storage.db import Store
from storage.engines import write_engine
from storage.reading import Filter
from storage.report import Report
from storage.sealing import Keyring
from tests import postgres
from tests.storage.asking import NOW, County, add_report, settle

pytestmark = pytest.mark.sqlite_only(reason="the way leads from SQLite to PostgreSQL")
WORDS = ("屋顶漏雨，已报镇里", "修路 LED 灯 20 盏", "it's \\ 'quoted'", "好" * 3000, "x" * 2500)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'zhucun.db'}", Keyring.new())
    migrate.upgrade(made.write)
    with made.writing() as session:
        county = settle(session)
        for number in range(30):
            _report(session, county, WORDS[number % len(WORDS)], number)
        chat = chats.chat_of(session, 8_000_000_001, 7_000_000_001)
        letters.say(session, chat, "sendMessage", {"text": "身份证"}, now=NOW)
    yield made
    made.close()


def _report(session: Session, county: County, words: str, number: int) -> None:
    add_report(session, county.people["王爱民"], text=words, number=f"ZF-20261120-{number:04d}")


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Engine]:
    made = write_engine(postgres.server().database(tmp_path, empty=True))
    yield made
    made.dispose()


def quiet(_done: int, _all: int) -> None:
    """Nobody looks."""


def found(session: Session, words: str) -> list[str]:
    return [one.number for one in reading.page(session, None, Filter(words=words), everything=True).rows]


def test_every_row_arrives_and_answers_as_before(source: Store, target: Engine) -> None:
    steps: list[tuple[int, int]] = []
    counts = moving.move(source.read, target, lambda done, all_: steps.append((done, all_)))
    assert counts["report"] == counts["report_search"] == 30
    assert set(counts) == {table.name for table in tables.metadata.sorted_tables} | {"report_search"}
    assert steps[-1] == (2 * sum(counts.values()),) * 2
    moved = Store(target.url.render_as_string(hide_password=False), source.keyring)
    with source.reading() as before, moved.reading() as after:
        for words in ("屋顶", "漏雨", "led", "20", "quoted", "好好好", "x" * 2500, "0007", "无"):
            assert found(after, words) == found(before, words), words
        letter = after.exec(select(letters.Letter)).one()
        assert letters.payload_of(after, letter) == {"text": "身份证"}
    moved.close()


def test_the_next_rows_get_the_next_numbers(source: Store, target: Engine) -> None:
    moving.move(source.read, target, quiet)
    moved = Store(target.url.render_as_string(hide_password=False), source.keyring)
    with moved.writing() as session:
        last = session.exec(select(func.max(Report.id))).one() or 0
        author = session.get_one(Report, last).author_id
        report = add_report(session, author, text="新的", number="ZF-20261121-0001")
        assert report.id == last + 1
        assert search.drop(session, report.id) == 1
    moved.close()


def test_a_target_with_anything_in_it_is_refused(source: Store, target: Engine) -> None:
    moving.move(source.read, target, quiet)
    with pytest.raises(moving.NotEmpty):
        moving.move(source.read, target, quiet)
    with source.writing() as session:
        assert session.exec(select(func.count()).select_from(Report)).one() == 30


def test_a_move_that_breaks_off_leaves_nothing_and_can_be_begun_again(source: Store, target: Engine) -> None:
    def break_off(done: int, all_: int) -> None:
        if done > all_ * 3 // 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        moving.move(source.read, target, break_off)
    with target.connect() as there:
        assert there.execute(select(func.count()).select_from(Report)).scalar_one() == 0
    assert moving.move(source.read, target, quiet)["report"] == 30


def test_what_arrives_changed_is_noticed_and_undone(source: Store, target: Engine) -> None:
    """The target changes a row by itself, as a trigger of somebody's might."""
    migrate.upgrade(target)
    with target.begin() as there:
        there.exec_driver_sql("create function spoil() returns trigger language plpgsql as "
                              "$$ begin new.name := upper(new.name) || '!'; return new; end $$")  # fmt: skip
        there.exec_driver_sql(
            "create trigger spoil before insert on region for each row execute function spoil()"
        )
    with pytest.raises(moving.Different, match="region"):
        moving.move(source.read, target, quiet)
    with target.connect() as there:
        assert there.execute(select(func.count()).select_from(Report)).scalar_one() == 0
