"""A record in full: every answer, its state, its photos, and what became of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session

from reports import record
from storage import correcting, drafts, history, household_list, journal
from storage.answers import answers_of
from storage.chats import chat_of
from storage.history import CORRECTED, SENT, STEP
from storage.photo import PhotoState
from storage.photos import Counts
from storage.report import Report, ReportState, StepTaken
from tests.storage.asking import NOW, PLACES, County, add_full, add_photo, new_store, settle

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, County]]:
    store = new_store(str(tmp_path_factory.mktemp("record") / "z.db"))
    with store.writing() as session:
        yield session, settle(session)
    store.close()


def visit(world: tuple[Session, County], **more: object) -> Report:
    session, county = world
    home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
    answers = {
        "village": PLACES[0], "household": home.id, "purposes": ["look", "care"], "findings": "屋顶 <漏雨>",
        "place": [39.38, 117.04], **more,
    }  # fmt: skip
    wang, team = county.people["王爱民"], county.teams["一队"]
    return add_full(session, "visit", wang, answers, team=team, number="ZF-20261120-0042")


def corrected(world: tuple[Session, County], report: Report) -> None:
    session, county = world
    actor = county.actor(session, "李明")
    chat = chat_of(session, 42, 1000)
    answers = answers_of(session, report) | {"findings": "已经修好", "purposes": ["care"]}
    draft = drafts.start(
        session, chat, actor, "visit", LATER, answers=answers, step=drafts.CORRECT, report=report
    )
    correcting.correct(session, draft, actor, LATER)


def test_all_that_was_answered_is_shown_and_the_reading_journaled(world: tuple[Session, County]) -> None:
    session, county = world
    report = visit(world)
    text = record.text(session, county.actor(session, "孙丽"), report, NOW)
    for expected in (
        "<b>走访</b> <code>ZF-20261120-0042</code>", "已发送", "王爱民 · 一队", "村：大桃园村", "户：李大山",
        "了解情况、慰问关爱", "屋顶 &lt;漏雨&gt;", "39.38000, 117.04000",
        "11-20 12:00 王爱民 发送", "被查看 1 次",
    ):  # fmt: skip
        assert expected in text
    (line,) = journal.history(session, "report:ZF-20261120-0042")
    assert (line["action"], line["actor"]) == ("read", county.people["孙丽"])


def test_a_correction_tells_who_when_and_which_lines(world: tuple[Session, County]) -> None:
    session, county = world
    report = visit(world)
    corrected(world, report)
    sent, correction = history.events(session, report)
    assert (sent.what, correction.what) == (SENT, CORRECTED)
    assert correction.questions == ("purposes", "findings")
    assert (correction.by_id, correction.revision) == (county.people["李明"], 2)
    text = record.text(session, county.actor(session, "王爱民"), report, LATER)
    assert "第 2 版" in text
    assert "11-20 13:00 李明 更正为第 2 版（事由、情况）" in text


def test_a_withdrawal_is_one_line_with_its_reason(world: tuple[Session, County]) -> None:
    session, county = world
    report = visit(world)
    corrected(world, report)
    actor = county.actor(session, "王爱民")
    correcting.withdraw(session, report, actor, "报重了", LATER + timedelta(hours=1))
    assert [one.what for one in history.events(session, report)] == [SENT, CORRECTED, STEP]
    text = record.text(session, actor, report, LATER)
    assert "11-20 14:00 王爱民 撤回：报重了" in text


def test_steps_of_a_workflow_are_told_by_the_state_they_led_to(world: tuple[Session, County]) -> None:
    session, county = world
    report = visit(world)
    for after, note in ((ReportState.COMPLETED.value, None), ("a state of later", "x" * 500)):
        step = StepTaken(
            report_id=report.id or 0, step="s", before="issued", after=after, by_id=county.people["李明"],
            at=LATER, note=note,
        )  # fmt: skip
        session.add(step)
    session.flush()
    _sent, completed, later = record.story(session, report)
    assert completed == "11-20 13:00 李明 待验收"
    assert later.startswith("11-20 13:00 李明 a state of later：xxx")
    assert len(later) < 170


def test_photos_not_yet_here_and_photos_lost_are_said(world: tuple[Session, County]) -> None:
    assert record.stored(Counts(2, 1, 0)) == ["照片正在保存 2/3"]
    assert record.stored(Counts(2, 0, 1)) == ["1 张照片没有存下。"]
    assert record.stored(Counts(2, 0, 0)) == []
    session, county = world
    report = visit(world)
    kept = add_photo(session, report)
    add_photo(session, report, state=PhotoState.WAITING)
    assert record.albums(session, report) == [(report.number, [kept.sha256])]
    assert "照片正在保存 1/2" in record.text(session, county.actor(session, "王爱民"), report, NOW)


def test_photos_of_before_and_of_each_mending_are_albums_of_their_own(world: tuple[Session, County]) -> None:
    session, _county = world
    report = visit(world)
    report.kind = "rectification"
    steps = [
        StepTaken(
            report_id=report.id or 0, step="complete", before="issued", after="completed", by_id=1, at=LATER
        )
        for _time in range(2)
    ]
    session.add_all(steps)
    session.flush()
    shas = []
    for question, step_id in (("after", steps[0].id), ("before", None), ("after", steps[1].id)):
        photo = add_photo(session, report)
        photo.question, photo.step_id = question, step_id
        session.flush()
        shas.append([photo.sha256])
    assert record.albums(session, report) == [
        (f"整改前照片 {report.number}", shas[1]),
        (f"整改后照片（第 1 次） {report.number}", shas[0]),
        (f"整改后照片（第 2 次） {report.number}", shas[2]),
    ]


def test_the_longest_record_fits_a_message(world: tuple[Session, County]) -> None:
    session, county = world
    long = "漏" * 1000
    answers = {
        "village": PLACES[0], "household": None, "category": "allowance", "causes": ["illness"],
        "guarantees": [], "urgency": "urgent", "findings": long, "wishes": long, "people": 4,
    }  # fmt: skip
    report = add_full(session, "hardship", county.people["王爱民"], answers)
    for _ in range(30):
        step = StepTaken(
            report_id=report.id or 0, step="s", before="open", after="open", by_id=1, at=NOW, note=long
        )
        session.add(step)
    session.flush()
    assert len(record.text(session, county.actor(session, "王爱民"), report, NOW)) < 4096
