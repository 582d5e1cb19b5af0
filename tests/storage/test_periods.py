"""Periods as people write them, seen from Friday 2026-11-20."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.periods import period_at

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("今天", (2026, 11, 20), (2026, 11, 21)),
        ("昨天", (2026, 11, 19), (2026, 11, 20)),
        ("前天", (2026, 11, 18), (2026, 11, 19)),
        ("本周", (2026, 11, 16), (2026, 11, 23)),
        ("上周", (2026, 11, 9), (2026, 11, 16)),
        ("本月", (2026, 11, 1), (2026, 12, 1)),
        ("上月", (2026, 10, 1), (2026, 11, 1)),
        ("上个月", (2026, 10, 1), (2026, 11, 1)),
        ("今年", (2026, 1, 1), (2027, 1, 1)),
        ("去年", (2025, 1, 1), (2026, 1, 1)),
        ("10月", (2026, 10, 1), (2026, 11, 1)),
        ("11月", (2026, 11, 1), (2026, 12, 1)),
        ("12月", (2025, 12, 1), (2026, 1, 1)),
        ("10月份", (2026, 10, 1), (2026, 11, 1)),
        ("2026年10月", (2026, 10, 1), (2026, 11, 1)),
        ("2025年", (2025, 1, 1), (2026, 1, 1)),
        ("10月5日", (2026, 10, 5), (2026, 10, 6)),
        ("12月5号", (2025, 12, 5), (2025, 12, 6)),
        ("2026-10-01", (2026, 10, 1), (2026, 10, 2)),
        ("2026-10-01..2026-10-31", (2026, 10, 1), (2026, 11, 1)),
        ("2026-10-31至2026-10-01", (2026, 10, 1), (2026, 11, 1)),
        ("最近7天", (2026, 11, 14), (2026, 11, 21)),
        ("近1天", (2026, 11, 20), (2026, 11, 21)),
    ],
)
def test_a_period_is_understood(text: str, first: tuple[int, int, int], after: tuple[int, int, int]) -> None:
    assert period_at(text, TODAY) == (date(*first), date(*after), len(text))


@pytest.mark.parametrize(
    "text",
    ["", "屋顶", "13月", "2月30日", "2026-13-01", "9999年", "月", "周", "漏雨上月", "2026-10-01..2026-99-01"],
)
def test_what_is_no_period_stays_a_word(text: str) -> None:
    assert period_at(text, TODAY) is None


def test_only_the_beginning_is_taken() -> None:
    found = period_at("上月走访", TODAY)
    assert found is not None
    assert found.said == 2


def test_the_first_of_january_looks_back_over_the_year() -> None:
    found = period_at("上月", date(2027, 1, 1))
    assert found is not None
    assert found[:2] == (date(2026, 12, 1), date(2027, 1, 1))


@given(st.text("0123456789年月日-.上本这个周最近天", max_size=24), st.dates(date(2, 1, 1), date(9998, 1, 1)))
def test_no_text_breaks_it(text: str, today: date) -> None:
    found = period_at(text, today)
    assert found is None or (found.first < found.after and 0 < found.said <= len(text))
