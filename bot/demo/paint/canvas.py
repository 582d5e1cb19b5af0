"""What every scene is made of: planes of colour, lines, light, and the roughness of real things.

Points are in picture coordinates (1280×960, y down); the drawing is larger and made smaller at the end, which
smooths every edge.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 960
SCALE = 1.25
SHADE = 8
"""Light and shadow are soft: they are drawn that much smaller."""

PLATE, NOISE = 1280, 50

Point = tuple[float, float]
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


@cache
def _plate() -> Image.Image:
    """Noise to take pieces from: making it anew each time would be half the work of a picture."""
    return Image.effect_noise((PLATE, PLATE), NOISE)


def noise(size: tuple[int, int], strength: int, chance: random.Random) -> Image.Image:
    """Grey noise around 128, at most as large as the plate."""
    wide, high = min(size[0], PLATE), min(size[1], PLATE)
    x, y = chance.randint(0, PLATE - wide), chance.randint(0, PLATE - high)
    piece = _plate().crop((x, y, x + wide, y + high))
    return piece.point([round(128 + (grey - 128) * strength / NOISE) for grey in range(256)])


BLACK, WHITE = (0, 0, 0), (255, 255, 255)
_DARKER = [max(0, 128 - grey) for grey in range(256)]
_LIGHTER = [max(0, grey - 128) * 2 // 3 for grey in range(256)]
"""Noise as masks: what is darker than the middle takes light, what is lighter gives some."""


class Canvas:
    """A picture under way. `chance` decides whatever a scene leaves open."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.image = Image.new("RGB", (round(WIDTH * SCALE), round(HEIGHT * SCALE)))
        self.pen = ImageDraw.Draw(self.image)

    def near(self, colour: Colour, spread: int = 8) -> Colour:
        """A colour like that one: nothing in the world is evenly painted."""
        shift = self.chance.randint(-spread, spread)
        red, green, blue = (max(0, min(255, part + shift)) for part in colour)
        return red, green, blue

    def plane(self, points: Sequence[Point], colour: Colour) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def block(self, box: Box, colour: Colour) -> None:
        left, top, right, bottom = (round(edge * SCALE) for edge in box)
        self.pen.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), fill=colour)

    def oval(self, box: Box, colour: Colour) -> None:
        self.pen.ellipse([edge * SCALE for edge in box], fill=colour)

    def arch(self, box: Box, colour: Colour, width: float = 1.5) -> None:
        """The upper half of an oval's edge."""
        self.pen.arc(
            [edge * SCALE for edge in box], 180, 360, fill=colour, width=max(1, round(width * SCALE))
        )

    def line(self, points: Sequence[Point], colour: Colour, width: float = 2) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=colour, width=max(1, round(width * SCALE)), joint="curve")

    def fade(self, box: Box, top: Colour, bottom: Colour) -> None:
        """A plane that changes its colour downwards."""
        left, upper, right, lower = (round(edge * SCALE) for edge in box)
        size = (right - left, lower - upper)
        ramp = Image.linear_gradient("L").resize(size)
        self.image.paste(
            Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp), (left, upper)
        )

    def shade(self, points: Sequence[Point], colour: Colour, strength: float, soft: float = 12) -> None:
        """Light or shadow over a plane: `strength` 0 to 1, its edge `soft` points wide."""
        mask = Image.new("L", (self.image.width // SHADE, self.image.height // SHADE))
        scaled = [(x * SCALE / SHADE, y * SCALE / SHADE) for x, y in points]
        ImageDraw.Draw(mask).polygon(scaled, fill=round(255 * strength))
        blurred = mask.filter(ImageFilter.GaussianBlur(soft * SCALE / SHADE / 2))
        self._through(blurred, colour)

    def glow(self, box: Box, colour: Colour, strength: float, soft: float = 20) -> None:
        """The same as a round spot: a stain, a cloud, a lamp's light."""
        mask = Image.new("L", (self.image.width // SHADE, self.image.height // SHADE))
        ImageDraw.Draw(mask).ellipse([edge * SCALE / SHADE for edge in box], fill=round(255 * strength))
        self._through(mask.filter(ImageFilter.GaussianBlur(soft * SCALE / SHADE / 2)), colour)

    def _through(self, mask: Image.Image, colour: Colour) -> None:
        """Lay a colour over what the mask shows; only that part of the picture is touched."""
        found = mask.getbbox()
        if found is None:
            return
        left, top, right, bottom = found
        whole = (left * SHADE, top * SHADE, right * SHADE, bottom * SHADE)
        size = (whole[2] - whole[0], whole[3] - whole[1])
        self.image.paste(colour, whole, mask.crop(found).resize(size, Image.Resampling.BILINEAR))

    def rough(self, box: Box, strength: int, grain: float = 2, across: float = 1) -> None:
        """Give a plane the roughness of plaster, earth or bark: lumps of `grain` points, stretched `across`."""
        left, top, right, bottom = (round(edge * SCALE) for edge in box)
        left, top = max(0, left), max(0, top)
        right, bottom = min(self.image.width, right), min(self.image.height, bottom)
        if right - left < 2 or bottom - top < 2:
            return
        step = grain * SCALE
        size = (max(2, int((right - left) / step / across)), max(2, int((bottom - top) / step)))
        lumps = noise(size, strength, self.chance).resize((right - left, bottom - top))
        for colour, share in ((BLACK, _DARKER), (WHITE, _LIGHTER)):
            self.image.paste(colour, (left, top), lumps.point(share))

    def specks(
        self, box: Box, colours: Sequence[Colour], count: int, size: tuple[float, float] = (1, 3)
    ) -> None:
        """Pebbles, leaves, crumbs: more of them, and larger, towards the lower edge."""
        left, top, right, bottom = box
        for _speck in range(count):
            deep = self.chance.random() ** 0.6
            x, y = self.chance.uniform(left, right), top + deep * (bottom - top)
            wide = self.chance.uniform(*size) * (0.4 + deep)
            self.oval((x - wide, y - wide * 0.5, x + wide, y + wide * 0.5), self.chance.choice(colours))

    def rows(self, top: float, bottom: float, count: int, power: float = 1) -> Iterator[tuple[float, float]]:
        """The space between two heights in rows, growing downwards with `power` over 1, as distance does."""
        edges = [top + (bottom - top) * (number / count) ** power for number in range(count + 1)]
        yield from itertools.pairwise(edges)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two: `share` of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
