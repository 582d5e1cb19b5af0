"""Pictures that the tests draw, with the marks of phones: turned, placed, nonsensical, moving, damaged."""

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base
from pillow_heif import register_heif_opener

register_heif_opener(thumbnails=False)

WIDE = (120, 80)
RED, BLUE = (200, 30, 30), (30, 30, 200)
SAVED = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif",
         "GIF": "image/gif", "HEIF": "image/heic"}  # fmt: skip
"""Pillow's names of the formats people send, and their media types."""


def sketch(size: tuple[int, int] = WIDE, mode: str = "RGB") -> Image.Image:
    """Red at the top, blue at the bottom, with a white corner top left: one sees how it lies."""
    image = Image.new("RGB", size, BLUE)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, size[0], size[1] // 2), fill=RED)
    pen.rectangle((0, 0, size[0] // 4, size[1] // 4), fill="white")
    return image.convert(mode)


def scene(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Fields, roofs and trees; no two numbers are alike to who compares photos."""
    hills = Image.frombytes("L", (20, 15), random.Random(seed).randbytes(300))
    made = hills.resize(size, Image.Resampling.BICUBIC).convert("RGB")
    pen, width, height = ImageDraw.Draw(made), *size
    for number in range(24):
        x, y = (number * 97 + seed * 131) % width, (number * 61 + seed * 53) % height
        wide, high = 20 + (number * 37 + seed * 17) % 90, 15 + (number * 29 + seed * 11) % 60
        shade = tuple((number * step + seed * 40) % 256 for step in (53, 91, 139))
        (pen.rectangle if number % 2 else pen.ellipse)((x, y, x + wide, y + high), fill=shade)
    return made


def drawn(kind: str = "JPEG", size: tuple[int, int] = WIDE, mode: str = "RGB", **more: Any) -> bytes:
    """The sketch as a file of that format."""
    out = io.BytesIO()
    if isinstance(more.get("exif"), Image.Exif):
        more["exif"] = more["exif"].tobytes()  # the writer of HEIC turns by it only when it is bytes
    sketch(size, mode).save(out, kind, **more)
    return out.getvalue()


def shot(seed: int) -> bytes:
    """The scene of that number as a file: a photo that is taken for no other."""
    out = io.BytesIO()
    scene(seed, (240, 180)).save(out, "JPEG")
    return out.getvalue()


def moving(kind: str) -> bytes:
    """Three frames: the sketch first, then plain ones."""
    out = io.BytesIO()
    others = [Image.new("RGB", WIDE, colour) for colour in ("green", "black")]
    sketch().save(out, kind, save_all=True, append_images=others, duration=100)
    return out.getvalue()


def exif(
    base: dict[int, Any] | None = None, taken: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> Image.Exif:
    """EXIF with those fields, as phones write them."""
    marks = Image.Exif()
    marks.update(base or {})
    marks.get_ifd(IFD.Exif).update(taken or {})
    marks.get_ifd(IFD.GPSInfo).update(gps or {})
    return marks


def phone(turned: int = 1, latitude: float = 39.5, longitude: float = 117.25) -> Image.Exif:
    """What a phone in Wuqing writes."""
    north, east = abs(latitude), abs(longitude)
    return exif(
        {Base.Make: "HUAWEI", Base.Model: "Mate 60 Pro", Base.Orientation: turned},
        {Base.DateTimeOriginal: "2026:11:20 15:04:05", Base.OffsetTimeOriginal: "+08:00"},
        {
            GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
            GPS.GPSLatitude: (float(int(north)), float(int(north % 1 * 60)), round(north * 60 % 1 * 60, 2)),
            GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
            GPS.GPSLongitude: (float(int(east)), float(int(east % 1 * 60)), round(east * 60 % 1 * 60, 2)),
        },
    )


def lying(size: tuple[int, int]) -> bytes:
    """A small PNG whose header claims another size: a bomb."""
    data = drawn("PNG")
    header = struct.pack(">II", *size) + data[24:29]
    return data[:16] + header + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + data[33:]
