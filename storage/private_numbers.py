"""Personal numbers that stood in free text: sealed one by one, each with a token in its place.

A token is 16 random letters, so that nobody can name one they were not shown, and as long as what is shown instead.
No reader is ever shown a token: whatever goes to a chat passes `outgoing`. Numbers are shown in full by
storage/looking.py and in files that were asked for with a reason.
"""

import re
import secrets
import string
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Index, LargeBinary, insert
from sqlmodel import Field, Session, SQLModel, col, select

from storage import showing
from storage.db import Utc, new_uid, run
from storage.redact import HIDDEN, TOKEN, Found, Secret, found
from storage.sealing import keyring, open_text
from storage.showing import Channel, Degree, Of

_CUT = re.compile(r"\[#[a-z]{0,16}(?=…)")
"""A token that was cut off where a text was shortened."""


class PrivateNumber(SQLModel, table=True):
    """Sealed: `private.<kind>|uid`. `origin` is the uid of the draft or report in which it was written, `blind` its
    blind index: the same number in the same text is one token."""

    __table_args__ = (Index("privatenumber_once", "origin", "blind", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    token: str = Field(unique=True)
    origin: str
    kind: str
    number: bytes = Field(sa_type=LargeBinary)
    blind: bytes = Field(sa_type=LargeBinary, index=True)
    at: datetime = Field(sa_type=Utc)


class Number(NamedTuple):
    kind: Secret
    number: str


_WRITE = insert(SQLModel.metadata.tables["privatenumber"])


def hide(session: Session, text: str, origin: str, now: datetime) -> str:
    """The text with a token in the place of each personal number, which is kept sealed."""
    parts, done = [], 0
    for one in found(text):
        parts += [text[done : one.start], _token(session, one, origin, now)]
        done = one.end
    return "".join([*parts, text[done:]])


def _token(session: Session, one: Found, origin: str, now: datetime) -> str:
    name = f"private.{one.kind}"
    ring = keyring(session)
    same = col(PrivateNumber.blind).in_(ring.indexes(name, one.number))
    there = select(PrivateNumber.token).where(PrivateNumber.origin == origin, same)
    token = session.exec(there).first()
    if token is None:
        uid, token = new_uid(), "".join(secrets.choice(string.ascii_lowercase) for _letter in range(16))
        box, blind = ring.seal(name, uid, one.number), ring.index(name, one.number)
        row = {"uid": uid, "token": token, "origin": origin, "kind": one.kind, "number": box, "blind": blind,
               "at": now}  # fmt: skip
        run(session, _WRITE, **row)
    return f"[#{token}]"


def hide_in(session: Session, value: Any, origin: str, now: datetime) -> Any:
    """The same for every text of a JSON value."""
    if isinstance(value, str):
        return hide(session, value, origin, now)
    if isinstance(value, list):
        return [hide_in(session, one, origin, now) for one in value]
    if isinstance(value, dict):
        return {name: hide_in(session, one, origin, now) for name, one in value.items()}
    return value


def rows(session: Session, texts: Iterable[str]) -> list[PrivateNumber]:
    """What the tokens of these texts stand for, in their order, each once."""
    wanted = list(dict.fromkeys(token[2:-1] for text in texts for token in TOKEN.findall(text)))
    if not wanted:
        return []
    there = select(PrivateNumber).where(col(PrivateNumber.token).in_(wanted))
    kept = {one.token: one for one in session.exec(there)}
    return [kept[token] for token in wanted if token in kept]


def opened(session: Session, one: PrivateNumber) -> Number:
    """The number itself: whoever shows it to a person journals the reading."""
    return Number(Secret(one.kind), open_text(session, f"private.{one.kind}", one.uid, one.number))


def told(session: Session, text: str, shown: Degree) -> str:
    """The text with each token replaced by its number, as much of it as is shown. In full: the caller journals it."""
    if "[#" not in text:
        return text
    known = {one.token: opened(session, one) for one in rows(session, [text])} if shown else {}
    said = {token: showing.number(one.kind, one.number, shown) for token, one in known.items()}
    # What was erased has no row any more.
    return _CUT.sub(HIDDEN, TOKEN.sub(lambda match: said.get(match[0][2:-1]) or HIDDEN, text))


def outgoing(session: Session, payload: dict[str, Any], *, private: bool) -> str:
    """The parameters of a call as JSON, each token in them masked; in a group nothing of a number is left."""
    text = orjson.dumps(payload).decode()
    channel = Channel.LETTER if private else Channel.GROUP
    return told(session, text, showing.degree(Of.NUMBER, channel))
