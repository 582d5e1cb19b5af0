"""Scenes in the open: a house from its yard, a courtyard, a field, a roof close by."""

from bot.demo.paint import building, nature, things
from bot.demo.paint.building import Rect
from bot.demo.paint.canvas import WIDTH, Canvas, Colour, mixed

FRAMES: tuple[Colour, ...] = ((232, 234, 232), (58, 110, 150), (70, 130, 96))
DOORS: tuple[Colour, ...] = ((148, 34, 34), (120, 66, 38), (40, 84, 122))
SHADOW: Colour = (24, 22, 30)


def house(canvas: Canvas, mended: bool) -> None:
    """The front of a house. Before it is mended, plaster has come off and a wall is cracked."""
    nature.sky(canvas, 520)
    nature.far_trees(canvas, 430, 90)
    canvas.fade((0, 430, WIDTH, 740), (150, 142, 118), (138, 130, 108))
    building.bricks(
        canvas,
        Rect(-10, 500, WIDTH + 10, 736),
        canvas.chance.choice((building.RED_BRICK, (150, 140, 130))),
        12,
    )
    nature.tree(canvas, canvas.chance.choice((110, 1190)), 640, 560, 0.35)
    left, right = canvas.chance.uniform(60, 160), canvas.chance.uniform(1120, 1230)
    wall = Rect(left, 400, right, 730)
    _wall(canvas, wall)
    building.roof(
        canvas,
        Rect(left - 44, 262, right + 44, 408),
        canvas.chance.choice((building.RED_TILE, building.GREY_TILE)),
    )
    _eaves(canvas, wall)
    if canvas.chance.random() < 0.5:
        things.water_heater(canvas, canvas.chance.uniform(300, 800), 330, 150)
    _openings(canvas, wall)
    _yard(canvas, 730)
    if not mended:
        _damage(canvas, wall)
    _clutter(canvas)


def _wall(canvas: Canvas, wall: Rect) -> None:
    kind = canvas.chance.choice(("red", "grey", "tile", "plaster"))
    if kind == "tile":
        building.tiles(canvas, wall)
    elif kind == "plaster":
        building.plaster(canvas, wall)
    else:
        building.bricks(canvas, wall, building.RED_BRICK if kind == "red" else building.GREY_BRICK)
    foot = Rect(wall.left, wall.bottom - 54, wall.right, wall.bottom)
    building.plaster(canvas, foot, (138, 134, 128))


def _eaves(canvas: Canvas, wall: Rect) -> None:
    """What the roof takes of the light."""
    band = (
        (wall.left, wall.top),
        (wall.right, wall.top),
        (wall.right, wall.top + 46),
        (wall.left, wall.top + 46),
    )
    canvas.shade(band, SHADOW, 0.55, 34)
    x = wall.left + 10
    while x < wall.right:
        canvas.block((x, wall.top, x + 9, wall.top + 12), building.TIMBER)
        x += 34


def _openings(canvas: Canvas, wall: Rect) -> None:
    frame, middle = (
        canvas.chance.choice(FRAMES),
        (wall.left + wall.right) / 2 + canvas.chance.uniform(-60, 60),
    )
    entry = Rect(middle - 84, wall.top + 74, middle + 84, wall.bottom)
    building.couplets(canvas, entry)
    building.door(canvas, entry, canvas.chance.choice(DOORS))
    for left in (wall.left + 56, middle - 310, middle + 170, wall.right - 216):
        if abs(left + 70 - middle) > 200:
            building.window(canvas, Rect(left, wall.top + 80, left + 150, wall.top + 214), frame)
    for x in (middle - 150, middle + 150):
        if canvas.chance.random() < 0.7:
            things.hanging_maize(canvas, x, wall.top + 30, canvas.chance.uniform(80, 170))


def _yard(canvas: Canvas, top: float) -> None:
    nature.ground(canvas, top, canvas.chance.choice((nature.CONCRETE, nature.EARTH, (166, 156, 140))))
    nature.slabs(canvas, top)
    canvas.shade(((0, top), (WIDTH, top), (WIDTH, top + 46), (0, top + 46)), SHADOW, 0.35, 40)
    nature.fallen_leaves(canvas, top + 30, canvas.chance.randint(10, 90))


def _damage(canvas: Canvas, wall: Rect) -> None:
    """A crack from the eaves and a patch where the plaster came off."""
    x, y = wall.left + wall.width * canvas.chance.choice((0.24, 0.76)), wall.top + 16
    points = [(x, y)]
    while y < wall.bottom - 40:
        x, y = x + canvas.chance.uniform(-17, 17), y + canvas.chance.uniform(12, 30)
        points.append((x, y))
    canvas.line(points, (38, 32, 30), 4.5)
    canvas.line([(px + 3, py) for px, py in points], (190, 178, 164), 1.4)
    canvas.glow((x - 90, wall.bottom - 120, x + 80, wall.bottom - 14), (70, 58, 50), 0.6, 26)
    canvas.glow((x - 60, wall.bottom - 90, x + 50, wall.bottom - 30), (128, 84, 66), 0.7, 10)


def _clutter(canvas: Canvas) -> None:
    if canvas.chance.random() < 0.6:
        things.maize(canvas, Rect(120, 800, 430, 880))
    if canvas.chance.random() < 0.6:
        things.firewood(canvas, Rect(960, 700, 1240, 800))
    things.bucket(canvas, canvas.chance.uniform(480, 620), 850, 64)
    things.bucket(canvas, canvas.chance.uniform(700, 900), 800, 48)


def courtyard(canvas: Canvas, mended: bool) -> None:
    """A yard with its gate. Before it is mended it is strewn with things thrown away."""
    nature.sky(canvas, 440)
    nature.tree(canvas, canvas.chance.uniform(180, 420), 520, 520, 0.5)
    wall = Rect(-10, 330, WIDTH + 10, 600)
    building.bricks(canvas, wall, canvas.chance.choice((building.RED_BRICK, building.GREY_BRICK)), 13)
    canvas.block((-10, 318, WIDTH + 10, 338), (150, 146, 140))
    middle = canvas.chance.uniform(560, 820)
    _gate(canvas, middle)
    nature.ground(canvas, 600, nature.CONCRETE)
    nature.slabs(canvas, 600, middle)
    canvas.shade(((0, 600), (WIDTH, 600), (WIDTH, 636), (0, 636)), SHADOW, 0.4, 36)
    things.washing(canvas, 20, middle - 190, 430)
    things.firewood(canvas, Rect(40, 560, 330, 690))
    if canvas.chance.random() < 0.7:
        things.maize(canvas, Rect(880, 720, 1230, 820))
    things.bucket(canvas, 430, 720, 76)
    if not mended:
        things.rubbish(canvas, Rect(240, 700, 1180, 930), 56)
    nature.fallen_leaves(canvas, 640, 40)


def _gate(canvas: Canvas, middle: float) -> None:
    """A roofed gate in the wall."""
    pillar = (176, 92, 72)
    for left in (middle - 148, middle + 104):
        building.bricks(canvas, Rect(left, 260, left + 44, 606), pillar, 12)
    building.roof(canvas, Rect(middle - 190, 190, middle + 190, 262), building.GREY_TILE, 36)
    entry = Rect(middle - 100, 290, middle + 100, 606)
    canvas.block((middle - 104, 256, middle + 104, 606), (120, 112, 104))
    building.door(canvas, entry, canvas.chance.choice(DOORS))
    canvas.block((middle - 90, 262, middle + 90, 288), building.PAPER)
    for number in range(4):
        x = middle - 60 + number * 40
        canvas.line(((x - 8, 272), (x + 8, 276)), building.GOLD, 2)
        canvas.line(((x, 266), (x, 284)), building.GOLD, 2)


def field(canvas: Canvas, mended: bool) -> None:
    """Winter wheat in rows before greenhouses. Mended means sprouted: green instead of bare."""
    nature.sky(canvas, 400)
    nature.far_trees(canvas, 400, 70)
    earth = (146, 118, 88)
    nature.ground(canvas, 400, earth)
    vanish = canvas.chance.uniform(420, 860)
    shoots = (112, 148, 74) if mended else (142, 144, 84)
    for number in range(-40, 41):
        near = vanish + number * 92
        thick = 9.0
        colour = canvas.near(shoots, 16)
        canvas.plane(
            (
                (vanish + number * 7 - 0.8, 404),
                (vanish + number * 7 + 0.8, 404),
                (near + thick * 2.4, 960),
                (near - thick * 2.4, 960),
            ),
            colour,
        )
    canvas.rough((0, 410, WIDTH, 960), 60, 2.2, 0.7)
    canvas.rough((0, 400, WIDTH, 960), 26, 30, 4)
    for number in range(canvas.chance.randint(2, 4)):
        _greenhouse(
            canvas, canvas.chance.uniform(-60, 240) + number * 330, 410, canvas.chance.uniform(220, 300)
        )
    canvas.shade(((0, 400), (WIDTH, 400), (WIDTH, 440), (0, 440)), (226, 226, 220), 0.3, 30)
    if canvas.chance.random() < 0.6:
        nature.poplar(canvas, canvas.chance.choice((90, 1190)), 560, 430)


def _greenhouse(canvas: Canvas, x: float, foot: float, wide: float) -> None:
    """A plastic tunnel seen from its end."""
    high = wide * 0.36
    canvas.oval((x, foot - high, x + wide, foot + high), (222, 228, 228))
    for number in range(1, 6):
        inset = wide * 0.085 * number
        canvas.arch((x + inset, foot - high, x + wide - inset, foot + high), (176, 186, 190))
    canvas.block((x - 4, foot, x + wide + 4, foot + high + 4), canvas.near((150, 132, 98)))
    canvas.rough((x - 4, foot, x + wide + 4, foot + high + 4), 40, 2)
    canvas.shade(((x, foot), (x + wide, foot), (x + wide, foot + 26), (x, foot + 26)), SHADOW, 0.35, 18)
    canvas.block(
        (x + wide * 0.42, foot - high * 0.62, x + wide * 0.58, foot),
        mixed((222, 228, 228), (60, 80, 90), 0.55),
    )


def roof(canvas: Canvas, mended: bool) -> None:
    """A roof close by. Before it is mended, tiles are gone and a sheet keeps the rain out; after, they are new."""
    nature.sky(canvas, 340)
    nature.far_trees(canvas, 300, 80)
    colour = canvas.chance.choice((building.RED_TILE, building.GREY_TILE))
    hole = (canvas.chance.uniform(400, 760), canvas.chance.uniform(480, 640))
    canvas.plane(((0, 230), (WIDTH, 300), (WIDTH, 960), (0, 960)), mixed(colour, (0, 0, 0), 0.45))
    for number, (upper, lower) in enumerate(canvas.rows(240, 1000, 17, 1.35)):
        _tile_row(canvas, (upper, lower), number, (colour, hole, mended))
    canvas.plane(((0, 214), (WIDTH, 286), (WIDTH, 318), (0, 250)), mixed(colour, (0, 0, 0), 0.25))
    canvas.rough((0, 250, WIDTH, 960), 30, 2)
    if not mended:
        _hole(canvas, hole)


def _tile_row(
    canvas: Canvas, row: tuple[float, float], number: int, of: tuple[Colour, tuple[float, float], bool]
) -> None:
    (upper, lower), (colour, hole, mended) = row, of
    high, wide = lower - upper, (lower - upper) * 1.25
    x = -wide * (0.5 if number % 2 else 1)
    while x < WIDTH + wide:
        tilt = 70 * x / WIDTH * max(0.0, 1 - (upper - 240) / 700)
        fresh = mended and abs(x - hole[0]) < 190 and abs(upper - hole[1]) < 120
        shown = canvas.near(mixed(colour, (226, 190, 170), 0.3) if fresh else colour, 6 if fresh else 18)
        y = upper + tilt
        canvas.block((x, y, x + wide - 1.5, y + high * 0.7), shown)
        canvas.oval((x, y + high * 0.35, x + wide - 1.5, y + high * 1.05), shown)
        canvas.line(
            ((x + wide * 0.2, y), (x + wide * 0.2, y + high * 0.8)), mixed(shown, (255, 255, 255), 0.2), 2
        )
        x += wide


def _hole(canvas: Canvas, hole: tuple[float, float]) -> None:
    x, y = hole
    edge = [
        (x - 150, y - 30),
        (x - 60, y - 84),
        (x + 70, y - 66),
        (x + 160, y - 8),
        (x + 110, y + 70),
        (x - 20, y + 96),
        (x - 130, y + 60),
    ]
    ragged = [(px + canvas.chance.uniform(-18, 18), py + canvas.chance.uniform(-14, 14)) for px, py in edge]
    canvas.plane(ragged, (26, 22, 20))
    for number in range(4):
        top = y - 60 + number * 38
        canvas.line(((x - 120, top), (x + 130, top + 18)), (96, 72, 50), 8)
    canvas.shade(ragged, (0, 0, 0), 0.35, 24)
    blue = canvas.chance.choice(((44, 98, 164), (58, 124, 84)))
    sheet = [(x + 90, y - 120), (x + 420, y - 70), (x + 440, y + 130), (x + 70, y + 110)]
    canvas.plane(sheet, blue)
    for number in range(6):
        left = x + 110 + number * 54
        canvas.shade(
            ((left, y - 110), (left + 22, y - 108), (left + 12, y + 120), (left - 8, y + 118)),
            (255, 255, 255),
            0.28,
            10,
        )
    for bx, by in ((x + 100, y - 108), (x + 400, y - 66), (x + 410, y + 104), (x + 84, y + 88)):
        canvas.block((bx, by, bx + 46, by + 22), canvas.near(building.RED_BRICK))
