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
        ("近两周", (2026, 11, 7), (2026, 11, 21)),
        ("最近三个月", (2026, 8, 21), (2026, 11, 21)),
        ("近半年", (2026, 5, 21), (2026, 11, 21)),
        ("近一年内", (2025, 11, 21), (2026, 11, 21)),
        ("上周五", (2026, 11, 13), (2026, 11, 14)),
        ("本星期一", (2026, 11, 16), (2026, 11, 17)),
        ("上上周", (2026, 11, 2), (2026, 11, 9)),
        ("上上个月", (2026, 9, 1), (2026, 10, 1)),
        ("去年10月", (2025, 10, 1), (2025, 11, 1)),
        ("去年3月", (2025, 3, 1), (2025, 4, 1)),
        ("前年", (2024, 1, 1), (2025, 1, 1)),
        ("三季度", (2026, 7, 1), (2026, 10, 1)),
        ("第4季度", (2026, 10, 1), (2027, 1, 1)),
        ("去年四季度", (2025, 10, 1), (2026, 1, 1)),
        ("2025年第一季度", (2025, 1, 1), (2025, 4, 1)),
        ("本季度", (2026, 10, 1), (2027, 1, 1)),
        ("上季度", (2026, 7, 1), (2026, 10, 1)),
        ("上半年", (2026, 1, 1), (2026, 7, 1)),
        ("2025年下半年", (2025, 7, 1), (2026, 1, 1)),
        ("春节", (2026, 2, 15), (2026, 2, 24)),
        ("2025年春节", (2025, 1, 28), (2025, 2, 5)),
        ("国庆期间", (2026, 10, 1), (2026, 10, 8)),
        ("去年国庆节", (2025, 10, 1), (2025, 10, 9)),
    ],
)
def test_a_period_is_understood(text: str, first: tuple[int, int, int], after: tuple[int, int, int]) -> None:
    assert period_at(text, TODAY) == (date(*first), date(*after), len(text))


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2026年春节前", None, date(2026, 2, 15)),
        ("春节后", date(2026, 2, 24), None),
        ("国庆以来", date(2026, 10, 1), date(2026, 11, 21)),
        ("9月以来", date(2026, 9, 1), date(2026, 11, 21)),
        ("2026-10-01之前", None, date(2026, 10, 1)),
        ("10月5日起", date(2026, 10, 5), date(2026, 11, 21)),
        ("上周以后", date(2026, 11, 16), None),
    ],
)
def test_a_period_may_have_no_end(text: str, first: date | None, after: date | None) -> None:
    assert period_at(text, TODAY) == (first, after, len(text))


@pytest.mark.parametrize(
    ("text", "said"), [("上月前进村", 2), ("上周后山", 2), ("去年起火", 2), ("国庆前走访", 3)]
)
def test_what_follows_may_be_another_word(text: str, said: int) -> None:
    found = period_at(text, TODAY)
    assert found is not None
    assert found.said == said


def test_a_holiday_without_a_year_is_the_last_that_has_begun() -> None:
    found = period_at("国庆", date(2026, 9, 30))
    assert found is not None
    assert found.first == date(2025, 10, 1)


@pytest.mark.parametrize(
    "text",
    [
        "五一村",
        "十一月",
        "国庆路",
        "1999年春节",
        "2099年国庆",
        "半季度",
        "五季度",
        "近半天",
        "近零年",
        "近十十年",
        "",
        "屋顶",
        "13月",
        "2月30日",
        "2026-13-01",
        "9999年",
        "月",
        "周",
        "漏雨上月",
        "2026-10-01..2026-99-01",
    ],
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


@given(
    st.text("0123456789年月日-.上本这个周最近天季度半春节国庆前后以来起", max_size=24),
    st.dates(date(2, 1, 1), date(9998, 1, 1)),
)
def test_no_text_breaks_it(text: str, today: date) -> None:
    found = period_at(text, today)
    if found is not None:
        assert 0 < found.said <= len(text)
        assert (found.first or date.min) < (found.after or date.max)
