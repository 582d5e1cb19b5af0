"""`python -m tests.storage.looks.measured`: how many copies are found, and how many of those found are copies.

The set is made of the shared photos: every change of each is asked for among the originals, and so are bursts,
further shots of the same scene. Which files show the same picture is told by truth.json, not by the code.
"""

import json
import math
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageEnhance

from reports import pictures
from storage import picture
from storage.looks import overlay
from storage.looks.look import look
from storage.looks.packed import Look
from tests.conftest import PROJECT
from tests.storage.looks.changes import KINDS, Picture, compressed

TRUTH = json.loads(Path(__file__).with_name("truth.json").read_text())
TRIED, SHARED = 4, 2
"""Originals that are laid under the picture, and words that they must share with it: among five million photos some
share one by chance, and hardly any two."""
SHOTS = ((0.01, 0.5), (0.02, 0.3), (0.02, 1.2), (0.03, 0.8), (0.05, 0.4))
"""How far a hand moves between two shots: in parts of the picture, and in degrees."""


@dataclass
class Tally:
    """`asked` copies, of which `found` led to their original; `wrong` led to another picture."""

    asked: int = 0
    found: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.found / self.asked if self.asked else 1.0


@dataclass
class Known:
    """The originals, found by their words as the database finds them."""

    looks: dict[str, Look] = field(default_factory=dict)
    by_word: dict[int, list[str]] = field(default_factory=dict)

    def add(self, name: str, seen: Look) -> None:
        self.looks[name] = seen
        for word in seen.words():
            self.by_word.setdefault(word, []).append(name)

    def like(self, seen: Look) -> list[str]:
        votes: dict[str, int] = {}
        for word in seen.near_words():
            for name in self.by_word.get(word, ()):
                votes[name] = votes.get(name, 0) + 1
        enough = [name for name, count in votes.items() if count >= SHARED]
        tried = sorted(enough, key=lambda name: -votes[name])[:TRIED]
        fits = {name: overlay.fit(seen, self.looks[name]) for name in tried}
        return [name for name, fit in fits.items() if fit is not None and fit.is_copy()]


def originals(folder: Path, longest: int = 1600) -> dict[str, Picture]:
    """The shared photos, upright and at most so many pixels long."""
    found = {}
    for path in sorted((folder / "data" / "photos").iterdir()):
        if path.name not in TRUTH["too_small"]:
            with picture.opened(path.read_bytes()) as opened:
                found[path.name] = pictures.upright(opened, longest)
    return found


def seen(made: Picture) -> Look:
    """As it is looked at when it comes: from its thumbnail."""
    small = made.copy()
    small.thumbnail((pictures.THUMBNAIL, pictures.THUMBNAIL), Image.Resampling.HAMMING)
    return look(small)


@cache
def same(name: str) -> frozenset[str]:
    """The files that show the same picture."""
    return frozenset({name}.union(*(group for group in TRUTH["same"] if name in group)))


def burst(original: Picture, luck: random.Random) -> Iterator[Picture]:
    """The first shot, and further ones: moved, turned, nearer or further, in another light."""
    yield _shot(original, 0, 0, 0, 1, 1)
    for far, degrees in SHOTS:
        way = luck.uniform(0, 2 * math.pi)
        x, y = far * math.cos(way), far * math.sin(way)
        yield _shot(
            original,
            x,
            y,
            degrees * luck.choice((-1, 1)),
            luck.uniform(0.985, 1.015),
            luck.uniform(0.95, 1.05),
        )


def _shot(original: Picture, x: float, y: float, degrees: float, near: float, light: float) -> Picture:
    """What a phone sees of the scene, whose middle 86 parts in a hundred are in the picture."""
    width, height = round(original.width * 0.86), round(original.height * 0.86)
    turn = math.radians(degrees)
    cos, sin = near * math.cos(turn), near * math.sin(turn)
    left = original.width * (0.5 + x) - cos * width / 2 + sin * height / 2
    top = original.height * (0.5 + y) - sin * width / 2 - cos * height / 2
    seen = original.transform(
        (width, height), Image.Transform.AFFINE, (cos, -sin, left, sin, cos, top), Image.Resampling.BICUBIC
    )
    return compressed(ImageEnhance.Brightness(seen).enhance(light), 85)


def copies(photos: dict[str, Picture]) -> dict[str, Tally]:
    """Of each kind of change, how many were found among the originals."""
    known = Known()
    for name, original in photos.items():
        known.add(name, seen(original))
    tallies = {kind: Tally() for kind in KINDS}
    for kind, changes in KINDS.items():
        for name, original in photos.items():
            for change in changes:
                like = known.like(seen(change(original)))
                tally = tallies[kind]
                tally.asked += 1
                tally.found += name in like
                tally.wrong += len(set(like) - same(name))
    return tallies


def lookalikes(photos: dict[str, Picture]) -> Tally:
    """Bursts asked for among their first shots, and real ones among each other: none should be found."""
    tally, luck = Tally(), random.Random(20261120)
    for original in photos.values():
        known = Known()
        first, *others = burst(original, luck)
        known.add("first", seen(first))
        tally.asked += len(others)
        tally.wrong += sum(len(known.like(seen(other))) for other in others)
    for pair in TRUTH["lookalikes"]:
        for one, other in (pair, pair[::-1]):
            known = Known()
            known.add(one, seen(photos[one]))
            tally.asked += 1
            tally.wrong += len(known.like(seen(photos[other])))
    return tally


def precision(tallies: dict[str, Tally], alike: Tally) -> float:
    """Of all pictures that were said to be copies, how many are."""
    found = sum(tally.found for tally in tallies.values())
    return found / (found + alike.wrong + sum(tally.wrong for tally in tallies.values()))


def table(tallies: dict[str, Tally], alike: Tally) -> str:
    lines = ["| change | asked | recall | led elsewhere |", "| --- | --- | --- | --- |"]
    lines += [f"| {kind} | {one.asked} | {one.recall:.3f} | {one.wrong} |" for kind, one in tallies.items()]
    lines += [f"| lookalikes (bursts) | {alike.asked} | none is a copy | {alike.wrong} |"]
    return "\n".join([*lines, "", f"Precision: {precision(tallies, alike):.4f}"])


def main() -> None:
    photos = originals((PROJECT / "../shared").resolve() if len(sys.argv) < 2 else Path(sys.argv[1]))
    sys.stdout.write(table(copies(photos), lookalikes(photos)) + "\n")


if __name__ == "__main__":
    main()
