"""A role is held on the connection that works, and goes with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from storage.db import Store
from storage.roles import StandbyError, holding, leave, take
from storage.sealing import Keyring
from storage.turns import lock_key
from tests import databases, postgres

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two processes, as the database sees them."""
    made = [Store(databases.url(tmp_path / "zhucun.db"), Keyring.new()) for _ in range(2)]
    yield made[0], made[1]
    for store in made:
        store.close()


def tried(store: Store, role: str) -> bool:
    """As the pen does: in a transaction that ends at once."""
    with store.pen_session() as session:
        got = take(session, role)
        session.commit()
        return got


def test_on_sqlite_whoever_runs_a_part_has_it(stores: tuple[Store, Store], database: databases.Kind) -> None:
    one, other = stores
    assert tried(one, "desk 1")
    assert tried(other, "desk 1") == (database == "sqlite")


@pytest.mark.postgresql_only
def test_a_role_outlasts_its_transaction_and_is_taken_once(stores: tuple[Store, Store]) -> None:
    one, other = stores
    assert tried(one, "desk 1")
    assert tried(one, "desk 1"), "ours already"
    with one.pen_session() as session:
        session.connection().execute(text("select 1"))
        session.rollback()
    assert not tried(other, "desk 1")
    assert tried(other, "desk 2"), "another bot's"


def test_a_role_that_is_left_is_free(stores: tuple[Store, Store]) -> None:
    one, other = stores
    assert tried(one, "desk 1")
    with one.pen_session() as session:
        leave(session, "desk 1")
        leave(session, "never taken")
        session.commit()
    assert tried(other, "desk 1")


def test_nothing_is_done_in_the_name_of_another(
    stores: tuple[Store, Store], database: databases.Kind
) -> None:
    one, other = stores
    assert tried(one, "desk 1")
    with one.pen_session() as session:
        assert holding("desk 1", lambda _: 7)(session) == 7
    if database == "postgresql":
        with other.pen_session() as session, pytest.raises(StandbyError):
            holding("desk 1", _never)(session)


def _never(_: Session) -> None:
    raise AssertionError("done by a standby")


@pytest.mark.fault("lost database connection")
@pytest.mark.postgresql_only
def test_a_lost_connection_is_a_lost_role(
    stores: tuple[Store, Store], database: databases.Kind, tmp_path: Path
) -> None:
    """Also in the middle of a transaction: what it has written is undone with the role."""
    one, other = stores
    assert tried(one, "desk 1")
    with one.pen_session() as session:
        assert take(session, "desk 1")
        session.connection().execute(text("insert into slot (rule, slot, at) values ('a', 'b', now())"))
        with postgres.server().look_into(tmp_path / "zhucun.db") as operator:
            mine = (
                "select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and granted"
            )
            assert operator.execute(mine).fetchall() == [(True,)]
        assert tried(other, "desk 1"), "the server has freed it"
        with pytest.raises(OperationalError):
            session.commit()
    with one.pen_session() as session, pytest.raises(StandbyError):
        holding("desk 1", _never)(session)
    assert databases.ask(tmp_path / "zhucun.db", "select count(*) from slot") == [(0,)]


def test_the_number_of_a_lock_is_the_same_everywhere() -> None:
    """Processes of different versions and machines must mean the same lock."""
    assert lock_key("role desk 42") == lock_key("role desk 42")
    assert lock_key("role desk 42") != lock_key("role desk 43")
    assert -(2**63) <= lock_key("turn") < 2**63
