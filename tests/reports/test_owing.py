"""When those who owe are reminded: pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import owing
from storage.calendar import Extra, is_workday
from storage.county import Rhythm
from storage.duties import CORRECT, VISIT, Duty
from storage.kinds.rectification import MEND
from tests.weeks import W47

RHYTHM = Rhythm()
VISIT_47 = Duty("visit:1:2026-11-20", VISIT, (1, 2), "120114001", W47.start, W47.end)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=RHYTHM.zone)


def mend(since: str, due: str) -> Duty:
    return Duty("mend:ZG-1:0", MEND, (1,), "120114001001", local(since), local(due), "ZG-1", "蒙村委会")


def days(duty: Duty, rhythm: Rhythm = RHYTHM) -> dict[str, str]:
    return {slot: f"{moment:%m-%d %H:%M}" for slot, moment in owing.moments(duty, rhythm).items()}


def test_a_visit_is_spoken_of_on_wednesday_and_thursday() -> None:
    assert days(VISIT_47) == {"half": "11-18 10:00", "before": "11-19 10:00"}


def test_a_rectification_has_start_half_way_and_the_day_before() -> None:
    duty = mend("2026-11-02 15:00", "2026-11-20 23:59")
    assert days(duty) == {"start": "11-03 10:00", "half": "11-12 10:00", "before": "11-19 10:00"}


def test_a_short_one_is_spoken_of_once() -> None:
    assert days(mend("2026-11-18 15:00", "2026-11-20 23:59")) == {"before": "11-19 10:00"}
    assert days(mend("2026-11-19 15:00", "2026-11-20 23:59")) == {"before": "11-20 10:00"}


def test_due_on_the_same_day_or_over_a_weekend_there_is_nothing_to_say() -> None:
    assert days(mend("2026-11-20 08:00", "2026-11-20 23:59")) == {}
    assert days(mend("2026-11-20 08:00", "2026-11-22 23:59")) == {}


def test_the_holiday_week_is_left_alone() -> None:
    duty = mend("2026-09-29 15:00", "2026-10-09 23:59")
    assert days(duty) == {"start": "09-30 10:00", "before": "10-08 10:00"}


def test_make_up_days_and_the_countys_days_off_count() -> None:
    off = replace(RHYTHM, extra=Extra(off=frozenset({date(2026, 11, 19)})))
    assert days(VISIT_47, off)["before"] == "11-18 10:00"
    assert days(mend("2026-10-08 15:00", "2026-10-11 23:59"))["before"] == "10-10 10:00", "a working Saturday"


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-18 09:59", None),
        ("2026-11-18 10:00", "half"),
        ("2026-11-18 11:59", "half"),
        ("2026-11-18 12:00", None),
        ("2026-11-17 10:00", None),
        ("2026-11-19 10:30", "before"),
        ("2026-11-20 10:30", None),
    ],
)
def test_a_slot_lasts_two_hours(now: str, slot: str | None) -> None:
    assert owing.slot_of(VISIT_47, local(now), RHYTHM) == slot


def test_never_at_night_whatever_the_setting() -> None:
    nightly = replace(RHYTHM, remind_time=time(22))
    assert owing.slot_of(VISIT_47, local("2026-11-18 22:30"), nightly) is None
    assert not owing.open_now(nightly, local("2026-11-18 22:30"))


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by hypothesis's rule


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=90)), st.sampled_from([VISIT, MEND, CORRECT]))
def test_at_most_three_each_on_its_own_working_day(since: datetime, length: timedelta, what: str) -> None:
    found = owing.moments(Duty("k", what, (1,), "120114", since, since + length), RHYTHM)
    assert len(found) <= 3
    assert len({moment.date() for moment in found.values()}) == len(found)
    assert all(is_workday(moment.date()) for moment in found.values())
    assert all(since < moment < since + length for moment in found.values())


def test_one_message_says_all_and_how_to_go_on() -> None:
    duty = mend("2026-11-02 15:00", "2026-11-20 23:59")
    back = replace(duty, what=CORRECT, number="ZF-2", place="<大>村委会")
    text = owing.text([(VISIT_47, RHYTHM), (duty, RHYTHM), (back, RHYTHM)])
    assert "还有 3 件事要办" in text
    assert "队里还没有走访记录，11-20 16:00 截止" in text
    assert "整改 ZG-1（蒙村）：请在 11-20 23:59 前完成" in text
    assert "ZF-2（&lt;大&gt;村）被退回" in text
    assert text.splitlines()[-1] == "报走访：发 走访　交整改：发 整改　改退回的：发 我的"


def test_each_thing_owed_has_its_button() -> None:
    ((visit, fix),) = owing.buttons(["visit", "mend", "visit"])
    assert visit == {"text": "报走访", "callback_data": "f:new:visit"}
    assert fix == {"text": "去整改", "callback_data": "r:page:0"}
