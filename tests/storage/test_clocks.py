"""Lengths and rungs: pure rules, over weekends, month ends, make-up days, holidays and the year's end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import clocks
from storage.calendar import Extra, is_workday
from storage.clocks import OVERDUE, REMINDERS, Rule, Rung, Unit
from storage.county import Rhythm

HERE = Rhythm()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE.zone)


def ends(since: str, rule: Rule, rhythm: Rhythm = HERE) -> str:
    return f"{clocks.end(local(since), rule, rhythm).astimezone(HERE.zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("since", "rule", "end"),
    [
        ("2026-11-20 15:00", Rule(5), "2026-11-27 23:59"),  # a Friday, over the weekend
        ("2026-11-21 15:00", Rule(5), "2026-11-27 23:59"),  # a Saturday: Monday is the first day
        ("2026-01-29 09:00", Rule(5), "2026-02-05 23:59"),  # over the month's end
        ("2026-09-30 09:00", Rule(3), "2026-10-10 23:59"),  # over the holidays; Saturday 10-10 is worked
        ("2026-02-13 09:00", Rule(2), "2026-02-24 23:59"),  # Saturday 02-14 is worked, then Spring Festival
        ("2025-12-31 09:00", Rule(1), "2026-01-04 23:59"),  # New Year; Sunday 01-04 is worked
        ("2026-11-20 15:00", Rule(20), "2026-12-18 23:59"),  # 安徽、海南
        ("2026-11-20 15:00", Rule(5, Unit.DAY), "2026-11-25 23:59"),
        ("2026-11-17 15:00", Rule(5, Unit.DAY), "2026-11-23 23:59"),  # a Sunday is no last day
        ("2026-09-26 15:00", Rule(5, Unit.DAY), "2026-10-08 23:59"),  # nor is a holiday
        ("2026-11-20 15:30", Rule(48, Unit.HOUR), "2026-11-22 15:30"),  # 楚雄: hours do not wait
    ],
)
def test_a_clock_ends(since: str, rule: Rule, end: str) -> None:
    assert ends(since, rule) == end


def test_the_countys_own_days_count() -> None:
    off = replace(HERE, extra=Extra(off=frozenset({date(2026, 11, 23)})))
    assert ends("2026-11-20 15:00", Rule(1), off) == "2026-11-24 23:59"
    on = replace(HERE, extra=Extra(on=frozenset({date(2026, 11, 22)})))
    assert ends("2026-11-20 15:00", Rule(1), on) == "2026-11-22 23:59"


def test_beyond_the_published_years_monday_to_friday_count() -> None:
    assert ends("2031-12-31 15:00", Rule(2), HERE) == "2032-01-02 23:59"


def said(since: str, due: str, rule: Rule | None = None, **more: bool) -> dict[str, str]:
    found = clocks.rungs(local(since), local(due), HERE, rule or Rule(5), **more)
    return {rung.value: f"{moment:%m-%d %H:%M}" for rung, moment in found}


def test_the_rungs_of_a_clock_in_order() -> None:
    assert said("2026-11-02 15:00", "2026-11-20 23:59:59") == {
        "start": "11-03 10:00",
        "half": "11-12 10:00",
        "before": "11-19 10:00",
        "leader": "11-23 10:00",
        "supervisor": "11-25 10:00",
        "office": "11-27 10:00",
    }


def test_each_level_has_a_delay_of_its_own() -> None:
    late = said("2026-11-02 15:00", "2026-11-20 23:59:59", Rule(5, Unit.WORKDAY, (0, 2, 10)))
    assert [late[rung] for rung in ("leader", "supervisor", "office")] == [
        "11-23 10:00", "11-24 10:00", "12-04 10:00",
    ]  # fmt: skip


def test_what_managers_owe_has_no_leader_above_it() -> None:
    late = said("2026-11-02 15:00", "2026-11-20 23:59:59", team=False)
    assert "leader" not in late
    assert (late["supervisor"], late["office"]) == ("11-23 10:00", "11-25 10:00")


def test_what_comes_round_is_spoken_of_only_before_its_end() -> None:
    found = said("2026-11-02 15:00", "2026-11-20 23:59:59", cadence=True)
    assert [name for name in found if name in REMINDERS] == ["before"]


def test_two_days_are_one_reminder_and_none_is_none() -> None:
    assert list(said("2026-11-18 15:00", "2026-11-20 23:59:59")) == ["before", *OVERDUE]
    assert list(said("2026-11-20 08:00", "2026-11-20 23:59:59")) == list(OVERDUE)


def test_hours_over_a_weekend_are_not_spoken_of_before_monday() -> None:
    found = said("2026-11-20 15:30", "2026-11-22 15:30", Rule(48, Unit.HOUR))
    assert found == {"leader": "11-23 10:00", "supervisor": "11-25 10:00", "office": "11-27 10:00"}


def resumed(due: str, paused: str, again: str, unit: Unit) -> str:
    moved = clocks.shifted(local(due), local(paused), local(again), unit, HERE)
    return f"{moved.astimezone(HERE.zone):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("paused", "again", "unit", "end"),
    [
        # Four working days are left on the 16th: 17, 18, 19, 20.
        ("2026-11-16 12:00", "2026-11-16 18:00", Unit.WORKDAY, "11-20 23:59"),
        ("2026-11-16 12:00", "2026-11-30 09:00", Unit.WORKDAY, "12-04 23:59"),
        ("2026-11-20 12:00", "2026-12-01 09:00", Unit.WORKDAY, "12-01 23:59"),  # its last day
        ("2026-11-16 12:00", "2026-11-30 09:00", Unit.DAY, "12-04 23:59"),
        ("2026-11-16 12:00", "2026-11-16 18:00", Unit.HOUR, "11-21 05:59"),
        ("2026-11-23 12:00", "2026-11-30 09:00", Unit.WORKDAY, "11-20 23:59"),  # it was overdue already
    ],
)
def test_a_pause_gives_back_what_was_left(paused: str, again: str, unit: Unit, end: str) -> None:
    assert resumed("2026-11-20 23:59:59", paused, again, unit) == end


@pytest.mark.parametrize(
    ("now", "speaks", "next_hour"),
    [
        ("2026-11-20 09:59", False, "11-20 10:00"),
        ("2026-11-20 10:00", True, None),
        ("2026-11-20 20:59", True, None),
        ("2026-11-20 21:00", False, "11-23 10:00"),
        ("2026-11-21 12:00", False, "11-23 10:00"),
        ("2026-10-10 12:00", True, None),  # a Saturday that is worked
        ("2026-10-01 12:00", False, "10-08 10:00"),
    ],
)
def test_when_one_may_speak(now: str, speaks: bool, next_hour: str | None) -> None:
    assert clocks.may_speak(HERE, local(now)) is speaks
    if next_hour is not None:
        assert f"{clocks.next_hour(HERE, local(now)):%m-%d %H:%M}" == next_hour


def test_a_length_in_words() -> None:
    assert Rule(20).words == "20 个工作日"
    assert Rule(48, Unit.HOUR).words == "48 小时"


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by hypothesis's rule
RULES = st.builds(Rule, st.integers(1, 60), st.sampled_from(list(Unit)))


@given(MOMENTS, RULES)
def test_it_ends_after_it_began_and_never_on_a_day_off(since: datetime, rule: Rule) -> None:
    end = clocks.end(since, rule, HERE)
    assert end > since
    if rule.unit != Unit.HOUR:
        assert is_workday(end.astimezone(HERE.zone).date())


@given(MOMENTS, RULES, st.booleans(), st.booleans())
def test_rungs_climb_on_working_days_at_the_hour(
    since: datetime, rule: Rule, team: bool, cadence: bool
) -> None:
    due = clocks.end(since, rule, HERE)
    found = clocks.rungs(since, due, HERE, rule, team=team, cadence=cadence)
    moments = [moment for _rung, moment in found]
    assert moments == sorted(moments)
    assert [rung for rung, _moment in found] == [rung for rung in Rung if rung in dict(found)], "in order"
    for rung, moment in found:
        assert clocks.may_speak(HERE, moment)
        assert (moment > due) is (rung in OVERDUE)
        assert moment > since


@given(MOMENTS)
def test_the_next_hour_is_one_at_which_one_may_speak(now: datetime) -> None:
    later = clocks.next_hour(HERE, now)
    if not clocks.may_speak(HERE, now):
        assert later > now
        assert clocks.may_speak(HERE, later)
        assert later - now < timedelta(days=15)
