"""Fetching photos over real HTTP from the sandbox's Bot API: kept byte for byte, or told why not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.errands import fetch_photo
from storage import cards, photo_faults, photos, picture
from storage.errands import ErrandState
from storage.letters import Lane, Letter
from storage.photo import PhotoState
from tests.bot.errands.photo_fetching import Fetching
from tests.drawn import drawn, phone
from tests.storage.photo_world import NOW

# The wire hands methods over by name on purpose; pytest forgets that it silenced the library's remark.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBUserWarning")

UNAVAILABLE = "Bad Request: wrong file_id or the file is temporarily unavailable"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def test_an_album_is_kept_byte_for_byte(f: Fetching) -> None:
    f.phone.sends_photos([drawn("JPEG", (400 + n, 300)) for n in range(5)])
    f.receive()
    await f.work()
    kept = f.photos()
    assert [photo.state for photo in kept] == ["kept"] * 5
    for photo in kept:
        assert f.files.read(photo.sha256 or "") == f.served(photo)
        assert photo.length == len(f.served(photo))
    assert len({photo.media_group for photo in kept}) == 1
    assert f.letters() == []


async def test_files_keep_what_the_phone_told(f: Fetching) -> None:
    sent = [("a.jpg", drawn("JPEG", exif=phone(6))), ("b.HEIC", drawn("HEIF", exif=phone()))]
    f.phone.sends_photos(sent, as_files=True)
    f.receive()
    await f.work()
    turned, heic = f.photos()
    assert [f.files.read(one.sha256 or "") for one in (turned, heic)] == [data for _, data in sent]
    assert (turned.mime, turned.width, turned.height) == ("image/jpeg", 80, 120)
    assert (heic.mime, heic.camera, heic.taken_at) == (
        "image/heic", "HUAWEI Mate 60 Pro", "2026-11-20T15:04:05+08:00")  # fmt: skip


async def test_a_file_is_shown_upright_by_a_jpeg_made_of_it(f: Fetching) -> None:
    f.phone.sends_file("b.HEIC", drawn("HEIF", (600, 400), exif=phone(6)))
    f.receive()
    await f.work()
    with f.world.store.reading() as session:
        shown = photos.shown(session, f.photo())
    assert shown not in (None, f.photo().sha256)
    facts = picture.read(f.files.read(shown or ""))
    assert (facts.mime, facts.width, facts.height, facts.place) == ("image/jpeg", 400, 600, None)
    assert f.errand("preview").state == ErrandState.DONE


@pytest.mark.fault("damaged photo")
@pytest.mark.fault("text file named .jpg")
async def test_one_bad_file_costs_nothing_else(f: Fetching) -> None:
    good = drawn("PNG")
    f.phone.sends_photos(
        [("1.png", good), ("2.jpg", "走访".encode()), ("3.jpg", drawn()[:500])], as_files=True
    )
    f.receive()
    await f.work()
    first, text, half = f.photos()
    assert (first.state, f.files.read(first.sha256 or "")) == (PhotoState.KEPT, good)
    assert (text.state, text.problem) == (PhotoState.REFUSED, photo_faults.NOT_A_PICTURE)
    assert (half.state, half.problem) == (PhotoState.REFUSED, photo_faults.DAMAGED)
    letters = sorted(f.letters(), key=lambda one: one["reply_parameters"]["message_id"])
    assert [one["reply_parameters"]["message_id"] for one in letters] == [text.message_id, half.message_id]
    assert ["2.jpg" in letters[0]["text"], "3.jpg" in letters[1]["text"]] == [True, True]


@pytest.mark.fault("document of 25 MB")
async def test_a_file_that_telegram_does_not_give_is_refused(f: Fetching) -> None:
    """Its size was not told beforehand."""
    f.phone.sends_file("big.jpg", drawn() + bytes(25 * 2**20))
    f.receive()
    await f.work()
    assert (f.photo().state, f.photo().problem) == (PhotoState.REFUSED, photo_faults.TOO_LARGE)


@pytest.mark.fault("photo cannot be fetched now")
@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("500", "getFile"),
        ("502", "getFile"),
        ("reset", "getFile"),
        ("400", "getFile"),
        ("reset", "file"),
        ("500", "file"),
    ],
)
async def test_trouble_on_the_way_means_later(f: Fetching, kind: str, method: str) -> None:
    f.phone.sends_photos(drawn())
    f.receive()
    f.sandbox.faults(kind, method, description=UNAVAILABLE if kind == "400" else "")
    pauses = []
    for _ in range(3):
        await f.work()
        assert f.photo().state == PhotoState.WAITING
        pauses.append((f.errand().due_at - f.now).total_seconds())
        f.now = f.errand().due_at
    assert pauses == [5, 10, 20]
    f.sandbox.clear_faults()
    await f.work()
    assert f.photo().state == PhotoState.KEPT
    assert f.letters() == []


@pytest.mark.fault("429")
async def test_telegrams_own_wish_to_wait_is_kept(f: Fetching) -> None:
    f.phone.sends_photos(drawn())
    f.receive()
    f.sandbox.faults("429", "getFile", count=1, retry_after=77)
    await f.work()
    assert f.errand().due_at == NOW + timedelta(seconds=77)
    await f.wait(timedelta(seconds=77))
    assert f.photo().state == PhotoState.KEPT


async def test_pauses_grow_to_an_hour_and_no_further(f: Fetching) -> None:
    f.phone.sends_photos(drawn())
    f.receive()
    f.sandbox.faults("500", "getFile")
    pauses = []
    for _ in range(13):
        await f.work()
        pauses.append(f.errand().due_at - f.now)
        f.now = f.errand().due_at
    assert pauses == sorted(pauses)
    assert pauses[-3:] == [HOUR] * 3
    assert f.errand().state == ErrandState.WAITING
    f.sandbox.clear_faults()
    await f.work()
    assert f.photo().state == PhotoState.KEPT


@pytest.mark.fault("photo gone at Telegram")
async def test_a_photo_unavailable_for_a_day_is_asked_for_again(f: Fetching) -> None:
    f.phone.sends_photos(drawn())
    f.receive()
    f.sandbox.faults("400", "getFile", description=UNAVAILABLE)
    await f.work()
    await f.wait(timedelta(hours=23))
    assert f.photo().state == PhotoState.WAITING
    assert f.letters() == []
    await f.wait(HOUR)
    assert f.photo().state == PhotoState.GONE
    assert f.errand().state == ErrandState.DONE
    (letter,) = f.letters()
    assert letter["reply_parameters"]["message_id"] == f.photo().message_id
    assert "请重新发送这张照片" in letter["text"]


@pytest.mark.fault("photo gone at Telegram")
async def test_a_photo_that_never_can_be_given_is_asked_for_at_once(f: Fetching) -> None:
    f.phone.sends_photos(drawn())
    f.receive()
    f.sandbox.faults("400", "getFile", description="Bad Request: invalid file_id", count=1)
    await f.work()
    assert f.photo().state == PhotoState.GONE


@pytest.mark.fault("revoked token")
async def test_a_revoked_token_gives_nothing_up(f: Fetching) -> None:
    f.phone.sends_photos(drawn())
    f.receive()
    f.sandbox.faults("401", "getFile")
    for _ in range(8):
        await f.work()
        assert f.errand().due_at - f.now == HOUR
        f.now = f.errand().due_at
    f.sandbox.clear_faults()
    await f.work()
    assert f.photo().state == PhotoState.KEPT


@pytest.mark.fault("disk nearly full")
async def test_a_full_disk_waits_and_tells_administrators_once_a_day(
    f: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = fetch_photo.free_bytes(f.files)
    assert free is not None
    monkeypatch.setattr(fetch_photo, "ROOM", free + 2**40)
    f.phone.sends_photos([drawn(), drawn("PNG")])
    f.receive()
    await f.work()
    await f.wait(MINUTE)
    assert [photo.state for photo in f.photos()] == [PhotoState.WAITING] * 2
    assert len(f.letters()) == 1
    with f.world.store.reading() as session:
        assert session.exec(select(Letter.lane)).one() == Lane.NOTICE
    await f.wait(timedelta(days=1))
    assert len(f.letters()) == 2
    monkeypatch.undo()
    await f.wait(HOUR)
    assert [photo.state for photo in f.photos()] == [PhotoState.KEPT] * 2


@pytest.mark.fault("full disk")
async def test_a_disk_that_says_no_means_later(f: Fetching) -> None:
    """Somebody's file lies where the folder of the photo should be made."""
    f.phone.sends_photos(drawn())
    f.receive()
    store = Path(str(f.files.store.prefix))  # type: ignore[union-attr]  # a local store has one
    blocked = [store / f"{n:02x}" for n in range(256)]
    for path in blocked:
        path.write_bytes(b"")
    for _ in range(7):
        await f.work()
        assert f.errand().state == ErrandState.WAITING
        f.now = f.errand().due_at
    for path in blocked:
        path.unlink()
    await f.work()
    assert f.photo().state == PhotoState.KEPT


async def test_a_photo_that_moved_meanwhile_belongs_to_the_report(f: Fetching) -> None:
    f.phone.sends_photos(drawn())
    f.receive()
    with f.world.writing() as session:
        photos.move(session, f.world.draft(session), f.world.report(session))
    await f.work()
    with f.world.store.reading() as session:
        assert photos.counts(session, f.world.report(session)) == (1, 0, 0)


async def test_the_receipt_follows_the_photos(f: Fetching) -> None:
    """It was sent before the bytes were here: two come, one is no picture."""
    f.phone.sends_photos([("1.png", drawn("PNG")), ("2.jpg", b"text"), ("3.jpg", drawn())], as_files=True)
    f.receive()
    with f.world.writing() as session:
        card_id = f.world.hand_in(session)
    await f.work()
    with f.world.store.reading() as session:
        card = session.get_one(cards.Card, card_id)
        assert card.wanted_no == 4
        text = (cards.wanted_of(session, card) or {})["text"]
        assert "ZF-20261120-0001" in text
        assert photos.counts(session, f.world.report(session)) == (2, 0, 1)
    (letter,) = f.letters()
    assert "ZF-20261120-0001" in letter["text"]


async def test_the_letter_answers_the_photos_own_message(f: Fetching) -> None:
    f.phone.sends_file("走访.jpg", b"text")
    f.receive()
    await f.work()
    (letter,) = f.letters()
    await f.workers.wire.call("sendMessage", {"chat_id": f.phone.id} | letter)
    assert f.phone.hears("照片文件“走访.jpg”没有存下。")["reply_to"] == f.photo().message_id


@pytest.mark.fault("kill between keeping a photo and noting it")
async def test_bytes_kept_before_a_crash_are_no_trouble(f: Fetching) -> None:
    data = drawn("PNG")
    f.phone.sends_file("a.png", data)
    f.receive()
    sha = f.files.keep(data)
    await f.work()
    assert (f.photo().state, f.photo().sha256) == (PhotoState.KEPT, sha)


async def test_an_errand_that_ran_before_the_crash_does_nothing_twice(f: Fetching) -> None:
    f.phone.sends_file("a.jpg", drawn())
    f.receive()
    await f.work()
    kept: dict[str, Any] = f.photo().model_dump()
    with f.world.writing() as session:
        errand = f.errand()
        errand.state = ErrandState.WAITING
        session.merge(errand)
    f.sandbox.faults("500", "getFile")  # it does not even ask
    await f.work()
    assert f.photo().model_dump() == kept
    assert f.errand().state == ErrandState.DONE
