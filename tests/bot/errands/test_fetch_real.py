"""Real phone photos through the sandbox's Bot API: as files byte for byte, as an album as getFile serves."""

from pathlib import Path

import pytest

from storage import photos, picture
from tests.bot.errands.photo_fetching import Fetching

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBUserWarning")  # as in test_fetch_photo

FIVE = (
    "jpg_orientation_landscape_6.jpg",
    "jpg_orientation_portrait_8.jpg",
    "jpg_gps_DSCN0010.jpg",
    "jpg_mobile_HMD_Nokia_8.3_5G.jpg",
    "jpg_hdr_iphone_hdr_YES.jpg",
)
HEIC = "heic_mobile_iphone_13_pro_max.HEIC"
UPRIGHT = [(600, 450), (450, 600), (640, 480), (1600, 686), (1600, 1200), (1200, 1600)]


async def test_six_files_are_kept_unchanged_and_shown_upright(f: Fetching, shared_data: Path) -> None:
    paths = [shared_data / "data" / "photos" / name for name in (*FIVE, HEIC)]
    f.phone.sends_photos([(path.name, path.read_bytes()) for path in paths], as_files=True)
    f.receive()
    await f.work()
    kept = f.photos()
    assert [f.files.read(photo.sha256 or "") for photo in kept] == [path.read_bytes() for path in paths]
    with f.world.store.reading() as session:
        shown = [picture.read(f.files.read(photos.shown(session, photo) or "")) for photo in kept]
        placed = [photo.name for photo in kept if photos.place_of(session, photo)]
    assert [(one.width, one.height) for one in shown] == UPRIGHT
    assert {one.mime for one in shown} == {"image/jpeg"}
    assert {one.place for one in shown} == {None}
    assert placed == [*FIVE[2:]]


async def test_five_photos_of_an_album_are_what_telegram_serves(f: Fetching, shared_data: Path) -> None:
    """Telegram makes photos small and takes their marks away: what it serves is the original we can have."""
    f.phone.sends_photos([(name, (shared_data / "data" / "photos" / name).read_bytes()) for name in FIVE])
    f.receive()
    await f.work()
    kept = f.photos()
    assert [f.files.read(photo.sha256 or "") for photo in kept] == [f.served(photo) for photo in kept]
    assert [(photo.state, photo.camera, photo.place) for photo in kept] == [("kept", None, None)] * 5
    assert len(kept) == len({photo.sha256 for photo in kept}) == 5
