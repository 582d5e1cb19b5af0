"""Photos as pages show them: whole, or small. A small one is made when it is first asked for, and kept."""

import logging
from collections.abc import Callable

from sqlmodel import Session

from reports import pictures
from reports.pages.asked import Picture
from storage import photo_copies, photos
from storage.files import Files
from storage.picture import Unreadable
from storage.refusals import NoPage

log = logging.getLogger("zhucun.console")


def bytes_of(session: Session, files: Files, wanted: Picture, kept: Callable[[int, str, str], None]) -> bytes:
    """The picture's bytes; `kept(photo, kind, sha)` is told of a copy that was made. Raises NoPage when the bytes are
    not here, or can not be read."""
    try:
        known = photo_copies.known(session, wanted.photo_id, photos.THUMBNAIL) if wanted.small else wanted.sha
        if known is not None:
            return files.read(known)
        made = pictures.thumbnail(files.read(wanted.sha))
    except (FileNotFoundError, Unreadable) as error:
        log.warning("photo %s: %s", wanted.photo_id, type(error).__name__)
        raise NoPage from error
    kept(wanted.photo_id, photos.THUMBNAIL, files.keep(made))
    return made
