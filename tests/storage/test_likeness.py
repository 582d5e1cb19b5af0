"""The index of looks: photos that share words are found, what is alike is written down once, and forgotten whole."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlmodel import Session, select

from storage import journal, likeness, migrate, photos
from storage.engines import write_engine
from storage.likeness import Like, Likeness, PhotoLook, PhotoWord
from storage.looks.packed import KEPT, SIDE, WHOLE, Look, Spot
from storage.photo import Photo, PhotoState
from storage.report import ReportState
from tests import databases
from tests.storage.photo_world import FACTS, NOW, World, world


def seen(*words: int) -> Look:
    """A look with those words, each on a spot of its own."""
    spots = tuple(Spot(0.5, 0.5, 0.1, 0, word, (0, 1, 2, 3, 30)) for word in words)
    return Look(96, 72, "0" * 16, spots, bytes(SIDE * SIDE))


@pytest.fixture
def w(tmp_path: Path) -> Iterator[World]:
    made = world(databases.url(tmp_path / "zhucun.db"))
    yield made
    made.store.close()


def kept(w: World, session: Session, *words: int, number: int = 0, **more: object) -> int:
    """A photo that was kept, and is in the index."""
    photo_id = w.sent_id(session, **more)
    photos.kept(session, photo_id, replace(FACTS, sha256=f"{number or photo_id:064x}"), NOW)
    likeness.keep(session, photo_id, seen(*words))
    return photo_id


def test_a_look_is_kept_with_its_words(w: World) -> None:
    many = seen(*(1000 * number for number in range(KEPT + 5)))
    with w.writing() as session:
        photo_id = w.sent_id(session)
        likeness.keep(session, photo_id, many)
        likeness.keep(session, photo_id, many)
    with w.store.reading() as session:
        words = session.exec(select(PhotoWord.word).where(PhotoWord.photo_id == photo_id)).all()
        assert set(words) == {spot.indexed() for spot in many.spots[:KEPT]}
        again = likeness.look_of(session, photo_id)
        assert again is not None
        assert (again.words(), again.near_words()) == (many.words(), many.near_words())
        assert likeness.look_of(session, photo_id + 1) is None


def test_words_of_before_are_found_after_the_migration(tmp_path: Path) -> None:
    """Until then the words stood in the index as they are."""
    engine = write_engine(databases.empty_url(tmp_path / "before.db"))
    looks = {
        1: seen(0, 7, 1 << 31, 0xDEADBEEF),
        2: seen(1 << 16, 1 << 17, 7),
        3: seen(WHOLE, WHOLE | 0x12345678),
    }
    rows = {(spot.word, photo_id) for photo_id, look in looks.items() for spot in look.spots}
    asked = text("SELECT word, photo_id FROM photoword")
    migrate.upgrade(engine, "0024")
    with engine.begin() as connection:
        for word, photo_id in rows:
            connection.execute(insert(PhotoWord).values(word=word, photo_id=photo_id))
    migrate.upgrade(engine, "0025")
    with Session(engine) as session:
        now = {tuple(row) for row in session.connection().execute(asked)}
        assert now == {(word, photo_id) for photo_id, look in looks.items() for word in look.words()}
        assert likeness.most_shared(session, looks[1]) == [1, 2]
    migrate.downgrade(engine, "0024")
    with engine.connect() as connection:
        assert {tuple(row) for row in connection.execute(asked)} == rows
    engine.dispose()


def test_a_picture_of_nothing_is_kept_without_words(w: World) -> None:
    with w.writing() as session:
        photo_id = kept(w, session)
        assert likeness.candidates(session, photo_id, seen()) == {}
        assert session.exec(select(PhotoWord)).all() == []


def test_those_that_share_the_most_come_first_and_only_some(w: World) -> None:
    with w.writing() as session:
        ids = [kept(w, session, *range(16, 16 * count, 16)) for count in (2, 9, 4, 7, 3, 6)]
        mine = kept(w, session, *range(16, 16 * 9, 16))
        other = kept(w, session, 99_999)
        look = likeness.look_of(session, mine)
        assert look is not None
        assert likeness.most_shared(session, look) == [ids[1], mine, ids[3], ids[5], ids[2]]
        assert list(likeness.candidates(session, mine, look)) == sorted([ids[1], ids[3], ids[5], ids[2]])
        assert likeness.candidates(session, other, seen(99_999)) == {}


def test_a_word_may_differ_in_its_weak_bits(w: World) -> None:
    with w.writing() as session:
        one = kept(w, session, 0b10000)
        assert likeness.most_shared(session, seen(0b10111)) == [one]
        assert likeness.most_shared(session, seen(0b11111)) == []


def test_what_is_no_longer_counted_is_no_candidate(w: World) -> None:
    with w.writing() as session:
        first, second = kept(w, session, 5), kept(w, session, 5)
        session.get_one(Photo, first).state = PhotoState.REPEATED
        session.flush()
        assert likeness.candidates(session, second, seen(5)) == {}


def test_what_is_alike_is_written_down_once(w: World) -> None:
    with w.writing() as session:
        first = kept(w, session, 5, report=w.report(session))
        second = kept(w, session, 5)
        (found,) = likeness.note(session, second, [Like(first, 0.02)], NOW)
        assert (found.photo_id, found.earlier_id, found.unlike, found.told_at) == (second, first, 0.02, None)
        assert likeness.note(session, second, [Like(first, 0.02)], NOW) == []
        (line,) = [
            one for one in journal.history(session, f"photo:{second}") if one["action"] == "photo.like"
        ]
        assert line["earlier"] == f"photo:{first}"
        assert likeness.of_photos(session, [first]) == likeness.of_photos(session, [second]) == [found]
        assert likeness.of_photos(session, []) == []


def test_of_two_the_one_sent_later_is_like_the_other(w: World) -> None:
    """Also when that one was fetched first."""
    with w.writing() as session:
        first = kept(w, session, 5, report=w.report(session))
        second = kept(w, session, 5)
        (found,) = likeness.note(session, first, [Like(second, 0.02)], NOW)
        assert (found.photo_id, found.earlier_id) == (second, first)
        assert likeness.note(session, second, [Like(first, 0.02)], NOW) == []


@pytest.mark.parametrize("file_first", [True, False])
def test_a_picture_sent_as_a_photo_and_as_a_file_counts_once(w: World, file_first: bool) -> None:
    """In one draft. The file is kept as the photo: it has more in it."""
    with w.writing() as session:
        first = kept(w, session, 5, as_file=file_first)
        second = kept(w, session, 5, as_file=not file_first)
        assert likeness.note(session, second, [Like(first, 0.01)], NOW) == []
        states = {
            session.get_one(Photo, one).as_file: session.get_one(Photo, one).state for one in (first, second)
        }
        assert states == {True: PhotoState.KEPT, False: PhotoState.REPEATED}
        assert photos.counts(session, w.draft(session)).kept == 1
        likeness.note(session, second, [Like(first, 0.01)], NOW)
        assert photos.counts(session, w.draft(session)).kept == 1


def test_photos_of_one_draft_that_are_alike_all_count(w: World) -> None:
    """Nobody is told that a burst is a repetition, and nothing is lost."""
    with w.writing() as session:
        first, second = kept(w, session, 5), kept(w, session, 5)
        assert likeness.note(session, second, [Like(first, 0.01)], NOW) == []
        assert photos.counts(session, w.draft(session)).kept == 2
        assert session.exec(select(Likeness)).all() == []


def test_supervisors_hear_of_photos_in_reports_only(w: World) -> None:
    with w.writing() as session:
        report = w.report(session)
        first, second = kept(w, session, 5, report=report), kept(w, session, 5)
        likeness.note(session, second, [Like(first, 0.02)], NOW)
        assert likeness.untold(session) == []
        photos.move(session, w.draft(session), report)
        session.expire_all()
        ((found, later, earlier),) = likeness.untold(session)
        assert (later.id, earlier.id) == (second, first)
        found.told_at = NOW
        session.flush()
        assert likeness.untold(session) == []


def test_a_report_that_was_taken_back_stands_no_more(w: World) -> None:
    with w.writing() as session:
        report = w.report(session)
        photo = session.get_one(Photo, kept(w, session, 5, report=report))
        assert likeness.standing(session, photo) == report
        report.state = ReportState.WITHDRAWN
        assert likeness.standing(session, photo) is None
        assert likeness.standing(session, session.get_one(Photo, kept(w, session, 5))) is None


def test_a_photo_is_forgotten_whole(w: World) -> None:
    with w.writing() as session:
        first = kept(w, session, 5, 6, report=w.report(session))
        second = kept(w, session, 5, 6)
        likeness.note(session, second, [Like(first, 0.02)], NOW)
        likeness.forget(session, first)
        likeness.forget(session, first)
    with w.store.reading() as session:
        assert session.exec(select(PhotoLook.photo_id)).all() == [second]
        assert set(session.exec(select(PhotoWord.photo_id)).all()) == {second}
        assert session.exec(select(Likeness)).all() == []
