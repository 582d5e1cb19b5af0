"""The pen's session does quickly what any session does: the same rows, the same objects, the same rollbacks."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, event
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage.chats import Chat, ChatKind
from storage.db import Store
from storage.draft import Draft
from storage.keeping import Keeping, flush_kind, many, one, savepoint
from storage.prepared import run
from storage.sealing import Keyring
from storage.tables import metadata

OF_BOT = select(Chat).where(Chat.bot == bindparam("of_bot")).order_by(col(Chat.telegram_id))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'zhucun.db'}", Keyring.new())
    metadata.create_all(made.write)
    yield made
    made.close()


@pytest.fixture
def session(store: Store) -> Iterator[Keeping]:
    with store.pen_session() as made:
        yield made


def chat(number: int, **more: Any) -> Chat:
    return Chat(bot=1, telegram_id=number, **more)


def stored(store: Store) -> list[tuple[int, str]]:
    """What another session reads: numbers and titles."""
    with store.reading() as other:
        return [
            (row.telegram_id, row.title) for row in other.exec(select(Chat).order_by(col(Chat.telegram_id)))
        ]


def test_a_new_row_gets_its_key_and_is_the_object_one_finds(store: Store, session: Keeping) -> None:
    made = chat(5, kind=ChatKind.GROUP)
    session.add(made)
    session.flush()
    assert made.id == 1
    assert made not in session.new
    assert session.get(Chat, 1) is made
    assert session.exec(select(Chat)).one() is made
    session.commit()
    assert stored(store) == [(5, "")]


def test_a_changed_row_is_written_once(store: Store, session: Keeping) -> None:
    made = chat(5)
    session.add(made)
    session.flush()
    written: list[str] = []
    event.listen(store.write, "before_cursor_execute", lambda *given: written.append(given[2]))
    made.title = "one"
    session.flush()
    session.flush()
    session.commit()
    assert stored(store) == [(5, "one")]
    assert not session.dirty
    assert not [statement for statement in written if statement.startswith("UPDATE")], (
        "the unit of work slept"
    )


def test_what_was_put_back_is_no_change(store: Store, session: Keeping) -> None:
    made = chat(5, title="one")
    session.add(made)
    session.commit()
    made.title = "two"
    made.title = "one"
    session.commit()
    assert stored(store) == [(5, "one")]


def test_rows_come_as_the_objects_one_has(store: Store, session: Keeping) -> None:
    for number in (5, 6):
        session.add(chat(number))
        session.flush()
    session.commit()
    session.expunge_all()
    first = session.get(Chat, 1)
    assert first is not None
    first.title = "changed here"
    both = many(session, Chat, OF_BOT, of_bot=1)
    assert both[0] is first
    assert [row.title for row in both] == ["changed here", ""]
    assert one(session, Chat, OF_BOT, of_bot=1) is first
    assert one(session, Chat, OF_BOT, of_bot=2) is None
    both[1].title = "changed there"
    session.commit()
    assert stored(store) == [(5, "changed here"), (6, "changed there")]


def test_nothing_is_found_for_a_key_that_is_not_there(session: Keeping) -> None:
    assert session.get(Chat, 77) is None


def test_a_rollback_forgets_what_was_added_and_changed(store: Store, session: Keeping) -> None:
    kept = chat(5, title="before")
    session.add(kept)
    session.flush()
    nested = session.begin_nested()
    lost = chat(6)
    session.add(lost)
    session.flush()
    kept.title = "within"
    session.flush()
    number = lost.id
    nested.rollback()
    assert kept.title == "before"
    assert lost not in session
    assert session.get(Chat, number) is None
    again = chat(7)
    session.add(again)
    session.flush()
    assert again.id == number, "the database gives the number again, to another row"
    session.commit()
    assert stored(store) == [(5, "before"), (7, "")]


def test_a_refused_row_is_an_integrity_error_and_leaves_the_rest(store: Store, session: Keeping) -> None:
    session.add(chat(5))
    session.flush()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(chat(5))
    session.add(chat(6))
    session.commit()
    assert stored(store) == [(5, ""), (6, "")]


def test_deleted_rows_are_gone(store: Store, session: Keeping) -> None:
    made = chat(5)
    session.add(made)
    session.flush()
    session.delete(made)
    assert session.get(Chat, 1) is None
    made_too = chat(6)
    session.add(made_too)
    session.commit()
    assert stored(store) == [(6, "")]


def test_several_new_rows_are_left_to_the_unit_of_work(store: Store, session: Keeping) -> None:
    session.add_all([chat(number) for number in (5, 6, 7)])
    session.commit()
    assert [number for number, _title in stored(store)] == [5, 6, 7]


def test_it_holds_what_it_loaded_until_told(session: Keeping) -> None:
    session.add(chat(5))
    session.flush()
    session.expunge_all()
    assert session.held == []
    session.get(Chat, 1)
    assert len(session.held) == 1
    assert list(session.identity_map.values()) == session.held


def test_a_savepoint_takes_back_what_failed_within_it(store: Store, session: Keeping) -> None:
    kept = chat(5, title="before")
    session.add(kept)
    lost = chat(6)
    with suppress(KeyError), savepoint(session):
        kept.title = "written and lost"
        session.flush()
        session.add(lost)
        session.flush()
        kept.title = "not even written"
        session.add(chat(7))
        raise KeyError
    assert kept.title == "before"
    assert lost not in session
    kept.region = None
    kept.title = "after"
    with savepoint(session):
        session.add(chat(8))
    session.commit()
    assert stored(store) == [(5, "after"), (8, "")]


def test_a_savepoint_within_another_keeps_what_was_before_it(store: Store, session: Keeping) -> None:
    with savepoint(session):
        session.add(chat(5, title="outer"))
        with suppress(KeyError), savepoint(session):
            session.add_all([chat(6), chat(7)])
            session.flush()
            raise KeyError
        session.add(chat(8))
    session.commit()
    assert stored(store) == [(5, "outer"), (8, "")]


def test_a_savepoint_survives_a_refused_flush_of_many(store: Store, session: Keeping) -> None:
    session.add(chat(5))
    with pytest.raises(IntegrityError), savepoint(session):
        session.add_all([chat(6), chat(5)])
    session.add(chat(7))
    session.commit()
    assert stored(store) == [(5, ""), (7, "")]


def test_what_was_to_be_deleted_is_there_again(store: Store, session: Keeping) -> None:
    made = chat(5)
    session.add(made)
    session.commit()
    with suppress(KeyError), savepoint(session):
        session.delete(made)
        raise KeyError
    session.commit()
    assert stored(store) == [(5, "")]


class Told:
    """What was put off, as it was written."""

    def __init__(self) -> None:
        self.times: list[list[int]] = []

    def __call__(self, _connection: Any, some: Sequence[int]) -> None:
        self.times.append(list(some))


def test_what_is_put_off_is_written_once_before_the_commit(session: Keeping) -> None:
    told, other = Told(), Told()
    session.later(told, 1)
    session.later(other, 7)
    session.later(told, 2)
    run(session, OF_BOT, of_bot=1)
    assert told.times == [], "a prepared statement does not ask for it"
    session.commit()
    assert (told.times, other.times) == ([[1, 2]], [[7]])
    session.add(chat(5))
    session.commit()
    assert told.times == [[1, 2]]


def test_what_is_put_off_is_written_before_anybody_can_ask_for_it(session: Keeping) -> None:
    told = Told()
    session.later(told, 1)
    session.exec(select(Chat)).all()
    session.later(told, 2)
    session.exec(select(Chat)).all()
    session.exec(select(Chat)).all()
    assert told.times == [[1], [2]]


def test_what_was_put_off_in_a_savepoint_goes_with_it(session: Keeping) -> None:
    told = Told()
    session.later(told, 1)
    with suppress(KeyError), savepoint(session):
        session.later(told, 2)
        raise KeyError
    with savepoint(session):
        session.later(told, 3)
    session.commit()
    assert told.times == [[1, 3]]


def test_what_was_written_in_a_savepoint_that_failed_is_written_again(session: Keeping) -> None:
    """It had been put off before: the database has forgotten it, the session has not."""
    told = Told()
    session.later(told, 1)
    with suppress(KeyError), savepoint(session):
        session.later(told, 2)
        session.settle()
        raise KeyError
    session.commit()
    assert told.times == [[1, 2], [1]]


def test_what_is_put_off_is_forgotten_with_its_transaction(session: Keeping) -> None:
    told = Told()
    session.later(told, 1)
    session.add(chat(5))
    session.flush()
    session.rollback()
    session.add(chat(6))
    session.commit()
    assert told.times == []


def test_other_sessions_have_savepoints_too(store: Store) -> None:
    with store.writing() as session:
        with suppress(KeyError), savepoint(session):
            session.add(chat(5))
            raise KeyError
        with savepoint(session):
            session.add(chat(6))
    assert stored(store) == [(6, "")]


def test_those_who_listen_to_a_table_hear_of_each_row(session: Keeping) -> None:
    heard: list[str] = []
    event.listen(Chat, "after_insert", lambda *_given: heard.append("in"))
    event.listen(Chat, "after_update", lambda *_given: heard.append("changed"))
    made = chat(5)
    session.add(made)
    session.flush()
    made.title = "one"
    session.commit()
    assert heard == ["in", "changed"]


def test_what_was_changed_is_written_before_its_table_is_read(store: Store, session: Keeping) -> None:
    session.add(chat(5))
    session.flush()
    session.exec(select(Chat)).one().title = "村委会"
    was = [session.clean]
    for entity in (Draft, Chat):
        flush_kind(session, entity)
        was.append(session.clean)
    assert was == [False, False, True]
    session.commit()
    assert stored(store) == [(5, "村委会")]


def test_a_row_changed_twice_in_a_transaction_is_read_anew_after_a_rollback(session: Keeping) -> None:
    session.add(chat(5, title="一"))
    session.commit()
    row = session.exec(select(Chat)).one()
    for title in ("二", "三"):
        row.title = title
        session.flush()
    session.rollback()
    assert row.title == "一"
