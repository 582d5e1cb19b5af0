"""What happened in the demo's weeks: a list of events, made by chance from one seed. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo import stories
from bot.demo.cast import CREWS, LAST, QUIET, SECOND, WATCHER, Crew
from bot.demo.stories import Case, Mending, Story
from storage.calendar import add_workdays, is_workday

ZONE = ZoneInfo("Asia/Shanghai")
WEEKS = 6
PHOTO_DAYS, CASE_DAYS = 0.34, 0.09
"""How likely a photo report and a case are on a team's working day."""
WITH_PHOTOS = 0.45
"""The share of visits with photos."""
SATURDAY, EARLY = 0.12, 0.15
"""The shares of a usual day: of a Saturday, and of the Tuesday on which the demo begins."""
DAYS_TO_MEND = 7
"""Working days."""
BEGUN, STEPS = (1, 8, 15, 30, 28, 35), (6, 6, 6, 4, 1, 1)
"""Rectifications: the day on which each begins, and how many steps it has taken. The last but one is overdue, the
last waits for the member whose phone is shown first."""


@dataclass(frozen=True)
class Event:
    """Somebody (Telegram id) reported or moved something. `what` is a kind, or a step of the case `of`
    (its number among the demo's); `household` counts within its village, None is no household."""

    at: datetime
    what: str
    by: int
    village: str
    answers: dict[str, Any]
    scenes: tuple[str, ...] = ()
    photos: int = 0
    household: int | None = None
    of: int = 0
    team: str = ""


@dataclass(frozen=True)
class Days:
    """The demo's calendar around the Tuesday on which it begins."""

    tuesday: date

    @property
    def friday(self) -> date:
        """The one before: its summary is made before one's eyes."""
        return self.tuesday - timedelta(days=4)

    @property
    def first(self) -> date:
        """A Monday."""
        return self.tuesday - timedelta(days=1, weeks=WEEKS)

    def at(self, day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute, second), ZONE)

    @property
    def begins(self) -> datetime:
        """When the sandbox's clock starts: shortly before the week closes."""
        return self.at(self.friday, 15, 50)


def days_of(now: datetime) -> Days:
    """The Tuesday of the present week."""
    today = now.astimezone(ZONE).date()
    return Days(today - timedelta(days=today.weekday() - 1))


def events(days: Days, chance: Random) -> list[Event]:
    """Everything, in the order it happened, up to Tuesday morning."""
    found = [*_mendings(days, chance), *_urgent(days), _morning(days)]
    found += _daily(days, [crew for crew in CREWS if crew is not LAST], chance)
    found += _daily(days, [LAST], Random(3))  # noqa: S311 - which day, not a secret
    return sorted(found, key=lambda event: event.at)


def _daily(days: Days, crews: Iterable[Crew], chance: Random) -> Iterator[Event]:
    """What these teams do each day."""
    day = days.first
    while day <= days.tuesday:
        for crew in crews:
            yield from _of_day(days, crew, day, chance)
        day += timedelta(days=1)


def _of_day(days: Days, crew: Crew, day: date, chance: Random) -> Iterator[Event]:
    """A team's day. The quiet team stays silent in the week that closes on the Friday before."""
    since = days.friday - timedelta(days=7)
    if crew.name == QUIET and since <= day <= days.tuesday:
        return
    share = EARLY if day == days.tuesday else _share(day)
    grows = 0.5 + 0.55 * (day - days.first).days / (7 * WEEKS)
    expected = crew.visits / 5 * share * grows
    for _visit in range(int(expected) + (chance.random() < expected % 1)):
        yield _visit_of(days, crew, day, chance)
    if chance.random() < PHOTO_DAYS * share:
        yield _photo_of(days, crew, day, chance)
    if chance.random() < CASE_DAYS * share:
        case = chance.choice([one for one in stories.CASES if one is not stories.URGENT])
        yield _case_of(_moment(days, day, chance), _author(days, crew, day, chance), crew, case, chance)


def _share(day: date) -> float:
    if is_workday(day):
        return 1.0
    return SATURDAY if day.weekday() == 5 else 0.0


def _moment(days: Days, day: date, chance: Random) -> datetime:
    """Some time of a working day; on the last one only the early morning has passed."""
    latest = 25 if day == days.tuesday else 8 * 60 + 40
    return days.at(day, 8, 50) + timedelta(seconds=chance.randint(0, latest * 60))


def _visit_of(days: Days, crew: Crew, day: date, chance: Random) -> Event:
    story: Story = chance.choice(stories.VISITS)
    answers = {"purposes": [one.value for one in story.purposes], "findings": story.words}
    return Event(
        _moment(days, day, chance), "visit", _author(days, crew, day, chance), chance.choice(crew.villages), answers,
        story.scenes, chance.randint(1, 3) if chance.random() < WITH_PHOTOS else 0, _nearby(chance),
    )  # fmt: skip


def _photo_of(days: Days, crew: Crew, day: date, chance: Random) -> Event:
    story: Story = chance.choice(stories.PHOTOS)
    return Event(
        _moment(days, day, chance), "photo", _author(days, crew, day, chance), chance.choice(crew.villages),
        {"findings": story.words}, story.scenes, chance.randint(1, 3),
    )  # fmt: skip


def _case_of(at: datetime, by: int, crew: Crew, case: Case, chance: Random) -> Event:
    answers: dict[str, Any] = {
        "category": case.category.value,
        "causes": [one.value for one in case.causes],
        "guarantees": [one.value for one in case.guarantees],
        "urgency": case.urgency.value,
        "findings": case.words,
        "wishes": case.wishes,
        "people": case.people,
    }
    given = {name: value for name, value in answers.items() if value is not None}
    village = chance.choice(crew.villages)
    return Event(at, "hardship", by, village, given, case.scenes, 2 if case.scenes else 0, _nearby(chance))


def _author(days: Days, crew: Crew, day: date, chance: Random) -> int:
    """Members report; their leaders have begun to, lately."""
    lately = day > days.friday - timedelta(days=7)
    return chance.choices([one.id for one in crew.people], [int(lately), *(3 for _ in crew.people[1:])])[0]


def _nearby(chance: Random) -> int:
    """Some households are visited more often than others."""
    return int(24.99 * chance.random() ** 1.6)


def _urgent(days: Days) -> Iterator[Event]:
    """The case that everybody hears of, on the Thursday before."""
    at = days.at(days.friday - timedelta(days=1), 8, 56)
    yield _case_of(at, CREWS[2].people[1].id, CREWS[2], stories.URGENT, Random(7))  # noqa: S311 - a village by chance


def _morning(days: Days) -> Event:
    """The one that a leader has just heard of when the demo begins."""
    story = stories.VISITS[3]
    answers = {"purposes": [one.value for one in story.purposes], "findings": story.words}
    crew = CREWS[0]
    return Event(
        days.at(days.tuesday, 9, 12),
        "visit",
        crew.people[2].id,
        crew.villages[0],
        answers,
        story.scenes,
        2,
        3,
    )


def _mendings(days: Days, chance: Random) -> Iterator[Event]:
    """One rectification for each team but the last, and how far each has come."""
    lives = zip(reversed(CREWS[:-1]), reversed(stories.MENDINGS), BEGUN, STEPS, strict=True)
    for number, (crew, mending, begun, steps) in enumerate(lives):
        start = days.at(days.first + timedelta(days=begun), 10, 20 + chance.randint(0, 30))
        yield from _life((number, crew, mending), start, steps)


def _life(matter: tuple[int, Crew, Mending], start: datetime, steps: int) -> Iterator[Event]:
    """Issued, completed after five days, sent back once, completed again, accepted, struck off by a second
    person: the first `steps` of these."""
    number, crew, mending = matter
    village, member = crew.villages[0], crew.people[-1].id
    due = add_workdays(start.date(), DAYS_TO_MEND).isoformat()
    done = {"note": mending.done}
    life: tuple[tuple[float, str, int, dict[str, Any], str, int], ...] = (
        (0, "rectification", WATCHER.id, {"findings": mending.problem, "due": due}, mending.scene, 2),
        (5.1, "complete", member, done, mending.scene + "+", 1),
        (5.3, "return", WATCHER.id, {"note": stories.RETURNED}, "", 0),
        (6.1, "complete", member, done, mending.scene + "+", 2),
        (7.05, "accept", SECOND.id, {}, "", 0),
        (8.2, "strike_off", WATCHER.id, {"note": stories.STRUCK}, "", 0),
    )
    for after, what, by, answers, scene, photos in life[:steps]:
        at, scenes = start + timedelta(days=after), (scene,) if scene else ()
        yield Event(at, what, by, village, answers, scenes, photos, of=number, team=crew.name)
