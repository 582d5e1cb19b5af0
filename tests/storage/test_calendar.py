"""Working days: weekends, holidays, make-up days, and years nobody has published."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.calendar import (
    LAST_YEAR,
    NONE,
    Extra,
    add_workdays,
    confirmed,
    in_quiet_hours,
    is_workday,
    next_workday,
    previous_workday,
    workdays,
)

NATIONAL_DAY, MADE_UP = date(2026, 10, 1), date(2026, 10, 10)
UNKNOWN = date(LAST_YEAR + 1, 1, 4)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (NATIONAL_DAY, False),
        (MADE_UP, True),
    ],
)
def test_published_years(day: date, expected: bool) -> None:
    assert is_workday(day) is expected
    assert confirmed(day)


def test_beyond_the_last_year_monday_to_friday_count_unconfirmed() -> None:
    week = [UNKNOWN.replace(day=day) for day in range(4, 11)]
    assert [is_workday(day) for day in week] == [day.weekday() < 5 for day in week]
    assert not any(confirmed(day) for day in week)


def test_the_countys_list_overrules_every_table() -> None:
    extra = Extra(off=frozenset({date(2026, 11, 20), UNKNOWN}), on=frozenset({date(2026, 11, 21)}))
    assert not is_workday(date(2026, 11, 20), extra)
    assert is_workday(date(2026, 11, 21), extra)
    assert not is_workday(UNKNOWN, extra)


def test_a_later_list_overrules_an_earlier_one() -> None:
    day = date(2026, 11, 20)
    county = NONE.plus(frozenset({day}), frozenset())
    assert is_workday(day, county.plus(frozenset(), frozenset({day})))


def test_the_next_workday_jumps_the_holiday_week() -> None:
    assert next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
    assert previous_workday(date(2026, 10, 8)) == date(2026, 9, 30)
    assert next_workday(date(2026, 10, 9)) == MADE_UP


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(1, 40))
def test_counting_forward_and_back_returns(day: date, count: int) -> None:
    there = add_workdays(day, count)
    assert is_workday(there)
    assert len(workdays(day, there)) - is_workday(day) == count
    if is_workday(day):
        assert add_workdays(there, -count) == day


def test_workdays_of_a_span() -> None:
    assert workdays(date(2026, 10, 1), date(2026, 10, 9)) == [date(2026, 10, 8), date(2026, 10, 9)]
    assert workdays(date(2026, 10, 9), date(2026, 10, 8)) == []


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_quiet_hours_run_over_midnight(clock: str, quiet: bool) -> None:
    local = datetime.combine(date(2026, 11, 20), time.fromisoformat(clock))
    assert in_quiet_hours(local, time(21), time(8)) is quiet


def test_quiet_hours_within_a_day() -> None:
    noon = datetime(2026, 11, 20, 12, 30)  # noqa: DTZ001 - a local time
    assert in_quiet_hours(noon, time(12), time(14))
    assert not in_quiet_hours(noon.replace(hour=14), time(12), time(14))
