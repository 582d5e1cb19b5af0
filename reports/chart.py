"""The week as a picture: 1,080 pixels wide, to be read on a phone.

Colours of Okabe and Ito, told apart by colour-blind readers; nothing is said by colour alone. matplotlib is
slow to import and to draw: call `draw` in a process of its own.
"""

import io
from datetime import date, datetime
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, Rectangle

from reports.counts import PARTS, tiles
from reports.figures import Figures, Parts, from_json
from reports.fonts import REGULAR
from reports.on_time import percent
from reports.week import weekday_name
from reports.week_lines import Line
from storage.tallies import Tally
from storage.texts import _, speaking

WIDTH = 1080
ROWS = 12
_EDGE = 48
_BLUE, _RED = "#0072B2", "#D55E00"
_INK, _SOFT, _PALE, _GROUND, _CARD = "#1B2733", "#5B6875", "#DCE3EA", "#F4F6F8", "#FFFFFF"
_HEAD, _TILES, _DAYS, _BARS, _ROW, _FOOT = 170, 376, 372, 116, 56, 72


def draw(figures: dict[str, Any], language: str) -> bytes:
    """The chart of kept figures (JSON) as PNG. For a spawned process: everything it needs is handed in."""
    with speaking(language):
        return png(from_json(figures))


def png(figures: Figures) -> bytes:
    rows = _rows(figures)
    height = _HEAD + _TILES + _DAYS + (_BARS + 24 + _ROW * len(rows) if rows else 0) + _FOOT
    page = _Page(height)
    top = _head(page, figures, height)
    top = _tiles(page, figures, top)
    top = _days(page, figures, top)
    if rows:
        _bars(page, figures, rows, top)
    page.text(WIDTH / 2, 36, _foot(figures), 24, _SOFT, ha="center")
    return page.png()


class _Page:
    """A canvas measured in pixels, the origin at the bottom left."""

    def __init__(self, height: int) -> None:
        # At 72 dots per inch a point is a pixel, so font sizes are pixels too.
        self.figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=_GROUND)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, WIDTH), ylim=(0, height))
        self.axes.axis("off")

    def text(self, x: float, y: float, words: str, size: float, colour: str = _INK, **more: Any) -> None:
        font = FontProperties(fname=str(REGULAR), size=size)
        self.axes.text(x, y, words, fontproperties=font, color=colour, parse_math=False, **more)

    def heading(self, y: float, words: str) -> None:
        self.text(_EDGE + 32, y, words, 34)

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, linewidth=0))

    def card(self, x: float, y: float, width: float, height: float) -> None:
        style = "round,pad=0,rounding_size=22"
        self.axes.add_patch(
            FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor=_CARD, linewidth=0)
        )

    def png(self) -> bytes:
        out = io.BytesIO()
        self.figure.set_canvas(FigureCanvasAgg(self.figure))
        self.figure.savefig(out, format="png")
        return out.getvalue()


def fit(words: str, width: float, size: float) -> str:
    """The words cut to a width in pixels, with an ellipsis when something is left out."""
    if _width(words, size) <= width:
        return words
    while words and _width(words + "…", size) > width:
        words = words[:-1]
    return words + "…"


def _width(words: str, size: float) -> float:
    return sum(size if ord(one) > 0x2E7F or one == "…" else size * 0.58 for one in words)


def _head(page: _Page, figures: Figures, height: float) -> float:
    year, number = figures.week.split("-W")
    size = 56 if _width(figures.name, 56) <= 560 else 38
    page.text(_EDGE, height - 84, fit(figures.name, 560, size), size)
    week = _("{year} 年第 {number} 周 周报").format(year=year, number=int(number))
    page.text(WIDTH - _EDGE, height - 72, week, 34, _BLUE, ha="right")
    page.text(WIDTH - _EDGE, height - 118, _span(figures), 26, _SOFT, ha="right")
    teams = _("{all} 个队，{count} 个队没有报告").format(all=figures.teams, count=len(figures.silent))
    page.text(_EDGE, height - 132, teams if figures.teams > 1 else "", 28, _SOFT)
    return height - _HEAD


def _span(figures: Figures) -> str:
    start, end = (datetime.fromisoformat(moment) for moment in (figures.start, figures.end))
    return f"{start:%m-%d %H:%M} — {end:%m-%d %H:%M}"


def _tiles(page: _Page, figures: Figures, top: float) -> float:
    now, before = figures.total, figures.before
    shown = (
        *tiles(now, before, _against),
        (_("整改逾期"), now.overdue, _on_time(now), now.overdue > 0),
    )
    width, height, gap = (WIDTH - 2 * _EDGE - 40) / 3, 168, 20
    for place, (label, count, note, alarm) in enumerate(shown):
        x = _EDGE + (place % 3) * (width + gap)
        y = top - height - (place // 3) * (height + gap)
        _tile(page, x, y, width, height, (label, str(count), note), alarm)
    return top - _TILES


def _tile(
    page: _Page, x: float, y: float, width: float, height: float, words: tuple[str, str, str], alarm: bool
) -> None:
    label, count, note = words
    page.card(x, y, width, height)
    if alarm:
        page.bar(x + 22, y + 24, 8, height - 48, _RED)
    left = x + (46 if alarm else 28)
    page.text(left, y + 120, label, 28, _SOFT)
    page.text(left, y + 50, count, 60, _RED if alarm else _INK)
    page.text(x + width - 24, y + 34, note, 25, _SOFT, ha="right")


def _on_time(now: Tally) -> str:
    return "" if now.punctual is None else _("按时率 {rate}").format(rate=percent(now.punctual))


def _against(now: int, before: int) -> str:
    if now == before:
        return _("与前一周同")
    return f"▲ {now - before}" if now > before else f"▼ {before - now}"


def _days(page: _Page, figures: Figures, top: float) -> float:
    height = _DAYS - 24
    bottom = top - height
    page.card(_EDGE, bottom, WIDTH - 2 * _EDGE, height)
    page.heading(top - 56, _("每天走访"))
    most = max((count for _day, count in figures.days), default=0) or 1
    step = (WIDTH - 2 * _EDGE - 64) / max(len(figures.days), 1)
    for place, (day, count) in enumerate(figures.days):
        middle = _EDGE + 32 + step * (place + 0.5)
        tall = 150 * count / most
        width = min(step * 0.56, 84)
        page.bar(middle - width / 2, bottom + 88, width, max(tall, 3), _BLUE if count else _PALE)
        page.text(middle, bottom + 98 + tall, str(count), 28, _INK if count else _SOFT, ha="center")
        page.text(middle, bottom + 48, weekday_name(date.fromisoformat(day).weekday()), 26, _INK, ha="center")
        page.text(middle, bottom + 18, f"{int(day[5:7])}-{int(day[8:])}", 22, _SOFT, ha="center")
    return bottom - 24


def _rows(figures: Figures) -> list[Line]:
    """The parts with the most visits; when they are too many, the last row stands for the others."""
    lines = list(figures.lines) if figures.parts is not Parts.VILLAGES or len(figures.lines) > 1 else []
    if len(lines) <= ROWS:
        return lines
    return lines[: ROWS - 1]


def _bars(page: _Page, figures: Figures, rows: list[Line], top: float) -> None:
    height = _BARS + _ROW * len(rows)
    page.card(_EDGE, top - height, WIDTH - 2 * _EDGE, height)
    page.heading(top - 56, _title(figures, len(rows)))
    _legend(page, top - 56)
    most = max((max(line.now.visits, line.before.visits) for line in rows), default=0) or 1
    right = _right(rows)
    for place, line in enumerate(rows):
        _row(page, line, top - 96 - _ROW * (place + 1) + 14, (right - _LEFT) / most, right)


def _title(figures: Figures, shown: int) -> str:
    left = len(figures.lines) - shown
    name = _("{parts}走访").format(parts=_(PARTS[figures.parts]))
    return name + (_("（另有 {count} 个未画出）").format(count=left) if left else "")


def _legend(page: _Page, y: float) -> None:
    right, size = WIDTH - _EDGE - 32, 25
    before, now = _("前一周"), _("这一周")
    page.text(right, y, before, size, _SOFT, ha="right")
    tick = right - _width(before, size) - 16
    page.bar(tick, y - 4, 5, 30, _INK)
    page.text(tick - 26, y, now, size, _SOFT, ha="right")
    page.bar(tick - 26 - _width(now, size) - 34, y, 24, 22, _BLUE)


_LEFT, _RIGHT = 330, 880


def _right(rows: list[Line]) -> float:
    """Where the longest bar ends: its number and what is overdue stand behind it."""
    count = max(_width(str(line.now.visits), 28) for line in rows)
    late = max((_width(_overdue(line), 24) + 16 for line in rows if line.now.overdue), default=0)
    return min(_RIGHT, WIDTH - _EDGE - 24 - late - count - 18)


def _overdue(line: Line) -> str:
    return _("逾期 {count}").format(count=line.now.overdue)


def _row(page: _Page, line: Line, y: float, scale: float, right: float) -> None:
    now, before = line.now, line.before
    page.text(_LEFT - 18, y + 5, fit(line.name, _LEFT - 18 - _EDGE - 24, 28), 28, ha="right")
    page.bar(_LEFT, y, right - _LEFT, 30, _GROUND)
    page.bar(_LEFT, y, max(now.visits * scale, 3), 30, _BLUE if now.visits else _PALE)
    tick = _LEFT + before.visits * scale
    page.bar(tick - 5, y - 6, 10, 42, _CARD)
    page.bar(tick - 2, y - 6, 5, 42, _INK)
    page.text(right + 18, y + 4, str(now.visits), 28)
    if now.overdue:
        page.text(WIDTH - _EDGE - 24, y + 5, _overdue(line), 24, _RED, ha="right")


def _foot(figures: Figures) -> str:
    chain = figures.journal or _("尚未封存")
    return _("{week}　存证链 {chain}").format(week=figures.week, chain=chain)
