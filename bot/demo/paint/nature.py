"""Sky, trees, ground and what grows."""

import math

from bot.demo.paint.canvas import WIDTH, Canvas, Colour, mixed

SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((98, 148, 205), (206, 224, 236)),
    ((132, 168, 205), (225, 230, 232)),
    ((160, 176, 190), (222, 222, 216)),
    ((84, 134, 196), (232, 222, 202)),
)
BARK: Colour = (92, 80, 68)
LEAVES: tuple[Colour, ...] = ((188, 150, 58), (150, 132, 60), (120, 124, 62), (170, 112, 50))
GREENS: tuple[Colour, ...] = ((86, 120, 62), (104, 136, 70), (74, 106, 58))
EARTH: Colour = (150, 130, 104)
CONCRETE: Colour = (176, 172, 162)


def sky(canvas: Canvas, horizon: float) -> None:
    top, bottom = canvas.chance.choice(SKIES)
    canvas.fade((0, 0, WIDTH, horizon), top, bottom)
    for _cloud in range(canvas.chance.randint(2, 6)):
        x, y = canvas.chance.uniform(-100, WIDTH), canvas.chance.uniform(10, horizon * 0.7)
        wide = canvas.chance.uniform(160, 420)
        canvas.glow((x, y, x + wide, y + wide * 0.16), (248, 248, 248), canvas.chance.uniform(0.2, 0.55), 60)


def far_trees(canvas: Canvas, horizon: float, height: float = 60) -> None:
    """A hazy line of trees behind the fields."""
    x = -20.0
    while x < WIDTH + 20:
        wide, high = canvas.chance.uniform(30, 80), canvas.chance.uniform(0.4, 1) * height
        colour = canvas.near((124, 132, 118), 10)
        canvas.oval((x, horizon - high, x + wide, horizon + high * 0.5), colour)
        x += wide * 0.55
    canvas.shade(
        ((0, horizon - height), (WIDTH, horizon - height), (WIDTH, horizon), (0, horizon)),
        (206, 212, 214),
        0.35,
    )


def tree(canvas: Canvas, x: float, foot: float, height: float, leaves: float = 0.4) -> None:
    """A tree of late autumn; `leaves` 0 to 1 is how many it still has."""
    _branch(canvas, (x, foot), -math.pi / 2, height * 0.32, height / 26, leaves, 6)


def _branch(
    canvas: Canvas,
    at: tuple[float, float],
    angle: float,
    length: float,
    thick: float,
    leaves: float,
    order: int,
) -> None:
    end = (at[0] + math.cos(angle) * length, at[1] + math.sin(angle) * length)
    canvas.line((at, end), canvas.near(BARK), max(0.8, thick))
    if order <= 2:
        _foliage(canvas, end, length, leaves)
    if order == 0:
        return
    for turn in (-0.42, 0.05, 0.45)[: 3 if order > 2 else 2]:
        bent = angle + turn + canvas.chance.uniform(-0.18, 0.18)
        _branch(
            canvas, end, bent, length * canvas.chance.uniform(0.62, 0.82), thick * 0.62, leaves, order - 1
        )


def _foliage(canvas: Canvas, at: tuple[float, float], length: float, leaves: float) -> None:
    if canvas.chance.random() > leaves:
        return
    colour, size = canvas.near(canvas.chance.choice(LEAVES), 14), max(2.0, length * 0.35)
    x, y = at[0] + canvas.chance.uniform(-size, size), at[1] + canvas.chance.uniform(-size, size)
    canvas.oval((x - size, y - size * 0.7, x + size, y + size * 0.7), colour)


def poplar(canvas: Canvas, x: float, foot: float, height: float) -> None:
    """A slim tree beside a road, thinly leaved."""
    canvas.line(((x, foot), (x + height * 0.01, foot - height)), canvas.near(BARK), max(1.0, height / 60))
    canvas.line(((x, foot), (x, foot - height * 0.12)), (226, 224, 214), max(1.2, height / 52))
    for step in range(int(26 + height / 12)):
        up = 0.25 + 0.75 * step / (26 + height / 12)
        reach = height * 0.16 * (1.15 - up) * canvas.chance.uniform(0.5, 1)
        side = canvas.chance.choice((-1, 1))
        start, end = (x, foot - height * up), (x + side * reach, foot - height * up - reach * 1.3)
        canvas.line((start, end), canvas.near(BARK, 14), max(0.6, height / 260))
        if canvas.chance.random() < 0.7:
            _foliage(canvas, end, height * 0.06, 0.8)


def ground(canvas: Canvas, top: float, colour: Colour, bottom: float = 960) -> None:
    """Bare ground up to the viewer's feet."""
    canvas.fade((0, top, WIDTH, bottom), mixed(colour, (255, 255, 255), 0.12), mixed(colour, (0, 0, 0), 0.12))
    canvas.rough((0, top, WIDTH, bottom), 22, 1.5, 2)
    canvas.rough((0, top, WIDTH, bottom), 22, 14, 3)


def slabs(canvas: Canvas, top: float, centre: float = 640, bottom: float = 960) -> None:
    """The joints of a concrete yard, running away from the viewer."""
    joint = (138, 134, 126)
    for upper, _lower in canvas.rows(top, bottom, 4, 1.7):
        canvas.line(((0, upper), (WIDTH, upper)), joint, 1.5)
    for number in range(-6, 7):
        canvas.line(((centre + number * 130, top), (centre + number * 330, bottom)), joint, 1.5)


def fallen_leaves(canvas: Canvas, top: float, count: int) -> None:
    canvas.specks((0, top, WIDTH, 950), LEAVES, count, (2, 5))
