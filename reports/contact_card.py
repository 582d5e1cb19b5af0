"""The contact card as a picture to print (联系服务卡, the size of a bank card at 600 dots an inch): who answers for the
household, and a QR that begins a visit when a member scans it. It hangs at the door, so the head is masked."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from reports import stamps
from storage.texts import _

WIDTH, HEIGHT = 2022, 1275
"""85.6 × 54 mm."""
_PAPER, _INK, _RED = (255, 255, 255), (27, 39, 51), (178, 34, 34)
_MARGIN = 90


@dataclass(frozen=True)
class Paper:
    """What is written on it; `link` is what the QR opens."""

    head: str
    village: str
    cadre: str
    team: str
    cadence: str
    link: str


def draw(paper: Paper) -> bytes:
    """PNG, so that the QR stays sharp."""
    page = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, WIDTH, 210), fill=_RED)
    pen.text((WIDTH // 2, 105), _("驻村工作队联系服务卡"), _PAPER, stamps.font_of(104), anchor="mm")
    code = stamps.qr(paper.link, 760)
    left, top = WIDTH - code.width - _MARGIN // 2, 250
    page.paste(code, (left, top))
    hint = _("队员扫码记走访")
    pen.text((left + code.width // 2, top + code.height + 30), hint, _INK, stamps.font_of(48), anchor="mm")
    room = left - 2 * _MARGIN
    for place, (label, words) in enumerate(_lines(paper)):
        y = 330 + place * 165
        pen.text((_MARGIN, y - 44), label, _RED, stamps.font_of(44), anchor="lm")
        fitted, font = stamps.fit(words, 74, room)
        pen.text((_MARGIN, y + 24), fitted, _INK, font, anchor="lm")
    pen.line((_MARGIN, HEIGHT - 150, WIDTH - _MARGIN, HEIGHT - 150), fill=_RED, width=4)
    pen.text((_MARGIN, HEIGHT - 80), _("电话：________________"), _INK, stamps.font_of(56), anchor="lm")
    out = io.BytesIO()
    page.save(out, "PNG", dpi=(600, 600), optimize=True)
    return out.getvalue()


def _lines(paper: Paper) -> list[tuple[str, str]]:
    return [
        (_("联系人"), paper.cadre),
        (_("工作队"), paper.team),
        (_("户主"), paper.head),
        (_("村"), paper.village),
        (_("走访"), paper.cadence),
    ]
