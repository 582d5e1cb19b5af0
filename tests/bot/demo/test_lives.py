"""The newer lives of the demo's weeks: told in order, by those who may."""

from datetime import date
from random import Random

import pytest

from bot.demo import cases, lives
from bot.demo.cast import FORMER, OFFICER, WATCHER
from bot.demo.plan import Days, Event
from storage.kinds.referring import ANSWERS

DAYS = Days(date(2026, 11, 17))


@pytest.fixture(scope="module")
def told() -> list[Event]:
    return lives.told(DAYS, cases.whole(DAYS, Random(1)))


def test_they_are_told_in_order_and_before_the_demo_begins(told: list[Event]) -> None:
    assert [event.at for event in told] == sorted(event.at for event in told)
    before = cases.whole(DAYS, Random(1))
    added = [event for event in told if event not in before]
    assert len(added) == 6 + 4 + 2 * 11 + 3
    assert max(event.at for event in added) < DAYS.begins


def test_each_life_has_come_so_far(told: list[Event]) -> None:
    house = [event.what for event in told if event.of == lives.HOUSE]
    assert house == ["house", "heed", "left", "report_up", "appraise", "rehouse"]
    steps = [event.what for event in told if event.what in {"refer", *ANSWERS}]
    assert steps == ["refer", "take_on", "given", "cannot"]
    assert [event.what for event in told if event.by == FORMER.id] == ["accept_cards", "leave"]


def test_whoever_found_the_house_neither_heeds_nor_judges_it(told: list[Event]) -> None:
    by = {event.what: event.by for event in told if event.of == lives.HOUSE}
    assert by["house"] not in (by["heed"], by["appraise"])


def test_who_answers_may(told: list[Event]) -> None:
    answers = {event.what: event.by for event in told if event.what in ("take_on", "given", "cannot")}
    assert answers == {"take_on": OFFICER.id, "given": OFFICER.id, "cannot": WATCHER.id}
