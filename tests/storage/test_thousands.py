"""An author may have thousands of reports: what each conversation asks about them is read in the order of an index."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Select
from sqlmodel import Session

from storage import drafts, picking
from tests.storage.asking import new_store

ASKED: dict[str, Select[Any]] = {
    "the village reported from last": drafts._VILLAGE,
    "the households visited last": picking._VISITED,
    "the last report of a kind": picking._LAST,
    "the last report on a household": picking._LAST_THERE,
}
VALUES: dict[str, Any] = {"person": 1, "place": 1, "of_kind": "visit"}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    store = new_store(str(tmp_path_factory.mktemp("thousands") / "z.db"))
    with store.reading() as made:
        yield made
    store.close()


def plan(session: Session, asked: Select[Any]) -> str:
    """How SQLite goes about it, a step a line."""
    connection = session.connection()
    made = asked.compile(connection)
    values = tuple(VALUES.get(name, made.params[name]) for name in made.positiontup or ())
    return "\n".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", values))


@pytest.mark.parametrize("what", ASKED)
def test_nothing_is_sorted(session: Session, what: str) -> None:
    found = plan(session, ASKED[what])
    assert "SEARCH report USING INDEX" in found
    assert "TEMP B-TREE" not in found


def test_another_order_is_sorted(session: Session) -> None:
    other = drafts._VILLAGE.order_by(None).order_by(drafts._REPORTS.number)
    assert "TEMP B-TREE" in plan(session, other)
