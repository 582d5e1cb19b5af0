"""The writing of an export, in its own process (see bot/errands/export.py)."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reports import export_card, export_files
from reports.export_files import Target
from reports.tables import Stopped
from storage import exports
from storage.db import Store
from storage.exports import Form
from storage.files import Files
from storage.identity import actor
from storage.reading import EVERYTHING, count_upto
from storage.rows import Rows
from storage.showing import Channel
from storage.texts import _, speaking

if TYPE_CHECKING:
    from bot.errands.export import Wish


def write(store: Store, wish: "Wish") -> list[Path] | None:
    """The files; None when somebody cancelled it. No file when there is nothing to write."""
    with store.reading() as session:
        export = exports.by_id(session, wish.export)
        asker, asked = actor(session, export.person_id, wish.now), exports.filter_of(session, export)
        form, spoken, reason = Form(export.form), export.language, exports.reason_of(session, export)
        if asker is None:
            return None
        most = 1 if form is Form.DOCX else EVERYTHING
        told = counter(wish.folder, count_upto(session, asker, asked, most))
        most_in_zip = 0 if export.on_console else export_card.MOST
        with speaking(spoken):
            made = Rows(session, Channel.FILE, bool(reason))
            try:
                files, count = export_files.write(
                    form,
                    made,
                    asker,
                    asked,
                    Files(wish.files),
                    _target(wish, form, made.zone, most_in_zip),
                    told,
                )
            except Stopped:
                return None
    return files if count else []


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


def _target(wish: "Wish", form: Form, zone: ZoneInfo, most: int) -> Target:
    day = wish.now.astimezone(zone).date().isoformat()
    title = _("查询结果 {day}").format(day=day)
    name = _("照片 {day}").format(day=day) if form is Form.PHOTOS else title
    return Target(wish.folder, name, title, most, wish.now)
