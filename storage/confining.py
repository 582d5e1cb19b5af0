"""A session that reads inside somebody's territory alone, whatever it is asked: on PostgreSQL the database itself
refuses the rest, for the console and for other programs. storage/scope.py says the same in each query; this is for the
query that forgot it.

Migration 0027 says which rows of which tables; here the transactions of a session take on the role that is bound by it,
and tell it who asks. SQLite has no such thing, nor has a server where nobody made the role (`zhucun doctor`).
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, event, text
from sqlmodel import Session

from storage.engines import on_postgresql
from storage.identity import Actor

ROLE = "zhucun_reader"
_THERE = text(
    "SELECT true FROM pg_roles WHERE rolname = :role AND pg_has_role(current_user, oid, 'MEMBER')"
    " AND has_table_privilege(oid, 'report', 'SELECT')"
)
_TOLD = text(
    "SELECT set_config('zhucun.person', :person, true), set_config('zhucun.teams', :teams, true),"
    " set_config('zhucun.regions', :regions, true), set_config('zhucun.villages', :villages, true)"
)
_TAKEN = text(f"SET LOCAL ROLE {ROLE}")


def possible(session: Session) -> bool:
    """Whether the database can refuse what is outside a territory."""
    line = session.connection()
    return on_postgresql(line) and line.execute(_THERE, {"role": ROLE}).first() is not None


def confine(session: Session, actor: Actor) -> bool:
    """From now on this session reads no row outside the actor's territory; it cannot write any more. Whether the
    database sees to it."""
    if not possible(session):
        return False
    told = {
        "person": str(actor.person_id),
        "teams": _array(map(str, actor.teams())),
        "regions": _array(actor.regions()),
        "villages": _array(actor.villages),
    }

    def take(_session: Session, _transaction: Any, connection: Connection) -> None:
        connection.execute(_TOLD, told)
        connection.execute(_TAKEN)

    event.listen(session, "after_begin", take)
    session.expunge_all()
    take(session, None, session.connection())
    return True


def _array(values: Iterable[str]) -> str:
    """As PostgreSQL writes an array. Codes of regions and numbers need no more care than quotes."""
    return "{" + ",".join(f'"{one}"' for one in values) + "}"
