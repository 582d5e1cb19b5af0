"""Whose turn it is to write, where several processes share a PostgreSQL database.

On SQLite one transaction at a time holds the write lock, and the rules of this program rely on it: what was
looked at is still so when it is acted upon. On PostgreSQL each writing transaction takes its turn by an
advisory lock that ends with it: those of one bot follow each other, those of two bots run side by side, and one
that is no bot's (the command line) is alone. Only arrivals are written out of turn: nothing is decided there.
"""

import hashlib

from sqlalchemy import BigInteger, Connection, bindparam, func, select
from sqlmodel import Session

from storage.engines import on_postgresql
from storage.prepared import run


def lock_key(name: str) -> int:
    """The number PostgreSQL knows a lock by (signed, 64 bits)."""
    return int.from_bytes(hashlib.sha256(f"zhucun {name}".encode()).digest()[:8], "big", signed=True)


_ALL = lock_key("turn")
_OF_BOT = select(
    func.pg_advisory_xact_lock_shared(bindparam("all", type_=BigInteger)),
    func.pg_advisory_xact_lock(bindparam("mine", type_=BigInteger)),
)
_NUMBERING = lock_key("numbers")
_ALONE = select(func.pg_advisory_xact_lock(bindparam("all", type_=BigInteger)))


def of_bot(session: Session, bot: int) -> None:
    """Wait for this bot's turn; it lasts as long as the transaction."""
    if on_postgresql(session.get_bind()):
        run(session, _OF_BOT, all=_ALL, mine=lock_key(f"turn {bot}"))


def alone(session: Session) -> None:
    """Wait until nobody else writes."""
    if on_postgresql(session.get_bind()):
        run(session, _ALONE, all=_ALL)


def numbering(session: Session) -> None:
    """Wait until no other bot gives out numbers; it lasts as long as the transaction."""
    if on_postgresql(session.get_bind()):
        run(session, _ALONE, all=_NUMBERING)


def alone_in(connection: Connection) -> None:
    """The same for what has no session: of several processes that find an empty database one makes the tables."""
    if on_postgresql(connection):
        connection.execute(_ALONE, {"all": _ALL})


def none(_: Session) -> None:
    """For writers of arrivals alone."""
