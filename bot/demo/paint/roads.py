"""Scenes along the road: the village road itself, the ditch beside it."""

from bot.demo.paint import building, nature, things
from bot.demo.paint.building import Rect
from bot.demo.paint.canvas import WIDTH, Canvas, Colour, mixed

HORIZON = 400
WATER: Colour = (104, 120, 122)


def road(canvas: Canvas, mended: bool) -> None:
    """A village road. Before it is mended it is broken and full of puddles."""
    nature.sky(canvas, HORIZON + 10)
    nature.far_trees(canvas, HORIZON, 56)
    nature.ground(canvas, HORIZON, (148, 138, 108))
    vanish = canvas.chance.uniform(520, 760)
    _houses(canvas, vanish)
    surface = (172, 168, 160) if mended else (150, 144, 134)
    edges = ((vanish - 12, HORIZON), (vanish + 12, HORIZON), (1180, 960), (110, 960))
    canvas.plane(edges, surface)
    for upper, lower in canvas.rows(HORIZON + 6, 960, 12, 2.2):
        share = (upper - HORIZON) / (960 - HORIZON)
        left, right = vanish - 12 + (122 - vanish) * share, vanish + 12 + (1168 - vanish) * share
        canvas.line(((left, upper), (right, upper)), mixed(surface, (60, 60, 60), 0.35), 0.6 + 2 * share)
        canvas.rough((left + 8, upper, right - 8, lower), 20, 1.2, 2)
    if not mended:
        _broken(canvas, vanish)
    _avenue(canvas, vanish)
    nature.fallen_leaves(canvas, 560, 70)


def _houses(canvas: Canvas, vanish: float) -> None:
    """Some far away on the left, a wall running along on the right."""
    for number in range(3):
        left = vanish - 470 + number * 130
        building.plaster(
            canvas, Rect(left, HORIZON - 48, left + 112, HORIZON + 16), canvas.near((196, 180, 158), 16)
        )
        building.roof(canvas, Rect(left - 10, HORIZON - 88, left + 122, HORIZON - 46), building.RED_TILE, 16)
        building.window(canvas, Rect(left + 34, HORIZON - 34, left + 72, HORIZON - 6))
    wall = ((vanish + 40, HORIZON - 14), (WIDTH, 190), (WIDTH, 700), (vanish + 40, HORIZON + 22))
    canvas.plane(wall, canvas.near((188, 176, 160), 14))
    canvas.plane(
        ((vanish + 40, HORIZON + 10), (WIDTH, 610), (WIDTH, 700), (vanish + 40, HORIZON + 22)),
        (126, 124, 120),
    )
    canvas.plane(
        ((vanish + 40, HORIZON - 18), (WIDTH, 160), (WIDTH, 194), (vanish + 40, HORIZON - 13)),
        building.GREY_TILE,
    )


def _broken(canvas: Canvas, vanish: float) -> None:
    for _pit in range(canvas.chance.randint(6, 10)):
        y = canvas.chance.uniform(520, 900)
        share = (y - HORIZON) / (960 - HORIZON)
        x = vanish + canvas.chance.uniform(-380, 380) * share
        wide, high = canvas.chance.uniform(60, 190) * share, canvas.chance.uniform(16, 44) * share
        canvas.oval((x - wide * 1.15, y - high * 1.2, x + wide * 1.15, y + high * 1.2), (112, 102, 90))
        canvas.oval((x - wide, y - high, x + wide, y + high), canvas.near(WATER, 14))
        canvas.glow(
            (x - wide * 0.6, y - high * 0.7, x + wide * 0.5, y + high * 0.2), (206, 216, 220), 0.6, 12
        )
    for _crack in range(9):
        x, y = canvas.chance.uniform(300, 980), canvas.chance.uniform(600, 760)
        points = [(x, y)]
        for _bend in range(7):
            x, y = x + canvas.chance.uniform(-46, 46), y + canvas.chance.uniform(10, 34)
            points.append((x, y))
        canvas.line(points, (84, 78, 72), 2.4)


def _avenue(canvas: Canvas, vanish: float) -> None:
    """Poplars on the left, a lamp on the right, farther ones first."""
    for number in range(6, 0, -1):
        share = 1.35**-number
        foot = HORIZON + 470 * share
        nature.poplar(canvas, vanish - 700 * share, foot, 620 * share)
    things.lamp(canvas, vanish + 250, HORIZON + 150, 330, -1)
    things.lamp(canvas, vanish + 110, HORIZON + 62, 150, -1)


def ditch(canvas: Canvas, mended: bool) -> None:
    """A ditch along the fields. Before it is mended it is full of what people threw into it."""
    nature.sky(canvas, HORIZON + 10)
    nature.far_trees(canvas, HORIZON, 84)
    nature.ground(canvas, HORIZON, (140, 136, 96))
    vanish = canvas.chance.uniform(560, 720)
    canvas.plane(((vanish - 60, HORIZON), (vanish + 60, HORIZON), (1340, 960), (-60, 960)), (132, 118, 92))
    canvas.rough((0, HORIZON + 40, WIDTH, 960), 40, 2)
    bed = ((vanish - 20, HORIZON), (vanish + 20, HORIZON), (1010, 960), (270, 960))
    canvas.plane(bed, mixed(WATER, (120, 150, 160), 0.5) if mended else (92, 92, 74))
    if mended:
        _clear(canvas, vanish)
    else:
        things.rubbish(canvas, Rect(330, 560, 960, 940), 96)
        canvas.shade(bed, (58, 66, 44), 0.2, 20)
    _reeds(canvas, vanish)
    nature.poplar(canvas, 120, 640, 560)
    nature.poplar(canvas, 1180, 600, 480)


def _clear(canvas: Canvas, vanish: float) -> None:
    """The sky in the water, ripples across it, stone banks."""
    canvas.shade(
        ((vanish - 6, HORIZON), (vanish + 8, HORIZON), (820, 960), (420, 960)), (214, 224, 230), 0.6, 50
    )
    for upper, _lower in canvas.rows(HORIZON + 20, 950, 16, 1.6):
        share = (upper - HORIZON) / (960 - HORIZON)
        x = vanish + canvas.chance.uniform(-150, 120) * share
        canvas.line(((x, upper), (x + 170 * share, upper + 2)), (188, 202, 208), 1 + 2 * share)
    for near, far in ((270, vanish - 20), (1010, vanish + 20)):
        canvas.plane(
            ((far - 4, HORIZON), (far + 4, HORIZON), (near + 44, 960), (near - 44, 960)), (172, 168, 158)
        )


def _reeds(canvas: Canvas, vanish: float) -> None:
    for _stalk in range(170):
        share = canvas.chance.uniform(0.12, 1) ** 1.2
        side = canvas.chance.choice((-1, 1))
        x = vanish + side * (60 + canvas.chance.uniform(560, 690) * share)
        foot, high = HORIZON + 560 * share, canvas.chance.uniform(60, 150) * share
        lean = canvas.chance.uniform(-18, 18) * share
        colour = canvas.near((176, 156, 104), 20)
        canvas.line(((x, foot), (x + lean, foot - high)), colour, 0.8 + 1.4 * share)
        canvas.oval(
            (x + lean - 4 * share, foot - high - 16 * share, x + lean + 4 * share, foot - high),
            mixed(colour, (230, 220, 190), 0.4),
        )
