"""Sealed fields: a box opens with its keys, in its place, and nowhere else."""

import dataclasses
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import HEAD, CannotOpen, Keyring

RING = Keyring.new()


@given(st.text(), st.text(min_size=1), st.text(min_size=1))
def test_what_was_sealed_is_opened_unchanged(text: str, name: str, uid: str) -> None:
    encoded = text.encode("utf-8", "surrogatepass")
    assert RING.open(name, uid, RING.seal(name, uid, encoded)) == encoded


def test_a_box_moved_to_another_row_or_column_does_not_open() -> None:
    box = RING.seal("household.head", "a1", "李大山")
    for name, uid in (("household.head", "b2"), ("household.phone", "a1"), ("person.name", "a1")):
        with pytest.raises(CannotOpen):
            RING.open(name, uid, box)


def test_a_box_made_with_other_keys_does_not_open_and_says_no_content() -> None:
    box = Keyring.new().seal("household.head", "a1", "李大山")
    with pytest.raises(CannotOpen) as caught:
        RING.open("household.head", "a1", box)
    assert "李" not in str(caught.value)


@pytest.mark.parametrize("place", [1, 2, 5, HEAD, HEAD + 3, -1])
def test_a_changed_byte_anywhere_is_noticed(place: int) -> None:
    box = bytearray(RING.seal("f", "u", "李大山"))
    box[place] ^= 1
    with pytest.raises(CannotOpen):
        RING.open("f", "u", bytes(box))


@given(st.binary(max_size=80))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises(CannotOpen):
        RING.open("f", "u", data)


def test_the_same_text_never_makes_the_same_box() -> None:
    assert len({RING.seal("f", "u", "李大山") for _ in range(50)}) == 50


def test_an_older_key_still_opens_after_a_newer_one_became_current() -> None:
    ring = Keyring.new()
    old = ring.seal("f", "u", "旧")
    ring.keys[2] = Keyring.new().keys[1]
    ring.current = 2
    assert ring.open("f", "u", old) == "旧".encode()
    assert ring.open("f", "u", ring.seal("f", "u", "新")) == "新".encode()


def test_a_blind_index_finds_a_number_however_it_is_written() -> None:
    assert RING.index("id", "12011419900101123x") == RING.index("id", " 120114 19900101 123X ")
    assert RING.index("id", "1") != RING.index("phone", "1"), (
        "the same number in another field is another index"
    )
    assert RING.index("id", "1") != Keyring.new().index("id", "1"), (
        "without the key nobody can try all numbers"
    )


def test_the_key_file_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "zhucun.key"
    RING.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        Keyring.new().save(path)
    again = Keyring.load(path)
    assert again.open("f", "u", RING.seal("f", "u", "李大山")) == "李大山".encode()
    assert set(json.loads(path.read_text())) == {"current", "keys", "blind"}


def test_keys_are_not_shown_by_accident() -> None:
    RING.seal("f", "u", "李大山")
    assert repr(RING) == "Keyring(current=1)"


def test_keys_travel_to_another_process_and_open_the_same_boxes(tmp_path: Path) -> None:
    ring = Keyring.new()
    ring.save(tmp_path / "keys")
    ring = Keyring.load(tmp_path / "keys").changed()
    box = ring.seal("person.name", "u", "王爱民")
    there = pickle.loads(pickle.dumps(ring))
    assert there == dataclasses.replace(ring, _ciphers={})
    assert there.open("person.name", "u", box).decode() == "王爱民"
