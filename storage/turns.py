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
_IF_FREE = select(func.pg_try_advisory_xact_lock(bindparam("all", type_=BigInteger)))
_NUMBERED, _CROWD = "has given out a number", "waited for numbers"
CROWDED = 50
"""For so many more numbers a connection remembers that it once had to wait for another's."""


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
    if not on_postgresql(session.get_bind()):
        return
    about = session.connection().info
    if run(session, _IF_FREE, all=_NUMBERING).scalar_one():
        about[_CROWD] = max(0, about.get(_CROWD, 0) - 1)
    else:
        run(session, _ALONE, all=_NUMBERING)
        about[_CROWD] = CROWDED
    session.info[_NUMBERED] = True


def crowded(session: Session) -> bool:
    """Whether this transaction has given out a number, and other bots have lately given out theirs: they wait for its
    end, so it had better come soon."""
    return _NUMBERED in session.info and session.connection().info.get(_CROWD, 0) > 0


def alone_in(connection: Connection) -> None:
    """The same for what has no session: of several processes that find an empty database one makes the tables."""
    if on_postgresql(connection):
        connection.execute(_ALONE, {"all": _ALL})


def none(_: Session) -> None:
    """For writers of arrivals alone."""
