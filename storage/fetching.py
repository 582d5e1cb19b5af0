"""Files of exports that wait to be fetched on the console, for a day: those asked for there, and those too large for a
chat. A link to one is signed, and good for its person alone.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import bots, console, errands, exports, journal
from storage.exports import FRESH, Export
from storage.identity import Actor
from storage.refusals import Expired, NotYours
from storage.sealing import keyring, open_json, seal_json

_NAME = "export.files"


@dataclass(frozen=True)
class Kept:
    """A file that was made: its name, its SHA-256 and its bytes."""

    name: str
    sha: str
    size: int


def wanted(session: Session, export: Export, actor: Actor, *, large: bool) -> bool:
    """Whether its files are to wait on the console: it was asked for there, or they are too large for the chat and
    its asker has a console."""
    if export.on_console:
        return True
    return large and actor.has(*console.RIGHT) and address(session, export) is not None


def address(session: Session, export: Export) -> str | None:
    """Where the console is; None where there is none."""
    return bots.console(session, exports.chat_of(session, export)[0].bot)


def keep(session: Session, export: Export, made: list[Kept], bot: int, now: datetime) -> None:
    """Let them wait; they are deleted after a day."""
    export.until = now + FRESH
    export.files = seal_json(session, _NAME, export.uid, [[one.name, one.sha, one.size] for one in made])
    drop(session, export.id or 0, made, bot, export.until)


def drop(session: Session, export_id: int, made: list[Kept], bot: int, at: datetime) -> None:
    """Have them deleted then."""
    if made:
        body = {"export": export_id, "files": [one.sha for one in made], "until": at.isoformat()}
        errands.send_on(session, bot, "export_gone", body, due_at=at, key=f"export_gone:{export_id}")


def kept(session: Session, export: Export, now: datetime) -> list[Kept]:
    """What may be fetched by now."""
    if export.files is None or export.until is None or export.until <= now:
        return []
    return [Kept(*one) for one in open_json(session, _NAME, export.uid, export.files)]


def links(session: Session, export: Export, now: datetime) -> list[tuple[str, Kept]]:
    """The path of each file's link inside the console, and the file."""
    made = enumerate(kept(session, export, now))
    return [(f"/files/{export.id}/{place}/{_seals(session, export, place)[0]}", one) for place, one in made]


def fetch(
    session: Session, actor: Actor, export_id: int, place: int, seal: str, now: datetime
) -> tuple[Export, Kept]:
    """What a link means, journaled. Raises Gone for no such export, NotYours for somebody else's or a link that is
    forged, Expired."""
    export = exports.find(session, actor, export_id)
    if not any(hmac.compare_digest(seal.encode(), one.encode()) for one in _seals(session, export, place)):
        raise NotYours
    files = kept(session, export, now)
    if place >= len(files):
        raise Expired
    journal.write(session, actor.person_id, "reports.fetch", f"export:{export.id}", now, form=export.form)
    return export, files[place]


def _seals(session: Session, export: Export, place: int) -> list[str]:
    """Which signatures a link to that file may bear; the first is the one of the keys of now."""
    said = f"{export.uid}:{place}:{export.person_id}:{export.until}"
    return [one.hex() for one in keyring(session).indexes("export.link", said)]
