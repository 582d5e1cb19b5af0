"""Scenes in a house: a room under a leaking ceiling, a kitchen with its tap."""

from bot.demo.paint import building, things
from bot.demo.paint.building import Rect
from bot.demo.paint.canvas import WIDTH, Canvas, Colour, mixed

DIM: Colour = (28, 24, 22)
STAIN: Colour = (124, 92, 54)


def room(canvas: Canvas, mended: bool) -> None:
    """A corner under the ceiling. Before it is mended, the rain has come through."""
    wall = canvas.chance.choice(((214, 208, 194), (198, 206, 200), (220, 210, 188)))
    corner = canvas.chance.uniform(440, 840)
    canvas.plane(
        ((0, 0), (WIDTH, 0), (WIDTH, 200), (corner, 330), (0, 220)), mixed(wall, (255, 255, 255), 0.35)
    )
    canvas.plane(((0, 220), (corner, 330), (corner, 960), (0, 960)), wall)
    canvas.plane(((corner, 330), (WIDTH, 200), (WIDTH, 960), (corner, 960)), mixed(wall, (0, 0, 0), 0.1))
    canvas.rough((0, 0, WIDTH, 960), 12, 1.3)
    canvas.rough((0, 0, WIDTH, 960), 16, 40)
    canvas.line(((corner, 330), (corner, 960)), mixed(wall, (0, 0, 0), 0.28), 3)
    canvas.line(((0, 220), (corner, 330), (WIDTH, 200)), mixed(wall, (0, 0, 0), 0.3), 4)
    if mended:
        _patch(canvas, corner)
    else:
        _stains(canvas, corner)
    _furnish(canvas, corner)
    canvas.shade(((0, 700), (WIDTH, 640), (WIDTH, 960), (0, 960)), DIM, 0.3, 200)


def _stains(canvas: Canvas, corner: float) -> None:
    for _stain in range(7):
        x, y = corner + canvas.chance.uniform(-260, 260), canvas.chance.uniform(60, 300)
        wide = canvas.chance.uniform(90, 260)
        canvas.glow((x - wide, y - wide * 0.4, x + wide, y + wide * 0.45), STAIN, 0.42, 16)
        canvas.glow(
            (x - wide * 0.8, y - wide * 0.3, x + wide * 0.8, y + wide * 0.35), (206, 190, 156), 0.4, 18
        )
    for _run in range(16):
        x = corner + canvas.chance.uniform(-230, 230)
        top = 320 - abs(x - corner) * 0.2
        points = ((x, top), (x + 7, top), (x + 5, top + canvas.chance.uniform(120, 420)), (x + 2, top + 60))
        canvas.shade(points, STAIN, 0.5, 8)
    things_on_floor = canvas.chance.uniform(corner - 160, corner + 160)
    things.bucket(canvas, things_on_floor, 930, 170)
    for _flake in range(26):
        x, y = corner + canvas.chance.uniform(-200, 200), canvas.chance.uniform(120, 330)
        canvas.plane(((x, y), (x + 17, y + 3), (x + 11, y + 13), (x - 4, y + 8)), (150, 140, 124))


def _patch(canvas: Canvas, corner: float) -> None:
    """Fresh paint is a little whiter than the rest."""
    canvas.shade(
        ((corner - 320, 60), (corner + 300, 40), (corner + 280, 300), (corner, 336), (corner - 300, 290)),
        (250, 250, 246),
        0.75,
        6,
    )


def _furnish(canvas: Canvas, corner: float) -> None:
    canvas.line(((corner - 190, 0), (corner - 188, 150)), (60, 60, 60), 2)
    canvas.glow((corner - 270, 120, corner - 106, 250), (255, 244, 206), 0.5, 60)
    canvas.oval((corner - 206, 148, corner - 170, 196), (255, 250, 228))
    building.window(canvas, Rect(corner - 380, 470, corner - 130, 700))
    canvas.glow((corner - 420, 440, corner - 90, 740), (250, 250, 250), 0.22, 90)
    sheet = Rect(corner + 120, 450, corner + 270, 650)
    canvas.block(sheet.box, (232, 226, 210))
    canvas.block((sheet.left, sheet.top, sheet.right, sheet.top + 76), canvas.near((186, 60, 48), 20))
    for number in range(5):
        y = sheet.top + 96 + number * 20
        canvas.line(((sheet.left + 14, y), (sheet.right - 14, y)), (150, 146, 140), 2)
    canvas.block((corner + 60, 800, corner + 420, 960), building.TIMBER)
    canvas.block((corner + 50, 780, corner + 430, 806), mixed(building.TIMBER, (255, 255, 255), 0.15))
    things.bucket(canvas, corner + 330, 784, 46)


def kitchen(canvas: Canvas, mended: bool) -> None:
    """A kitchen with its tap. Before it is mended, no water comes and jars stand ready."""
    building.tiles(canvas, Rect(0, 0, WIDTH, 620), canvas.chance.choice(((222, 224, 218), (206, 216, 216))))
    canvas.fade((0, 620, WIDTH, 960), (150, 142, 132), (112, 104, 96))
    canvas.rough((0, 620, WIDTH, 960), 26, 1.6, 2)
    _stove(canvas)
    _sink(canvas, mended)
    canvas.shade(((0, 0), (360, 0), (120, 960), (0, 960)), DIM, 0.34, 220)
    canvas.glow((700, 40, 1240, 420), (255, 252, 240), 0.35, 160)
    for number in range(0 if mended else 4):
        things.bucket(canvas, 610 + number * 120, 900 - number % 2 * 34, 112)


def _stove(canvas: Canvas) -> None:
    """A brick stove with its wok and the smoke of years above it."""
    building.bricks(canvas, Rect(60, 560, 560, 860), (170, 120, 96), 15)
    canvas.plane(((40, 560), (580, 560), (560, 500), (84, 500)), (196, 192, 184))
    canvas.oval((170, 486, 460, 568), (40, 40, 42))
    canvas.oval((190, 492, 440, 548), (72, 72, 76))
    canvas.block((250, 690, 370, 820), (24, 20, 18))
    canvas.glow((262, 770, 358, 826), (226, 112, 40), 0.6, 20)
    canvas.glow((120, 60, 520, 470), (74, 66, 56), 0.42, 120)


def _sink(canvas: Canvas, mended: bool) -> None:
    canvas.plane(((690, 560), (1230, 560), (1250, 610), (670, 610)), (208, 206, 200))
    canvas.block((680, 610, 1240, 650), (172, 168, 160))
    canvas.block((700, 650, 1220, 860), canvas.near((148, 116, 84), 14))
    canvas.line(((960, 650), (960, 860)), (90, 70, 52), 3)
    canvas.oval((800, 562, 1100, 606), (120, 126, 130))
    canvas.line(((950, 400), (950, 470), (952, 478)), (182, 186, 190), 16)
    canvas.line(((950, 404), (1010, 404), (1012, 452)), (198, 202, 206), 14)
    canvas.block((926, 378, 976, 394), (58, 104, 158))
    if mended:
        canvas.shade(((1004, 452), (1020, 452), (1018, 590), (1006, 590)), (226, 238, 244), 0.85, 4)
        canvas.glow((930, 572, 1090, 602), (214, 230, 238), 0.7, 16)
    else:
        canvas.glow((905, 470, 1000, 560), (150, 106, 62), 0.4, 20)
