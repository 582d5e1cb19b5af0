"""The chart: its size, its font, its colours, and that it says what the figures say."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from reports import chart
from reports.figures import Figures
from storage.tallies import Tally
from tests.reports.sample import line, sample

BLUE, RED = (0, 114, 178), (213, 94, 0)


def picture(figures: Figures) -> Image.Image:
    return Image.open(io.BytesIO(chart.png(figures))).convert("RGB")


def pixels(image: Image.Image, colour: tuple[int, int, int]) -> int:
    return sum(count for count, one in image.getcolors(1 << 24) or [] if one == colour)


def test_it_is_made_for_a_phone() -> None:
    image = picture(sample())
    assert image.width == 1080
    assert image.width + image.height < 10_000, "Telegram's limit"


def test_a_team_alone_has_no_bars() -> None:
    team = replace(sample(), scope="team:3", lines=(), teams=1)
    assert picture(team).height < picture(sample()).height - 500


def test_longer_bars_for_more_visits() -> None:
    few = sample(lines=(line(1), replace(line(2), now=Tally(visits=10))))
    many = sample(lines=(line(1), replace(line(2), now=Tally(visits=150))))
    assert pixels(picture(many), BLUE) > pixels(picture(few), BLUE) + 5000


def test_trouble_is_marked_and_only_then() -> None:
    calm = sample(total=Tally(visits=10, households=9), lines=(line(1),))
    assert pixels(picture(calm), RED) == 0
    assert pixels(picture(replace(calm, total=Tally(overdue=1))), RED) > 500


def test_rare_characters_have_glyphs() -> None:
    """matplotlib warns of a character its font lacks; warnings are errors here."""
    assert picture(sample(name="䶮村𬱖镇")).width == 1080
    with pytest.warns(UserWarning, match="missing from font"):
        chart.png(sample(name="\U0002ffff"))


def test_an_empty_week_can_be_drawn() -> None:
    nothing = sample(total=Tally(), before=Tally(), lines=(replace(line(1), now=Tally(), before=Tally()),))
    empty = replace(nothing, days=tuple((day, 0) for day, _count in nothing.days))
    assert picture(empty).width == 1080


def test_it_is_drawn_from_kept_figures_in_a_language() -> None:
    assert chart.draw(sample().as_json(), "zh") == chart.png(sample())


def test_too_many_parts_are_told() -> None:
    lines = tuple(line(number) for number in range(1, 31))
    shown = picture(sample(lines=lines)).height
    assert shown == picture(sample(lines=lines[:13])).height


@pytest.mark.parametrize("words", ["杨村街道办事处下辖各村联合工作队", "A" * 60, "短"])
def test_names_are_cut_to_their_room(words: str) -> None:
    found = chart.fit(words, 200, 28)
    assert found == words or found.endswith("…")
    assert sum(28 if ord(one) > 0x2E7F or one == "…" else 28 * 0.58 for one in found) <= 200


def test_dollars_are_no_formulas() -> None:
    assert picture(sample(name="$x^2$ 村")).width == 1080


def test_a_number_never_runs_into_what_is_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each row: where its number ends, where the word on what is overdue begins."""
    found: list[tuple[float, str, float, str]] = []
    write = chart._Page.text

    def text(page: Any, x: float, y: float, words: str, size: float, *more: Any, **how: Any) -> None:
        found.append((x, words, size, str(how.get("ha", "left"))))
        write(page, x, y, words, size, *more, **how)

    monkeypatch.setattr(chart._Page, "text", text)
    lines = tuple(replace(line(number), now=Tally(visits=2500, overdue=120)) for number in (1, 2))
    chart.png(sample(lines=lines))
    ends = [x + chart._width(words, size) for x, words, size, _place in found if words == "2500"]
    begins = [x - chart._width(words, size) for x, words, size, _place in found if words == "逾期 120"]
    assert len(ends) == len(begins) == 2
    assert max(ends) + 10 < min(begins)
