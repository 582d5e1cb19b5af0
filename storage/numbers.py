"""Receipt numbers such as ZF-20261121-0042: one row of numbers per prefix and day of the county."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from storage.report import Counter


def next_number(session: Session, prefix: str, day: date) -> str:
    """Give out the next number of that day. A rolled back transaction gives its number back."""
    name = f"{prefix}-{day:%Y%m%d}"
    counter = session.get(Counter, name)
    if counter is None:
        counter = Counter(name=name)
        session.add(counter)
    counter.last += 1
    session.flush()
    return f"{name}-{counter.last:04d}"


def skip(session: Session, prefixes: Iterable[str], day: date, count: int) -> None:
    """Never give out the next numbers of that day: others may have been told them."""
    for prefix in prefixes:
        name = f"{prefix}-{day:%Y%m%d}"
        counter = session.get(Counter, name) or Counter(name=name, last=0)
        counter.last += count
        session.add(counter)
    session.flush()
