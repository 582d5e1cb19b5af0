"""A little painter: likenesses of phone photos of villages, drawn with Pillow, nobody in them.

`paint(scene, seed, mended)` gives the bytes of a JPEG. The same three give the same picture; another seed gives
another house, light and season; `mended` is the same place after the work was done.
"""

import io
import random
from functools import cache

from PIL import Image, ImageChops, ImageFilter

from bot.demo.paint import indoors, outdoors, roads
from bot.demo.paint.canvas import HEIGHT, WIDTH, Canvas, noise

SCENES = {
    "house": outdoors.house,
    "courtyard": outdoors.courtyard,
    "field": outdoors.field,
    "roof": outdoors.roof,
    "room": indoors.room,
    "kitchen": indoors.kitchen,
    "road": roads.road,
    "ditch": roads.ditch,
}
QUALITY = 76
GRAIN = 11
MARGIN = 20
"""Cut off all around, so that a tilted picture has no black corners."""


def paint(scene: str, seed: int, mended: bool = False) -> bytes:
    """A JPEG of 1280×960, some 150 kB. Raises KeyError for an unknown scene."""
    chance = random.Random(f"{scene}{seed}")  # noqa: S311 - a picture, not a secret
    canvas = Canvas(chance)
    SCENES[scene](canvas, mended)
    out = io.BytesIO()
    _as_a_phone_sees(canvas.image, chance).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _as_a_phone_sees(image: Image.Image, chance: random.Random) -> Image.Image:
    """Held a little askew, brighter in the middle, with the grain of a small sensor."""
    inner = (MARGIN, MARGIN, image.width - MARGIN, image.height - MARGIN)
    small = image.resize((WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN), Image.Resampling.BILINEAR, inner)
    tilted = small.rotate(chance.uniform(-1.2, 1.2), Image.Resampling.BILINEAR)
    held = tilted.crop((MARGIN, MARGIN, MARGIN + WIDTH, MARGIN + HEIGHT))
    shaded = ImageChops.multiply(held, _lens())
    grain = noise((WIDTH, HEIGHT), GRAIN, chance).filter(ImageFilter.BoxBlur(0.6))
    return ImageChops.overlay(shaded, Image.merge("RGB", (grain, grain, grain)))


@cache
def _lens() -> Image.Image:
    """What a lens takes of the light towards the corners."""
    far = Image.radial_gradient("L").resize((WIDTH, HEIGHT))
    light = far.point([255 - distance * distance // 1500 for distance in range(256)])
    return Image.merge("RGB", (light, light, light))
