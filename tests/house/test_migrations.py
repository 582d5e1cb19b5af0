"""Migrations go up, down and up again, one step at a time, and end where the declared tables are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, Integer, MetaData, Table, inspect, text

from storage import migrate, tables
from storage.engines import write_engine
from storage.revisions import head, known, state
from tests.house.tree import report


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = write_engine(f"sqlite:///{tmp_path / 'zhucun.db'}")
    yield made
    made.dispose()


def differences(engine: Engine, metadata: MetaData) -> list[str]:
    """Where the migrated database and the declared tables are not the same; the search index is left out."""
    options = {"compare_type": True, "include_name": migrate.include_name}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return [str(difference) for difference in compare_metadata(context, metadata)]


def revisions() -> list[str]:
    """Oldest first; one line of them, or Alembic refuses to name the head."""
    found = [revision.revision for revision in migrate._script().walk_revisions()]
    return list(reversed(found))


def schema(engine: Engine) -> set[str]:
    """What the database was told to make, Alembic's own note left out."""
    with engine.connect() as connection:
        made = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic_version%'")
        )
        return {f"{name} {sql}" for name, sql in made}


def test_the_files_are_named_for_their_revisions(engine: Engine) -> None:
    assert list(known()) == revisions()
    assert state(engine) == "new"
    migrate.upgrade(engine, known()[0])
    assert (state(engine), head()) == ("behind", revisions()[-1])
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    assert state(engine) == "ahead"


def test_the_migrated_database_equals_the_declared_tables(engine: Engine) -> None:
    migrate.upgrade(engine)
    broken = differences(engine, tables.metadata)
    assert not broken, report(broken)


def test_a_forgotten_migration_is_seen(engine: Engine) -> None:
    migrate.upgrade(engine)
    more = MetaData()
    for table in tables.metadata.tables.values():
        table.to_metadata(more)
    Table("forgotten", more, Column("id", Integer, primary_key=True))
    assert any("add_table" in found and "'forgotten'" in found for found in differences(engine, more))


def test_every_step_goes_up_down_and_up_again(engine: Engine) -> None:
    before = "base"
    for revision in revisions():
        old = schema(engine)
        migrate.upgrade(engine, revision)
        new = schema(engine)
        migrate.downgrade(engine, before)
        assert schema(engine) == old, revision
        migrate.upgrade(engine, revision)
        assert schema(engine) == new, revision
        before = revision
    assert state(engine) == "current"


def test_the_way_back_leaves_nothing(engine: Engine) -> None:
    migrate.upgrade(engine)
    migrate.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
