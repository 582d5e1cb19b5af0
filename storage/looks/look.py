"""The look of a picture: its strongest spots, found at every size, each told by a word that survives copying.

A spot is where a picture blurred a little differs most from the same picture blurred more. It moves along when
the picture is cropped, and stays when it is compressed, resized or made brighter. Its word is the signs of the
lowest frequencies of the window around it, after a quarter turn that puts the brighter side to the left.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from storage.looks.packed import BITS, SIDE, WEAK, WHOLE, Look, Spot

Floats = NDArray[np.floating[Any]]

LONGEST = 96
"""Pixels of the longer side of the grey picture in which spots are looked for."""
MOST = 20
BLURS = tuple(1.5 * 2 ** (step / 2) for step in range(7))
"""Pixels. The spots lie between the second and the last but one."""
FAINT = 1.0
"""Steps of grey: what differs less is noise."""
FLAT = 4.0
"""Of a picture that varies less (a finger on the lens) there is nothing to find again."""
NOTHING = 1e-9
"""Weights below it are left out: a processor takes many times longer for numbers too small to be written in full."""
REACH = 4.5
"""Half a window, in blurs of its spot."""
_WINDOW, _LOW = 16, 8
_ORDER = sorted(((u, v) for u in range(_LOW) for v in range(_LOW)), key=lambda one: (sum(one), one))[2:]
_ROWS, _COLUMNS = np.array(_ORDER[:BITS]).T
_VALUES = 1 << np.arange(BITS, dtype=np.int64)


def look(image: Image.Image) -> Look:
    """Of an upright picture of at least some hundred pixels."""
    plain = image.convert("L")
    part = LONGEST / max(plain.size)
    width, height = (max(_WINDOW, round(side * part)) for side in plain.size)
    grey = np.asarray(plain.resize((width, height), Image.Resampling.BOX), np.float32)
    sketch = np.asarray(plain.resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    spots = _spots(grey) if grey.std() >= FLAT else ()
    return Look(width, height, _hash(sketch), spots, sketch.tobytes())


def _hash(sketch: NDArray[np.uint8]) -> str:
    """Which of the 64 lowest frequencies are above their median, as 16 hex digits."""
    low = _frequencies(sketch.astype(np.float32)).ravel()
    return f"{int(np.packbits(low > np.median(low)).view('>u8')[0]):016x}"


def _spots(grey: Floats) -> tuple[Spot, ...]:
    levels = _levels(grey)
    places = _peaks(np.diff(levels, axis=0))
    whole = np.asarray(Image.fromarray(grey).resize((_WINDOW, _WINDOW), Image.Resampling.BOX))
    lows = _frequencies(np.concatenate([whole[None], _windows(levels, places)]))
    turns, signs = _standing(lows)
    height, width = grey.shape
    around = np.concatenate([[[width / 2, height / 2, 0]], places]) / max(grey.shape)
    return tuple(_told(signs, turns, around))


def _levels(grey: Floats) -> Floats:
    """The picture more and more blurred."""
    height, width = grey.shape
    return np.stack([blurring(height, size) @ grey @ blurring(width, size).T for size in BLURS])


def _told(signs: Floats, turns: NDArray[Any], around: NDArray[Any]) -> list[Spot]:
    words = ((signs > 0) * _VALUES).sum(1)
    words[0] |= WHOLE
    weak = np.argsort(np.abs(signs), axis=1)[:, :WEAK]
    made = zip(around.clip(0, 1).tolist(), turns.tolist(), words.tolist(), weak.tolist(), strict=True)
    return [Spot(x, y, radius, turn, word, tuple(bits)) for (x, y, radius), turn, word, bits in made]


@cache
def blurring(length: int, size: float, fine: int = 1) -> Floats:
    """The matrix that blurs a line of that many pixels, into `fine` times as many; its ends are mirrored."""
    far = np.arange(-4 * length, 5 * length)
    places = (np.arange(length * fine) + 0.5) / fine - 0.5
    weights = np.exp(-((far[None, :] - places[:, None]) ** 2) / (2 * size**2))
    weights[weights < NOTHING] = 0
    inside = far % (2 * length)
    inside = np.where(inside < length, inside, 2 * length - 1 - inside)
    made = np.zeros((length, length * fine))
    np.add.at(made, inside, weights.T)
    blurred: Floats = (made / made.sum(0)).T.astype(np.float32)
    return blurred


@cache
def _waves(length: int) -> Floats:
    """The lowest frequencies of the cosine transform."""
    along = np.cos(np.pi * np.outer(np.arange(_LOW), 2 * np.arange(length) + 1) / (2 * length))
    return along.astype(np.float32)


def _frequencies(windows: Floats) -> Floats:
    waves = _waves(windows.shape[-1])
    return np.asarray(waves @ windows @ waves.T, np.float32)


def _peaks(differences: Floats) -> Floats:
    """The strongest peaks as (x, y, half a window), in pixels."""
    strength = np.abs(differences)
    around = np.maximum(np.maximum(strength[:-2], strength[1:-1]), strength[2:])
    for axis in (1, 2):
        around = _widest(around, axis)
    inner = strength[1:-1, 1:-1, 1:-1]
    found = np.argwhere((inner == around) & (inner > FAINT)) + 1
    order = np.argsort(-strength[tuple(found.T)], kind="stable")[:MOST]
    level, y, x = _refined(differences, found[order])
    return np.stack([x, y, REACH * BLURS[0] * 2 ** (level / 2)], axis=1).astype(np.float32)


def _widest(values: Floats, axis: int) -> Floats:
    """The greatest of three neighbours, without the edges."""
    first, middle, last = (
        np.moveaxis(values, axis, 0)[cut] for cut in (slice(None, -2), slice(1, -1), slice(2, None))
    )
    return np.moveaxis(np.maximum(np.maximum(first, middle), last), 0, axis)


def _refined(values: Floats, peaks: NDArray[np.intp]) -> Floats:
    """Peaks between the pixels: the top of a parabola through the neighbours, along each axis."""
    here, places = values[tuple(peaks.T)], []
    for axis in range(3):
        step = np.eye(3, dtype=int)[axis]
        before, after = values[tuple((peaks - step).T)], values[tuple((peaks + step).T)]
        bend = before - 2 * here + after
        off = np.where(bend != 0, (before - after) / np.where(bend != 0, 2 * bend, 1), 0)
        places.append(peaks[:, axis] + off.clip(-0.5, 0.5))
    return np.array(places)


def _windows(levels: Floats, places: Floats) -> Floats:
    """What is seen through each window, blurred as coarsely as the window is sampled."""
    x, y, reach = places.T
    level = (
        np.rint(2 * np.log2(np.maximum(reach / _WINDOW * 2, 0.1) / BLURS[0]))
        .clip(0, len(levels) - 1)
        .astype(int)
    )
    steps = (np.arange(_WINDOW) + 0.5) / _WINDOW * 2 - 1
    rows, columns = (middle[:, None] + reach[:, None] * steps for middle in (y, x))
    return between(levels, level[:, None, None], rows[:, :, None], columns[:, None, :])


def between(levels: Floats, level: Any, row: NDArray[Any], column: NDArray[Any]) -> Floats:
    """Values between the pixels of one of several pictures; beyond its edge those of the edge."""
    high, wide = levels.shape[1:]
    row, column = row.clip(0, high - 1.001), column.clip(0, wide - 1.001)
    top, left = row.astype(np.intp), column.astype(np.intp)
    down, right = row - top, column - left
    flat, place = levels.ravel(), (level * high + top) * wide + left
    upper = flat.take(place) * (1 - right) + flat.take(place + 1) * right
    lower = flat.take(place + wide) * (1 - right) + flat.take(place + wide + 1) * right
    return np.asarray(upper * (1 - down) + lower * down)


def _standing(lows: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Each window's frequencies, turned by quarters until the left is clearly the brighter side; how often it
    was turned."""
    turned = [lows]
    for _ in range(3):
        turned.append(turned[-1].transpose(0, 2, 1) * ((-1.0) ** np.arange(_LOW, dtype=np.float32))[:, None])
    four = np.stack(turned)
    turns = np.argmax(four[:, :, 0, 1] - np.abs(four[:, :, 1, 0]), axis=0)
    chosen = four[turns, np.arange(len(lows))]
    return turns, chosen[:, _ROWS, _COLUMNS]
