"""Engines, sessions and column types shared by every table."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, Enum, create_engine, event
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from storage.keeping import Keeping
from storage.prepared import run as run
from storage.sealing import Keyring


class Utc(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out. SQLite drops the zone, so it is put back; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def by_value(enum: type[StrEnum]) -> Any:
    """Column type of an enum: its value as a plain string, so that the list may grow without a migration."""
    return Enum(enum, values_callable=lambda e: [one.value for one in e], native_enum=False, length=32)


def new_uid() -> str:
    """A random name (32 hex digits) of a noun with sealed fields, made before the row has an id."""
    return secrets.token_hex(16)


def write_engine(url: str) -> Engine:
    """The engine of the pen: on SQLite every transaction takes the write lock at once (BEGIN IMMEDIATE)."""
    return _engine(url, begin="BEGIN IMMEDIATE", pragmas=("secure_delete=ON",))


def read_engine(url: str) -> Engine:
    """An engine that cannot write, so a forgotten reading session never stops a writer."""
    return _engine(url, begin="BEGIN", pragmas=("query_only=ON",))


def _engine(url: str, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        _listen(engine, begin, pragmas)
    return engine


def _listen(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    usual = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        # The driver's own transactions lose concurrent changes silently; ours begin explicitly below.
        connection.isolation_level = None
        for pragma in (*usual, *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)


class Store:
    """The database of one installation: an engine to write, one to read, and the keys of sealed fields."""

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.url, self.keyring = url, keyring
        self.write, self.read = write_engine(url), read_engine(url)

    def session(self, engine: Engine) -> Session:
        """A session that carries the keys (`session.info["keyring"]`) and keeps values after a commit."""
        return Session(engine, expire_on_commit=False, info={"keyring": self.keyring})

    def pen_session(self) -> Keeping:
        """The same for the pen's jobs."""
        return Keeping(self.write, expire_on_commit=False, info={"keyring": self.keyring})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.session(self.read) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on an exception. For the command line and tests;
        in the running program every write is a job of the pen."""
        with self.session(self.write) as session, session.begin():
            yield session

    def close(self) -> None:
        self.write.dispose()
        self.read.dispose()
