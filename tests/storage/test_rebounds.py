"""Rebounds: the same problem, in the same place, within a year of its end. Flagged and linked, never decided."""

from datetime import timedelta
from typing import Any

import pytest

from storage import journal, likeness, likeness_told, rebounds
from storage.photo import Photo
from storage.report import Report
from tests.storage.asking import PLACES, add_photo
from tests.storage.mending import accept, complete, issued, strike_off
from tests.storage.reporting_world import Desk


def closed(desk: Desk, **answers: str) -> Report:
    report = issued(desk, **answers)
    complete(desk, report)
    accept(desk, report)
    strike_off(desk, report)
    return report


def again(desk: Desk, findings: str = "河边又堆了垃圾", **answers: Any) -> Report:
    due = (desk.at + timedelta(days=5)).date().isoformat()
    return issued(desk, findings=findings, due=due, **answers)


def found(desk: Desk, report: Report) -> list[str]:
    return [one.number for one in rebounds.earlier_of(desk.session, report)]


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("河边有垃圾", "河边又堆了垃圾", True),
        ("路灯不亮", "路灯坏了，不亮", True),
        ("ＡＢ路 12 号井盖缺失", "ab路12号 井盖缺失！", True),
        ("村委会门前积水", "村委会院墙倒塌", False),
        ("路灯不亮", "河边有垃圾", False),
        ("垃圾", "垃圾", False),
        ("", "路灯不亮", False),
    ],
)
def test_words_are_alike_by_their_pairs(one: str, other: str, like: bool) -> None:
    assert (rebounds.likeness(one, other) >= rebounds.LIKE) is like
    assert rebounds.likeness(one, other) == rebounds.likeness(other, one)


def test_the_same_problem_again_is_flagged_and_linked(desk: Desk) -> None:
    first = closed(desk)
    desk.later(days=200)
    second = again(desk)
    assert found(desk, second) == [first.number]
    assert rebounds.lines(desk.session, second) == [f"可能反弹：{first.number}（2026-11-20 销号，问题相似）"]
    assert rebounds.lines(desk.session, first) == [f"销号后可能又出现：{second.number}"]
    assert f"可能反弹：{first.number}" in desk.told("王爱民")[-1]["text"]
    actions = [line["action"] for line in journal.history(desk.session, f"report:{second.number}")]
    assert "rectification.rebound" in actions


def test_a_problem_that_is_still_open_has_not_come_back(desk: Desk) -> None:
    issued(desk)
    assert found(desk, again(desk)) == []


@pytest.mark.parametrize(("days", "flagged"), [(364, True), (366, False)])
def test_a_year_after_the_end_it_is_a_new_problem(desk: Desk, days: int, flagged: bool) -> None:
    closed(desk)
    desk.later(days=days)
    assert bool(found(desk, again(desk))) is flagged


def test_another_village_is_another_problem(desk: Desk) -> None:
    closed(desk)
    assert found(desk, again(desk, village=PLACES[1], team=desk.county.teams["三队"])) == []


@pytest.mark.parametrize(
    ("before", "after", "flagged"),
    [("sanitation", "facilities", False), ("sanitation", "sanitation", True), ("sanitation", "", True)],
)
def test_of_two_categories_it_is_another_problem(desk: Desk, before: str, after: str, flagged: bool) -> None:
    closed(desk, category=before)
    more = {"category": after} if after else {}
    assert bool(found(desk, again(desk, **more))) is flagged


def test_other_words_are_another_problem(desk: Desk) -> None:
    closed(desk)
    assert rebounds.of(desk.session, again(desk, "公示栏破损")) == []


def shared(desk: Desk, first: Report, second: Report) -> None:
    """The two have a photo in common."""
    one, other = (add_photo(desk.session, report) for report in (first, second))
    ids: list[Photo] = [one, other]
    likeness.note(desk.session, ids[1].id or 0, [likeness.Like(ids[0].id or 0, 0.01)], desk.at)
    likeness_told.tell_supervisors(desk.session, desk.at)


def test_a_photo_sent_before_is_enough(desk: Desk) -> None:
    first = closed(desk)
    desk.later(days=30)
    second = again(desk, "公示栏破损")
    shared(desk, first, second)
    assert rebounds.lines(desk.session, second) == [f"可能反弹：{first.number}（2026-11-20 销号，照片相同）"]


def test_words_and_photos_are_one_rebound(desk: Desk) -> None:
    first = closed(desk)
    desk.later(days=30)
    second = again(desk)
    shared(desk, first, second)
    (one,) = rebounds.of(desk.session, second)
    assert (one.photos, one.words is not None) == (True, True)
    assert rebounds.lines(desk.session, second)[0].endswith("问题相似、照片相同）")


def test_photos_of_what_was_open_then_are_no_rebound(desk: Desk) -> None:
    first, second = issued(desk), issued(desk, findings="公示栏破损")
    shared(desk, first, second)
    assert rebounds.of(desk.session, second) == []


def test_photos_of_other_kinds_are_no_rebound(desk: Desk) -> None:
    first, visit = closed(desk), desk.send(desk.visit())
    shared(desk, first, visit)
    assert rebounds.of(desk.session, first) == []
