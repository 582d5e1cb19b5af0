"""Walls, roofs, doors and windows of North China's villages."""

from dataclasses import dataclass

from bot.demo.paint.canvas import Canvas, Colour, mixed

RED_BRICK: Colour = (158, 86, 66)
GREY_BRICK: Colour = (128, 128, 124)
WHITE_TILE: Colour = (216, 214, 206)
PLASTER: Colour = (206, 196, 176)
RED_TILE: Colour = (150, 72, 54)
GREY_TILE: Colour = (96, 98, 102)
PAPER: Colour = (196, 34, 34)
GOLD: Colour = (236, 190, 70)
TIMBER: Colour = (112, 82, 56)


@dataclass(frozen=True)
class Rect:
    """Part of a picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.left, self.top, self.right, self.bottom

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def inset(self, by: float) -> "Rect":
        return Rect(self.left + by, self.top + by, self.right - by, self.bottom - by)


def bricks(canvas: Canvas, wall: Rect, colour: Colour, high: float = 11) -> None:
    """A wall of bricks, each other row shifted by half a brick."""
    canvas.block(wall.box, mixed(colour, (210, 205, 195), 0.45))
    wide, row, y = high * 2.6, 0, wall.top
    while y < wall.bottom:
        x = wall.left - (wide / 2 if row % 2 else 0)
        while x < wall.right:
            left, right = max(x, wall.left), min(x + wide - 1.4, wall.right)
            if right > left:
                canvas.block((left, y, right, min(y + high - 1.4, wall.bottom)), canvas.near(colour, 16))
            x += wide
        row, y = row + 1, y + high
    canvas.rough(wall.box, 24, 1.2)


def tiles(canvas: Canvas, wall: Rect, colour: Colour = WHITE_TILE) -> None:
    """Glazed tiles, as on fronts of the nineties."""
    canvas.block(wall.box, colour)
    joint = mixed(colour, (90, 90, 90), 0.35)
    for number in range(1, int(wall.height / 9)):
        y = wall.top + number * 9
        canvas.line(((wall.left, y), (wall.right, y)), joint, 0.6)
    for number in range(1, int(wall.width / 26)):
        x = wall.left + number * 26
        canvas.line(((x, wall.top), (x, wall.bottom)), joint, 0.6)
    canvas.rough(wall.box, 7, 20)


def plaster(canvas: Canvas, wall: Rect, colour: Colour = PLASTER) -> None:
    """A plastered wall, weathered towards its foot."""
    canvas.fade(wall.box, colour, mixed(colour, (110, 100, 88), 0.25))
    canvas.rough(wall.box, 16, 1.4)
    canvas.rough(wall.box, 18, 26)


def roof(canvas: Canvas, eaves: Rect, colour: Colour, lean: float = 60) -> None:
    """A tiled roof seen from the yard: `eaves` is its lower width, its ridge is `lean` shorter on each side."""
    ridge = ((eaves.left + lean, eaves.top), (eaves.right - lean, eaves.top))
    canvas.plane((*ridge, (eaves.right, eaves.bottom), (eaves.left, eaves.bottom)), colour)
    count = int(eaves.width / 15)
    for number in range(count + 1):
        share = number / count
        upper = eaves.left + lean + (eaves.width - 2 * lean) * share
        lower = eaves.left + eaves.width * share
        canvas.line(((upper, eaves.top), (lower, eaves.bottom)), mixed(colour, (0, 0, 0), 0.3), 2)
        canvas.line(
            ((upper + 4, eaves.top), (lower + 4, eaves.bottom)),
            mixed(canvas.near(colour), (255, 255, 255), 0.18),
            3,
        )
    for _upper, lower in canvas.rows(eaves.top, eaves.bottom, 9, 1.3):
        inset = lean * (eaves.bottom - lower) / eaves.height
        canvas.line(
            ((eaves.left + inset, lower), (eaves.right - inset, lower)), mixed(colour, (0, 0, 0), 0.35), 1.3
        )
    canvas.rough((eaves.left + lean, eaves.top, eaves.right - lean, eaves.bottom), 30, 3)
    canvas.block(
        (eaves.left + lean - 8, eaves.top - 9, eaves.right - lean + 8, eaves.top + 5),
        mixed(colour, (0, 0, 0), 0.2),
    )


def window(canvas: Canvas, frame: Rect, colour: Colour = (230, 232, 230)) -> None:
    """A window with two wings and the sky in its panes."""
    canvas.block(frame.box, colour)
    pane = frame.inset(7)
    canvas.fade(pane.box, (150, 170, 184), (72, 84, 92))
    canvas.plane(
        ((pane.left, pane.top), (pane.left + pane.width * 0.4, pane.top), (pane.left, pane.bottom)),
        (176, 192, 202),
    )
    middle = (frame.left + frame.right) / 2
    canvas.block((middle - 3, frame.top, middle + 3, frame.bottom), colour)
    third = frame.top + frame.height * 0.3
    canvas.block((frame.left, third - 3, frame.right, third + 3), colour)
    canvas.block((frame.left - 10, frame.bottom, frame.right + 10, frame.bottom + 9), (178, 174, 166))


def door(canvas: Canvas, frame: Rect, colour: Colour) -> None:
    """A metal door of two wings with its paper couplets and the diamond above them."""
    canvas.block(frame.box, mixed(colour, (0, 0, 0), 0.3))
    middle, inner = (frame.left + frame.right) / 2, frame.inset(6)
    for left, right in ((inner.left, middle - 2), (middle + 2, inner.right)):
        wing = Rect(left, inner.top, right, frame.bottom)
        canvas.fade(wing.box, mixed(colour, (255, 255, 255), 0.12), colour)
        for upper, lower in canvas.rows(wing.top + 12, wing.bottom - 10, 2):
            canvas.block(
                (wing.left + 10, upper + 6, wing.right - 10, lower - 6), mixed(colour, (0, 0, 0), 0.14)
            )
    canvas.oval(
        (middle - 16, frame.top + frame.height * 0.52, middle - 6, frame.top + frame.height * 0.52 + 10), GOLD
    )
    canvas.oval(
        (middle + 6, frame.top + frame.height * 0.52, middle + 16, frame.top + frame.height * 0.52 + 10), GOLD
    )
    _luck(canvas, (inner.left + middle) / 2, frame.top + frame.height * 0.28, frame.width * 0.11)
    _luck(canvas, (inner.right + middle) / 2, frame.top + frame.height * 0.28, frame.width * 0.11)


def couplets(canvas: Canvas, frame: Rect) -> None:
    """Red paper on both sides of a door and above it, written in gold: strokes, no words."""
    wide = max(16.0, frame.width * 0.13)
    for left in (frame.left - wide - 12, frame.right + 12):
        canvas.block(
            (left, frame.top + 10, left + wide, frame.top + frame.height * 0.72), canvas.near(PAPER, 14)
        )
        for number in range(7):
            y = frame.top + 24 + number * frame.height * 0.095
            canvas.line(((left + 4, y), (left + wide - 4, y + 3)), GOLD, 1.8)
            canvas.line(((left + wide / 2, y - 5), (left + wide / 2 - 1, y + 9)), GOLD, 1.8)
    middle = (frame.left + frame.right) / 2
    canvas.block((middle - 62, frame.top - 34, middle + 62, frame.top - 10), canvas.near(PAPER, 14))
    for number in range(4):
        x = middle - 46 + number * 30
        canvas.line(((x - 6, frame.top - 24), (x + 7, frame.top - 21)), GOLD, 1.8)
        canvas.line(((x, frame.top - 30), (x, frame.top - 14)), GOLD, 1.8)


def _luck(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.plane(((x, y - size), (x + size, y), (x, y + size), (x - size, y)), PAPER)
    canvas.line(((x - size * 0.4, y), (x + size * 0.4, y)), GOLD, 1.6)
    canvas.line(((x, y - size * 0.5), (x, y + size * 0.5)), GOLD, 1.6)
