"""What is drawn of photos and with which words: masked, dated by the server, never what was taken back."""

from datetime import timedelta

from reports import copies
from storage import photo_copies, photos
from storage.photo import Photo, PhotoState
from storage.photo_copies import PAIR, SHEET, STAMPED
from storage.photos import PhotoCopy
from storage.report import Report, ReportState, StepTaken
from storage.sealing import seal_text
from storage.summaries import Scope
from storage.tallies import Window
from tests.storage.asking import NOW, PLACES, add_full, add_photo
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]
WEEK = Window(NOW - timedelta(days=3), NOW + timedelta(days=1))


def report(desk: Desk, number: str = "ZF-20261120-0001", village: str = PLACES[0], **more: object) -> Report:
    answers = {"village": village, "purposes": ["look"], "findings": "屋顶漏雨"} | more
    return add_full(desk.session, "visit", desk.county.people["王爱民"], answers, number=number)


def placed(desk: Desk, photo: Photo) -> Photo:
    photo.place = seal_text(desk.session, "photo.place", photo.uid, "39.512345,117.251234")
    return photo


def test_a_stamp_tells_place_time_received_number_and_who_masked(desk: Desk) -> None:
    one = report(desk)
    photo = placed(desk, add_photo(desk.session, one))
    (drawing,) = copies.stamped(desk.session, one)
    assert (drawing.what, drawing.photo_id, drawing.sources) == (STAMPED, photo.id, (photo.sha256,))
    assert drawing.words == (
        (
            "武清区 杨村街道 大桃园村",
            "收到 2026-11-20 12:00:00 · 上报 王*民",
            "ZF-20261120-0001 · 39.51235, 117.25123",
        ),
    )


def test_where_somebody_lives_is_told_roughly(desk: Desk) -> None:
    one = report(desk, household=desk.households[0])
    placed(desk, add_photo(desk.session, one))
    assert copies.stamped(desk.session, one)[0].words[0][2].endswith("39.512, 117.251")


def test_only_what_is_kept_is_stamped(desk: Desk) -> None:
    one = report(desk)
    for state in (PhotoState.WAITING, PhotoState.REFUSED, PhotoState.REPEATED):
        add_photo(desk.session, one, state=state)
    assert copies.stamped(desk.session, one) == []


def test_what_changed_is_drawn_anew(desk: Desk) -> None:
    one = report(desk)
    add_photo(desk.session, one)
    first = copies.stamped(desk.session, one)[0].name
    assert copies.stamped(desk.session, one)[0].name == first
    one.village = PLACES[1]
    desk.session.flush()
    assert copies.stamped(desk.session, one)[0].name != first


def test_before_is_the_first_and_after_proves_the_latest_step(desk: Desk) -> None:
    one = report(desk)
    before = add_photo(desk.session, one)
    assert copies.pair(desk.session, one) == []
    for number in range(2):
        step = StepTaken(report_id=one.id or 0, step="complete", before="a", after="b", by_id=1, at=NOW)
        desk.session.add(step)
        desk.session.flush()
        for _again in range(2):
            add_photo(desk.session, one).step_id = step.id
        assert step.id == number + 1
    desk.session.flush()
    (drawing,) = copies.pair(desk.session, one)
    latest = [photo for photo in photos.of_report(desk.session, one) if photo.step_id == 2]
    assert (drawing.what, drawing.sources) == (PAIR, (before.sha256, latest[0].sha256))
    assert drawing.title == "ZF-20261120-0001 大桃园村"
    assert [words[0] for words in drawing.words] == ["之前", "之后"]


def test_a_sheet_has_the_weeks_photos_by_their_thumbnails(desk: Desk) -> None:
    one, other = report(desk), report(desk, "ZF-20261120-0002", PLACES[2])
    gone = report(desk, "ZF-20261120-0003")
    gone.state = ReportState.WITHDRAWN
    old = report(desk, "ZF-20261120-0004")
    old.sent_at = NOW - timedelta(days=5)
    first, _second, _gone, _old = (add_photo(desk.session, of) for of in (one, other, gone, old))
    photos.copied(desk.session, first.id or 0, photos.THUMBNAIL, "ab" * 32)
    desk.session.flush()
    (drawing,) = copies.sheet(desk.session, Scope("120114"), WEEK, "2026-W47")
    assert (drawing.what, drawing.title, drawing.more) == (SHEET, "武清区 2026-W47 照片", 0)
    assert set(drawing.words) == {
        ("ZF-20261120-0001", "大桃园村 11-20"), ("ZF-20261120-0002", "刘庄村 11-20"),
    }  # fmt: skip
    assert drawing.sources[drawing.words.index(("ZF-20261120-0001", "大桃园村 11-20"))] == "ab" * 32
    (town,) = copies.sheet(desk.session, Scope("120114001"), WEEK, "2026-W47")
    assert [number for number, _where in town.words] == ["ZF-20261120-0001"]
    assert copies.sheet(desk.session, Scope("120114101002"), WEEK, "2026-W47") == []


def test_of_too_many_the_rest_is_counted(desk: Desk) -> None:
    one = report(desk)
    for _number in range(4):
        add_photo(desk.session, one)
    rows, more = photo_copies.of_week(desk.session, Scope("120114"), WEEK, 3)
    assert (len(rows), more) == (3, 1)


def test_copies_are_dropped_and_originals_stay(desk: Desk) -> None:
    one = report(desk)
    photo = add_photo(desk.session, one)
    original, shared, alone = photo.sha256 or "", "ab" * 32, "cd" * 32
    for kind, sha in {
        photos.PREVIEW: shared,
        "stamped:1": shared,
        "pair:1": alone,
        "sheet:1": original,
    }.items():
        photos.copied(desk.session, photo.id or 0, kind, sha)
    desk.session.flush()
    found = photo_copies.deletable(desk.session)
    assert {copy.kind for copy in found} == {"stamped:1", "pair:1", "sheet:1"}
    assert photo_copies.drop(desk.session, found) == {alone}, "what something still refers to stays"
    assert desk.session.get(PhotoCopy, (photo.id, photos.PREVIEW)) is not None
    assert photo_copies.known(desk.session, photo.id or 0, "pair:1") is None
