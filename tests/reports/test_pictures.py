"""Pictures that go out: upright, small, without marks, whatever went in."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from reports import pictures
from storage import picture
from tests.drawn import BLUE, RED, SAVED, drawn, lying, moving, phone, sketch

TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a phone that notes this orientation lays the upright picture into the file (EXIF 2.32, 4.6.4)."""


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.format == "JPEG"
    assert not image.getexif()
    return image


def near(colour: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(one - other) < 40 for one, other in zip(colour, wanted, strict=True))


def lies_as_drawn(image: Image.Image) -> bool:
    """White corner top left, red above, blue below."""
    right, low = image.width - 5, image.height - 5
    corners = [image.getpixel(at) for at in ((4, 4), (right, 4), (4, low), (right, low))]
    return all(map(near, corners, ((255, 255, 255), RED, BLUE, BLUE)))


@pytest.mark.parametrize("turned", TURNS)
def test_a_turned_photo_is_shown_upright(turned: int) -> None:
    turn = TURNS[turned]
    stored = sketch() if turn is None else sketch().transpose(turn)
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=95, exif=phone(turned).tobytes())
    shown = opened(pictures.preview(out.getvalue()))
    assert shown.size == (120, 80)
    assert lies_as_drawn(shown)


@pytest.mark.parametrize("kind", sorted(SAVED))
def test_every_format_becomes_a_jpeg(kind: str) -> None:
    assert lies_as_drawn(opened(pictures.preview(drawn(kind))))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_shown(kind: str) -> None:
    assert lies_as_drawn(opened(pictures.preview(moving(kind))))


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "CMYK")])
def test_unusual_colours_become_usual(kind: str, mode: str) -> None:
    assert opened(pictures.preview(drawn(kind, mode=mode))).mode == "RGB"


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(mode: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).convert(mode).save(out, "PNG")
    assert near(opened(pictures.preview(out.getvalue())).getpixel((25, 25)), (255, 255, 255))


def test_large_becomes_small_and_small_stays() -> None:
    large = drawn("JPEG", (4000, 3000))
    assert opened(pictures.preview(large)).size == (1600, 1200)
    assert opened(pictures.thumbnail(large)).size == (320, 240)
    assert opened(pictures.preview(drawn("PNG", (30, 20)))).size == (30, 20)


def test_a_large_jpeg_is_decoded_scaled_down() -> None:
    with picture.opened(drawn("JPEG", (4000, 3000))) as image:
        picture.decode(image, 320)
        assert image.size == (500, 375)


@pytest.mark.parametrize("size", [(2000, 10), (10, 2000), (300, 1)])
def test_what_is_too_flat_for_telegram_gets_margins(size: tuple[int, int]) -> None:
    width, height = opened(pictures.preview(drawn("PNG", size))).size
    assert max(width, height) <= 20 * min(width, height)
    assert max(width, height) == min(max(size), 1600)


def test_the_colours_of_a_phone_stay_as_they_were_meant() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert opened(pictures.preview(drawn("JPEG", icc_profile=profile))).info["icc_profile"] == profile
    assert "icc_profile" not in opened(pictures.preview(drawn("JPEG", mode="L", icc_profile=profile))).info


@pytest.mark.parametrize("data", [b"", b"text", lying((20_000, 20_000)), drawn()[:400]])
def test_what_cannot_be_read_has_no_preview(data: bytes) -> None:
    with pytest.raises(picture.Unreadable):
        pictures.preview(data)


def test_a_strip_shows_all_in_order() -> None:
    red, blue = (drawn("PNG", (400, 400), mode="RGB") for _ in range(2))
    sheet = opened(pictures.strip([red, b"nonsense", blue, drawn("JPEG", (640, 320))]))
    assert sheet.size == (3 * 328 + 8, 2 * 328 + 8)
    assert near(sheet.getpixel((8 + 300, 8 + 10)), RED)
    assert near(sheet.getpixel((328 + 160, 160)), (200, 200, 200))
    assert near(sheet.getpixel((2 * 328 + 8 + 160, 8 + 300)), BLUE)
    assert near(sheet.getpixel((20, 328 + 20)), (255, 255, 255))  # a wide one lies in the middle of its field
    assert near(sheet.getpixel((300, 328 + 8 + 230)), BLUE)


def test_a_strip_of_one_is_one_field() -> None:
    assert opened(pictures.strip([drawn()])).size == (336, 336)


def test_a_strip_of_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no pictures"):
        pictures.strip([])


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("heic_mobile_iphone_13_pro_max.HEIC", (1200, 1600)),
        ("jpg_orientation_landscape_6.jpg", (600, 450)),
        ("jpg_orientation_portrait_3.jpg", (450, 600)),
        ("jpg_orientation_portrait_8.jpg", (450, 600)),
        ("jpg_gps_DSCN0010.jpg", (640, 480)),
    ],
)
def test_real_photos_are_shown_upright(name: str, size: tuple[int, int], shared_data: Path) -> None:
    shown = opened(pictures.preview((shared_data / "data" / "photos" / name).read_bytes()))
    assert shown.size == size


def unlike(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of brightness (0 to 255) of two pictures made tiny."""
    tiny = [image.convert("L").resize((16, 12)).tobytes() for image in (one, other)]
    return sum(abs(a - b) for a, b in zip(tiny[0], tiny[1], strict=True)) / len(tiny[0])


def test_the_turned_real_photos_look_as_the_upright_one(shared_data: Path) -> None:
    """Landscape 1 and 6 are the same view, one stored upright, one turned: no other turn is as like."""
    folder = shared_data / "data" / "photos"
    upright, six = (
        opened(pictures.thumbnail((folder / f"jpg_orientation_landscape_{n}.jpg").read_bytes()))
        for n in (1, 6)
    )
    others = [unlike(upright, six.transpose(turn)) for turn in Image.Transpose]
    assert unlike(upright, six) < min(others) / 2
