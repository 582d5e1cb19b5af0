"""Previews of pictures sent as files."""

import hashlib
from dataclasses import replace

from storage import photos
from storage.errands import ErrandState
from tests.bot.errands.photo_fetching import Fetching
from tests.drawn import drawn, phone
from tests.storage.photo_world import FACTS, NOW


def keep(f: Fetching, data: bytes) -> int:
    """A kept photo with those bytes, as if it had been fetched."""
    sha = f.files.keep(data)
    assert sha == hashlib.sha256(data).hexdigest()
    with f.world.writing() as session:
        photo_id = f.world.sent_id(session, as_file=True)
        photos.kept(session, photo_id, replace(FACTS, sha256=sha), NOW)
    return photo_id


async def test_the_original_stays_and_the_preview_lies_beside_it(f: Fetching) -> None:
    data = drawn("JPEG", (3000, 2000), exif=phone(3))
    keep(f, data)
    await f.work()
    photo = f.photo()
    with f.world.store.reading() as session:
        shown = photos.shown(session, photo)
    assert f.files.read(photo.sha256 or "") == data
    assert 0 < len(f.files.read(shown or "")) < len(data)


async def test_a_picture_without_a_preview_is_shown_as_the_file_it_is(f: Fetching) -> None:
    keep(f, b"once readable, not any more")
    await f.work()
    assert f.errand("preview").state == ErrandState.DONE
    with f.world.store.reading() as session:
        assert photos.shown(session, f.photo()) is None


async def test_a_preview_made_twice_is_one(f: Fetching) -> None:
    keep(f, drawn())
    await f.work()
    with f.world.writing() as session:
        errand = f.errand("preview")
        errand.state = ErrandState.WAITING
        session.merge(errand)
    await f.work()
    assert f.errand("preview").state == ErrandState.DONE
