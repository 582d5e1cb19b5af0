"""After an erasure: the files that nothing refers to any more, and the words that lie between the pages still.

Each may be broken off anywhere and done again.
"""

import json
import time
from collections.abc import Iterable
from contextlib import closing

from sqlmodel import Session, col, select

from storage import search_merging
from storage.db import Store
from storage.journal import JournalEntry
from storage.photo import Photo
from storage.photos import PhotoCopy

PIECE = 50
"""Pages of the search index that are put together in one transaction: some milliseconds, in which nobody can write."""
TRIES, PAUSE = 50, 0.1
"""Somebody else who moves the log is done in less."""


def files_left(session: Session) -> set[str]:
    """Hashes that tombstones name and nothing refers to: their files are to be deleted, now or where an erasure was
    broken off between its commit and their deletion."""
    tombstones = select(JournalEntry.body).where(
        JournalEntry.action == "erase", col(JournalEntry.body).is_not(None)
    )
    named = {sha for body in session.exec(tombstones) for sha in json.loads(body or "{}").get("files", [])}
    return named - {*session.exec(select(Photo.sha256)), *session.exec(select(PhotoCopy.sha256))}


def unused(session: Session, shas: Iterable[str]) -> set[str]:
    """Those of the hashes that nothing refers to now."""
    wanted = set(shas)
    kept = session.exec(select(Photo.sha256).where(col(Photo.sha256).in_(wanted)))
    copied = session.exec(select(PhotoCopy.sha256).where(col(PhotoCopy.sha256).in_(wanted)))
    return wanted - set(kept) - set(copied)


def words(session: Session, *, first: bool) -> bool:
    """Put a piece of the search index together anew, which forgets deleted words. Whether there is more to do.
    PostgreSQL's vacuum does the like by itself."""
    return search_merging.merge(session.connection(), -PIECE if first else PIECE)


def empty_log(store: Store) -> None:
    """Empty SQLite's write-ahead log. A reader who is in the way keeps it until the next checkpoint."""
    if store.shared:
        return
    with closing(store.write.raw_connection()) as raw:
        for _try in range(TRIES):
            _busy, pages, _moved = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if pages >= 0:
                return
            time.sleep(PAUSE)


def sweep(store: Store) -> None:
    """All of it for the words, from the command line."""
    more, first = True, True
    while more:
        with store.writing() as session:
            more, first = words(session, first=first), False
    empty_log(store)
