"""Looks: what stays of a picture when it is copied, how it is packed, and when one picture is another's copy."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from storage.looks import overlay
from storage.looks.look import look
from storage.looks.packed import BITS, FINEST, KEPT, SIDE, WHOLE, Look, Spot, unpack
from tests.drawn import scene
from tests.storage.looks.changes import Picture, bright, compressed, cropped, fitted, marked

Turn = Image.Transpose


@pytest.fixture(scope="module")
def photo() -> Picture:
    return scene()


def is_copy(one: Look, other: Look) -> bool:
    found = overlay.fit(one, other)
    return found is not None and found.is_copy()


def shared(one: Look, other: Look) -> int:
    return len(one.near_words() & other.words())


def bits(one: Look, other: Look) -> int:
    return (int(one.hash, 16) ^ int(other.hash, 16)).bit_count()


def test_a_picture_has_a_look(photo: Picture) -> None:
    seen = look(photo)
    assert len(seen.hash) == 16
    assert len(seen.sketch) == SIDE * SIDE
    assert 4 < len(seen.spots) <= 21
    assert len(seen.words()) <= KEPT
    assert [spot.word >= WHOLE for spot in seen.spots] == [True] + [False] * (len(seen.spots) - 1)
    assert all(0 <= spot.word < 2 * WHOLE and len(set(spot.weak)) == 5 for spot in seen.spots)
    assert seen == look(photo.copy()), "the same every time"


def test_a_look_is_packed_and_unpacked(photo: Picture) -> None:
    seen = look(photo)
    again = unpack(seen.hash, seen.packed_spots(), seen.sketch)
    assert (again.width, again.height, again.words()) == (seen.width, seen.height, seen.words())
    assert again.near_words() == seen.near_words()
    for one, other in zip(again.spots, seen.spots, strict=True):
        assert one[:3] == pytest.approx(other[:3], abs=1e-4)
    assert len(seen.packed_spots()) < 430


def spot(word: int, *weak: int) -> Spot:
    return Spot(0.5, 0.5, 0.1, 0, word, weak or (0, 1, 5, 9, BITS - 1))


def test_near_words_try_the_weak_bits_both_ways() -> None:
    words = list(spot(0b1010).near_words())
    assert len(words) == len(set(words)) == 26

    def near(word: int) -> bool:
        return spot(word).indexed() in words

    assert all(map(near, (0b1010, 0b1011, 0b1000, 0b1010 ^ (1 << 5) ^ (1 << (BITS - 1)))))
    assert not near(0b1110), "a bit that is not weak"
    assert not near(0b1010 ^ sum(1 << bit for bit in (0, 1, 5, 9))), "three at most"


def test_the_finest_frequencies_come_last_in_the_index() -> None:
    assert spot(1 << FINEST).indexed() == 1
    assert spot(1 << (BITS - 1)).indexed() == 1 << (BITS - 1 - FINEST)
    assert spot(1).indexed() == 1 << (BITS - FINEST)
    assert spot(1 << (FINEST - 1)).indexed() == 1 << (BITS - 1)
    assert spot(WHOLE | 1 << FINEST).indexed() == WHOLE + 1
    finest = tuple(range(FINEST, FINEST + 5))
    assert sorted(spot(1 << 3, *finest).near_words())[-1] - spot(1 << 3).indexed() < 32


@pytest.mark.parametrize(
    "copy",
    [
        lambda one: compressed(one, 20),
        lambda one: fitted(one, 240),
        lambda one: cropped(one, 0.03, 0.04, 0.02, 0.05),
        lambda one: bright(one, 0.7),
        lambda one: marked(one, right=True),
        *(lambda one, turn=turn: one.transpose(turn) for turn in (Turn.ROTATE_90, Turn.ROTATE_180, Turn.ROTATE_270)),
    ],
)  # fmt: skip
def test_a_copy_is_found_and_known_as_one(copy: object, photo: Picture) -> None:
    assert callable(copy)
    mine, theirs = look(copy(photo)), look(photo)
    assert shared(mine, theirs) >= 2
    assert is_copy(mine, theirs)
    assert is_copy(theirs, mine), "whichever came first"


def test_another_picture_is_none(photo: Picture) -> None:
    for seed in range(2, 12):
        other = look(scene(seed))
        assert not is_copy(look(photo), other)
        assert bits(look(photo), other) > 10


def test_the_hash_of_a_copy_is_near(photo: Picture) -> None:
    assert bits(look(photo), look(compressed(photo, 30))) <= 4


def test_what_shows_something_else_at_its_edge_is_no_copy() -> None:
    """Two shots: what leaves the picture on one side comes in on the other."""
    wide = scene(3, (700, 480))
    one, other = wide.crop((0, 0, 640, 480)), wide.crop((20, 0, 660, 480))
    assert shared(look(one), look(other)) >= 2
    assert not is_copy(look(one), look(other))
    assert is_copy(look(one), look(wide))
    assert is_copy(look(wide), look(other))


def test_what_lies_askew_is_no_copy(photo: Picture) -> None:
    turned = scene(1, (720, 540)).rotate(1, Image.Resampling.BICUBIC).crop((40, 30, 680, 510))
    assert not is_copy(look(turned), look(scene(1, (720, 540)).crop((40, 30, 680, 510))))


def test_mirrored_is_no_copy(photo: Picture) -> None:
    assert not is_copy(look(photo.transpose(Turn.FLIP_LEFT_RIGHT)), look(photo))


@pytest.mark.parametrize("shade", [0, 7, 128, 255])
def test_nothing_is_found_by_a_picture_of_nothing(shade: int) -> None:
    blank = look(Image.new("RGB", (320, 240), (shade, shade, shade)))
    assert blank.words() == blank.near_words() == set()
    assert overlay.fit(blank, blank) is None
    assert unpack(blank.hash, blank.packed_spots(), blank.sketch) == blank


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 2), (16, 16), (5000, 60)])
def test_every_shape_has_a_look(size: tuple[int, int]) -> None:
    seen = look(scene(1, size))
    assert unpack(seen.hash, seen.packed_spots(), seen.sketch).words() == seen.words()
    assert overlay.fit(seen, replace(seen, spots=())) is None


def test_nonsense_in_the_place_of_a_look_is_no_copy(photo: Picture) -> None:
    seen = look(photo)
    flat = replace(seen, sketch=bytes(SIDE * SIDE))
    far = tuple(Spot(1, 1, 1e-5, spot.turn, spot.word, spot.weak) for spot in seen.spots)
    assert not is_copy(seen, flat)
    assert not is_copy(flat, seen)
    assert not is_copy(seen, replace(seen, spots=far[1:], sketch=bytes(range(256)) * 4))


def test_the_views_of_one_waterfall_are_one_picture(shared_data: Path) -> None:
    folder = shared_data / "data" / "photos"
    with (
        Image.open(folder / "jpg_orientation_landscape_1.jpg") as one,
        Image.open(folder / "jpg_orientation_landscape_6.jpg") as six,
    ):
        assert is_copy(look(one), look(six)), "one is stored upright, one lies on its side"
