"""What becomes of a photo on its way through phones: twelve kinds of change, each several ways."""

import io
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from reports.fonts import REGULAR

Picture = Image.Image
Change = Callable[[Picture], Picture]
Turn = Image.Transpose


def compressed(picture: Picture, quality: int = 80) -> Picture:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def fitted(picture: Picture, longest: int, quality: int = 82) -> Picture:
    """As Telegram makes photos small."""
    small = picture.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return compressed(small, quality)


def cropped(picture: Picture, left: float, top: float, right: float, bottom: float) -> Picture:
    width, height = picture.size
    first = round(width * left), round(height * top)
    return compressed(picture.crop((*first, round(width * (1 - right)), round(height * (1 - bottom)))))


def bright(picture: Picture, factor: float) -> Picture:
    return compressed(ImageEnhance.Brightness(picture).enhance(factor))


def contrasted(picture: Picture, factor: float) -> Picture:
    return compressed(ImageEnhance.Contrast(picture).enhance(factor))


def bent(picture: Picture, gamma: float) -> Picture:
    return compressed(picture.point([min(255, round(255 * (one / 255) ** gamma)) for one in range(256)] * 3))


def coloured(picture: Picture, factor: float) -> Picture:
    return compressed(ImageEnhance.Color(picture).enhance(factor))


def marked(picture: Picture, right: bool) -> Picture:
    """With a logo in a corner."""
    made = picture.copy()
    side = min(made.size) // 5
    left = made.width - side - 8 if right else 8
    pen = ImageDraw.Draw(made)
    pen.ellipse((left, made.height - side - 8, left + side, made.height - 8), fill=(240, 240, 240))
    pen.text(
        (left + side // 4, made.height - side * 2 // 3),
        "驻村",
        "red",
        ImageFont.truetype(REGULAR, max(8, side // 4)),
    )
    return compressed(made)


def stamped(picture: Picture, part: float) -> Picture:
    """With the panel of a watermark camera, down on the left."""
    over = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen, (width, height) = ImageDraw.Draw(over), picture.size
    wide, high = width * part, min(width, height) * part / 2
    pen.rectangle((8, height - high - 8, wide, height - 8), fill=(0, 0, 0, 110))
    font = ImageFont.truetype(REGULAR, max(6, round(high / 4)))
    for line, words in enumerate(("2026-11-20 15:04", "武清区王家庄", "39.50000, 117.25000")):
        pen.text((14, height - high - 6 + line * high / 3.2), words, "white", font)
    return compressed(Image.alpha_composite(picture.convert("RGBA"), over))


def turned(picture: Picture, turn: Turn) -> Picture:
    return compressed(picture.transpose(turn))


def mixed(picture: Picture, first: Change, *others: Change) -> Picture:
    made = first(picture)
    for change in others:
        made = change(made)
    return made


KINDS: dict[str, list[Change]] = {
    "compressed anew": [partial(compressed, quality=quality) for quality in (15, 30, 60)],
    "sent through Telegram": [partial(fitted, longest=1280), partial(fitted, longest=800)],
    "made small": [partial(fitted, longest=320), partial(fitted, longest=240, quality=70)],
    "made large": [lambda picture: picture.resize((picture.width * 3 // 2, picture.height * 3 // 2))],
    "cropped all around": [partial(cropped, left=by, top=by, right=by, bottom=by) for by in (0.02, 0.03, 0.05)],
    "cropped on some sides": [
        partial(cropped, left=0.1, top=0, right=0, bottom=0),
        partial(cropped, left=0, top=0, right=0, bottom=0.1),
        partial(cropped, left=0.04, top=0.02, right=0.01, bottom=0.06),
    ],
    "brighter": [partial(bright, factor=1.15), partial(bright, factor=1.3)],
    "darker": [partial(bright, factor=0.8), partial(bright, factor=0.6)],
    "other contrast": [partial(contrasted, factor=0.7), partial(contrasted, factor=1.3), partial(bent, gamma=0.75)],
    "other colours": [partial(coloured, factor=0), partial(coloured, factor=1.6)],
    "logo or stamp in a corner": [
        partial(marked, right=True), partial(marked, right=False), partial(stamped, part=0.4),
    ],
    "turned": [partial(turned, turn=turn) for turn in (Turn.ROTATE_90, Turn.ROTATE_180, Turn.ROTATE_270)],
}  # fmt: skip
"""Each kind of change, several ways."""
