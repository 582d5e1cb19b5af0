"""Reading a photo once, when it comes: facts, look and thumbnail; and that no bytes raise anything but Unreadable."""

import io
import pickle

import pytest
from PIL import Image

from bot.errands import reading
from storage.looks.look import look
from storage.picture import Unreadable, read
from tests.bot.errands import mutated
from tests.drawn import RED, SAVED, drawn, phone, scene
from tests.reports.test_pictures import near


@pytest.mark.parametrize("kind", sorted(SAVED))
def test_one_reading_tells_all(kind: str) -> None:
    data = drawn(kind, (1200, 800))
    taken = reading.take(data)
    assert taken.facts == read(data)
    small = Image.open(io.BytesIO(taken.thumbnail))
    assert (small.format, small.size) == ("JPEG", (320, 213))
    assert taken.look.spots


def test_a_turned_photo_looks_and_is_shown_as_it_stands() -> None:
    out = io.BytesIO()
    scene(3, (800, 600)).transpose(Image.Transpose.ROTATE_90).save(
        out, "JPEG", quality=95, exif=phone(6).tobytes()
    )
    taken = reading.take(out.getvalue())
    assert (taken.facts.width, taken.facts.height, taken.facts.orientation) == (800, 600, 6)
    upright = look(scene(3, (800, 600)).resize((320, 240)))
    assert (int(taken.look.hash, 16) ^ int(upright.hash, 16)).bit_count() <= 4
    assert near(
        Image.open(io.BytesIO(reading.take(drawn("JPEG", (900, 600))).thumbnail)).getpixel((200, 20)), RED
    )


def test_what_was_read_crosses_to_another_process() -> None:
    taken = reading.take(drawn())
    assert pickle.loads(pickle.dumps(taken)) == taken


def test_what_cannot_be_read_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        reading.take(b"text")


def test_no_bytes_raise_anything_else() -> None:
    """A few here; `python -m tests.bot.errands.mutated` tries 100,000."""
    found, wrong = mutated.run(400)
    assert wrong == []
    assert found.total() == 400
    assert 20 < found[mutated.READ] < 300, "some are still pictures, most are not"
    assert len(found) >= 3


def test_the_same_seed_damages_the_same_way() -> None:
    assert mutated.damaged(7) == mutated.damaged(7) != mutated.damaged(8)


def test_a_process_that_its_bytes_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutated, "tried", ending)
    _found, wrong = mutated.run(5)
    assert wrong == ["one of 0 to 4 ended the process"]


def ending(first: int, count: int) -> None:
    import os

    os._exit(first + count)
