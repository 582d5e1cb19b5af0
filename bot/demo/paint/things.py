"""What stands about in a yard."""

import math

from bot.demo.paint.building import TIMBER, Rect
from bot.demo.paint.canvas import Canvas, Colour, mixed

MAIZE: Colour = (226, 168, 48)
PLASTICS: tuple[Colour, ...] = ((46, 104, 168), (178, 52, 46), (214, 208, 196), (62, 128, 92))


def maize(canvas: Canvas, heap: Rect) -> None:
    """Maize drying in a heap."""
    for layer in range(9):
        share = 1 - layer / 9
        y = heap.bottom - heap.height * layer / 9
        wide, middle = heap.width / 2 * math.sqrt(share), (heap.left + heap.right) / 2
        for number in range(int(wide / 5)):
            x = middle - wide + number * 10 + canvas.chance.uniform(-3, 3)
            canvas.oval((x, y - 11, x + 17, y - 3), canvas.near(MAIZE, 24))
    canvas.shade(
        (
            (heap.left, heap.bottom),
            (heap.right, heap.bottom),
            (heap.right, heap.bottom + 12),
            (heap.left, heap.bottom + 12),
        ),
        (40, 30, 20),
        0.4,
    )


def hanging_maize(canvas: Canvas, x: float, top: float, length: float) -> None:
    """Cobs plaited into a string under the eaves."""
    steps = int(length / 9)
    for number in range(steps):
        y = top + number * 9
        for side in (-1, 1):
            left = x + side * 7 - 6
            canvas.oval((left, y, left + 12, y + 17), canvas.near(MAIZE, 22))


def firewood(canvas: Canvas, pile: Rect) -> None:
    """Logs stacked with their ends to the viewer."""
    y = pile.bottom
    while y > pile.top:
        x = pile.left + canvas.chance.uniform(-6, 6)
        while x < pile.right - 10:
            size = canvas.chance.uniform(14, 26)
            colour = canvas.near((172, 134, 92), 18)
            canvas.oval((x, y - size, x + size, y), mixed(TIMBER, (0, 0, 0), 0.3))
            canvas.oval((x + 2, y - size + 2, x + size - 2, y - 2), colour)
            canvas.oval(
                (x + size * 0.38, y - size * 0.62, x + size * 0.62, y - size * 0.38),
                mixed(colour, TIMBER, 0.5),
            )
            x += size * 0.95
        y -= 19


def bucket(canvas: Canvas, x: float, foot: float, size: float) -> None:
    colour = canvas.chance.choice(PLASTICS)
    canvas.plane(
        (
            (x - size * 0.5, foot - size),
            (x + size * 0.5, foot - size),
            (x + size * 0.38, foot),
            (x - size * 0.38, foot),
        ),
        colour,
    )
    canvas.oval(
        (x - size * 0.5, foot - size * 1.12, x + size * 0.5, foot - size * 0.88),
        mixed(colour, (0, 0, 0), 0.35),
    )
    canvas.shade(
        (
            (x - size * 0.4, foot),
            (x + size * 0.7, foot),
            (x + size * 0.7, foot + 8),
            (x - size * 0.4, foot + 8),
        ),
        (30, 26, 22),
        0.35,
    )


def water_heater(canvas: Canvas, x: float, foot: float, wide: float) -> None:
    """Solar tubes and their tank on a roof."""
    for number in range(12):
        left = x + wide * number / 12
        canvas.line(((left, foot), (left + 22, foot - 62)), (40, 46, 66), 4)
    canvas.block((x + 14, foot - 84, x + wide + 26, foot - 58), (196, 200, 204))
    canvas.block((x + 14, foot - 66, x + wide + 26, foot - 58), (150, 154, 160))


def lamp(canvas: Canvas, x: float, foot: float, height: float, side: int = 1) -> None:
    """A street lamp with its solar panel."""
    thick = max(2.0, height / 70)
    canvas.line(((x, foot), (x, foot - height)), (186, 190, 192), thick)
    canvas.line(
        ((x, foot - height * 0.9), (x + side * height * 0.16, foot - height * 0.96)),
        (186, 190, 192),
        thick * 0.8,
    )
    canvas.block(
        sorted_box(x + side * height * 0.12, x + side * height * 0.22, foot - height * 0.97, height * 0.02),
        (228, 230, 228),
    )
    panel = height * 0.1
    canvas.plane(
        ((x - panel, foot - height + panel * 0.3), (x + panel, foot - height - panel * 0.4),
         (x + panel, foot - height - panel * 0.1), (x - panel, foot - height + panel * 0.6)), (36, 48, 84)
    )  # fmt: skip


def sorted_box(one: float, other: float, top: float, height: float) -> tuple[float, float, float, float]:
    return min(one, other), top, max(one, other), top + max(3.0, height)


def washing(canvas: Canvas, left: float, right: float, y: float) -> None:
    """A line with clothes."""
    canvas.line(((left, y), ((left + right) / 2, y + 14), (right, y)), (90, 90, 90), 1.4)
    x = left + 40
    while x < right - 90:
        wide, high = canvas.chance.uniform(40, 74), canvas.chance.uniform(60, 110)
        colour = canvas.near(canvas.chance.choice((*PLASTICS, (120, 96, 130), (84, 90, 104))), 12)
        canvas.plane(((x, y + 8), (x + wide, y + 8), (x + wide + 4, y + high), (x - 3, y + high - 6)), colour)
        canvas.shade(
            (
                (x + wide * 0.6, y + 8),
                (x + wide, y + 8),
                (x + wide + 4, y + high),
                (x + wide * 0.5, y + high),
            ),
            (0, 0, 0),
            0.18,
            6,
        )
        x += wide + canvas.chance.uniform(12, 40)


def rubbish(canvas: Canvas, place: Rect, count: int) -> None:
    """Bags, bottles and boxes thrown down."""
    for _piece in range(count):
        x, y = canvas.chance.uniform(place.left, place.right), canvas.chance.uniform(place.top, place.bottom)
        size = canvas.chance.uniform(9, 26) * (0.5 + (y - place.top) / max(1.0, place.height))
        colour = canvas.near(
            canvas.chance.choice((*PLASTICS, (230, 230, 226), (164, 132, 92), (52, 52, 54))), 18
        )
        points = [
            (x + math.cos(turn) * size * canvas.chance.uniform(0.5, 1), y + math.sin(turn) * size * 0.6)
            for turn in (0, 0.9, 1.8, 2.6, 3.5, 4.4, 5.4)
        ]
        canvas.plane(points, colour)
        canvas.line(points[:3], mixed(colour, (255, 255, 255), 0.4), 1.4)
