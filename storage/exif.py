"""What a picture tells about itself (EXIF), tolerant of nonsense.

Any field may be missing, of the wrong type or damaged: a wrong tag never costs the picture, it is left out.
What is told is a claim of the phone, never proof.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

T = TypeVar("T")

_TIME = re.compile(r"(\d{4})[:/.-](\d\d)[:/.-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
_LONGEST = 80


def orientation(image: Image.Image) -> int:
    """1 to 8 as in the EXIF standard; 1 (upright) when missing or nonsense."""
    value = _tolerant(lambda: image.getexif().get(Base.Orientation))
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def taken_at(image: Image.Image) -> str | None:
    """When the phone says it was taken: "2026-11-21T14:03:05", with "+08:00" where the phone tells its zone.
    The time of the last change by a program is not taken for it."""
    fields = _ifd(image, IFD.Exif)
    pairs = (
        (Base.DateTimeOriginal, Base.OffsetTimeOriginal),
        (Base.DateTimeDigitized, Base.OffsetTimeDigitized),
    )
    for time, zone in pairs:
        if moment := _moment(_text(fields.get(time))):
            offset = _text(fields.get(zone)) or _text(fields.get(Base.OffsetTime))
            return moment + (offset if _OFFSET.fullmatch(offset) else "")
    return None


def _moment(text: str) -> str | None:
    found = _TIME.match(text)
    if found is None:
        return None
    try:
        moment = datetime(*map(int, found.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]  # six numbers
    except ValueError:
        return None
    return moment.replace(tzinfo=None).isoformat() if moment.year >= 1900 else None


def camera(image: Image.Image) -> str | None:
    """Maker and model in one line, e.g. "Apple iPhone 13 Pro Max"."""
    make, model = _field(image, Base.Make), _field(image, Base.Model)
    both = model if model.lower().startswith(make.lower()) else f"{make} {model}"
    return both.strip()[:_LONGEST].strip() or None


def software(image: Image.Image) -> str | None:
    """The program that wrote the file, e.g. "Adobe Photoshop 25.1": a picture that was worked on may say so."""
    return _field(image, Base.Software)[:_LONGEST].strip() or None


def place(image: Image.Image) -> tuple[float, float] | None:
    """Latitude and longitude in degrees (WGS-84). None when either is missing, impossible, or both are zero
    (what phones write that know nothing)."""
    fields = _ifd(image, IFD.GPSInfo)
    latitude = _degrees(fields, GPS.GPSLatitude, GPS.GPSLatitudeRef, "NS", 90)
    longitude = _degrees(fields, GPS.GPSLongitude, GPS.GPSLongitudeRef, "EW", 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    return latitude, longitude


def _degrees(fields: dict[int, Any], value: int, side: int, sides: str, most: int) -> float | None:
    letter = _text(fields.get(side)).upper()[:1]
    parts = _tolerant(lambda: _numbers(fields[value]))
    if not parts or len(parts) > 3 or not letter or letter not in sides:
        return None
    degrees = sum(part / unit for part, unit in zip(parts, (1, 60, 3600), strict=False))
    if not all(math.isfinite(part) and part >= 0 for part in parts) or degrees > most:
        return None
    return round(-degrees if letter == sides[1] else degrees, 6)


def _field(image: Image.Image, tag: int) -> str:
    return _text(_tolerant(lambda: image.getexif().get(tag)))


def _numbers(value: Any) -> list[float]:
    """Degrees, minutes, seconds; a lone number comes without its tuple."""
    return [float(part) for part in (value if isinstance(value, tuple) else (value,))]


def _ifd(image: Image.Image, number: int) -> dict[int, Any]:
    return _tolerant(lambda: image.getexif().get_ifd(number)) or {}


def _text(value: object) -> str:
    """Printable text of a field in one line; empty when it is none."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "ignore")
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value.split("\0")[0]).split())


def _tolerant(read: Callable[[], T]) -> T | None:
    """What `read` gives, or None."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - Pillow raises a dozen kinds of errors on nonsense in EXIF
        return None
