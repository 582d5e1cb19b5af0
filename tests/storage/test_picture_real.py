"""The reader against real phone photos. The values beside the names were read by other programs: sizes by
file(1), turns, times, cameras and places by ExifRead 3.5.1; kept here as data."""

import hashlib
from pathlib import Path

import pytest

from storage.picture import Facts, read

Told = tuple[str, tuple[int, int], str | None, str | None, tuple[float, float] | None]

NIKON, IPHONE, NOKIA = "NIKON COOLPIX P6000", "Apple iPhone 6", "HMD Global Nokia 8.3 5G"
WEST = (40.446972, -3.724753)
PHOTOS: dict[str, Told] = {
    "heic_mobile_iphone_13_pro_max.HEIC": (
        "image/heic", (3024, 4032), "2022-02-16T12:55:41+01:00", "Apple iPhone 13 Pro Max", None),
    "jpg_gps_DSCN0010.jpg": ("image/jpeg", (640, 480), "2008-10-22T16:28:39", NIKON, (43.467448, 11.885127)),
    "jpg_gps_DSCN0021.jpg": ("image/jpeg", (640, 480), "2008-10-22T16:38:20", NIKON, (43.467082, 11.884538)),
    "jpg_gps_DSCN0027.jpg": ("image/jpeg", (640, 480), "2008-10-22T16:44:01", NIKON, (43.468442, 11.881515)),
    "jpg_hdr_iphone_hdr_NO.jpg": ("image/jpeg", (3264, 2448), "2015-04-10T20:12:23", IPHONE, WEST),
    "jpg_hdr_iphone_hdr_YES.jpg": ("image/jpeg", (3264, 2448), "2015-04-10T20:12:23", IPHONE, WEST),
    "jpg_invalid_image00971.jpg": ("image/jpeg", (636, 227), None, None, None),
    "jpg_invalid_image01551.jpg": ("image/jpeg", (61, 58), None, None, None),
    "jpg_invalid_image02206.jpg": ("image/jpeg", (65, 65), None, None, None),
    "jpg_mobile_HMD_Nokia_8.3_5G.jpg": (
        "image/jpeg", (4608, 1976), "2022-08-14T14:12:31+03:00", NOKIA, (60.146706, 24.906772)),
    "jpg_orientation_landscape_1.jpg": ("image/jpeg", (600, 450), None, None, None),
    "jpg_orientation_landscape_6.jpg": ("image/jpeg", (600, 450), None, None, None),
    "jpg_orientation_portrait_3.jpg": ("image/jpeg", (450, 600), None, None, None),
    "jpg_orientation_portrait_8.jpg": ("image/jpeg", (450, 600), None, None, None),
}  # fmt: skip
"""Media type, upright size, time, camera, place."""


@pytest.fixture
def photos(shared_data: Path) -> Path:
    return shared_data / "data" / "photos"


def told(facts: Facts) -> Told:
    return facts.mime, (facts.width, facts.height), facts.taken_at, facts.camera, facts.place


@pytest.mark.parametrize("name", PHOTOS)
def test_real_photos_read_as_other_programs_read_them(name: str, photos: Path) -> None:
    data = (photos / name).read_bytes()
    facts = read(data)
    *rest, place = told(facts)
    *expected, where = PHOTOS[name]
    assert rest == expected
    assert place == (pytest.approx(where, abs=1e-6) if where else None)
    assert (facts.length, facts.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_no_photo_of_the_folder_is_left_out(photos: Path) -> None:
    assert {path.name for path in photos.iterdir()} == set(PHOTOS)
