"""What pictures tell about themselves: time, camera, place; and that nonsense costs nothing."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, Base

from storage.picture import Facts, read
from tests.drawn import drawn, exif, phone

NORTH, SOUTH, EAST, WEST = "N", "S", "E", "W"


def told(marks: Image.Exif | bytes, kind: str = "JPEG") -> Facts:
    return read(drawn(kind, exif=marks))


def placed(latitude: Any, longitude: Any, north: Any = NORTH, east: Any = EAST) -> tuple[float, float] | None:
    gps = {
        GPS.GPSLatitude: latitude,
        GPS.GPSLatitudeRef: north,
        GPS.GPSLongitude: longitude,
        GPS.GPSLongitudeRef: east,
    }
    return told(exif(gps={tag: value for tag, value in gps.items() if value is not None})).place


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_a_phone_tells_when_with_what_and_where(kind: str) -> None:
    facts = told(phone(), kind)
    assert facts.taken_at == "2026-11-20T15:04:05+08:00"
    assert facts.camera == "HUAWEI Mate 60 Pro"
    assert facts.place == pytest.approx((39.5, 117.25), abs=1e-5)


def test_south_and_west_are_negative() -> None:
    assert told(phone(latitude=-33.5, longitude=-70.25)).place == pytest.approx((-33.5, -70.25), abs=1e-5)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ({Base.DateTimeOriginal: "2026:11:20 15:04:05"}, "2026-11-20T15:04:05"),
        ({Base.DateTimeOriginal: "2026-11-20T15:04:05"}, "2026-11-20T15:04:05"),
        ({Base.DateTimeOriginal: "2026:11:20 15:04:05\0 junk"}, "2026-11-20T15:04:05"),
        ({Base.DateTimeDigitized: "2026:11:20 15:04:05"}, "2026-11-20T15:04:05"),
        (
            {Base.DateTimeOriginal: "2026:11:20 15:04:05", Base.OffsetTime: "+08:00"},
            "2026-11-20T15:04:05+08:00",
        ),
        (
            {Base.DateTimeOriginal: "2026:11:20 15:04:05", Base.OffsetTimeOriginal: "Beijing"},
            "2026-11-20T15:04:05",
        ),
        ({Base.DateTimeOriginal: "0000:00:00 00:00:00"}, None),
        ({Base.DateTimeOriginal: "    :  :     :  :  "}, None),
        ({Base.DateTimeOriginal: "2026:02:30 12:00:00"}, None),
        ({Base.DateTimeOriginal: "2026:11:20 25:00:00"}, None),
        ({Base.DateTimeOriginal: "0001:01:01 00:00:00"}, None),
        ({Base.DateTimeOriginal: "昨天"}, None),
        ({Base.DateTimeOriginal: ""}, None),
    ],
)
def test_time_is_taken_or_left(taken: dict[int, Any], expected: str | None) -> None:
    assert told(exif(taken=taken)).taken_at == expected


def test_the_time_of_editing_is_not_the_time_of_taking() -> None:
    assert told(exif({Base.DateTime: "2026:11:20 15:04:05"})).taken_at is None


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("Apple", "iPhone 13 Pro Max", "Apple iPhone 13 Pro Max"),
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("HUAWEI\0\0\0", " Mate\n60 ", "HUAWEI Mate 60"),
        ("", "Mate 60", "Mate 60"),
        ("HUAWEI", "", "HUAWEI"),
        (" ", "\0", None),
        ("x" * 200, "y", "x" * 80),
        ("\x1b[31m红", "\x07", None),
    ],
)
def test_camera_is_one_clean_line(make: str, model: str, expected: str | None) -> None:
    camera = told(exif({Base.Make: make, Base.Model: model})).camera
    if make.startswith("\x1b"):
        assert camera is None or camera.isprintable()
    else:
        assert camera == expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "north", "east"),
    [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), NORTH, EAST),
        ((91.0, 0.0, 0.0), (117.0, 0.0, 0.0), NORTH, EAST),
        ((39.0, 0.0, 0.0), (181.0, 0.0, 0.0), NORTH, EAST),
        ((39.0, 0.0, 0.0), None, NORTH, EAST),
        ((39.0, 0.0, 0.0), (117.0, 0.0, 0.0), None, EAST),
        ((39.0, 0.0, 0.0), (117.0, 0.0, 0.0), "?", EAST),
        ((39.0, 0.0, 0.0), (117.0, 0.0, 0.0), EAST, NORTH),
    ],
)
def test_an_impossible_place_is_no_place(latitude: Any, longitude: Any, north: Any, east: Any) -> None:
    assert placed(latitude, longitude, north, east) is None


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [((39.5,), (117.25,)), ((39.0, 30.0), (117.0, 15.0)), ((39.0, 30.0, 0.0), (117.0, 15.0, 0.0))],
)
def test_degrees_minutes_seconds_or_fewer(latitude: Any, longitude: Any) -> None:
    assert placed(latitude, longitude) == (39.5, 117.25)


@pytest.mark.parametrize("turned", [0, 9, 65535])
def test_a_nonsensical_turn_is_none(turned: int) -> None:
    facts = told(exif({Base.Orientation: turned}))
    assert (facts.width, facts.height) == (120, 80)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.booleans())
def test_nonsense_never_costs_the_picture(junk: bytes, kind: str, as_tiff: bool) -> None:
    facts = told(b"Exif\0\0" + (b"II*\0\x08\0\0\0" if as_tiff else b"") + junk, kind)
    assert (facts.width * facts.height, facts.length > 0) == (120 * 80, True)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(6, 400), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_marks_never_cost_the_picture(changes: list[tuple[int, int]]) -> None:
    marks = bytearray(phone().tobytes())
    for place, value in changes:
        marks[place % len(marks)] = value
    facts = told(bytes(marks))
    assert facts.width * facts.height == 120 * 80
    assert facts.place is None or (abs(facts.place[0]) <= 90 and abs(facts.place[1]) <= 180)
    assert facts.camera is None or (facts.camera.isprintable() and len(facts.camera) <= 80)


def test_nothing_is_told_by_a_picture_without_marks() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    facts = read(out.getvalue())
    assert (facts.taken_at, facts.camera, facts.place) == (None, None, None)
