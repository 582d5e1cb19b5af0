"""Pictures with words: the stamped copy of a photo, before and after side by side, the contact sheet of a week.

The words stand on a dark band through which the picture is seen, so that they can be read whether it is light or
dark; below a small picture. A stamp is never the proof: the time is the one at which the server received the
photo, and the QR holds the record's number. Heavy: for a process of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import segno
from PIL import Image, ImageDraw, ImageFont

from reports import pictures
from reports.fonts import REGULAR
from storage import picture
from storage.texts import _

LEAST = 640
"""Pixels of a stamped copy's width, so that its words can be read on a small picture."""
TALL = 1000
"""Pixels of the pictures of a pair, at most."""
COLUMNS, CELL = 4, 300
MOST = 40
"""Photos on one sheet."""
QUALITY = 85
DARKNESS = 0.78
"""Of the band: white is legible on it, whatever the picture is."""
MOST_HIDDEN = 0.25
"""Part of the picture's height that the band may lie on; else it stands below."""
_INK, _GROUND, _PAPER = (255, 255, 255), (16, 26, 36), (244, 246, 248)
_DARK = (27, 39, 51)
_DARKENED = [round(shade * (1 - DARKNESS) + ground * DARKNESS) for ground in _GROUND for shade in range(256)]
_LINE = 1.45
"""Height of a line, in sizes of its font."""


@dataclass(frozen=True)
class Stamp:
    """What is written below a photo. `lines`: the place, the time and who, the number and the coordinates."""

    lines: tuple[str, ...]
    number: str


@dataclass(frozen=True)
class Shown:
    """A picture of a pair or sheet: its bytes (None: they are not here), and the words below it."""

    data: bytes | None
    words: tuple[str, ...]


def stamped(data: bytes, stamp: Stamp) -> bytes:
    """The whole photo, upright, its lowest part seen through the band. Raises picture.Unreadable."""
    with picture.opened(data) as image:
        profile = image.info.get("icc_profile") if image.mode == "RGB" else None
        photo = pictures.upright(image, max(image.size))
    width = max(photo.width, LEAST)
    stamp = _wrapped(stamp, width)
    height = _height(width, stamp)
    if photo.width < LEAST or height > photo.height * MOST_HIDDEN:
        below = Image.new("RGB", (width, photo.height + height), _GROUND)
        below.paste(photo, ((width - photo.width) // 2, 0))
        photo = below
    # In place: a copy of twelve megapixels costs half as much as decoding them.
    photo.paste(_band(photo.crop((0, photo.height - height, *photo.size)), stamp), (0, photo.height - height))
    return pictures.plain_jpeg(photo, QUALITY, profile)


def _size(width: int) -> int:
    return max(18, width // 48)


def _height(width: int, stamp: Stamp) -> int:
    return round(len(stamp.lines) * _size(width) * _LINE) + _size(width) // 2 * 2


def _wrapped(stamp: Stamp, width: int) -> Stamp:
    """With a line more for each that is too long even in the smallest font: of a long name the end tells most."""
    size = _size(width)
    room = width - round((2 * len(stamp.lines)) * size * _LINE) - 2 * size
    return Stamp(tuple(part for words in stamp.lines for part in _parts(words, size, room)), stamp.number)


def _parts(words: str, size: int, room: int) -> Iterator[str]:
    """One or two: cut where a space is, if there is one in the latter half."""
    if font_of(size * 3 // 4).getlength(words) <= room:
        yield words
        return
    font, count = font_of(size), len(words)
    while count > 1 and font.getlength(words[:count]) > room:
        count -= 1
    space = words.rfind(" ", count // 2, count + 1)
    count = count if space < 0 else space
    yield words[:count]
    yield words[count:].strip()


def _band(strip: Image.Image, stamp: Stamp) -> Image.Image:
    """Words on the left, the number as a QR on white on the right, over what can be seen darkly below."""
    band = strip.point(_DARKENED)
    size = _size(band.width)
    margin = size // 2
    code = qr(stamp.number, band.height - 2 * margin)
    band.paste(code, (band.width - code.width - margin, (band.height - code.height) // 2))
    pen, room = ImageDraw.Draw(band), band.width - code.width - 3 * margin
    for place, words in enumerate(stamp.lines):
        fitted, font = fit(words, size, room)
        top = margin + round((place + 0.5) * size * _LINE)
        pen.text((margin, top), fitted, _INK, font, anchor="lm")
    return band


@lru_cache(maxsize=64)
def _modules(text: str) -> list[list[bool]]:
    return [[bool(dark) for dark in row] for row in segno.make(text, error="m", micro=False).matrix]


def qr(text: str, room: int) -> Image.Image:
    """Of whole pixels a module, with its quiet zone, no larger than `room` where that can be read."""
    rows = _modules(text)
    quiet = 4
    scale = max(2, room // (len(rows) + 2 * quiet))
    side = len(rows) + 2 * quiet
    code = Image.frombytes(
        "L", (side, side), bytes(0 if dark else 255 for row in _framed(rows, quiet) for dark in row)
    )
    return code.resize((code.width * scale,) * 2, Image.Resampling.NEAREST).convert("RGB")


def _framed(rows: list[list[bool]], quiet: int) -> list[list[bool]]:
    wide = len(rows) + 2 * quiet
    empty = [[False] * wide for _number in range(quiet)]
    side = [False] * quiet
    return [*empty, *([*side, *row, *side] for row in rows), *empty]


def fit(words: str, size: int, room: int) -> tuple[str, ImageFont.FreeTypeFont]:
    """In a smaller font where it is too long, down to three quarters; then cut."""
    font = font_of(size)
    for smaller in (size * 7 // 8, size * 3 // 4):
        if font.getlength(words) <= room:
            return words, font
        font = font_of(smaller)
    if font.getlength(words) <= room:
        return words, font
    while words and font.getlength(words + "…") > room:
        words = words[:-1]
    return words + "…", font


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(REGULAR, size)


def pair(before: Shown, after: Shown, title: str) -> bytes:
    """Two pictures of one height beside each other."""
    shown = [_cell(one, TALL) for one in (before, after)]
    tall = min(max(one.height for one in shown), TALL)
    shown = [
        one.resize((max(1, one.width * tall // one.height), tall), Image.Resampling.LANCZOS) for one in shown
    ]
    size = max(20, tall // 28)
    gap = size // 2
    width = sum(one.width for one in shown) + 3 * gap
    below = round(_LINE * size * max(len(before.words), len(after.words)))
    sheet = Image.new("RGB", (width, round(_LINE * size) + tall + below + 2 * gap), _PAPER)
    pen, left = ImageDraw.Draw(sheet), gap
    _write(pen, title, (gap, gap // 2), size, width - 2 * gap)
    for one, told in zip(shown, (before, after), strict=True):
        sheet.paste(one, (left, round(_LINE * size) + gap))
        for place, words in enumerate(told.words):
            top = round(_LINE * size) + gap + tall + round(place * _LINE * size)
            _write(pen, words, (left, top), size, one.width)
        left += one.width + gap
    return pictures.plain_jpeg(sheet, QUALITY)


def sheet(shown: Sequence[Shown], title: str, more: int = 0) -> bytes:
    """Small pictures in rows, with their words; `more` are left out."""
    size, gap = 22, 16
    columns = min(COLUMNS, max(2, len(shown)))
    high = CELL + round(_LINE * size * max(len(one.words) for one in shown)) + gap
    rows = -(-len(shown) // columns)
    head = round(2 * _LINE * size) + gap
    foot = round(_LINE * size) + gap if more else 0
    page = Image.new("RGB", (columns * (CELL + gap) + gap, head + rows * high + foot), _PAPER)
    pen = ImageDraw.Draw(page)
    _write(pen, title, (gap, gap), size * 3 // 2, page.width - 2 * gap)
    for place, one in enumerate(shown):
        row, column = divmod(place, columns)
        left, top = gap + column * (CELL + gap), head + row * high
        small = _cell(one, CELL)
        page.paste(small, (left, top + CELL - small.height))
        for line, words in enumerate(one.words):
            _write(pen, words, (left, top + CELL + round(line * _LINE * size)), size, CELL)
    if more:
        _write(pen, _("还有 {count} 张").format(count=more), (gap, head + rows * high), size, page.width)
    return pictures.plain_jpeg(page, QUALITY)


def _write(pen: ImageDraw.ImageDraw, words: str, at: tuple[int, int], size: int, room: int) -> None:
    fitted, font = fit(words, size, room)
    pen.text((at[0], at[1] + round(size * _LINE / 2)), fitted, _DARK, font, anchor="lm")


def _cell(shown: Shown, longest: int) -> Image.Image:
    """A grey field for what cannot be read."""
    try:
        with picture.opened(shown.data or b"") as image:
            return pictures.upright(image, longest)
    except picture.Unreadable:
        return Image.new("RGB", (longest, longest * 3 // 4), (200, 200, 200))
