"""Which revision of the schema a database has, and which this program knows. Asked at every start, so it reads the
files' names and leaves Alembic alone, which takes longer to load than most commands to run."""

from functools import cache
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, inspect, text

FOLDER = Path(__file__).parent / "migrations"
State = Literal["new", "current", "behind", "ahead"]


@cache
def known() -> tuple[str, ...]:
    """The revisions that this program can bring up to its own, the oldest first: a file is named for its own."""
    return tuple(sorted(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*_*.py")))


def head() -> str:
    """The revision of this program's schema."""
    return known()[-1]


def state(engine: Engine) -> State:
    """How the database stands to this program."""
    with engine.connect() as connection:
        looked = inspect(connection)
        told = looked.has_table("alembic_version")
        current = (
            connection.execute(text("select version_num from alembic_version")).scalar() if told else None
        )
        if current is None:
            return "behind" if looked.has_table("arrival") else "new"
    if current == head():
        return "current"
    return "behind" if current in known() else "ahead"
