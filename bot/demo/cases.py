"""How far the demo's hardship cases have come: each goes on by working days until the demo begins. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from bot.demo import stories
from bot.demo.cast import CREWS, WATCHER
from bot.demo.plan import Days, Event, events
from storage.calendar import add_workdays
from storage.kinds import hardship_life as life

FIRST = 100
"""Their numbers; rectifications have the smaller ones."""
STEPS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (1, life.CONFIRM, {"findings": stories.VERIFIED}),
    (2, life.PUBLISH, {"opinion": stories.DISCUSSED}),
    (8, life.RECOGNISE, {"monitored": "sudden", "labour": "some"}),
    (18, life.FOLLOW_UP, {"course": "better", "findings": stories.FOLLOWED}),
)
"""After so many working days."""


def whole(days: Days, chance: Random) -> list[Event]:
    """Everything that happened, the steps of its cases too, in order."""
    return sorted(lives(days, events(days, chance)), key=lambda event: event.at)


def lives(days: Days, found: Iterable[Event]) -> Iterator[Event]:
    """The events, the cases among them numbered and followed by their steps."""
    number = FIRST
    for event in found:
        if event.what != "hardship":
            yield event
            continue
        yield replace(event, of=number)
        yield from _steps(days, replace(event, of=number))
        number += 1


def _steps(days: Days, case: Event) -> Iterator[Event]:
    """Verified by the leader, or by a member when the leader reported it."""
    crew = next(crew for crew in CREWS if case.village in crew.villages)
    leader, member = crew.people[0].id, crew.people[1].id
    second = member if case.by == leader else leader
    by = {life.CONFIRM: second, life.PUBLISH: leader, life.RECOGNISE: WATCHER.id, life.FOLLOW_UP: member}
    for after, step, answers in STEPS:
        day = add_workdays(case.at.date(), after)
        at = days.at(day, 10, 30) + timedelta(seconds=case.at.second, minutes=case.of % 60)
        if at >= days.begins:
            return
        yield Event(at, step, by[step], case.village, answers, of=case.of)
