"""Receipt numbers such as ZF-20261121-0042: one row of numbers per prefix and day of the county."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, text, update
from sqlmodel import Session, SQLModel

from storage import turns
from storage.db import run

_TABLE = SQLModel.metadata.tables["counter"]
_FIRST = text("INSERT INTO counter (name, last) VALUES (:name, 0) ON CONFLICT DO NOTHING")
_NEXT = (
    update(_TABLE)
    .where(_TABLE.c.name == bindparam("of"))
    .values(last=_TABLE.c.last + bindparam("count"))
    .returning(_TABLE.c.last)
)


def next_number(session: Session, prefix: str, day: date) -> str:
    """Give out the next number of that day. A rolled back transaction gives its number back."""
    name = f"{prefix}-{day:%Y%m%d}"
    return f"{name}-{_more(session, name, 1):04d}"


def skip(session: Session, prefixes: Iterable[str], day: date, count: int) -> None:
    """Never give out the next numbers of that day: others may have been told them."""
    for prefix in prefixes:
        _more(session, f"{prefix}-{day:%Y%m%d}", count)


def _more(session: Session, name: str, count: int) -> int:
    """The last number after so many more of that name were given out. Two bots give out numbers of one day: they
    follow each other from the first of a transaction to its end, or each might wait for the other's."""
    turns.numbering(session)
    last: int | None = run(session, _NEXT, of=name, count=count).scalar()
    if last is None:
        session.connection().execute(_FIRST, {"name": name})
        last = int(run(session, _NEXT, of=name, count=count).scalar_one())
    return last
