"""A look as it is kept: some hundred bytes, and the words to find it by. Needs no numpy."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, compress
from typing import NamedTuple

BITS = 32
"""Of a word, beside the one that tells a word of the whole picture."""
WHOLE = 1 << BITS
WEAK = 5
"""Bits of a word that a copy is most likely to have otherwise: those are tried both ways."""
TRIED = 3
FINEST = 17
"""From that bit on a word tells of the finest frequencies, in which copies differ most often. They come last in the
index, so that most words that a copy may have lie side by side."""
SIDE = 32
"""Pixels of a sketch's side."""
KEPT = 17
"""Spots, the strongest ones first, whose words go into the index; all of them are asked for."""

_HEAD = struct.Struct(">HH")
_SPOT = struct.Struct(f">HHHBQ{WEAK}B")
_UNIT = 65535
_FEW = [flipped.bit_count() <= TRIED for flipped in range(1 << WEAK)]


class Spot(NamedTuple):
    """A bright or dark place, or the whole picture. `x`, `y` and `radius` in parts of the picture's longer
    side; `turn` quarter turns bring it into the position in which its word is read."""

    x: float
    y: float
    radius: float
    turn: int
    word: int
    weak: tuple[int, ...]

    def indexed(self) -> int:
        """The word as it stands in the index."""
        word = self.word % WHOLE
        return self.word - word | word % (1 << FINEST) << BITS - FINEST | word >> FINEST

    def near_words(self) -> Iterable[int]:
        """The words that a copy of this spot may have, as they stand in the index."""
        near = [self.indexed()]
        for bit in self.weak:
            flipped = 1 << (bit - FINEST) % BITS
            near += [word ^ flipped for word in near]
        return compress(near, _FEW)


@dataclass(frozen=True)
class Look:
    """Width and height tell the picture's shape. `sketch` is the grey picture, squeezed into a square. `hash`
    (16 hex digits) tells two pictures apart by the number of bits that differ, by itself and less well."""

    width: int
    height: int
    hash: str
    spots: tuple[Spot, ...]
    sketch: bytes

    def words(self) -> set[int]:
        """To find it by."""
        return {spot.indexed() for spot in self.spots[:KEPT]}

    def near_words(self) -> set[int]:
        """What to look up to find its copies, and what it is a copy of."""
        return set(chain.from_iterable(spot.near_words() for spot in self.spots))

    def packed_spots(self) -> bytes:
        return _HEAD.pack(self.width, self.height) + b"".join(map(_pack, self.spots))


def _pack(spot: Spot) -> bytes:
    x, y, radius = (min(round(part * _UNIT), _UNIT) for part in (spot.x, spot.y, spot.radius))
    return _SPOT.pack(x, y, radius, spot.turn, spot.word, *spot.weak)


def unpack(hash_: str, spots: bytes, sketch: bytes) -> Look:
    width, height = _HEAD.unpack_from(spots)
    return Look(width, height, hash_, tuple(map(_unpack, _SPOT.iter_unpack(spots[_HEAD.size :]))), sketch)


def _unpack(fields: tuple[int, ...]) -> Spot:
    x, y, radius, turn, word, *weak = fields
    return Spot(x / _UNIT, y / _UNIT, radius / _UNIT, turn, word, tuple(weak))
