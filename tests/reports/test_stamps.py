"""Pictures with words: whole, upright, legible whatever is in them, long names and rare characters too."""

import io
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageChops

from reports import stamps
from reports.stamps import Shown, Stamp
from storage import picture
from tests.drawn import BLUE, RED, drawn, phone
from tests.reports.test_pictures import near

NUMBER = "ZF-20261120-0042"
LINES = ("武清区 杨村街道 王家庄村", "收到 2026-11-20 15:04:05 · 上报 李*国", f"{NUMBER} · 39.500, 117.250")
STAMP = Stamp(LINES, NUMBER)
RARE = "欧阳*𬍛㭎䶮𠅤"


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.format == "JPEG"
    assert not image.getexif(), "a copy tells no place of its own"
    return image.convert("RGB")


def plain(size: tuple[int, int], colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def contrast(band: Image.Image) -> int:
    shades = band.convert("L").tobytes()
    return max(shades) - min(shades)


@pytest.mark.parametrize("colour", ["white", "black", "gray"])
@pytest.mark.parametrize("size", [(1280, 960), (960, 1280), (61, 58), (3000, 200)])
def test_the_words_are_legible_on_any_picture_and_hide_little(colour: str, size: tuple[int, int]) -> None:
    made = opened(stamps.stamped(plain(size, colour), STAMP))
    assert made.width == max(size[0], stamps.LEAST)
    high = stamps._height(made.width, STAMP)
    below = made.height > size[1]
    assert below == (size[0] < stamps.LEAST or high > size[1] * stamps.MOST_HIDDEN)
    left = (made.width - size[0]) // 2
    photo = made.crop((left, 0, left + size[0], made.height - high))
    difference = ImageChops.difference(photo, Image.new("RGB", photo.size, colour)).convert("L")
    assert max(difference.tobytes()) < 60, "only what JPEG changes"
    assert contrast(made.crop((0, made.height - high, made.width, made.height))) > 160


@pytest.mark.parametrize("turned", [3, 6, 8])
def test_the_photo_is_upright(turned: int) -> None:
    """What is stored lying is turned: its red half lies where the phone says."""
    made = opened(stamps.stamped(drawn("JPEG", (1200, 800), exif=phone(turned)), STAMP))
    assert made.size == ((1200, 800) if turned == 3 else (800, 1200))
    middle = {3: (600, 500), 6: (700, 600), 8: (100, 600)}[turned]
    assert near(made.getpixel(middle), RED)


def test_the_code_holds_the_number() -> None:
    """Each module of the code is where a reader looks for it."""
    matrix = segno.make(NUMBER, error="m", micro=False).matrix
    code = stamps.qr(NUMBER, 120)
    scale = code.width // (len(matrix) + 8)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            pixel = code.getpixel(((x + 4) * scale + scale // 2, (y + 4) * scale + scale // 2))
            assert pixel == ((0, 0, 0) if dark else (255, 255, 255))
    band = stamps._band(Image.new("RGB", (1280, 200), "white"), STAMP)
    assert any(band.getpixel((x, band.height // 2)) == (255, 255, 255) for x in range(1100, 1280))


@pytest.mark.parametrize("words", ["内蒙古自治区" * 3, "内蒙古自治区" * 30, RARE, "", "Sentence in English"])
def test_words_fit_whatever_they_are(words: str) -> None:
    fitted, font = stamps.fit(words, 30, 700)
    assert font.getlength(fitted) <= 700
    assert fitted == words or (fitted.endswith("…") and words.startswith(fitted[:-1]))
    assert stamps._band(Image.new("RGB", (720, 90)), Stamp((words, words, words), NUMBER)).size == (720, 90)


def test_a_long_name_takes_a_second_line_and_is_whole() -> None:
    place = "内蒙古自治区呼伦贝尔市鄂伦春自治旗 大杨树镇 阿拉哈达达斡尔族鄂温克族民族村"
    wrapped = stamps._wrapped(Stamp((place, *LINES[1:]), NUMBER), 640).lines
    assert wrapped == ("内蒙古自治区呼伦贝尔市鄂伦春自治旗 大杨树镇", place.rpartition(" ")[2], *LINES[1:])
    assert stamps._wrapped(Stamp(("字" * 40, "x"), NUMBER), 640).lines[0].startswith("字字")
    assert "".join(stamps._wrapped(Stamp(("字" * 40, "x"), NUMBER), 640).lines) == "字" * 40 + "x"
    assert stamps._wrapped(STAMP, 1280) == STAMP
    high = opened(stamps.stamped(plain((640, 480), "white"), Stamp((place, *LINES[1:]), NUMBER))).height
    assert high > opened(stamps.stamped(plain((640, 480), "white"), STAMP)).height


def test_rare_characters_have_shapes_of_their_own() -> None:
    """The font's sign for what it lacks would be the same for each."""
    shapes = set()
    for sign in RARE.replace("*", ""):
        shapes.add(bytes(stamps.font_of(40).getmask(sign)))
    assert len(shapes) == len(RARE) - 1


@pytest.mark.parametrize("data", [b"", b"text", drawn()[:300]])
def test_what_cannot_be_read_is_not_stamped(data: bytes) -> None:
    with pytest.raises(picture.Unreadable):
        stamps.stamped(data, STAMP)


def test_before_and_after_are_one_height_in_their_order() -> None:
    tall, wide = drawn("PNG", (300, 600)), plain((800, 400), "blue")
    made = opened(stamps.pair(Shown(tall, ("之前", "收到")), Shown(wide, ("之后",)), "ZG-1 大桃园村"))
    left, right = made.getpixel((100, 200)), made.getpixel((made.width - 200, 200))
    assert near(left, RED)
    assert near(right, BLUE) or near(right, (0, 0, 255))


def test_a_missing_picture_of_a_pair_is_grey() -> None:
    made = opened(stamps.pair(Shown(None, ()), Shown(drawn(), ()), "ZG-1"))
    assert near(made.getpixel((made.width // 4, made.height // 2)), (200, 200, 200))


@pytest.mark.parametrize(("count", "more"), [(1, 0), (2, 3), (5, 0), (stamps.MOST, 100)])
def test_a_sheet_holds_all_in_rows(count: int, more: int) -> None:
    shown = [Shown(drawn("PNG", (60, 40)), (f"ZF-{one}", "大桃园村 11-20")) for one in range(count)]
    made = opened(stamps.sheet(shown, "杨村街道 2026-W47 照片", more))
    columns = min(stamps.COLUMNS, max(2, count))
    assert made.width == columns * (stamps.CELL + 16) + 16
    rows = -(-count // columns)
    assert rows * stamps.CELL < made.height < (rows + 1) * (stamps.CELL + 120)


def test_real_photos_are_stamped_upright(shared_data: Path) -> None:
    folder = shared_data / "data" / "photos"
    names = ["heic_mobile_iphone_13_pro_max.HEIC", "jpg_orientation_portrait_8.jpg"]
    heic, portrait = (opened(stamps.stamped((folder / name).read_bytes(), STAMP)) for name in names)
    assert heic.size == (3024, 4032)
    assert portrait.width == stamps.LEAST
    assert portrait.height > 600
