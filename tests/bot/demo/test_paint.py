"""The painter: photos of the right size, the same each time, different where they should differ."""

import io
import random

import pytest
from PIL import Image, ImageStat

from bot.demo import stories
from bot.demo.album import SHOWN, painted
from bot.demo.paint import SCENES, paint
from bot.demo.paint.building import Rect
from bot.demo.paint.canvas import HEIGHT, WIDTH, Canvas, mixed, noise

KILOBYTES = range(70, 260)


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_is_a_photo_of_a_phones_size(scene: str) -> None:
    data = paint(scene, 1)
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (WIDTH, HEIGHT))
    assert len(data) // 1024 in KILOBYTES
    # Neither a black nor a blank picture, and one with contrast in it.
    light = ImageStat.Stat(image.convert("L"))
    assert 60 < light.mean[0] < 210
    assert light.stddev[0] > 18


def test_the_same_seed_paints_the_same_picture_but_for_its_grain() -> None:
    one, again, other = (
        Image.open(io.BytesIO(paint("room", seed))).convert("L").resize((64, 48)) for seed in (1, 1, 2)
    )
    assert difference(one, again) < 2
    assert difference(one, other) > 4


@pytest.mark.parametrize("scene", ["roof", "room", "road", "ditch", "kitchen", "courtyard"])
def test_what_was_mended_looks_different(scene: str) -> None:
    before, after = (Image.open(io.BytesIO(paint(scene, 1, mended))).convert("L") for mended in (False, True))
    assert difference(before.resize((64, 48)), after.resize((64, 48))) > 0.5


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of grey, 0 to 255."""
    pairs = list(zip(one.tobytes(), other.tobytes(), strict=True))
    return sum(abs(a - b) for a, b in pairs) / len(pairs)


def test_an_unknown_scene_is_an_error() -> None:
    with pytest.raises(KeyError):
        paint("palace", 1)


def test_no_corner_is_black() -> None:
    image = Image.open(io.BytesIO(paint("field", 1))).convert("L")
    corners = [(3, 3), (WIDTH - 4, 3), (3, HEIGHT - 4), (WIDTH - 4, HEIGHT - 4)]
    areas = [image.crop((x - 3, y - 3, x + 4, y + 4)) for x, y in corners]
    assert all(ImageStat.Stat(area).mean[0] > 30 for area in areas)


def test_a_painted_picture_knows_its_facts() -> None:
    data, facts = painted("ditch+", 1)
    assert (facts.length, facts.mime) == (len(data), "image/jpeg")
    assert (facts.width, facts.height) == (WIDTH, HEIGHT)
    assert facts.place is None


def test_every_story_has_photos_to_show() -> None:
    scenes = {scene for story in stories.VISITS for scene in story.scenes}
    scenes |= {scene for story in stories.PHOTOS for scene in story.scenes}
    scenes |= {scene for story in stories.CASES for scene in story.scenes}
    scenes |= {scene for one in stories.MENDINGS for scene in (one.scene, one.scene + "+")}
    assert scenes <= SHOWN.keys()
    assert {scene.removesuffix("+") for scene in SHOWN} == SCENES.keys()
    assert sum(map(len, SHOWN.values())) >= 24


def canvas() -> Canvas:
    return Canvas(random.Random(1))


def grey(made: Canvas) -> list[float]:
    return ImageStat.Stat(made.image).mean


def test_a_plane_lies_where_it_is_put() -> None:
    made = canvas()
    made.block((0, 0, WIDTH / 2, HEIGHT), (200, 100, 50))
    left = made.image.getpixel((5, 5))
    right = made.image.getpixel((made.image.width - 5, 5))
    assert (left, right) == ((200, 100, 50), (0, 0, 0))


def test_a_fade_goes_from_one_colour_to_the_other() -> None:
    made = canvas()
    made.fade((0, 0, WIDTH, HEIGHT), (0, 0, 0), (250, 250, 250))
    pixels = [made.image.getpixel((10, round(y))) for y in (2, made.image.height / 2, made.image.height - 3)]
    greys = [pixel[0] for pixel in pixels if isinstance(pixel, tuple)]
    assert greys == sorted(greys)
    assert greys[0] < 10 < 240 < greys[-1]


def test_light_and_shadow_change_only_their_place() -> None:
    made = canvas()
    made.block((0, 0, WIDTH, HEIGHT), (128, 128, 128))
    made.shade(((0, 0), (200, 0), (200, 200), (0, 200)), (0, 0, 0), 0.8)
    made.glow((900, 600, 1100, 800), (255, 255, 255), 0.8)
    dark, light, plain = (
        made.image.getpixel((round(x * made.image.width / WIDTH), round(y * made.image.width / WIDTH)))
        for x, y in ((100, 100), (1000, 700), (600, 300))
    )
    assert isinstance(dark, tuple)
    assert isinstance(light, tuple)
    assert dark[0] < 60
    assert light[0] > 180
    assert plain == (128, 128, 128)


def test_roughness_leaves_the_colour_on_the_whole() -> None:
    made = canvas()
    made.block((0, 0, WIDTH, HEIGHT), (128, 128, 128))
    made.rough((0, 0, WIDTH, HEIGHT), 30)
    assert abs(grey(made)[0] - 128) < 12
    assert ImageStat.Stat(made.image).stddev[0] > 3
    before = made.image.copy()
    made.rough((20, 20, 20.5, 20.5), 30)
    assert made.image.tobytes() == before.tobytes()


def test_noise_is_as_large_as_asked_up_to_its_plate() -> None:
    assert noise((30, 20), 20, random.Random(1)).size == (30, 20)
    assert noise((9000, 20), 20, random.Random(1)).size[0] < 9000


def test_rows_grow_towards_the_viewer() -> None:
    heights = [lower - upper for upper, lower in canvas().rows(100, 900, 8, 1.5)]
    assert sum(heights) == pytest.approx(800)
    assert heights == sorted(heights)


def test_small_sums() -> None:
    assert mixed((0, 0, 0), (100, 200, 50), 0.5) == (50, 100, 25)
    frame = Rect(10, 20, 110, 220)
    assert (frame.width, frame.height) == (100, 200)
    assert frame.inset(10) == Rect(20, 30, 100, 210)
    assert frame.inset(10).box == (20, 30, 100, 210)
