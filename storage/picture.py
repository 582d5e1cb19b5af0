"""Pictures: reading bytes that a person sent. The type is told by the content, never by a name.

Runs in a process of its own (decoding takes a second and 100 MB); imports no tables.
"""

import hashlib
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageFile
from pillow_heif import register_heif_opener

from storage import exif
from storage.photo_faults import DAMAGED, EMPTY, LARGEST, NOT_A_PICTURE, TOO_LARGE, TOO_MANY_PIXELS

# Memory of large pictures is kept for the next one: asking the system for it anew costs as much as decoding.
Image.core.set_blocks_max(4)  # type: ignore[attr-defined]  # documented, but not in the stubs
# An embedded thumbnail may show something else than the picture: never decode it instead.
register_heif_opener(thumbnails=False)

SCALED_PIXELS = 120_000_000
"""Limit for JPEG, which is decoded at an eighth of its size: the largest that phones make."""
PIXELS = 64_000_000
"""Limit for the others, which are decoded whole: 4 bytes a pixel."""
SCANS = 100
"""Limit for JPEG, whose scans each go over the whole picture and may be a few bytes long; phones write ten."""

_SCALED = ("JPEG", "MPO")
_MIME = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp",
         "GIF": "image/gif", "AVIF": "image/avif", "HEIF": "image/heic"}  # fmt: skip
_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
"""Of those markers that stand before a segment; the others lie inside a scan, or fill."""
_ONE_AFTER_ANOTHER = (b"\xff\xc0", b"\xff\xc1", b"\xff\xc9")
"""Frames whose colours are complete after one scan each; progressive ones are refined again and again."""
_HEADS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
_BRANDS = {b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class Unreadable(Exception):
    """No picture we can keep; `sentence` (message id) says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Facts:
    """What the bytes say. Width and height are those of the upright picture; `orientation` (1 to 8, as in EXIF)
    is how it lies in the file. `taken_at`, `camera`, `software` and `place` (latitude, longitude, WGS-84) are the
    phone's own claims."""

    sha256: str
    length: int
    mime: str
    width: int
    height: int
    orientation: int = 1
    taken_at: str | None = None
    camera: str | None = None
    software: str | None = None
    place: tuple[float, float] | None = None


def read(data: bytes) -> Facts:
    """Decode a picture (of a moving one the first frame) to its last byte. Raises only Unreadable."""
    with opened(data) as image:
        return facts(data, image, 1)


def _formats(data: bytes) -> list[str]:
    """Pillow's names of what the first bytes may be; empty when they are no picture of ours."""
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return ["AVIF"] if data[8:11] == b"avi" else ["HEIF", "AVIF"]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ["WEBP"]
    return [name for head, name in _HEADS.items() if data.startswith(head)]


def _checked(data: bytes) -> list[str]:
    """The formats it may be. Raises Unreadable for what is not even opened."""
    if not data:
        raise Unreadable(EMPTY)
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    formats = _formats(data)
    if not formats:
        raise Unreadable(NOT_A_PICTURE)
    if "JPEG" in formats and _scans(data) > SCANS:
        raise Unreadable(TOO_MANY_PIXELS)
    return formats


def _scans(data: bytes) -> int:
    """How many scans the first picture in a JPEG's bytes has, counted no further than is allowed. Most have one
    that holds all colours: what is behind it need not be looked at."""
    found, at, colours = 0, 2, 0
    while found <= SCANS and (marker := _MARKER.search(data, at)) is not None:
        kind, begin = marker.group(), marker.end()
        if kind == _END:
            break
        if kind in _ONE_AFTER_ANOTHER:
            colours = data[begin + 7] if begin + 7 < len(data) else 0
        if kind == _SCAN:
            found += 1
            if colours and data[begin + 2 : begin + 3] == bytes([colours]):
                break
        at = begin + int.from_bytes(data[begin : begin + 2], "big")
    return found


@contextmanager
def opened(data: bytes) -> Iterator[ImageFile.ImageFile]:
    """The picture, not yet decoded. Whatever Pillow raises, here or in the block, comes out as Unreadable."""
    formats = _checked(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=formats) as image:
                _limit(image)
                yield image
    except Unreadable:
        raise
    except Image.DecompressionBombError as error:
        raise Unreadable(TOO_MANY_PIXELS) from error
    except Exception as error:
        # Decoders raise OSError, SyntaxError, ValueError, struct.error, EOFError, IndexError, MemoryError ...
        raise Unreadable(DAMAGED) from error


def _limit(image: ImageFile.ImageFile) -> None:
    most = SCALED_PIXELS if image.format in _SCALED else PIXELS
    if image.width * image.height > most:
        raise Unreadable(TOO_MANY_PIXELS)


def decode(image: ImageFile.ImageFile, longest: int) -> None:
    """Decode the whole data; a JPEG at the smallest of its eight sizes whose longer side still has `longest`
    pixels. The box that Pillow is asked for keeps the picture's shape: of a square one it looks at the shorter
    side, and decodes four times as much."""
    if image.format in _SCALED:
        part = longest / max(image.size)
        image.draft(None, (max(1, int(image.width * part)), max(1, int(image.height * part))))
    image.load()
    _limit(image)


def facts(data: bytes, image: ImageFile.ImageFile, longest: int) -> Facts:
    """Decode an opened picture as `decode` does, and tell what it says."""
    width, height = image.size
    decode(image, longest)
    if image.format not in _SCALED:
        width, height = image.size  # HEIF may turn out another size when it is decoded
    orientation = exif.orientation(image)
    if orientation >= 5:
        width, height = height, width
    return Facts(
        sha256=hashlib.sha256(data).hexdigest(), length=len(data), mime=_mime(image), width=width, height=height,
        orientation=orientation, taken_at=exif.taken_at(image), camera=exif.camera(image),
        software=exif.software(image), place=exif.place(image),
    )  # fmt: skip


def _mime(image: ImageFile.ImageFile) -> str:
    """HEIF says itself whether it is heic or heif; a moving PNG is a PNG."""
    own = image.custom_mimetype if image.format == "HEIF" else None
    return own or _MIME[image.format or ""]
