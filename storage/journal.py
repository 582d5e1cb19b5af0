"""The journal: append-only, who did what to which record, reads of sealed data included.

Lines are written in the transaction of what they tell; a later step seals them into a hash chain over salted
commitments (chaining inside the transaction does not scale), so that erasing a line's text leaves a
verifiable tombstone. The salt keeps a commitment from being guessed (ID numbers are few).
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, LargeBinary, bindparam, insert, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.chance import random_bytes
from storage.db import Utc, run, run_many
from storage.redact import HIDDEN, redact

_UNSEALED = text("seq is null")


class JournalEntry(SQLModel, table=True):
    """`body` is JSON {at, actor, action, record, …} without personal data: records are named by number or id."""

    __table_args__ = (Index("journal_unsealed", "id", sqlite_where=_UNSEALED),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Utc)
    actor_id: int | None = Field(default=None, index=True)
    action: str
    record: str = Field(index=True)
    body: str | None = None
    salt: bytes | None = Field(default=None, sa_type=LargeBinary)
    commitment: bytes = Field(sa_type=LargeBinary)
    seq: int | None = Field(default=None, unique=True)
    hash: bytes | None = Field(default=None, sa_type=LargeBinary)


PAGE = 1000
MISSING, BROKEN, CHANGED = "line {line} is missing", "the link is broken", "the text was changed"
"""What may be wrong with a line."""
_TABLE = SQLModel.metadata.tables["journalentry"]
_WRITE = insert(_TABLE)
_UNCHAINED = (
    select(_TABLE.c.id, _TABLE.c.commitment)
    .where(_TABLE.c.seq.is_(None))
    .order_by(_TABLE.c.id)
    .limit(bindparam("most", type_=Integer))
)
_CHAIN = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("line"))
    .values(seq=bindparam("place"), hash=bindparam("link"))
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one line of the chain."""

    seq: int
    what: str


def write(
    session: Session,
    actor_id: int | None,
    action: str,
    record: str,
    now: datetime,
    **more: str | int | list[str] | None,
) -> None:
    """Append a line. `record` is like "report:ZF-20261121-0042", `more` further facts without personal data."""
    body = json.dumps(
        {"at": now.isoformat(), "actor": actor_id, "action": action, "record": record, **more},
        ensure_ascii=False, sort_keys=True,
    )  # fmt: skip
    salt = random_bytes(16)
    row = {"at": now, "actor_id": actor_id, "action": action, "record": record, "body": body, "salt": salt,
           "commitment": _commitment(salt, body)}  # fmt: skip
    run(session, _WRITE, **row)


def read(session: Session, actor_id: int | None, field: str, record: str, reason: str, now: datetime) -> None:
    """Note that somebody was shown a sealed field: numbers per record, names per screen."""
    write(session, actor_id, "read", record, now, field=field, reason=redact(reason, HIDDEN))


def seal(session: Session, limit: int = 5000) -> int:
    """Chain lines that are not chained yet, oldest first. How many. One sealer at a time (a pen job)."""
    head = _head(session)
    seq, digest = (head.seq or 0, head.hash or b"") if head else (0, b"")
    chained = []
    for line in run(session, _UNCHAINED, most=limit):
        seq, digest = seq + 1, hashlib.sha256(digest + line.commitment).digest()
        chained.append({"line": line.id, "place": seq, "link": digest})
    if chained:
        run_many(session, _CHAIN, chained)
    return len(chained)


def _head(session: Session) -> JournalEntry | None:
    return session.exec(
        select(JournalEntry)
        .where(col(JournalEntry.seq).is_not(None))
        .order_by(col(JournalEntry.seq).desc())
        .limit(1)
    ).first()


def head(session: Session) -> str:
    """First 16 hex digits of the chain's head, printed in each weekly summary; empty when nothing is chained."""
    last = _head(session)
    return last.hash.hex()[:16] if last and last.hash else ""


def verify(session: Session, told: Callable[[JournalEntry], None] = lambda _line: None) -> Iterator[Fault]:
    """Walk the chain from its start and tell each fault: a gap, a forged text, a broken link; then the lines that
    are not chained yet. A page at a time, so that no long transaction is held; `told` hears each line."""
    seq, digest = 0, b""
    while page := _after(session, seq):
        for line in page:
            yield from _faults(line, seq + 1, digest)
            seq, digest = line.seq or 0, line.hash or b""
            told(line)
    for line in session.exec(select(JournalEntry).where(col(JournalEntry.seq).is_(None))):
        yield from _forged(line)
        told(line)


def _after(session: Session, seq: int) -> list[JournalEntry]:
    later = select(JournalEntry).where(col(JournalEntry.seq) > seq).order_by(col(JournalEntry.seq))
    return list(session.exec(later.limit(PAGE)))


def _faults(line: JournalEntry, expected: int, before: bytes) -> Iterator[Fault]:
    if line.seq != expected:
        yield Fault(line.seq or 0, MISSING.format(line=expected))
    if hashlib.sha256(before + line.commitment).digest() != line.hash:
        yield Fault(line.seq or 0, BROKEN)
    yield from _forged(line)


def _forged(line: JournalEntry) -> Iterator[Fault]:
    if line.body is not None and _commitment(line.salt or b"", line.body) != line.commitment:
        yield Fault(line.seq or 0, CHANGED)


def history(session: Session, record: str) -> list[dict[str, Any]]:
    """The lines about one record, oldest first, as written; erased ones are left out."""
    lines = session.exec(
        select(JournalEntry).where(JournalEntry.record == record).order_by(col(JournalEntry.id))
    ).all()
    return [json.loads(line.body) for line in lines if line.body is not None]


def lines(session: Session, record: str = "") -> Iterator[JournalEntry]:
    """Every line (about one record), oldest first, a page at a time."""
    found = select(JournalEntry).order_by(col(JournalEntry.id))
    about = found.where(JournalEntry.record == record) if record else found
    return iter(session.exec(about.execution_options(yield_per=1000)))


def as_data(line: JournalEntry) -> dict[str, Any]:
    """A line with what the chain is made of: `commitment` is SHA-256 of salt and body, `hash` of the hash before
    it and the commitment; bytes are hex. An erased line has no body."""
    made = {
        name: value.hex() if isinstance(value := getattr(line, name), bytes) else value
        for name in ("id", "actor_id", "action", "record", "body", "salt", "commitment", "seq", "hash")
    }
    return made | {"at": line.at.isoformat()}


def _commitment(salt: bytes, body: str) -> bytes:
    return hashlib.sha256(salt + body.encode()).digest()
