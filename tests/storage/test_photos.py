"""Rows of photos: each once, whatever is sent twice; counted, moved, kept, refused, gone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from storage import journal, photo_faults, photos
from storage.errands import Errand
from storage.letters import Lane, Letter
from storage.people import Person
from storage.photo import Photo, PhotoState
from storage.refusals import Refusal
from tests import databases
from tests.storage.photo_world import FACTS, MEMBER, NOW, World, said, to_do, world


@pytest.fixture
def w(tmp_path: Path) -> Iterator[World]:
    made = world(databases.url(f"{tmp_path}/zhucun.db"))
    yield made
    made.store.close()


def test_a_photo_is_written_down_with_the_errand_that_fetches_it(w: World) -> None:
    with w.writing() as session:
        photo = w.send(session, media_group="7", as_file=True, name="IMG_1.HEIC", size=5, mime="image/heic")
        assert photo is not None
        assert (photo.state, photo.received_at, photo.question) == (PhotoState.WAITING, NOW, "photos")
        assert (photo.media_group, photo.as_file, photo.name, photo.size) == ("7", True, "IMG_1.HEIC", 5)
        assert photo.mime is None  # what Telegram says is no fact
        assert to_do(session) == [("fetch_photo", {"photo_id": photo.id})]
        assert session.exec(select(Errand.key, Errand.due_at)).one() == (f"photo:{photo.id}", NOW)


@pytest.mark.fault("album comes twice")
def test_the_same_message_is_taken_once(w: World) -> None:
    with w.writing() as session:
        assert w.send(session, message_id=5) is not None
        assert w.send(session, message_id=5) is None
        assert w.send(session, message_id=5, report=w.report(session)) is None
        assert len(to_do(session)) == 1


def test_a_file_is_taken_once_in_a_draft(w: World) -> None:
    with w.writing() as session:
        assert w.send(session, unique_id="same") is not None
        assert w.send(session, unique_id="same") is None
        assert w.send(session, unique_id="same", question="before") is not None
        assert w.send(session, unique_id="same", report=w.report(session)) is not None
        assert photos.counts(session, w.draft(session), "photos") == (0, 1, 0)


@pytest.mark.parametrize(
    "end", [photos.gone, lambda s, i, now: photos.refused(s, i, photo_faults.EMPTY, now)]
)
def test_what_was_not_kept_may_be_sent_again(w: World, end: Any) -> None:
    with w.writing() as session:
        end(session, w.sent_id(session, unique_id="same"), NOW)
        assert w.send(session, unique_id="same") is not None
        assert photos.counts(session, w.draft(session)) == (0, 1, 1)


@pytest.mark.fault("document of 25 MB")
@pytest.mark.parametrize(
    ("said_of_it", "sentence"),
    [
        ({"size": 25 * 2**20}, photo_faults.TOO_LARGE),
        ({"size": photo_faults.LARGEST + 1}, photo_faults.TOO_LARGE),
        ({"size": 0}, photo_faults.EMPTY),
        ({"size": 9, "mime": "video/mp4"}, photo_faults.NOT_A_PHOTO),
        ({"size": 9, "mime": "audio/ogg"}, photo_faults.NOT_A_PHOTO),
    ],
)
def test_what_can_never_be_kept_is_refused_at_once(
    w: World, said_of_it: dict[str, Any], sentence: str
) -> None:
    with w.writing() as session:
        with pytest.raises(Refusal) as caught:
            w.send(session, as_file=True, **said_of_it)
        assert caught.value.sentence == sentence
        assert to_do(session) == []
        assert photos.of_draft(session, w.draft(session)) == []


@pytest.mark.parametrize(
    "said_of_it", [{}, {"size": photo_faults.LARGEST}, {"mime": "application/octet-stream"}]
)
def test_what_may_be_a_photo_is_taken(w: World, said_of_it: dict[str, Any]) -> None:
    with w.writing() as session:
        assert w.send(session, as_file=True, **said_of_it) is not None


def test_photos_of_a_draft_come_in_order(w: World) -> None:
    with w.writing() as session:
        ids = [w.sent_id(session), w.sent_id(session, question="after"), w.sent_id(session)]
        assert [one.id for one in photos.of_draft(session, w.draft(session))] == ids
        assert [one.id for one in photos.of_draft(session, w.draft(session), "photos")] == [ids[0], ids[2]]
        assert photos.of_report(session, w.report(session)) == []


@pytest.mark.fault("album comes late")
def test_an_album_tells_where_its_late_photo_belongs(w: World) -> None:
    with w.writing() as session:
        w.send(session, media_group="7")
        photos.move(session, w.draft(session), w.report(session))
        found = photos.of_album(session, w.chat(session), "7")
        assert found is not None
        assert found.report_id == w.report(session).id
        assert photos.of_album(session, w.chat(session), "8") is None


def test_photos_move_to_the_report_and_are_fetched_all_the_same(w: World) -> None:
    with w.writing() as session:
        first, second = w.sent_id(session), w.sent_id(session)
        photos.kept(session, first, FACTS, NOW)
        assert photos.move(session, w.draft(session), w.report(session)) == 2
    with w.writing() as session:
        report = w.report(session)
        assert photos.of_draft(session, w.draft(session)) == []
        assert photos.counts(session, report) == (1, 1, 0)
        photos.kept(session, second, replace(FACTS, sha256="cd" * 32), NOW)
        assert photos.counts(session, report) == (2, 0, 0)
        assert [one.step_id for one in photos.of_report(session, report)] == [None, None]


def test_what_the_bytes_say_is_kept(w: World) -> None:
    facts = replace(FACTS, taken_at="2026-11-20T15:04:05", camera="HUAWEI", place=(39.5, 117.25))
    with w.writing() as session:
        photo_id = w.sent_id(session)
        photos.kept(session, photo_id, facts, NOW)
    with w.store.reading() as session:
        photo = session.get_one(Photo, photo_id)
        assert (photo.state, photo.sha256, photo.length, photo.mime) == (
            "kept", facts.sha256, 1234, "image/jpeg")  # fmt: skip
        assert (photo.width, photo.height, photo.taken_at, photo.camera) == (
            4000, 3000, "2026-11-20T15:04:05", "HUAWEI")  # fmt: skip
        assert b"39.5" not in (photo.place or b"")
        assert photos.place_of(session, photo) == (39.5, 117.25)
        assert photos.sha_of(session, photo_id) == facts.sha256
        (line,) = journal.history(session, f"photo:{photo_id}")
        assert (line["action"], line["sha256"], line["bytes"]) == ("photo.keep", facts.sha256, 1234)


def test_the_same_bytes_twice_count_once(w: World) -> None:
    """Sent once more as a file uploaded anew: another message, another unique id, the same picture."""
    with w.writing() as session:
        first, again = w.sent_id(session, as_file=True), w.sent_id(session, as_file=True)
        photos.kept(session, first, FACTS, NOW)
        assert photos.kept(session, again, FACTS, NOW).state == PhotoState.REPEATED
        draft = w.draft(session)
        assert photos.counts(session, draft) == (1, 0, 0)
        assert [one.id for one in photos.of_draft(session, draft)] == [first]
        elsewhere = w.sent_id(session, report=w.report(session))
        assert photos.kept(session, elsewhere, FACTS, NOW).state == PhotoState.KEPT
        assert said(session) == []


def test_a_correction_does_not_count_again_what_the_report_has(w: World) -> None:
    """The draft that corrects a report, and the report's own photos."""
    with w.writing() as session:
        draft, report = w.draft(session), w.report(session)
        photos.kept(session, w.sent_id(session, unique_id="same"), FACTS, NOW)
        photos.move(session, draft, report)
        draft.report_id = report.id
        session.flush()
    with w.writing() as session:
        assert w.send(session, unique_id="same") is None
        again = w.sent_id(session, as_file=True)
        assert photos.kept(session, again, FACTS, NOW).state == PhotoState.REPEATED
        photos.move(session, w.draft(session), w.report(session))
    with w.writing() as session:
        assert photos.counts(session, w.report(session)) == (1, 0, 0)


def test_a_picture_sent_as_a_file_is_shown_by_its_preview(w: World) -> None:
    with w.writing() as session:
        plain, file = w.sent_id(session), w.sent_id(session, as_file=True)
        assert photos.shown(session, session.get_one(Photo, plain)) is None
        photos.kept(session, plain, FACTS, NOW)
        photos.kept(session, file, replace(FACTS, sha256="cd" * 32), NOW)
        assert photos.shown(session, session.get_one(Photo, plain)) == FACTS.sha256
        assert photos.shown(session, session.get_one(Photo, file)) is None
        assert to_do(session)[2:] == [("preview", {"photo_id": file})]
        photos.copied(session, file, "preview", "11" * 32)
        photos.copied(session, file, "preview", "22" * 32)
        session.flush()
        assert photos.shown(session, session.get_one(Photo, file)) == "22" * 32


def test_the_sender_is_told_which_photo_was_refused_and_why(w: World) -> None:
    with w.writing() as session:
        w.send(session)
        bad = w.sent_id(session)
        photos.refused(session, bad, photo_faults.DAMAGED, NOW)
        photos.refused(session, bad, photo_faults.DAMAGED, NOW)
        assert photos.counts(session, w.draft(session)) == (0, 1, 1)
        (letter,) = session.exec(select(Letter)).all()
        assert (letter.lane, letter.key) == (Lane.TALK, f"photo:{bad}:refused")
        assert said(session) == [
            {
                "text": f"第 2 张照片没有存下。\n{photo_faults.DAMAGED}",
                "reply_parameters": {"message_id": 2, "allow_sending_without_reply": True},
            }
        ]


def test_a_file_is_called_by_its_name(w: World) -> None:
    with w.writing() as session:
        photos.refused(session, w.sent_id(session, name="<b>x" * 50), photo_faults.NOT_A_PICTURE, NOW)
        (payload,) = said(session)
        assert payload["text"].startswith("照片文件“" + ("<b>x" * 50)[:80] + "”没有存下。")
        assert "parse_mode" not in payload


def test_a_photo_that_is_gone_is_asked_for_again(w: World) -> None:
    with w.writing() as session:
        lost = w.sent_id(session)
        assert photos.gone(session, lost, NOW).state == PhotoState.GONE
        (payload,) = said(session)
        assert photo_faults.LOST in payload["text"]
        assert "请重新发送这张照片" in payload["text"]
        assert [line["action"] for line in journal.history(session, f"photo:{lost}")] == ["photo.gone"]


def test_a_photo_gone_from_a_sent_report_names_the_report(w: World) -> None:
    with w.writing() as session:
        photos.gone(session, w.sent_id(session, report=w.report(session)), NOW)
        (payload,) = said(session)
        assert "ZF-20261120-0001" in payload["text"]
        assert "更正" in payload["text"]


def test_the_sender_is_told_in_their_language(w: World) -> None:
    with w.writing() as session:
        session.exec(select(Person).where(Person.telegram_id == MEMBER)).one().language = "xx"
        photos.gone(session, w.sent_id(session), NOW)
        (payload,) = said(session)
        assert payload["text"].startswith("第 1 张照片")


def test_telegram_may_say_for_a_day_that_it_cannot_give_a_photo(w: World) -> None:
    with w.writing() as session:
        photo_id = w.sent_id(session)
        later = NOW + timedelta(days=3)  # we were away: the day begins with the first answer
        assert not photos.unavailable(session, photo_id, later)
        assert not photos.unavailable(session, photo_id, later + timedelta(hours=23))
        assert photos.unavailable(session, photo_id, later + timedelta(days=1))


def test_a_settled_photo_is_not_fetched_again(w: World) -> None:
    with w.writing() as session:
        photo_id = w.sent_id(session)
        assert photos.waiting(session, photo_id) == "file1"
        with pytest.raises(ValueError, match="not kept"):
            photos.sha_of(session, photo_id)
        photos.kept(session, photo_id, FACTS, NOW)
        assert photos.waiting(session, photo_id) is None
