"""The pen's session: on one connection that is kept at hand, and given back after trouble."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.db import Store
from storage.sealing import Keyring
from storage.tables import metadata
from tests import databases, postgres

pytestmark = pytest.mark.both_databases
NUMBERS = "insert into counter (name, last) values (:name, 1)"


@pytest.fixture
def store(tmp_path: Path, database: databases.Kind) -> Iterator[Store]:
    file = tmp_path / "zhucun.db"
    made = Store(databases.url(file), Keyring.new())
    if database == "sqlite":
        metadata.create_all(made.write)
    yield made
    made.close()


def test_the_same_connection_serves_one_transaction_after_the_other(store: Store) -> None:
    seen = []
    for _ in range(3):
        with store.pen_session() as session:
            seen.append(session.connection().connection.driver_connection)
            session.commit()
    assert len(set(map(id, seen))) == 1


def test_what_is_not_committed_is_gone(store: Store) -> None:
    with store.pen_session() as session:
        session.connection().execute(text(NUMBERS), {"name": "a"})
    with pytest.raises(IntegrityError), store.pen_session() as session:
        session.connection().execute(text(NUMBERS), [{"name": "b"}, {"name": "b"}])
    with store.pen_session() as session:
        session.connection().execute(text(NUMBERS), {"name": "c"})
        session.commit()
    with store.reading() as session:
        assert session.connection().execute(text("select name from counter")).scalars().all() == ["c"]


def test_nothing_of_a_transaction_is_known_in_the_next(store: Store) -> None:
    with store.pen_session() as session:
        session.info["seen"] = True
        session.commit()
    with store.pen_session() as session:
        assert set(session.info) == {"keyring"}


@pytest.mark.fault("lost database connection")
@pytest.mark.postgresql_only
def test_a_lost_connection_is_replaced(store: Store, tmp_path: Path) -> None:
    """The transaction that meets it fails; the next one has another."""
    with store.pen_session() as session:
        mine = session.connection().execute(text("select pg_backend_pid()")).scalar_one()
        session.commit()
    with postgres.server().look_into(tmp_path / "zhucun.db") as operator:
        assert operator.execute(f"select pg_terminate_backend({mine}, 5000)").fetchall() == [(True,)]
    with pytest.raises(OperationalError), store.pen_session() as session:
        session.connection().execute(text(NUMBERS), {"name": "a"})
    with store.pen_session() as session:
        session.connection().execute(text(NUMBERS), {"name": "b"})
        session.commit()
    assert databases.ask(tmp_path / "zhucun.db", "select name from counter") == [("b",)]


@pytest.mark.sqlite_only(reason="on PostgreSQL a transaction begins without asking for a lock")
def test_a_transaction_that_cannot_begin_says_so_as_sqlalchemy_does(store: Store) -> None:
    with store.pen_session() as session:
        session.connection().exec_driver_sql("pragma busy_timeout=0")
        session.commit()
    with store.writing() as holder:
        holder.connection()
        with pytest.raises(OperationalError, match="locked"), store.pen_session() as session:
            session.connection()
    with store.pen_session() as session:
        session.connection().execute(text(NUMBERS), {"name": "c"})
        session.commit()
