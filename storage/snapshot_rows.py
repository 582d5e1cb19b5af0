"""A PostgreSQL database as it is at one moment, copied row by row into an SQLite file while others write: a backup is
the same whichever database it is of, and needs no server to be read or tried."""

import errno
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from storage import revisions
from storage.engines import read_engine, write_engine


class Damaged(Exception):
    """The copy is not whole."""


class NoCopy(Exception):
    """The server is out of reach, or its database is of another version than this program."""


def size(url: str) -> int:
    """Bytes that a copy will take, at most. Raises NoCopy, FileNotFoundError where there is nothing yet."""
    engine = read_engine(url)
    try:
        state = revisions.state(engine)
        if state == "new":
            raise FileNotFoundError(url)
        if state != "current":
            raise NoCopy(state)
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    except OperationalError as error:
        raise NoCopy("out of reach") from error
    finally:
        engine.dispose()


def take(url: str, target: Path, told: Callable[[int, int], None]) -> None:
    """Copy every row into a new file and compare it there, all from one reading transaction. Raises Damaged, and
    OSError where the connection is lost or the target cannot be written."""
    from storage import moving  # Alembic, which no other backup needs

    here, there = read_engine(url), write_engine(f"sqlite:///{target}")
    try:
        moving.move(here, there, told)
    except moving.Different as error:
        raise Damaged(target) from error
    except DBAPIError as error:
        raise OSError(errno.EIO, type(error.orig).__name__) from error
    finally:
        here.dispose()
        there.dispose()
