"""Sessions and column types shared by every table."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from storage import turns
from storage.chance import random_bytes
from storage.engines import on_postgresql, pen_engine, read_engine, write_engine
from storage.keeping import Keeping, flush_kind, many, one, savepoint
from storage.prepared import insert_unless, run, run_many
from storage.sealing import Keyring
from storage.shapes import Row, fresh
from storage.turnstile import Turnstile

__all__ = [
    "Keeping", "Row", "Store", "Utc", "by_value", "flush_kind", "fresh", "insert_unless", "many", "new_uid", "one",
    "read_engine", "run", "run_many", "savepoint", "write_engine",
]  # fmt: skip


class Utc(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out. SQLite drops the zone, so it is put back; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC) if value is not None else None

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        # Nearly all moments of a transaction are its `now`, and a row has several.
        way = super().bind_processor(dialect)
        return lru_cache(maxsize=64)(way) if way is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def by_value(enum: type[StrEnum]) -> Any:
    """Column type of an enum: its value as a plain string, so that the list may grow without a migration."""
    return Enum(enum, values_callable=lambda e: [one.value for one in e], native_enum=False, length=32)


def new_uid() -> str:
    """A random name (32 hex digits) of a noun with sealed fields, made before the row has an id."""
    return random_bytes(16).hex()


class Store:
    """The database of one installation: an engine to write, one to read, and the keys of sealed fields."""

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.url, self.keyring = url, keyring
        self.write, self.read = write_engine(url), read_engine(url)
        self._pen = pen_engine(url) if self.shared else self.write
        self._line: Connection | None = None
        """The pen's connection, between two transactions that went well."""

    @property
    def shared(self) -> bool:
        """Whether processes of several machines may share it."""
        return on_postgresql(self.write)

    @property
    def batch(self) -> int:
        """How many jobs of the pen make a transaction at most."""
        return 32 if self.shared else 50

    def session(self, engine: Engine) -> Session:
        """A session that carries the keys (`session.info["keyring"]`) and keeps values after a commit."""
        return Session(engine, expire_on_commit=False, info={"keyring": self.keyring})

    @contextmanager
    def pen_session(self) -> Iterator[Keeping]:
        """The same for the pen's jobs, for one at a time, on the pen's own connection. It is kept at hand: to get one
        from the pool takes a fifth of a small transaction. After trouble the pool looks whether it still works."""
        line, self._line = self._line or self._pen.connect(), None
        try:
            with Keeping(line, expire_on_commit=False, info={"keyring": self.keyring}) as session:
                yield session
            if not (line.in_transaction() or line.invalidated):
                self._line = line
        finally:
            if self._line is not line:
                line.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.session(self.read) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on an exception. For the command line and tests;
        in the running program every write is a job of the pen."""
        with (
            closing(Turnstile(self.url)) as turnstile,
            turnstile,
            self.session(self.write) as session,
            session.begin(),
        ):
            turns.alone(session)
            yield session

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._pen.dispose()
        self.write.dispose()
        self.read.dispose()
