"""Who is told that photos are alike: kindly, and nothing of a report beyond the reader's territory."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage import letters, likeness, likeness_told
from storage.letters import Lane, Letter
from storage.likeness import Likeness
from storage.photo import Photo, PhotoState
from storage.report import Report, ReportState
from tests.storage.asking import PLACES, add_full, add_photo
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]
KIND = "如果发错了，换一张就好；没有发错，就不用管。"


def report(desk: Desk, village: str, name: str, number: str, days_ago: int = 48) -> Report:
    """One sent some time ago; 48 days are 3 October."""
    answers = {"village": village, "purposes": ["look"], "findings": "路灯"}
    return add_full(
        desk.session,
        "visit",
        desk.county.people[name],
        answers,
        number=number,
        at=desk.at - timedelta(days=days_ago),
    )


def sent(desk: Desk, **owner: Any) -> Photo:
    photo = desk.photo(**owner)
    assert photo is not None
    photo.state, photo.sha256 = PhotoState.KEPT, f"{photo.id:064x}"
    desk.session.flush()
    return photo


def alike(desk: Desk, earlier: Photo, photo: Photo) -> Likeness:
    (found,) = likeness.note(desk.session, photo.id or 0, [likeness.Like(earlier.id or 0, 0.01)], desk.at)
    return found


def said(desk: Desk, name: str, lane: Lane) -> list[dict[str, Any]]:
    chat = desk.chat(name)
    found = select(Letter).where(Letter.chat_id == chat.id, Letter.lane == lane)
    return [letters.payload_of(desk.session, one) for one in desk.session.exec(found.order_by(Letter.id))]  # type: ignore[arg-type]  # a column


def told(desk: Desk, found: Likeness) -> list[dict[str, Any]]:
    """What the sender of the photo was told."""
    before = len(said(desk, "王爱民", Lane.TALK))
    likeness_told.tell_sender(desk.session, [found], desk.at)
    return said(desk, "王爱民", Lane.TALK)[before:]


@pytest.mark.fault("photo sent before")
def test_the_sender_is_told_kindly_which_one_it_looks_like(desk: Desk) -> None:
    old = report(desk, PLACES[0], "李明", "ZF-20261003-0001")
    old.team_id = desk.county.teams["一队"]
    earlier, photo = add_photo(desk.session, old), sent(desk, draft=desk.visit())
    (letter,) = told(desk, alike(desk, earlier, photo))
    assert letter["text"] == f"这张照片看起来和 10月3日在大桃园村的那张一样（ZF-20261003-0001）。{KIND}"
    assert letter["reply_parameters"]["message_id"] == photo.message_id
    assert letter["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == f"o:{old.id}"


def test_of_another_year_the_year_is_said(desk: Desk) -> None:
    old = report(desk, PLACES[0], "王爱民", "ZF-20251003-0001", days_ago=48 + 365)
    (letter,) = told(desk, alike(desk, add_photo(desk.session, old), sent(desk, draft=desk.visit())))
    assert "2025年10月3日" in letter["text"]


def test_of_another_teams_report_nothing_is_said_but_that_there_is_one(desk: Desk) -> None:
    old = report(desk, PLACES[2], "赵建国", "ZF-20261003-0001")
    (letter,) = told(desk, alike(desk, add_photo(desk.session, old), sent(desk, draft=desk.visit())))
    assert letter["text"] == f"这张照片看起来和以前发过的一张一样。{KIND}"
    assert "reply_markup" not in letter


def test_an_album_that_comes_again_is_spoken_of_once(desk: Desk) -> None:
    old, draft = report(desk, PLACES[0], "王爱民", "ZF-20261003-0001"), desk.visit()
    found = [alike(desk, add_photo(desk.session, old), sent(desk, draft=draft)) for _ in range(3)]
    likeness_told.tell_sender(desk.session, found, desk.at)
    likeness_told.tell_sender(desk.session, found, desk.at)
    assert len(said(desk, "王爱民", Lane.TALK)) == 1


def test_somebody_elses_draft_is_nobodys_business(desk: Desk) -> None:
    theirs = sent(desk, draft=desk.start(name="赵建国"))
    assert told(desk, alike(desk, theirs, sent(desk, draft=desk.visit()))) == []
    mine = sent(desk, draft=desk.start("photo"))
    (letter,) = told(desk, alike(desk, mine, sent(desk, draft=desk.visit())))
    assert "您另一份草稿里的一张" in letter["text"]


def test_what_was_taken_back_may_be_sent_anew(desk: Desk) -> None:
    old = report(desk, PLACES[0], "王爱民", "ZF-20261003-0001")
    old.state = ReportState.WITHDRAWN
    assert told(desk, alike(desk, add_photo(desk.session, old), sent(desk, draft=desk.visit()))) == []


def test_before_and_after_in_one_report_are_spoken_of(desk: Desk) -> None:
    old = report(desk, PLACES[0], "王爱民", "ZF-20261003-0001")
    before, after = add_photo(desk.session, old), sent(desk, report=old, question="after")
    (letter,) = told(desk, alike(desk, before, after))
    assert letter["text"].startswith("这张照片看起来和这份报告里的另一张一样。")


def test_supervisors_hear_once_and_quietly_of_a_report(desk: Desk) -> None:
    near = report(desk, PLACES[0], "王爱民", "ZF-20261003-0001")
    far = report(desk, PLACES[2], "赵建国", "ZF-20261004-0001", days_ago=47)
    new = report(desk, PLACES[0], "王爱民", "ZF-20261120-0009", days_ago=0)
    for earlier in (near, far, near):
        alike(desk, add_photo(desk.session, earlier), sent(desk, report=new))
    assert likeness_told.tell_supervisors(desk.session, desk.at) == 1
    assert likeness_told.tell_supervisors(desk.session, desk.at) == 0
    (letter,) = said(desk, "孙丽", Lane.NOTICE)
    assert letter["text"].splitlines() == [
        "ZF-20261120-0009（大桃园村）里有照片和别的报告里的一样，请看一看：",
        "10月3日 大桃园村 ZF-20261003-0001",
        "您范围以外的 1 份报告",
    ]
    assert letter["disable_notification"]
    assert letter["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == f"o:{new.id}"
    assert said(desk, "赵建国", Lane.NOTICE) == []


def test_within_one_report_there_is_nothing_to_supervise(desk: Desk) -> None:
    one = report(desk, PLACES[0], "王爱民", "ZF-20261003-0001")
    found = alike(desk, add_photo(desk.session, one), sent(desk, report=one, question="after"))
    assert likeness_told.tell_supervisors(desk.session, desk.at) == 0
    assert found.told_at == desk.at, "and it is not looked at again"


def test_a_reader_sees_what_a_report_is_like_in_both_directions(desk: Desk) -> None:
    near = report(desk, PLACES[0], "王爱民", "ZF-20261003-0001")
    far = report(desk, PLACES[2], "赵建国", "ZF-20261004-0001", days_ago=47)
    first, second = add_photo(desk.session, near), add_photo(desk.session, far)
    alike(desk, first, second)

    def lines(name: str, one: Report, photo: Photo) -> list[str]:
        return likeness_told.lines(desk.session, desk.actor(name), one, [photo], desk.at)

    head = "照片和别的报告里的一样："
    assert lines("周正", near, first) == [head, "10月4日 刘庄村 ZF-20261004-0001"]
    assert lines("周正", far, second) == [head, "10月3日 大桃园村 ZF-20261003-0001"]
    assert lines("孙丽", near, first) == [head, "您范围以外的 1 份报告"]
    assert lines("王爱民", near, first) == [], "a member learns nothing of another team"
    assert lines("赵建国", far, second) == []
    far.state = ReportState.WITHDRAWN
    assert lines("周正", near, first) == []


def test_many_reports_are_not_all_named(desk: Desk) -> None:
    one = report(desk, PLACES[0], "王爱民", "ZF-20261003-0000")
    first = add_photo(desk.session, one)
    for number in range(1, 9):
        other = report(desk, PLACES[0], "王爱民", f"ZF-20261003-000{number}")
        alike(desk, first, add_photo(desk.session, other))
    lines = likeness_told.lines(desk.session, desk.actor("孙丽"), one, [first], desk.at)
    assert len(lines) == 1 + likeness_told.MOST + 1
    assert lines[-1] == "另有 3 份报告"
