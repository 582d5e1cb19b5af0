"""Which deaths the bot dies in one run, and in what order: every crash point, and random moments between."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.crash import POINTS
from tests.crash.modes import WHOLE

RANDOM = "random"
OFTEN = 4
"""A point that is passed with every message is deadly at the first to the fourth passing."""
ONCE = ("delivery.recovered", "desk.taken")
"""These are passed once in a life."""
SCENES = (
    ("close", "job.close_week", "weekly"),
    ("digest", "job.digest"),
    ("remind", "job.remind"),
    ("morning", "job.draft_reminders"),
    ("minute", "job.seal_journal"),
    ("alike", "job.likeness"),
    ("gap", "job.gap"),
    ("draft", "job.draft_week"),
    ("monday", "job.told_queries"),
    ("stuck", "job.alarm"),
    ("old", "job.retain"),
    ("week", "job.prune"),
)
"""What the clock is moved to, and the points that are met there."""


@dataclass(frozen=True)
class Death:
    """At `point` (or at a random moment) when it is passed for the `nth` time; before it the clock is moved."""

    point: str
    nth: int = 1
    move: str = ""


def plan(kills: int, seed: int, points: Collection[str] = WHOLE.points) -> list[Death]:
    """That many deaths: each of these points once and then as often as there is room, random moments for the rest."""
    dice = random.Random(seed)
    scenes = [_scene(*scene) for scene in SCENES]
    asked = sorted(set(points) - {death.point for scene in scenes for death in scene})
    talk = [_death(dice, point) for point in asked]
    while len(talk) + sum(map(len, scenes)) < kills:
        often = dice.random() < 0.5
        talk.append(_death(dice, dice.choice(asked)) if often else Death(RANDOM))
    dice.shuffle(talk)
    dice.shuffle(scenes)
    return list(_mixed(scenes, _apart(talk)))


def _death(dice: random.Random, point: str) -> Death:
    often = point.startswith(("intake", "web", "desk", "pen", "delivery")) and point not in ONCE
    return Death(point, dice.randint(1, OFTEN) if often else 1)


def _scene(move: str, *prefixes: str) -> list[Death]:
    """One after the other: what a death undid is done again by the next life, up to the next point."""
    met = [point for prefix in prefixes for point in POINTS if point.startswith(prefix)]
    return [Death(met[0], move=move), *(Death(point) for point in met[1:])]


def _apart(talk: list[Death]) -> list[Death]:
    """No two deaths in the hands of the desk in a row: an arrival that ends the process again and again is put
    aside, as it should be."""
    desk = [one for one in talk if one.point.startswith(("desk.", "pen."))]
    other = [one for one in talk if one not in desk]
    assert len(other) >= len(desk), "more deaths at the desk than elsewhere"
    step = len(other) / max(1, len(desk))
    for place, one in enumerate(desk):
        other.insert(int(place * step) + place, one)
    return other


def _mixed(scenes: list[list[Death]], talk: list[Death]) -> Iterator[Death]:
    """The scenes, whole, spread among the other deaths."""
    share = -(-len(talk) // (len(scenes) + 1))
    for scene in scenes:
        yield from talk[:share]
        talk = talk[share:]
        yield from scene
    yield from talk
