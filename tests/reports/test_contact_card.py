"""The contact card as a picture: its size, its words, its QR."""

import io

import pytest
import segno
from PIL import Image

from reports import contact_card, stamps
from reports.contact_card import HEIGHT, WIDTH, Paper

LINK = "https://t.me/zhucun_demo_bot?start=c_0123456789abcdef0123456789abcdef"
PAPER = Paper("李*国", "大桃园村", "王爱民", "一队", "每 15 天一次", LINK)


@pytest.fixture(scope="module")
def drawn() -> Image.Image:
    return Image.open(io.BytesIO(contact_card.draw(PAPER)))


def test_it_is_a_sharp_card_to_print(drawn: Image.Image) -> None:
    assert (drawn.format, drawn.size) == ("PNG", (WIDTH, HEIGHT))
    assert round(drawn.info["dpi"][0]) == 600
    assert abs(WIDTH / HEIGHT - 85.6 / 54) < 0.01


def test_the_qr_holds_the_link_module_by_module(drawn: Image.Image) -> None:
    code = stamps.qr(LINK, 760)
    left, top = WIDTH - code.width - 45, 250
    shown = drawn.crop((left, top, left + code.width, top + code.height)).convert("L")
    rows = [list(row) for row in segno.make(LINK, error="m", micro=False).matrix]
    scale = code.width // (len(rows) + 8)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            at = ((x + 4) * scale + scale // 2, (y + 4) * scale + scale // 2)
            assert (shown.getpixel(at) == 0) == bool(dark), (x, y)
    assert scale >= 12, "read from a metre away"


def test_other_words_make_another_picture() -> None:
    long = Paper(
        "李*国",
        "大桃园村",
        "王爱民",
        "区农业农村局和区水务局联合驻大桃园村第一工作队" * 2,
        "每 15 天一次",
        LINK,
    )
    made = Image.open(io.BytesIO(contact_card.draw(long)))
    assert made.size == (WIDTH, HEIGHT)
    code = stamps.qr(LINK, 760)
    gap = made.crop((WIDTH - code.width - 45 - 90, 230, WIDTH - code.width - 45, HEIGHT - 160)).convert("L")
    assert gap.getextrema() == (255, 255), "long words stop before the code"
