"""Which database a test runs on, and where its data is.

`--database postgresql` runs everything there; without it the files marked `both_databases` run on each and
all others on SQLite.
"""

import sqlite3
from contextlib import closing
from typing import Any, Literal

Kind = Literal["sqlite", "postgresql"]

_now: list[Kind] = ["sqlite"]


def use(kind: Kind) -> None:
    _now[0] = kind


def kind() -> Kind:
    return _now[0]


def url(file: object) -> str:
    """The address of the database at this path. On PostgreSQL it is made when first asked for, with all tables
    and no rows."""
    if kind() == "sqlite":
        return f"sqlite:///{file}"
    from tests import postgres  # the server's programs are only wanted here

    return postgres.server().database(file)


def ask(file: object, question: str) -> list[tuple[Any, ...]]:
    """What another program sees that looks into the database at this path."""
    if kind() == "sqlite":
        with closing(sqlite3.connect(str(file))) as connection:
            return connection.execute(question).fetchall()
    from tests import postgres

    with postgres.server().look_into(file) as seen:
        return seen.execute(question).fetchall()


def environment(file: object) -> dict[str, str]:
    """What a process is told so that it finds the database at this path."""
    return {} if kind() == "sqlite" else {"ZHUCUN_DATABASE_URL": url(file)}


def empty_url(file: object) -> str:
    """The same without tables."""
    if kind() == "sqlite":
        return f"sqlite:///{file}"
    from tests import postgres

    return postgres.server().database(file, empty=True)
