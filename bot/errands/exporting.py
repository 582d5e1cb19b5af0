"""The writing of an export, in its own process (see bot/errands/export.py)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from reports import export_card, photo_zip, tables
from reports.tables import Stopped
from storage import exports, rows
from storage.db import Store
from storage.exports import Form
from storage.files import Files
from storage.identity import Actor, actor
from storage.reading import Filter, count_upto
from storage.rows import Row, Rows
from storage.showing import Channel
from storage.texts import _, speaking

if TYPE_CHECKING:
    from bot.errands.export import Wish

EVERYTHING = 1 << 40


def write(store: Store, wish: "Wish") -> list[Path] | None:
    """The files; None when somebody cancelled it. No file when there is nothing to write."""
    with store.reading() as session:
        export = exports.by_id(session, wish.export)
        asker, asked = actor(session, export.person_id, wish.now), exports.filter_of(session, export)
        form, spoken, reason = Form(export.form), export.language, exports.reason_of(session, export)
        if asker is None:
            return None
        told = counter(wish.folder, count_upto(session, asker, asked, EVERYTHING))
        with speaking(spoken):
            made = Rows(session, Channel.FILE, bool(reason))
            try:
                return _FORMS[form](wish, session, asker, asked, made, told)
            except Stopped:
                return None


def counter(folder: Path, total: int) -> Callable[[int], None]:
    """Tells the other process how far it is; stops when that one says so, or is gone."""
    from bot.errands.export import COUNTER, STOP

    def told(done: int) -> None:
        if (folder / STOP).exists() or not folder.exists():
            raise Stopped
        beside = folder / f"{COUNTER}.new"
        beside.write_text(f"{done} {total}")
        beside.replace(folder / COUNTER)

    told(0)
    return told


def _name(wish: "Wish", made: Rows) -> str:
    return _("查询结果 {day}").format(day=wish.now.astimezone(made.zone).date().isoformat())


def _batches(session: Session, asker: Actor, asked: Filter, made: Rows) -> Iterator[list[Row]]:
    return (made.of(batch) for batch in rows.batches(session, asker, asked))


Told = Callable[[int], None]


def _xlsx(wish: "Wish", session: Session, asker: Actor, asked: Filter, made: Rows, told: Told) -> list[Path]:
    path = wish.folder / f"{_name(wish, made)}.xlsx"
    with path.open("xb") as out:
        count = tables.xlsx(_batches(session, asker, asked, made), out, _name(wish, made), told)
    return [path] if count else []


def _csv(wish: "Wish", session: Session, asker: Actor, asked: Filter, made: Rows, told: Told) -> list[Path]:
    path = wish.folder / f"{_name(wish, made)}.csv"
    with path.open("x", encoding="utf-8", newline="") as out:
        count = tables.csv_file(_batches(session, asker, asked, made), out, told)
    return [path] if count else []


def _photos(
    wish: "Wish", session: Session, asker: Actor, asked: Filter, made: Rows, told: Told
) -> list[Path]:
    name = _("照片 {day}").format(day=wish.now.astimezone(made.zone).date().isoformat())
    with photo_zip.zips(wish.folder, name, export_card.MOST, wish.now) as out:
        photo_zip.write(
            session, _batches(session, asker, asked, made), Files(wish.files), out, told, reveal=made.reason
        )
    return out.made


_FORMS = {Form.XLSX: _xlsx, Form.CSV: _csv, Form.PHOTOS: _photos}
