"""What happened in the demo's weeks, and to whom: invented, consistent, the same each time."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.demo import neighbours, stories
from bot.demo.cast import ACTORS, COUNTY, CREWS, HERO, LEAD, OFFICE, QUIET, WATCHER, in_order
from bot.demo.filling import between
from bot.demo.plan import WEEKS, ZONE, Days, Event, days_of, events
from storage import regions_import
from storage.kinds import KINDS
from storage.people import Role
from storage.places import Level
from storage.refusals import Refusal

DAYS = Days(date(2026, 11, 17))


@pytest.fixture(scope="module")
def told() -> list[Event]:
    return events(DAYS, random.Random(1))


@pytest.mark.parametrize("day", range(15, 22))
def test_the_demo_begins_on_the_tuesday_of_the_present_week(day: int) -> None:
    """From Monday the 16th to Sunday the 22nd, by the county's clock."""
    now = datetime(2026, 11, day, 20, tzinfo=UTC)
    assert days_of(now) == DAYS


def test_its_days() -> None:
    assert DAYS.first.weekday() == 0
    assert DAYS.friday == date(2026, 11, 13)
    assert DAYS.begins.isoformat() == "2026-11-13T15:50:00+08:00"
    assert (DAYS.tuesday - DAYS.first).days == 7 * WEEKS + 1


def test_everything_is_in_order_and_before_the_demo_begins(told: list[Event]) -> None:
    moments = [event.at for event in told]
    assert moments == sorted(moments)
    assert DAYS.at(DAYS.first, 8) < moments[0]
    assert moments[-1] < DAYS.at(DAYS.tuesday, 9, 30)
    assert all(8 <= event.at.astimezone(ZONE).hour <= 18 for event in told)


def test_the_same_chance_tells_the_same_story(told: list[Event]) -> None:
    assert events(DAYS, random.Random(1)) == told
    assert events(DAYS, random.Random(2)) != told


def test_there_is_enough_of_every_kind(told: list[Event]) -> None:
    count = Counter(event.what for event in told)
    assert count["visit"] > 150
    assert count["photo"] > 20
    assert count["hardship"] > 3
    assert count["rectification"] == len(CREWS) - 1
    assert count["strike_off"] == 3
    assert sum(event.photos > 0 for event in told) > 80


def test_people_report_from_their_own_villages(told: list[Event]) -> None:
    crew_of = {one.id: crew for crew in CREWS for one in crew.people}
    for event in told:
        if event.by in crew_of:
            assert event.village in crew_of[event.by].villages
            assert event.household is None or event.household < neighbours.EACH


def test_answers_are_those_that_the_forms_know(told: list[Event]) -> None:
    for event in told:
        if event.what not in KINDS:
            assert set(event.answers) <= {"note"}
            continue
        asks = KINDS[event.what].asks
        for name, value in event.answers.items():
            assert asks[name].check(value) is not None
        with pytest.raises(Refusal):
            asks["village"].check(None)


def test_one_team_is_silent_in_the_week_that_closes(told: list[Event]) -> None:
    quiet = next(crew for crew in CREWS if crew.name == QUIET)
    people = {one.id for one in quiet.people}
    week = (DAYS.at(DAYS.friday - timedelta(days=7), 16), DAYS.at(DAYS.friday, 16))
    sent = [event for event in told if event.by in people and event.what in ("visit", "photo", "hardship")]
    assert not [event for event in sent if week[0] <= event.at < week[1]]
    assert sent


def test_one_case_is_urgent_in_that_week(told: list[Event]) -> None:
    urgent = [event for event in told if event.answers.get("urgency") == "urgent"]
    assert [event.at.date() for event in urgent] == [DAYS.friday - timedelta(days=1)]


def test_the_rectifications_stand_at_different_steps(told: list[Event]) -> None:
    lives: dict[int, list[str]] = {}
    for event in told:
        if event.team:
            lives.setdefault(event.of, []).append(event.what)
    whole = ["rectification", "complete", "return", "complete", "accept", "strike_off"]
    assert all(life == whole[: len(life)] for life in lives.values())
    assert {len(life) for life in lives.values()} == {1, 4, 6}
    hers = [event for event in told if event.team == CREWS[0].name]
    assert [event.what for event in hers] == ["rectification"]


def test_accepting_and_striking_off_are_two_people(told: list[Event]) -> None:
    by = {event.what: event.by for event in told if event.of == 0 and event.team}
    assert len({by["complete"], by["accept"], by["strike_off"]}) == 3


def test_the_leader_hears_of_a_visit_on_the_last_morning(told: list[Event]) -> None:
    last = [event for event in told if event.at >= DAYS.at(DAYS.tuesday, 9) and event.what == "visit"]
    colleagues = {one.id for one in CREWS[0].people} - {HERO.id}
    assert colleagues & {event.by for event in last}


def test_weeks_without_working_days_tell_nothing_but_saturdays() -> None:
    """The national holiday of 2026 runs from 1 to 7 October."""
    told = events(DAYS, random.Random(1))
    assert not [
        event
        for event in told
        if event.at.date() in (date(2026, 10, 5), date(2026, 10, 7)) and not event.team
    ]


def test_a_stretch_of_time_has_one_end_in_it(told: list[Event]) -> None:
    noon = told[10].at
    before, after = between(told, None, noon), between(told, noon, DAYS.at(DAYS.tuesday, 10))
    assert before + after == told
    assert after[0].at == noon


def test_villages_are_real_and_people_have_their_place() -> None:
    text = regions_import.shipped(COUNTY)[Level.VILLAGE].read_text("utf-8")
    villages = [village for crew in CREWS for village in crew.villages]
    assert all(f"{village}," in text for village in villages)
    assert len(set(villages)) == len(villages)
    assert len({crew.town for crew in CREWS}) == 4
    assert len({one.id for one in ACTORS}) == len(ACTORS) == 22
    assert all(one.region for one in OFFICE)
    assert Counter(one.role for one in ACTORS)[Role.LEADER] == len(CREWS)


def test_those_who_tell_the_story_come_first() -> None:
    titles = [one.title for one in in_order()[:4]]
    assert titles == ["王磊 · 队员", "赵敏 · 队长", "孙涛 · 管理组", "周洁 · 管理员"]
    assert sorted(in_order()) == sorted(ACTORS)
    assert {HERO, LEAD} <= set(CREWS[0].people)
    assert WATCHER in OFFICE


def test_neighbours_have_names_and_numbers_of_their_own() -> None:
    villages = CREWS[0].villages
    rows = list(neighbours.rows(villages, random.Random(1)))
    assert len(rows) == len(villages) * neighbours.EACH
    assert len({(village, head) for village, head, *_ in rows}) == len(rows)
    assert len({card for _village, _head, card, *_ in rows}) == len(rows)
    assert {category for *_, category, _count in rows} <= {name for name, _ in neighbours.CATEGORIES}
    assert all(count == 1 for *_, category, count in rows if category == "特困供养")


def test_stories_are_sentences() -> None:
    for story in (*stories.VISITS, *stories.PHOTOS):
        assert story.words.endswith("。")
    assert len({story.words for story in stories.VISITS}) == len(stories.VISITS)
