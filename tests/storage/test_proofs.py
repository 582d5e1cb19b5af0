"""Photo by photo: each picture of a problem beside the one that shows it mended."""

from storage import proofs
from storage.photo import Photo, PhotoState
from storage.report import Report, StepTaken
from tests.storage.asking import NOW, add_photo
from tests.storage.mending import issued
from tests.storage.reporting_world import Desk


def shown(desk: Desk, report: Report, question: str, count: int, step: int | None = None) -> list[Photo]:
    made = [add_photo(desk.session, report) for _number in range(count)]
    for photo in made:
        photo.question, photo.step_id = question, step
    desk.session.flush()
    return made


def done(desk: Desk, report: Report, count: int) -> list[Photo]:
    """A completion with so many pictures."""
    taken = StepTaken(
        report_id=report.id or 0, step="complete", before="issued", after="completed", by_id=1, at=NOW
    )
    desk.session.add(taken)
    desk.session.flush()
    return shown(desk, report, proofs.AFTER, count, taken.id)


def numbers(desk: Desk, report: Report) -> list[tuple[int, int | None, int | None]]:
    return [
        (one.number, one.before.id, one.after.id if one.after else None)
        for one in proofs.matches(desk.session, report)
    ]


def test_they_are_matched_in_their_order(desk: Desk) -> None:
    report = issued(desk)
    before, after = shown(desk, report, proofs.BEFORE, 2), done(desk, report, 2)
    pairs = zip(before, after, strict=True)
    assert numbers(desk, report) == [
        (place + 1, one.id, other.id) for place, (one, other) in enumerate(pairs)
    ]
    assert proofs.lines(desk.session, report) == ["照片对照：2 对"]


def test_what_is_missing_is_told_by_its_number(desk: Desk) -> None:
    report = issued(desk)
    shown(desk, report, proofs.BEFORE, 4)
    done(desk, report, 2)
    assert proofs.lines(desk.session, report) == ["照片对照：2 对，第 3 张、第 4 张还没有整改后照片"]


def test_a_later_completion_takes_the_place_of_as_many_as_it_brought(desk: Desk) -> None:
    report = issued(desk)
    before = shown(desk, report, proofs.BEFORE, 3)
    first, second = done(desk, report, 2), done(desk, report, 1)
    assert numbers(desk, report) == [
        (1, before[0].id, second[0].id),
        (2, before[1].id, first[1].id),
        (3, before[2].id, None),
    ]


def test_more_proof_than_pictures_matches_the_first(desk: Desk) -> None:
    report = issued(desk)
    (before,) = shown(desk, report, proofs.BEFORE, 1)
    first, _second = done(desk, report, 2)
    assert numbers(desk, report) == [(1, before.id, first.id)]


def test_pictures_that_are_gone_count_for_nothing(desk: Desk) -> None:
    report = issued(desk)
    lost, kept = shown(desk, report, proofs.BEFORE, 2)
    lost.state = PhotoState.GONE
    waiting, refused = done(desk, report, 2)
    refused.state, waiting.state = PhotoState.REFUSED, PhotoState.WAITING
    desk.session.flush()
    assert numbers(desk, report) == [(1, kept.id, waiting.id)]


def test_without_pictures_of_the_problem_there_is_nothing_to_say(desk: Desk) -> None:
    report = issued(desk)
    assert (proofs.lines(desk.session, report), proofs.wanted(desk.session, report)) == ([], [])
    done(desk, report, 2)
    assert proofs.lines(desk.session, report) == []


def test_before_there_is_proof_it_is_asked_for_in_order(desk: Desk) -> None:
    report = issued(desk)
    shown(desk, report, proofs.BEFORE, 1)
    assert proofs.wanted(desk.session, report) == ["整改前照片 1 张：请在同一个地方拍 1 张。"]
    shown(desk, report, proofs.BEFORE, 2)
    assert "整改前照片 3 张：请照同样的顺序" in proofs.wanted(desk.session, report)[0]
    assert proofs.lines(desk.session, report) == []
