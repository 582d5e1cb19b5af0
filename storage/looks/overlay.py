"""Laying one picture over another: is one a copy of the other, whole or cropped?

Spots that have the same word in both say roughly how one lies on the other. From there the sketches are moved
until they fit best. A copy shows nothing that its original does not show, lies straight on it, and is like it
nearly everywhere; two photos of one scene stick out on different sides, lie askew, or differ all over.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from storage.looks.look import Floats, between, blurring
from storage.looks.packed import SIDE, TRIED, Look, Spot

STEPS = 7
SOFT, PIXEL = 0.8, 0.2
"""Pixels of a sketch: how much both are blurred; and how much, squared, each pixel is a blur by itself."""
FINE = 3
"""The lower one is drawn finer, so that what lies between its pixels is right."""
NEAR = 0.12
"""Guesses that differ by less are of one opinion; in parts of the picture."""
STILL = 5e-4
NOISE = 0.4
"""Steps of grey."""
ROUGH = 4.685
"""Tukey's: what differs by more of the usual difference is not heeded at all."""
BLACK, WHITE = 3, 235
"""Beyond these a brighter or darker copy has lost what was there."""
FADED = 0.1
"""Contrast that must be left."""
LEAST = 0.25
"""Part of the sketch that must lie on the other."""
SNAP, NEARLY = 0.006, 0.0125
"""In parts of the side: edges this near to each other are one; all four this near may be, too."""
UNLIKE = 0.1
"""Three quarters of a copy's sketch differ by no more, in parts of its contrast."""
BETTER, CROPPED_BETTER = 1.4, 1.15
"""A copy lies straight, on the whole of its original or inside it. If it fits so much better askew or shifted, it
is none. One that is whole may be bleached, which shifts where it seems to fit best."""


class Guess(NamedTuple):
    """How one picture lies on another: after `turn` quarter turns, a point (x, y) of it, in parts of width and
    height, lies on (wide·x + left, high·y + top)."""

    turn: int
    wide: float
    high: float
    left: float
    top: float


class Fit(NamedTuple):
    """How well one lies on the other, straight and inside it: `unlike` tells how much three quarters of the
    sketches differ at most, in parts of their contrast; `better`, how many times less they differ where they fit
    best; `whole`, that neither was cropped."""

    unlike: float
    better: float
    whole: bool

    def is_copy(self) -> bool:
        return self.unlike <= UNLIKE and self.better <= (BETTER if self.whole else CROPPED_BETTER)


@dataclass(frozen=True)
class Explained:
    """What lies beneath the upper sketch: how much of each column makes it, and what is `left` of it unexplained
    where the two can be compared."""

    made_of: Floats
    left: Floats
    there: NDArray[np.bool_]

    def unlike(self) -> float:
        """Three quarters differ by no more."""
        return self._part(0.75)

    def _part(self, part: float) -> float:
        differences = np.abs(self.left[self.there])
        place = int(len(differences) * part)
        return float(np.partition(differences, place)[place])

    def heed(self) -> Floats:
        """What fits worst (a watermark, somebody's thumb) is heeded least, or not at all."""
        usual = 1.4826 * self._part(0.5) + NOISE
        return np.asarray((1 - (self.left / (ROUGH * usual)) ** 2).clip(0) ** 2, np.float64)


def fit(mine: Look, theirs: Look) -> Fit | None:
    """None when nothing says how one might lie on the other, or they do not come to lie on each other."""
    guess = _agreed(list(_guesses(mine, theirs)))
    if guess is None:
        return None
    upper = _soft(np.rot90(_sketch(mine), guess.turn), 1 / guess.wide, 1 / guess.high)
    return _moved(upper, _soft(_sketch(theirs), guess.wide, guess.high, FINE), guess)


def _sketch(look: Look) -> Floats:
    return np.frombuffer(look.sketch, np.uint8).reshape(SIDE, SIDE).astype(np.float64)


def _soft(sketch: Floats, wide: float, high: float, fine: int = 1) -> Floats:
    """Blurred, and more so where the other's pixels are that much coarser: else the one would show what the other
    cannot."""
    return np.asarray(_blur(high, fine) @ sketch @ _blur(wide, fine).T, np.float64)


def _blur(coarser: float, fine: int) -> Floats:
    spread = SOFT**2 + (SOFT**2 + PIXEL) * max(0.0, coarser**2 - 1)
    return blurring(SIDE, round(math.sqrt(spread), 1), fine)


def _guesses(mine: Look, theirs: Look) -> Iterator[Guess]:
    for spot in mine.spots:
        weak = sum(1 << bit for bit in spot.weak)
        for other in theirs.spots:
            differs = spot.word ^ other.word
            if not differs & ~weak and differs.bit_count() <= TRIED:
                yield _guess(mine, spot, theirs, other)


def _guess(mine: Look, spot: Spot, theirs: Look, other: Spot) -> Guess:
    turn = (spot.turn - other.turn) % 4
    if not spot.radius or not other.radius:
        return Guess(turn, 1, 1, 0, 0)
    x, y, width, height = spot.x, spot.y, *_shape(mine)
    for _ in range(turn):
        x, y, width, height = y, width - x, height, width
    beneath, below = _shape(theirs)
    scale = other.radius / spot.radius
    return Guess(
        turn,
        scale * width / beneath,
        scale * height / below,
        (other.x - scale * x) / beneath,
        (other.y - scale * y) / below,
    )


def _shape(look: Look) -> tuple[float, float]:
    longer = max(look.width, look.height)
    return look.width / longer, look.height / longer


def _agreed(guesses: list[Guess]) -> Guess | None:
    """The middle of what most of them say."""
    if not guesses:
        return None
    said = np.array(guesses)
    alike = (np.abs(said[:, None, :] - said[None, :, :]) < NEAR).all(axis=2)
    party = said[alike[np.argmax(alike.sum(axis=1))]]
    turn, wide, high, left, top = (float(value) for value in np.median(party, axis=0))
    return Guess(int(turn), wide, high, left, top)


@cache
def _grid() -> tuple[Floats, Floats]:
    """Middles of a sketch's pixels, in parts of its side: x and y of each."""
    middles = (np.arange(SIDE) + 0.5) / SIDE
    x, y = np.meshgrid(middles, middles)
    return x.ravel(), y.ravel()


def _moved(upper: Floats, lower: Floats, guess: Guess) -> Fit | None:
    """Gauss and Newton's steps for the whole affine map, with brightness and contrast; then the nearest map of a
    copy."""
    columns = _columns(upper)
    lies = np.array([[guess.wide, 0, guess.left], [0, guess.high, guess.top], [0, 0, 1]])
    best = None
    for _ in range(STEPS):
        best = _explained(columns, lower, lies, best)
        if best is None:
            return None
        step = (-best.made_of[3:].reshape(2, 3) / best.made_of[0]).clip(-0.05, 0.05)
        lies = lies @ np.vstack([np.eye(3)[:2] + step, [0, 0, 1]])
        if np.abs(step).max() < STILL:
            break
    tones = columns[:, :3]
    best = _explained(tones, lower, lies, best)
    if best is None:
        return None
    fit, contrast = None, max(float(upper.std()), 2)
    for straight in _straight(lies):
        fit = _fitted(tones, lower, straight, best, contrast)
        if fit is not None and fit.is_copy():
            break
    return fit


def _fitted(tones: Floats, lower: Floats, straight: Floats, best: Explained, contrast: float) -> Fit | None:
    there: Explained | None = best
    for _ in range(2):
        there = _explained(tones, lower, straight, there) if there else None
    if there is None:
        return None
    unlike = there.unlike()
    whole = bool(np.array_equal(straight, np.eye(3)))
    return Fit(unlike / (float(there.made_of[0]) * contrast), unlike / max(best.unlike(), NOISE), whole)


def _columns(upper: Floats) -> Floats:
    """What the lower sketch may be made of: the upper one, paler or darker, and moved a little each way."""
    x, y = _grid()
    seen = upper.ravel()
    down, right = (change.ravel() * SIDE for change in np.gradient(upper))
    tones = [seen, np.ones_like(seen), (seen / 128 - 1) ** 2]
    return np.stack(tones + [change * along for change in (right, down) for along in (x, y, 1)], axis=1)


def _explained(columns: Floats, lower: Floats, lies: Floats, before: Explained | None) -> Explained | None:
    """By least squares, heeding what `before` explained. None when too little can be compared."""
    seen = columns[:, 0]
    below, there = _beneath(lower, lies, (seen > BLACK) & (seen < WHITE))
    if there.mean() < LEAST:
        return None
    weighted = (columns * (there if before is None else there * before.heed())[:, None]).T
    steady = np.diag(np.full(len(weighted), 1e-6))
    made_of = np.linalg.solve(weighted @ columns + steady, weighted @ below)
    return Explained(made_of, below - columns @ made_of, there) if made_of[0] > FADED else None


def _beneath(lower: Floats, lies: Floats, clear: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    """The lower sketch under each pixel of the upper one, and where there is one to compare."""
    x, y = _grid()
    across, along = lies[0, 0] * x + lies[0, 1] * y + lies[0, 2], lies[1, 0] * x + lies[1, 1] * y + lies[1, 2]
    below = between(lower[None], 0, along * SIDE * FINE - 0.5, across * SIDE * FINE - 0.5).astype(np.float64)
    inside = (across > 0) & (across < 1) & (along > 0) & (along < 1)
    return below, inside & clear & (below > BLACK) & (below < WHITE)


def _straight(lies: Floats) -> list[Floats]:
    """How a copy may lie that seems to lie so: on the whole of its original, if the edges nearly meet; and as it
    does, neither turned nor sheared, if one shows nothing that the other does not."""
    middle = lies[:2] @ (0.5, 0.5, 1)
    ends = [
        (float(at) - long / 2, float(at) + long / 2)
        for at, long in zip(middle, lies.diagonal()[:2], strict=True)
    ]
    whole = all(abs(begin) < NEARLY and abs(end - 1) < NEARLY for begin, end in ends)
    (left, right), (top, bottom) = (_snapped(*both) for both in ends)
    inside = min(left, top) >= 0 and max(right, bottom) <= 1
    around = max(left, top) <= 0 and min(right, bottom) >= 1
    lying = (
        [np.array([[right - left, 0, left], [0, bottom - top, top], [0, 0, 1]])] if inside or around else []
    )
    return [np.eye(3)] * whole + lying


def _snapped(begin: float, end: float) -> tuple[float, float]:
    near = SNAP * max(1, end - begin)
    return 0.0 if abs(begin) < near else begin, 1.0 if abs(end - 1) < near else end
