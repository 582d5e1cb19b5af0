"""Engines: how the program talks to SQLite, in one file, or to PostgreSQL, where several processes share one."""

from typing import Any

from sqlalchemy import Connection, Engine, Index, create_engine, event, make_url

from storage.prepared import as_sqlalchemy

LOG = 16_000
"""Pages of SQLite's write-ahead log (64 MB) from which on a commit moves them into the database, where nobody does it
beside (storage/checkpoints.py)."""


def write_engine(url: str, **pool: Any) -> Engine:
    """An engine that writes: on SQLite every transaction takes the write lock at once (BEGIN IMMEDIATE)."""
    engine = create_engine(url, hide_parameters=True, **pool, **_more(url))
    if on_postgresql(engine):
        _tell(engine, "synchronous_commit=on", *_UNTIL_GONE)
    else:
        pragmas = ("secure_delete=ON", "temp_store=MEMORY", f"wal_autocheckpoint={LOG}")
        _listen(engine, begin="BEGIN IMMEDIATE", pragmas=pragmas)
    return engine


def pen_engine(url: str) -> Engine:
    """The same on one connection alone, which keeps the locks that are taken on it (storage/roles.py)."""
    return write_engine(url, pool_size=1, max_overflow=0)


def read_engine(url: str) -> Engine:
    """An engine that cannot write, so a forgotten reading session never stops a writer; it sees one moment."""
    engine = create_engine(url, hide_parameters=True, **_more(url))
    if on_postgresql(engine):
        _tell(engine, "default_transaction_read_only=on", "default_transaction_isolation='repeatable read'")
    else:
        _listen(engine, begin="BEGIN", pragmas=("query_only=ON",))
    return engine


def on_postgresql(bind: Engine | Connection) -> bool:
    return bind.dialect.name == "postgresql"


@event.listens_for(Index, "before_create")
def _of_the_same_rows(index: Index, connection: Connection, **_more: Any) -> None:
    """An index of some rows is one on PostgreSQL, too. Tables do not say so themselves: that alone would load
    SQLAlchemy's whole PostgreSQL into every process, 2.5 MB of it."""
    some = index.dialect_kwargs.get("sqlite_where")
    if some is not None and on_postgresql(connection):
        index.dialect_options["postgresql"]["where"] = some


_NOTICED = {"connect_timeout": 10, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
            "tcp_user_timeout": 10_000}  # fmt: skip
"""A server that is gone without a word is noticed by the driver within seconds."""
_UNTIL_GONE = ("tcp_keepalives_idle=2", "tcp_keepalives_interval=1", "tcp_keepalives_count=2",
               "idle_in_transaction_session_timeout=60000")  # fmt: skip
"""A writer that is gone without a word is noticed by the server, so that its locks are free in 5 seconds."""


def _more(url: str) -> dict[str, Any]:
    return {"connect_args": _NOTICED} if make_url(url).get_backend_name() == "postgresql" else {}


_PLANS = ("timezone='UTC'", "max_parallel_workers_per_gather=0", "jit=off", "random_page_cost=1.1")
"""Whoever counts a week leaves the other processors to those who report; what is counted was just written, so it is in
memory; compiling a statement that runs once takes longer than running it."""


def _tell(engine: Engine, *settings: str) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.execute("; ".join(f"SET {one}" for one in (*_PLANS, *settings)))
        connection.commit()


def _listen(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    usual = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        # The driver's own transactions lose concurrent changes silently; ours begin explicitly below.
        connection.isolation_level = None
        for pragma in (*usual, *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        # Every transaction of the pen passes here; by `exec_driver_sql` this costs as much as an answer's letter.
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute(begin)
        except driver.Error as error:
            raise as_sqlalchemy(error, begin, connection) from error
