"""Queries that somebody asked in chat: the state of the card that shows their answer. They never expire,
because buttons live for ever."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel

from storage.db import Utc, new_uid
from storage.identity import Actor
from storage.reading import Cursor, Filter
from storage.refusals import Gone
from storage.report import ReportState
from storage.scope import own
from storage.sealing import open_json, seal_json

_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Query(SQLModel, table=True):
    """`filter` is sealed JSON (`query.filter|uid`), because words may be names; `at` is the place of the page
    on the screen, "" for the newest."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    person_id: int = Field(foreign_key="person.id", index=True)
    filter: bytes = Field(sa_type=LargeBinary)
    at: str = ""
    created_at: datetime = Field(sa_type=Utc)


def keep(session: Session, actor: Actor, asked: Filter, now: datetime) -> Query:
    """Write down a new query."""
    uid = new_uid()
    box = sealed(session, "query.filter", uid, asked)
    query = Query(uid=uid, person_id=actor.person_id, filter=box, created_at=now)
    session.add(query)
    session.flush()
    return query


def find(session: Session, actor: Actor, query_id: int) -> Query:
    """A query of this person. Raises Gone, or NotYours for somebody else's."""
    return own(session, Query, query_id, actor)


def filter_of(session: Session, query: Query) -> Filter:
    """What the query asks for."""
    return opened(session, "query.filter", query.uid, query.filter)


def sealed(session: Session, name: str, uid: str, asked: Filter) -> bytes:
    """A filter in a box."""
    return seal_json(session, name, uid, _plain(asked))


def opened(session: Session, name: str, uid: str, box: bytes) -> Filter:
    """The filter of a box. Fields that this version does not know are left out."""
    plain: dict[str, Any] = open_json(session, name, uid, box)
    return Filter(
        **{key: _value(key, one) for key, one in plain.items() if key in Filter.__dataclass_fields__}
    )


def _value(name: str, plain: Any) -> Any:
    if name in ("since", "until", "due_before"):
        return datetime.fromisoformat(plain)
    if name == "states":
        return tuple(ReportState(state) for state in plain)
    return tuple(plain) if isinstance(plain, list) else plain


def change(session: Session, query: Query, asked: Filter) -> None:
    """Ask for something else on the same card, from the newest on."""
    query.filter, query.at = sealed(session, "query.filter", query.uid, asked), ""


def _plain(asked: Filter) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(asked), default=datetime.isoformat))
    return {name: value for name, value in plain.items() if value}


def token(place: Cursor) -> str:
    """A place in a list in 24 characters at most, for the data of a button."""
    return f"{(place.sent_at - _EPOCH) // _TICK:x}.{place.report_id:x}"


def place(text: str) -> Cursor:
    """The place that a token means. Raises Gone for what is no token."""
    try:
        moment, report_id = (int(part, 16) for part in text.split("."))
        sent_at = _EPOCH + moment * _TICK
    except (ValueError, OverflowError):
        raise Gone from None
    if not 1970 <= sent_at.year < 2088 or not 0 <= report_id < 2**40:
        raise Gone
    return Cursor(sent_at, report_id)
