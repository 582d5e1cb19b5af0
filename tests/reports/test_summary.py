"""The summary's text: what matters first, its length, what it never says."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import counts, on_time, summary
from reports.figures import Parts, Restated
from reports.week_lines import Line
from storage.tallies import Tally
from storage.texts import speaking
from tests.reports.sample import line, sample

QUIET = Tally(visits=5, households=5)


def test_it_says_the_week_its_window_and_the_chain() -> None:
    text = summary.text(sample())
    assert text.splitlines()[0] == "<b>武清区 2026 年第 47 周 周报</b>"
    assert text.splitlines()[-2:] == ["2026-W47　11-13 16:00 — 11-20 16:00", "存证链 9f86d081884c7d65"]


def test_what_matters_comes_first_and_is_three_at_most() -> None:
    found = replace(sample(), before=Tally(visits=3000))
    assert [sentence.split(" ")[0] for sentence in summary.matters(found)] == ["紧急困难", "整改逾期", "2"]


def test_a_fall_of_a_third_matters_when_nothing_else_does() -> None:
    found = replace(sample(), total=QUIET, silent=(), before=Tally(visits=9))
    assert summary.matters(found) == ["走访比前一周少 4 次"]
    assert summary.matters(replace(found, before=Tally(visits=7))) == ["没有紧急和逾期的事。"]


def test_numbers_stand_beside_the_week_before() -> None:
    text = summary.plain(summary.text(sample()))
    assert "走访 386 次（比前一周 +25），覆盖 351 户" in text
    assert "现场照片 92 份（比前一周 −9），照片共 740 张" in text
    assert "其中补报以前的 5 次" in text
    assert "困难情况 14 件（比前一周 +5），其中紧急 2 件；办结 4，在办 21，逾期 0" in text
    assert "整改：下达 6，完成 4，验收 3，退回 1，销号 2；待整改 7，待验收 4，待销号 3，逾期 3" in text
    assert "按时率 73.9%：按时 17 ÷（办了 20 + 逾期未办 3）" in text


def test_silent_teams_are_named_in_private_only() -> None:
    assert "蒙村工作队" not in summary.text(sample())
    assert "2 个队这一周没有报告（共 171 个队）" in summary.text(sample())
    assert "蒙村工作队、大桃园村工作队" in summary.text(sample(), named=True)


@pytest.mark.parametrize("count", [300, 4000])
def test_many_parts_are_cut_and_the_rest_is_counted(count: int) -> None:
    found = sample(scope="120114001", lines=tuple(line(number) for number in range(1, count + 1)))
    text = summary.text(found)
    assert summary.units(text) <= summary.LIMIT
    assert f"其余 {count - summary.MOST_LINES} 个" in text


@given(st.text(min_size=200, max_size=400), st.integers(1, 60))
def test_it_never_exceeds_the_limit_whatever_the_names(name: str, count: int) -> None:
    lines = tuple(replace(line(number), name=name) for number in range(1, count + 1))
    assert summary.units(summary.text(sample(lines=lines))) <= summary.LIMIT


def test_names_are_escaped() -> None:
    text = summary.text(sample(name="<b>区&", lines=(replace(line(1), name="<i>镇"),)))
    assert "&lt;b&gt;区&amp;" in text
    assert "&lt;i&gt;镇" in text
    assert "<b>区& 2026" in summary.plain(text)


def test_a_running_week_says_so() -> None:
    text = summary.text(sample(counted_at="2026-11-18T10:00:00+08:00"))
    assert "（还没截止，至 11-18 10:00）" in text


def test_a_team_of_its_own_that_was_silent() -> None:
    found = sample(scope="team:3", lines=(), teams=1, silent=("蒙村工作队",), total=Tally(), before=Tally())
    text = summary.text(found, named=True)
    assert "这一周还没有报告" in text
    assert "只在私聊里列出" not in text


def test_no_chain_yet() -> None:
    assert "存证链 尚未封存" in summary.text(sample(journal=""))


def test_units_are_utf16() -> None:
    assert summary.units("村𠀀😀a") == 6


def test_another_language_does_not_break_it() -> None:
    with speaking("en"):
        assert summary.units(summary.text(sample())) < summary.LIMIT


def test_beside_the_same_week_a_year_before() -> None:
    text = summary.plain(summary.text(sample(year=Tally(visits=300))))
    assert "走访 386 次（比前一周 +25，去年同期 300）" in text
    assert "照片 92 份（比前一周 −9）" in text


def test_what_was_corrected_since_is_said() -> None:
    restated = (Restated("visits", 361, 360), Restated("urgent", 1, 2))
    text = summary.plain(summary.text(sample(restated=restated)))
    assert "更正：上一周发出后有更正或撤回，走访次数 361 → 360、其中紧急 1 → 2" in text
    assert "更正" not in summary.text(sample())


def test_nothing_due_is_no_rate() -> None:
    assert "按时率" not in summary.text(sample(total=Tally(visits=3)))


@pytest.mark.parametrize(
    ("part", "said"), [(1.0, "100%"), (0.9999, "99.9%"), (0.5, "50%"), (0.0, "0%"), (2 / 3, "66.6%")]
)
def test_only_what_is_whole_is_said_to_be_whole(part: float, said: str) -> None:
    assert on_time.percent(part) == said


def test_a_team_of_one_village_has_no_list_of_villages() -> None:
    one = (Line("120114001001", "蒙村", Tally(visits=3), Tally()),)
    alone = sample(scope="team:7", lines=one, teams=1, silent=())
    assert "各村" not in summary.text(alone)
    two = (*one, Line("120114001002", "大桃园村", Tally(visits=1), Tally()))
    assert "各村" in summary.text(sample(scope="team:7", lines=two, teams=1, silent=()))


def test_every_count_has_a_name() -> None:
    assert list(counts.COUNTS) == [field.name for field in fields(Tally)]
    assert set(counts.PARTS) == set(Parts)


@pytest.mark.parametrize(("scope", "key"), [("120114", "120114"), ("team:7", "t7")])
def test_who_owes_is_one_tap_below(scope: str, key: str) -> None:
    pressed = [
        one["callback_data"] for row in summary.buttons(sample(scope=scope), private=False) for one in row
    ]
    assert f"ow:w:{key}:2026-W47" in pressed
