"""What a table says of its indexes holds on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, Table, text

from storage.db import Store
from storage.sealing import Keyring
from tests import databases

pytestmark = pytest.mark.both_databases
ASKED = {
    "sqlite": "select sql from sqlite_master where name = 'few'",
    "postgresql": "select indexdef from pg_indexes where indexname = 'few'",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(databases.empty_url(tmp_path / "zhucun.db"), Keyring.new())
    yield made
    made.close()


def test_an_index_of_some_rows_is_one(store: Store, database: databases.Kind) -> None:
    metadata = MetaData()
    few = Index("few", "id", sqlite_where=text("state = 1"))
    Table("thing", metadata, Column("id", Integer), Column("state", Integer), few)
    metadata.create_all(store.write)
    with store.reading() as session:
        made = session.connection().execute(text(ASKED[database])).scalar_one()
    assert "WHERE" in made.upper()
