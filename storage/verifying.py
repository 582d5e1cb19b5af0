"""Looking whether everything is still as it was: the files by their hashes, the journal by its chain.

Reads a page at a time and each file in pieces, so that a county of years needs no memory and holds nothing up.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from storage import forgetting, journal, summaries
from storage.db import Store
from storage.files import Files
from storage.journal import JournalEntry
from storage.photo import Photo
from storage.photos import PhotoCopy
from storage.report import Report
from storage.texts import _, labelled

Told = Callable[[int, int], None]
"""Hears how far it is: done, all."""

PAGE = 500
HEAD = 16
"""Hex digits of a head that are printed."""


@dataclass(frozen=True)
class Wanted:
    """A file that rows refer to: `name` tells people which one it is."""

    sha256: str
    name: str


def files(store: Store, kept: Files, told: Told) -> Iterator[str]:
    """Hash every file that a photo refers to; a sentence for each that is missing or changed."""
    with store.reading() as session:
        count = _count(session)
    for done, wanted in enumerate(_wanted(store), 1):
        try:
            fault = "" if kept.whole(wanted.sha256) else _("内容变了")
        except FileNotFoundError:
            fault = _("文件不见了")
        if fault:
            yield _("{name}（{sha}）：{fault}").format(name=wanted.name, sha=wanted.sha256, fault=fault)
        told(done, count)


def _count(session: Session) -> int:
    photos = session.exec(select(func.count()).select_from(Photo).where(col(Photo.sha256).is_not(None))).one()
    return photos + session.exec(select(func.count()).select_from(PhotoCopy)).one()


def _wanted(store: Store) -> Iterator[Wanted]:
    after = 0
    while True:
        with store.reading() as session:
            page = _page(session, after)
            found = [one for photo in page for one in _of(session, photo)]
        if not page:
            return
        yield from found
        after = page[-1].id or 0


def _page(session: Session, after: int) -> list[Photo]:
    kept = select(Photo).where(col(Photo.id) > after, col(Photo.sha256).is_not(None))
    return list(session.exec(kept.order_by(col(Photo.id)).limit(PAGE)))


def _of(session: Session, photo: Photo) -> Iterator[Wanted]:
    """The original, and what was made of it."""
    name = _name(session, photo)
    yield Wanted(photo.sha256 or "", name)
    for copy in session.exec(
        select(PhotoCopy).where(PhotoCopy.photo_id == photo.id).order_by(PhotoCopy.kind)
    ):
        yield Wanted(copy.sha256, f"{name} {copy.kind}")


def _name(session: Session, photo: Photo) -> str:
    """Its number, and that of its report; a file's own name may hold somebody's."""
    number = _("照片 {number}").format(number=photo.id)
    report = session.get(Report, photo.report_id) if photo.report_id is not None else None
    return f"{report.number} {number}" if report is not None else number


def tombstones(store: Store, kept: Files) -> Iterator[str]:
    """A sentence for each file that a tombstone names, that nothing refers to, and that is still there."""
    with store.reading() as session:
        left = forgetting.files_left(session)
    for sha in sorted(left):
        try:
            kept.whole(sha)
        except FileNotFoundError:
            continue
        yield _("已按规定删除的文件还在（{sha}）：请运行 zhucun erase --by-rule").format(sha=sha)


def chain(store: Store, heads: Iterable[str], told: Told) -> Iterator[str]:
    """Walk the journal; a sentence for each fault, and for each head that was told (in a weekly summary, or is
    given) and is not in it: then its end was cut off, or all of it was written anew."""
    with store.reading() as session:
        count = session.exec(select(func.count()).select_from(JournalEntry)).one()
        missing = {head: _("您给出的") for head in heads} | summaries.printed_heads(session)
        done = 0

        def heard(line: JournalEntry) -> None:
            nonlocal done
            done += 1
            if line.hash is not None:
                missing.pop(line.hash.hex()[:HEAD], None)
            if done % PAGE == 0:
                session.expunge_all()
                session.rollback()  # a long reading transaction would let the write-ahead log grow
            told(done, count)

        for fault in journal.verify(session, heard):
            line = _("日志第 {seq} 行").format(seq=fault.seq) if fault.seq else _("日志里还没有入链的一行")
            yield labelled(line, _said(fault.what))
    for head, week in missing.items():
        yield _("日志里没有链首 {head}（{week}）").format(head=head, week=week)


def _said(what: str) -> str:
    if what == journal.BROKEN:
        return _("和前一行接不上")
    return _("内容被改过") if what == journal.CHANGED else _("前面缺行")
