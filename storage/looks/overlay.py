"""Laying one picture over another: is one a copy of the other, whole or cropped?

Spots that have the same word in both say roughly how one lies on the other. From there the sketches are moved
until they fit best. A copy shows nothing that its original does not show, lies straight on it, and is like it
nearly everywhere; two photos of one scene stick out on different sides, lie askew, or differ all over.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from storage.looks.look import Floats, blurring
from storage.looks.packed import SIDE, TRIED, WEAK, Look, Spot

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


class Beneath(NamedTuple):
    """The lower sketch under each pixel of the upper one, and where the two can be compared."""

    seen: Floats
    there: NDArray[np.bool_]


class Explained(NamedTuple):
    """How much of each part makes what lies beneath, and what is `left` of it unexplained."""

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
        heeded = np.maximum(1 - np.square(self.left / (ROUGH * usual)), 0)
        return np.asarray(np.square(heeded), np.float64)


def fit(mine: Look, theirs: Look) -> Fit | None:
    """None when nothing says how one might lie on the other, or they do not come to lie on each other."""
    guess = _agreed(_guesses(mine, theirs))
    if guess is None:
        return None
    upper = _soft(np.rot90(_sketch(mine), guess.turn), 1 / guess.wide, 1 / guess.high)
    lower = _soft(_sketch(theirs), guess.wide, guess.high, FINE)
    return _moved(upper, Image.fromarray(lower), guess)


def _sketch(look: Look) -> Floats:
    return np.frombuffer(look.sketch, np.uint8).reshape(SIDE, SIDE).astype(np.float32)


def _soft(sketch: Floats, wide: float, high: float, fine: int = 1) -> Floats:
    """Blurred, and more so where the other's pixels are that much coarser: else the one would show what the other
    cannot."""
    return np.asarray(_blur(high, fine) @ sketch @ _blur(wide, fine).T, np.float32)


def _blur(coarser: float, fine: int) -> Floats:
    spread = SOFT**2 + (SOFT**2 + PIXEL) * max(0.0, coarser**2 - 1)
    return blurring(SIDE, round(math.sqrt(spread), 1), fine)


def _guesses(mine: Look, theirs: Look) -> list[Guess]:
    words, others = (np.array([spot.word for spot in look.spots], np.int64) for look in (mine, theirs))
    weak = (1 << np.array([spot.weak for spot in mine.spots], np.int64).reshape(-1, WEAK)).sum(axis=1)
    differs = words[:, None] ^ others
    near = (differs & ~weak[:, None] == 0) & (np.bitwise_count(differs) <= TRIED)
    pairs = zip(*(places.tolist() for places in near.nonzero()), strict=True)
    return [_guess(mine, mine.spots[one], theirs, theirs.spots[other]) for one, other in pairs]


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
    party = np.sort(said[alike[np.argmax(alike.sum(axis=1))]], axis=0)
    turn, *lies = ((party[(len(party) - 1) // 2] + party[len(party) // 2]) / 2).tolist()
    return Guess(int(turn), *lies)


@cache
def _grid() -> Floats:
    """Middles of a sketch's pixels, in parts of its side: x and y of each, and 1."""
    middles = (np.arange(SIDE) + 0.5) / SIDE
    x, y = np.meshgrid(middles, middles)
    return np.stack([x.ravel(), y.ravel(), np.ones(SIDE * SIDE)])


@cache
def _rise() -> Floats:
    """The matrix that tells how a line of pixels rises from one to the next, in parts of the side."""
    return np.ascontiguousarray(np.gradient(np.eye(SIDE), axis=0) * SIDE)


def _moved(upper: Floats, lower: Image.Image, guess: Guess) -> Fit | None:
    """Gauss and Newton's steps for the whole affine map, with brightness and contrast; then the nearest map of a
    copy."""
    parts = _parts(upper)
    lies = np.array([[guess.wide, 0, guess.left], [0, guess.high, guess.top], [0, 0, 1]])
    best = None
    for _ in range(STEPS):
        best = _explained(parts, _beneath(parts[0], lower, lies), best)
        if best is None:
            return None
        step = (-best.made_of[3:].reshape(2, 3) / best.made_of[0]).clip(-0.05, 0.05)
        lies = lies + lies[:, :2] @ step
        if np.abs(step).max() < STILL:
            break
    tones = parts[:3]
    best = _explained(tones, _beneath(parts[0], lower, lies), best)
    if best is None:
        return None
    fit, contrast = None, max(float(upper.std()), 2)
    for straight in _straight(lies):
        fit = _fitted(tones, lower, straight, best, contrast)
        if fit is not None and fit.is_copy():
            break
    return fit


def _fitted(
    tones: Floats, lower: Image.Image, straight: Floats, best: Explained, contrast: float
) -> Fit | None:
    there: Explained | None = best
    beneath = _beneath(tones[0], lower, straight)
    for _ in range(2):
        there = _explained(tones, beneath, there) if there else None
    if there is None:
        return None
    unlike = there.unlike()
    whole = bool(np.array_equal(straight, np.eye(3)))
    return Fit(unlike / (float(there.made_of[0]) * contrast), unlike / max(best.unlike(), NOISE), whole)


def _parts(upper: Floats) -> Floats:
    """What the lower sketch may be made of: the upper one, paler or darker, and moved a little each way."""
    seen, rise = upper.ravel(), _rise()
    right, down = (upper @ rise.T).ravel(), (rise @ upper).ravel()
    tones = [seen, np.ones_like(seen), np.square(seen / 128 - 1)]
    return np.concatenate([tones, right * _grid(), down * _grid()])


def _explained(parts: Floats, beneath: Beneath, before: Explained | None) -> Explained | None:
    """By least squares, heeding what `before` explained. None when too little can be compared."""
    below, there = beneath
    if np.count_nonzero(there) < LEAST * there.size:
        return None
    weighted = parts * (there if before is None else there * before.heed())
    alike = weighted @ parts.T
    alike.flat[:: len(alike) + 1] += 1e-6
    made_of = np.linalg.solve(alike, weighted @ below)
    return Explained(made_of, below - made_of @ parts, there) if made_of[0] > FADED else None


def _beneath(upper: Floats, lower: Image.Image, lies: Floats) -> Beneath:
    """Where there is nothing beneath, it is 0: too black to be compared."""
    (across, along), size = (lies[:2] * (FINE, FINE, SIDE * FINE)).tolist(), (SIDE, SIDE)
    drawn = lower.transform(size, Image.Transform.AFFINE, (*across, *along), Image.Resampling.BILINEAR)
    below = np.asarray(drawn, np.float64).ravel()
    there = (np.minimum(upper, below) > BLACK) & (np.maximum(upper, below) < WHITE)
    return Beneath(below, there)


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
