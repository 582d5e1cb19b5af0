"""Pictures that go out: upright JPEGs made from originals, which stay as they are. Bytes in, bytes out.

Nothing of the original's EXIF goes along: a picture shown in a chat tells no place. Heavy: for a process of
its own.
"""

import io
from collections.abc import Sequence

from PIL import Image, ImageFile

from storage import exif, picture

PREVIEW = 1600
"""Pixels of the longer side: enough to read a notice on a phone, about 300 kB."""
THUMBNAIL = 320
QUALITY, SMALL_QUALITY = 85, 80
GAP = 8
FLATTEST = 20
"""Telegram takes no picture more than 20 times as long as wide (Bot API, sendPhoto)."""

_WHITE, _GREY = (255, 255, 255), (200, 200, 200)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def preview(data: bytes, longest: int = PREVIEW) -> bytes:
    """The picture upright as a JPEG that any phone and Telegram's sendPhoto take; never enlarged.
    Raises picture.Unreadable."""
    with picture.opened(data) as image:
        profile = image.info.get("icc_profile") if image.mode == "RGB" else None
        return jpeg(_widened(upright(image, longest)), profile)


def thumbnail(data: bytes) -> bytes:
    """As `preview`, small: for lists and documents."""
    return preview(data, THUMBNAIL)


def strip(originals: Sequence[bytes], columns: int = 3) -> bytes:
    """The pictures of a record side by side as one JPEG, in their order; a grey field for one that cannot be
    read. Raises ValueError when there are none."""
    if not originals:
        raise ValueError("no pictures")
    columns = min(columns, len(originals))
    rows = -(-len(originals) // columns)
    step = THUMBNAIL + GAP
    sheet = Image.new("RGB", (columns * step + GAP, rows * step + GAP), _WHITE)
    for number, data in enumerate(originals):
        row, column = divmod(number, columns)
        small = _cell(data)
        left = GAP + column * step + (THUMBNAIL - small.width) // 2
        sheet.paste(small, (left, GAP + row * step + (THUMBNAIL - small.height) // 2))
    return jpeg(sheet)


def _cell(data: bytes) -> Image.Image:
    try:
        with picture.opened(data) as image:
            return upright(image, THUMBNAIL)
    except picture.Unreadable:
        return Image.new("RGB", (THUMBNAIL, THUMBNAIL), _GREY)


def upright(
    image: ImageFile.ImageFile, longest: int, finely: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    """An opened picture decoded, made smaller, without transparency and turned; small first, for the others cost
    memory."""
    picture.decode(image, longest)
    small = _plain(image)
    small.thumbnail((longest, longest), finely)
    turn = _TURNS.get(exif.orientation(image))
    return _opaque(small) if turn is None else _opaque(small).transpose(turn)


def _plain(image: Image.Image) -> Image.Image:
    """In colours that can be made smaller: no palette, no single colour that means transparent."""
    if image.has_transparency_data:
        return image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode not in ("RGBA", "LA"):
        return image.convert("RGB")
    colours = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, (*_WHITE, 255)), colours).convert("RGB")


def _widened(image: Image.Image) -> Image.Image:
    """With white margins if it is too flat for Telegram."""
    width = max(image.width, -(-image.height // FLATTEST))
    height = max(image.height, -(-image.width // FLATTEST))
    if (width, height) == image.size:
        return image
    sheet = Image.new("RGB", (width, height), _WHITE)
    sheet.paste(image, ((width - image.width) // 2, (height - image.height) // 2))
    return sheet


def jpeg(image: Image.Image, profile: bytes | None = None) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True, icc_profile=profile)
    return out.getvalue()


def plain_jpeg(image: Image.Image, quality: int, profile: bytes | None = None) -> bytes:
    """As `jpeg`, a little larger and in half the time: for small pictures and very large ones."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, icc_profile=profile)
    return out.getvalue()
