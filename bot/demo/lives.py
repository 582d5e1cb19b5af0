"""What else happened in the demo's weeks: a dangerous house with its alarm, a referral, contact cards, and somebody who
left, whose pack a colleague took over. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from bot.demo import stories
from bot.demo.cast import CREWS, FORMER, LEFT_TEAM, OFFICER, TOWN_WATCHER, WATCHER, Crew
from bot.demo.plan import Days, Event
from storage.calendar import add_workdays
from storage.kinds import house_life, referring

HOUSE = 90
"""Its number among the demo's cases."""
PAIR, ACCEPT_CARDS, LEAVE, GIVE, TAKE = "pair", "accept_cards", "leave", "give", "take"
"""What is no report and no step: contact cards, and a handover."""
ACTS = frozenset({PAIR, ACCEPT_CARDS, LEAVE, GIVE, TAKE})
EACH = 5
"""Households a member answers for."""


def told(days: Days, events: Iterable[Event]) -> list[Event]:
    """The events with these among them, in order."""
    before = list(events)
    more = [*_house(days), *_referral(days, before), *_cards(days), *_handover(days)]
    return sorted([*before, *(one for one in more if one.at < days.begins)], key=lambda event: event.at)


def _house(days: Days) -> Iterator[Event]:
    """A wall that leans, found one evening of the fourth week: the leader heeds the alarm, the old man goes to his
    daughter, and by now the house waits to be rebuilt."""
    crew, start = CREWS[3], days.at(days.first + timedelta(days=22), 16, 40)
    leader, member = crew.people[0].id, crew.people[1].id
    story = stories.HOUSE
    seen = {"tonight": "yes", "signs": ["wall", "lean"], "findings": story.words}
    yield Event(start, "house", member, crew.villages[0], seen, story.scenes, 2, 4, HOUSE)
    steps: tuple[tuple[timedelta, str, int, dict[str, Any]], ...] = (
        (timedelta(minutes=6), house_life.HEED, leader, {}),
        (timedelta(minutes=50), house_life.LEFT, leader, {"where": stories.AT_THE_DAUGHTERS}),
        (timedelta(hours=16), house_life.REPORT_UP, leader, stories.REPORTED_UP),
        (timedelta(days=3, hours=18), house_life.APPRAISE, TOWN_WATCHER.id, stories.APPRAISED),
        (timedelta(days=5, hours=17), house_life.REHOUSE, leader, {"where": stories.NEW_HOME}),
    )
    for after, step, by, answers in steps:
        yield Event(start + after, step, by, crew.villages[0], answers, of=HOUSE)


def _referral(days: Days, events: Iterable[Event]) -> Iterator[Event]:
    """The first hardship case goes to two departments: one has given, the other has no officer and was answered for
    by the managing group."""
    case = next(event for event in events if event.what == "hardship")
    crew = next(crew for crew in CREWS if case.village in crew.villages)
    asked = {"departments": ["civil", "medical"], "what": stories.WISHED, "consent": "met"}
    steps: tuple[tuple[int, str, int, dict[str, Any]], ...] = (
        (3, referring.REFER, crew.people[0].id, asked),
        (4, referring.TAKE_ON, OFFICER.id, {}),
        (6, referring.GIVEN, OFFICER.id, {"what": stories.GIVEN}),
        (7, referring.CANNOT, WATCHER.id, {"reason": stories.CANNOT}),
    )
    for after, step, by, answers in steps:
        at = days.at(add_workdays(case.at.date(), after), 15, case.of % 60)
        yield Event(at, step, by, case.village, answers, of=case.of)


def _cards(days: Days) -> Iterator[Event]:
    """In the first week every leader asks the members for some households; they say yes the same day."""
    for number, crew in enumerate(CREWS):
        for place, member in enumerate(_members(crew)):
            at = days.at(days.first + timedelta(days=1), 9, 5 + 4 * number + place)
            homes = {"member": member, "households": list(range(place * EACH, place * EACH + EACH))}
            yield Event(at, PAIR, crew.people[0].id, crew.villages[0], homes)
            yield Event(at + timedelta(hours=1), ACCEPT_CARDS, member, crew.villages[0], {})


def _members(crew: Crew) -> list[int]:
    return [one.id for one in crew.people[1:]] + ([FORMER.id] if crew.name == LEFT_TEAM else [])


def _handover(days: Days) -> Iterator[Event]:
    """Somebody leaves in the third week; the leader asks a colleague, who takes it over the next day."""
    crew = next(crew for crew in CREWS if crew.name == LEFT_TEAM)
    leader, heir, village = crew.people[0].id, crew.people[1].id, crew.villages[0]
    day: date = days.first + timedelta(days=17)
    yield Event(days.at(day, 17, 0), LEAVE, FORMER.id, village, {})
    yield Event(days.at(day, 17, 20), GIVE, leader, village, {"from": FORMER.id, "to": heir})
    yield Event(days.at(day + timedelta(days=1), 9, 30), TAKE, heir, village, {"from": FORMER.id})
