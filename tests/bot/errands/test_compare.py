"""Photos compared with those sent before, from the phone to the letter."""

import pytest
from PIL import Image
from sqlmodel import select

from bot.errands.compare import alike
from reports import pictures
from storage import photos
from storage.likeness import Likeness
from storage.looks.look import look
from storage.photo import PhotoState
from tests.bot.errands.photo_fetching import Fetching
from tests.drawn import scene
from tests.storage.looks.changes import cropped

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBUserWarning")  # as in test_fetch_photo


def likenesses(f: Fetching) -> list[tuple[int, int]]:
    with f.world.store.reading() as session:
        return [(one.photo_id, one.earlier_id) for one in session.exec(select(Likeness))]


def photo(seed: int = 1) -> Image.Image:
    return scene(seed, (900, 675))


async def test_a_cropped_copy_of_a_reports_photo_is_found_and_its_sender_told(f: Fetching) -> None:
    f.phone.sends_photos([pictures.jpeg(photo()), pictures.jpeg(photo(2))])
    first, _other = f.receive()
    await f.work()
    with f.world.writing() as session:
        photos.move(session, f.world.draft(session), f.world.report(session))
    f.phone.sends_photos(pictures.jpeg(cropped(photo(), 0.03, 0.02, 0.04, 0.03)))
    (again,) = f.receive()
    await f.work()
    assert likenesses(f) == [(again, first)]
    (letter,) = f.letters()
    assert "ZF-20261120-0001" in letter["text"]
    assert letter["text"].endswith("如果发错了，换一张就好；没有发错，就不用管。")
    assert [one.state for one in f.photos()] == [PhotoState.KEPT] * 3


async def test_one_picture_as_a_photo_and_as_a_file_counts_once(f: Fetching) -> None:
    data = pictures.jpeg(photo(3))
    f.phone.sends_photos(data)
    f.phone.sends_file("IMG_3.jpg", data)
    f.receive()
    await f.work()
    states = {one.as_file: one.state for one in f.photos()}
    assert states == {True: PhotoState.KEPT, False: PhotoState.REPEATED}
    assert likenesses(f) == []
    assert f.letters() == []


async def test_a_comparison_made_twice_says_it_once(f: Fetching) -> None:
    f.phone.sends_photos(pictures.jpeg(photo(4)))
    f.receive()
    await f.work()
    with f.world.writing() as session:
        photos.move(session, f.world.draft(session), f.world.report(session))
    f.phone.sends_photos(pictures.jpeg(cropped(photo(4), 0, 0.05, 0, 0)))
    f.receive()
    await f.work()
    with f.world.writing() as session:
        for errand in f.errands("compare"):
            errand.state = "waiting"  # type: ignore[assignment]  # its value
            session.merge(errand)
    await f.work()
    assert len(likenesses(f)) == len(f.letters()) == 1


def test_the_likest_comes_first() -> None:
    one = look(photo())
    others = {
        1: look(photo(2)),
        2: look(cropped(photo(), 0.03, 0, 0, 0.03)),
        3: one,
    }
    found = alike(one, others)
    assert [like.photo_id for like in found] == [3, 2]
    assert found[0].unlike < 1e-6 < found[1].unlike
