"""Changing the keys while everything runs.

The new keys are put into the key file beside the former ones; whoever seals from then on uses them. Then every box of
a former key is sealed anew, some hundred to a transaction, and its blind index is made anew. When a last look finds
none, the former keys leave the file. A change that was broken off is taken up where it stands: a box tells its key.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, Row, bindparam, func, literal, select, update
from sqlmodel import Session

from storage import journal, sealed
from storage.db import Store
from storage.sealed import Column
from storage.sealing import Keyring

Told = Callable[[int, int], None]
"""Hears how far it is: done, all."""
AT_ONCE = 200


class StillThere(Exception):
    """Boxes of former keys are left that could not be sealed anew; the former keys stay in the file."""


def rotate(store: Store, path: Path, now: datetime, told: Told = lambda _done, _all: None) -> int:
    """Change the keys of an installation, or finish a change that was begun. How many boxes were sealed anew.
    Raises StillThere; CannotOpen for a box that no key opens."""
    ring, there = store.keyring, Keyring.load(path)
    if not there.changing:
        there.changed().replace(path)
    ring.refresh()
    with store.writing() as session:
        # Whoever sealed with the former keys has committed when this transaction has its turn.
        journal.write(session, None, "keys.rotate", "keys", now, key=ring.current)
    total, done = left(store, ring), 0
    for column in sealed.columns():
        for count in _sweep(store, ring, column):
            done += count
            told(done, max(total, done))
    if left(store, ring):
        raise StillThere
    ring.settled().replace(path)
    with store.writing() as session:
        journal.write(session, None, "keys.rotated", "keys", now, key=ring.current, boxes=done)
    return done


def left(store: Store, ring: Keyring) -> int:
    """How many boxes are not under the current key."""
    with store.reading() as session:
        return sum(
            session.connection().scalar(
                select(func.count()).select_from(one.table).where(*_former(one, ring))
            )
            or 0
            for one in sealed.columns()
        )


def _former(column: Column, ring: Keyring) -> tuple[Any, ...]:
    current = literal(ring.current.to_bytes(2, "big"), LargeBinary())
    return column.box.is_not(None), func.substr(column.box, 2, 2) != current


def _sweep(store: Store, ring: Keyring, column: Column) -> Iterator[int]:
    """Seal a column's boxes anew, in the order of its rows. How many, for each transaction."""
    last = None
    while True:
        with store.reading() as session:
            found = select(column.key).where(*_former(column, ring)).order_by(column.key).limit(AT_ONCE)
            keys = session.connection().scalars(found.where(column.key > last) if last else found).all()
        if not keys:
            return
        last = keys[-1]
        with store.writing() as session:
            count = _anew(session, ring, column, keys)
        yield count


def _anew(session: Session, ring: Keyring, column: Column, keys: Sequence[Any]) -> int:
    """The rows are read again: somebody may have written them since."""
    rows = session.connection().execute(
        select(
            column.key.label("key"),
            column.box.label("box"),
            column.name.label("name"),
            column.uid.label("uid"),
        )
        .select_from(column.source)
        .where(column.key.in_(keys), *_former(column, ring))
    )
    made = [_row(ring, column, row) for row in rows]
    if made:
        names = [name for name in made[0] if name != "of_row"]
        values = {name: bindparam(name, type_=LargeBinary()) for name in names}
        change = update(column.table).where(column.key == bindparam("of_row")).values(values)
        session.connection().execute(change, made)
    return len(made)


def _row(ring: Keyring, column: Column, row: Row[Any]) -> dict[str, Any]:
    plain = ring.open(row.name, row.uid, row.box)
    made = {"of_row": row.key, column.column: ring.seal(row.name, row.uid, plain)}
    if column.index is not None:
        made[column.index] = ring.index(row.name, plain.decode())
    return made
