"""Photos as Telegram makes them of what a phone sends.

Upright, JPEG, at most 1,280 px, without EXIF, in several sizes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageOps

SIDES = (90, 320, 800, 1280)
QUALITY = 87
_HUGE = 178_956_970


class NotAPictureError(ValueError):
    """The bytes cannot be shown as a photo."""


@dataclass(frozen=True)
class Size:
    data: bytes
    width: int
    height: int


@lru_cache(maxsize=64)
def sizes(data: bytes) -> tuple[Size, ...]:
    """The sizes of a photo, smallest first; only the last may be larger than the picture sent.

    Raises NotAPictureError. Kept for the last 64 pictures: tests and load send the same ones again.
    """
    try:
        image = _opened(data)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPictureError(str(error)) from error
    longest = max(image.size)
    wanted = [side for side in SIDES if side < longest] + [min(longest, SIDES[-1])]
    return tuple(_scaled(image, side) for side in dict.fromkeys(wanted))


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as source:
        if source.width * source.height > _HUGE:
            raise NotAPictureError("too many pixels")
        source.draft("RGB", (2 * SIDES[-1], 2 * SIDES[-1]))
        upright = ImageOps.exif_transpose(source)
        return _on_white(upright)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(white, coloured).convert("RGB")
    return image.convert("RGB")


def _scaled(image: Image.Image, side: int) -> Size:
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=QUALITY)
    return Size(out.getvalue(), copy.width, copy.height)
