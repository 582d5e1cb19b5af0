"""Weeks and their windows: contiguous, named by the close, one close in an ISO week."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.week import (
    AT_MOST,
    Closed,
    Week,
    close_of,
    due,
    last_closed,
    parse,
    running,
    week_of,
    window,
    wished,
)
from storage.county import Rhythm
from storage.tallies import Window

FRIDAY = Rhythm()
W47 = Week(2026, 47)
CLOSE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by hypothesis's rule
RHYTHMS = st.builds(
    Rhythm,
    summary_weekday=st.integers(0, 6),
    summary_time=st.times().map(lambda at: at.replace(microsecond=0)),
)


def test_the_week_is_named_by_its_close() -> None:
    assert close_of(W47, FRIDAY) == CLOSE
    assert str(week_of(date(2026, 11, 20))) == "2026-W47"
    assert str(week_of(date(2027, 1, 1))) == "2026-W53"
    assert parse("2026-W47") == W47


@pytest.mark.parametrize("text", ["2026-W54", "2026-47", "2026-W00", "", "20261-W47", "2026-W477"])
def test_what_is_no_week(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


def test_the_close_itself_belongs_to_the_next_week() -> None:
    assert running(CLOSE - timedelta(microseconds=1), FRIDAY) == W47
    assert running(CLOSE, FRIDAY) == W47.plus(1)
    assert last_closed(CLOSE, FRIDAY) == W47


@given(MOMENTS, RHYTHMS)
def test_every_moment_lies_in_the_window_of_the_running_week(now: datetime, rhythm: Rhythm) -> None:
    found = window(running(now, rhythm), rhythm)
    assert found.start <= now < found.end
    assert window(running(now, rhythm).plus(-1), rhythm).end == found.start


def test_after_silence_every_missed_week_is_due_and_they_touch() -> None:
    last = Closed(W47, Window(CLOSE - timedelta(weeks=1), CLOSE))
    found = due(last, CLOSE + timedelta(weeks=3, hours=1), FRIDAY)
    assert [str(one.week) for one in found] == ["2026-W48", "2026-W49", "2026-W50"]
    edges = [CLOSE, *(one.window.end for one in found)]
    assert [one.window.start for one in found] == edges[:-1]


def test_nothing_is_due_twice() -> None:
    last = Closed(W47, Window(CLOSE - timedelta(weeks=1), CLOSE))
    assert due(last, CLOSE + timedelta(days=6), FRIDAY) == []


def test_the_first_time_only_the_last_closed_week_is_due() -> None:
    assert [str(one.week) for one in due(None, CLOSE, FRIDAY)] == ["2026-W47"]


def test_after_years_only_some_weeks_are_made_up_for() -> None:
    last = Closed(W47, Window(CLOSE - timedelta(weeks=1), CLOSE))
    assert len(due(last, CLOSE + timedelta(weeks=60), FRIDAY)) == AT_MOST


def test_another_weekday_leaves_no_gap() -> None:
    """Closed on Friday of week 47, then the county chooses Wednesday noon."""
    wednesday = replace(FRIDAY, summary_weekday=2, summary_time=time(12))
    last = Closed(W47, Window(CLOSE - timedelta(weeks=1), CLOSE))
    (found,) = due(last, CLOSE + timedelta(days=6), wednesday)
    assert found.week == W47.plus(1)
    assert found.window == Window(CLOSE, datetime(2026, 11, 25, 4, 0, tzinfo=UTC))


def test_one_iso_week_has_one_close() -> None:
    """Closed on Monday of week 47, then the county chooses Friday: the next close is Friday of week 48."""
    monday = replace(FRIDAY, summary_weekday=0)
    closed = close_of(W47, monday)
    last = Closed(W47, Window(closed - timedelta(weeks=1), closed))
    assert due(last, CLOSE + timedelta(days=1), FRIDAY) == []
    (found,) = due(last, CLOSE + timedelta(weeks=1), FRIDAY)
    assert found.window == Window(closed, CLOSE + timedelta(weeks=1))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "2026-W47"),
        ("上周", "2026-W47"),
        ("本周", "2026-W48"),
        ("2026-W46", "2026-W46"),
        ("2026-46", "2026-W46"),
        ("2026年第46周", "2026-W46"),
        ("W46", "2026-W46"),
        ("w9", "2026-W09"),
        ("46", "2026-W46"),
        ("第46周", "2026-W46"),
        ("52", "2025-W52"),
        ("53", None),
        ("99", None),
        ("2026-W54", None),
        ("下雨", None),
        ("46 47", None),
    ],
)
def test_what_people_type(typed: str, expected: str | None) -> None:
    found = wished(typed, CLOSE + timedelta(hours=1), FRIDAY)
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("week", "before"),
    [
        ("2026-W47", "2025-W47"),
        ("2000-W01", "1999-W01"),
        ("2026-W53", "2025-W52"),
        ("2027-W01", "2026-W01"),
        ("2021-W53", None),
    ],
)
def test_the_same_week_a_year_before(week: str, before: str | None) -> None:
    if before is None:
        with pytest.raises(ValueError, match="53"):
            parse(week)
    else:
        assert str(parse(week).year_before()) == before
