"""Roles: what only one of the processes that share a PostgreSQL database does at a time, such as one bot's desk.

A role is an advisory lock of the very connection that its holder writes with. Whoever loses the connection has
lost the role, and nothing more is written in its name; the server frees it for a standby at that moment. On
SQLite there is one machine, and its processes exclude each other by files (bot/lock.py).
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import BigInteger, bindparam, func, select
from sqlmodel import Session

from storage.engines import on_postgresql
from storage.prepared import run
from storage.turns import lock_key

T = TypeVar("T")
_KEY = bindparam("key", type_=BigInteger)
_TAKE = select(func.pg_try_advisory_lock(_KEY))
_LEAVE = select(func.pg_advisory_unlock(_KEY))
_HELD = "roles"


class StandbyError(RuntimeError):
    """The role is somebody else's for now."""


def take(session: Session, role: str) -> bool:
    """Take the role if it is free. Whether it is ours, now or already."""
    if not on_postgresql(session.get_bind()):
        return True
    held: set[str] = session.connection().info.setdefault(_HELD, set())
    if role not in held and run(session, _TAKE, key=lock_key(f"role {role}")).scalar_one():
        held.add(role)
    return role in held


def leave(session: Session, role: str) -> None:
    """Let somebody else have it."""
    if on_postgresql(session.get_bind()) and role in session.connection().info.get(_HELD, ()):
        run(session, _LEAVE, key=lock_key(f"role {role}"))
        session.connection().info[_HELD].discard(role)


def holding(role: str, job: Callable[[Session], T]) -> Callable[[Session], T]:
    """The job of a role's holder: it raises StandbyError, and does nothing, where the role is not ours."""

    def work(session: Session) -> T:
        if not take(session, role):
            raise StandbyError(role)
        return job(session)

    return work
