"""How far the demo's cases have come."""

from datetime import date
from random import Random

import pytest

from bot.demo.cases import FIRST, STEPS, whole
from bot.demo.plan import Days, Event, events
from storage.calendar import is_workday
from storage.kinds import KINDS
from storage.kinds.hardship_forms import FORMS

DAYS = Days(date(2026, 11, 17))


@pytest.fixture(scope="module")
def told() -> list[Event]:
    return whole(DAYS, Random(1))


def test_everything_else_is_as_it_was_and_in_order(told: list[Event]) -> None:
    assert [event.at for event in told] == sorted(event.at for event in told)
    others = [event for event in told if event.of < FIRST]
    assert others == [event for event in events(DAYS, Random(1)) if event.what != "hardship"]


def test_each_case_has_a_number_and_has_come_as_far_as_its_age(told: list[Event]) -> None:
    lives: dict[int, list[Event]] = {}
    for event in told:
        if event.of >= FIRST:
            lives.setdefault(event.of, []).append(event)
    names = [name for _after, name, _answers in STEPS]
    for life in lives.values():
        assert life[0].what == "hardship"
        assert [event.what for event in life[1:]] == names[: len(life) - 1]
        assert len({event.village for event in life}) == 1
    assert {len(life) for life in lives.values()} >= {1, len(STEPS) + 1}, "some are young, some are old"


def test_nobody_verifies_their_own(told: list[Event]) -> None:
    authors = {event.of: event.by for event in told if event.what == "hardship"}
    verified = [event for event in told if event.what == "confirm"]
    assert verified
    assert all(authors[event.of] != event.by for event in verified)


def test_steps_are_of_working_days_before_the_demo_begins(told: list[Event]) -> None:
    for event in told:
        if event.of >= FIRST and event.what not in KINDS:
            assert is_workday(event.at.date())
            assert event.at < DAYS.begins
            assert set(event.answers) <= set(FORMS[event.what])
            for name, value in event.answers.items():
                assert FORMS[event.what][name].check(value) == value
