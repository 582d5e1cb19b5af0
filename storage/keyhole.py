"""Whether the keys open what is sealed here. Every start asks, so it names the few columns it looks at by itself and
loads no tables for them."""

from sqlalchemy import ColumnElement, LargeBinary, String, cast, column, literal, select, table
from sqlmodel import Session

from storage.db import Store
from storage.sealing import CannotOpen, Keyring

_UID: ColumnElement[str] = column("uid", String)
_OF_ARRIVAL = cast(column("bot"), String) + literal(":") + cast(column("update_id"), String)
_TRIED = (
    ("person", "name", "person.name", _UID),
    ("household", "head", "household.head", _UID),
    ("arrival", "body", "arrival", _OF_ARRIVAL),
)
"""Table and column; the name and uid that its boxes are bound to (storage/sealed.py)."""


def opens(store: Store) -> bool:
    """Whether they open the newest box of each sort that every installation has."""
    with store.reading() as session:
        return all(_newest_opens(session, store.keyring, *one) for one in _TRIED)


def _newest_opens(
    session: Session, ring: Keyring, of: str, box: str, name: str, uid: ColumnElement[str]
) -> bool:
    sealed: ColumnElement[bytes] = column(box, LargeBinary)
    newest = select(sealed.label("box"), uid.label("uid")).select_from(table(of)).where(sealed.is_not(None))
    row = session.connection().execute(newest.order_by(column("id").desc()).limit(1)).first()
    try:
        return row is None or bool(ring.open(name, row.uid, row.box))
    except CannotOpen:
        return False
