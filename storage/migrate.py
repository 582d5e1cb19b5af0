"""Bringing a database to this program's schema, with Alembic.

Migrations run on a connection with foreign keys off (batch mode rebuilds tables and would empty their children)
and are checked with `foreign_key_check` afterwards.
"""

from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from storage import search_index, tables, turns
from storage.revisions import FOLDER


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database up to a revision. Raises RuntimeError when a foreign key would dangle."""
    script = _script()
    _run(engine, script, to, lambda revision, _context: script._upgrade_revs(to, revision))  # noqa: SLF001 - Alembic's own commands call it so


def downgrade(engine: Engine, to: str = "base") -> None:
    script = _script()
    _run(engine, script, to, lambda revision, _context: script._downgrade_revs(to, revision))  # noqa: SLF001 - as above


def _run(engine: Engine, script: ScriptDirectory, to: str, steps: Any) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr] # a live connection has one
        with (
            EnvironmentContext(config, script, fn=steps, destination_rev=to) as environment,
            connection.begin(),
        ):
            turns.alone_in(connection)
            environment.configure(
                connection=connection, target_metadata=tables.metadata, render_as_batch=True,
                include_name=include_name, compare_type=True,
            )  # fmt: skip
            environment.run_migrations()
            if sqlite:
                _check(connection)
        if sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr] # as above


def _check(connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise RuntimeError("a foreign key dangles after the migration")


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """What autogenerate looks at: everything but the search index's shadow tables."""
    return not (kind == "table" and (name or "").startswith(search_index.NAME))
