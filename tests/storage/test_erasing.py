"""Erasure: nothing of a person is left, what counts stays, and the journal proves that it was erased."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Enum, String
from sqlmodel import Session, col, select

from storage import (
    answers,
    drafts,
    erasing,
    household_list,
    journal,
    names,
    photos,
    postings,
    search,
    stepping,
)
from storage.draft import Draft, DraftState
from storage.files import Files
from storage.forms import Text
from storage.households import Household
from storage.journal import JournalEntry
from storage.kinds import hardship_life as life
from storage.likeness import PhotoLook
from storage.people import Person
from storage.photo import Photo, PhotoState
from storage.private_numbers import PrivateNumber
from storage.refusals import Refusal
from storage.report import Report, Revision, StepTaken
from storage.sealing import keyring, open_json, seal_text
from storage.search_index import index
from storage.tasks import Charge, Task
from tests.storage.asking import NOW
from tests.storage.helping import step, steps
from tests.storage.mending import issued
from tests.storage.reporting_world import Desk

WORDS, PHONE, SHA = "阚逄昝家的屋顶漏雨", "13812345678", "a" * 64


def visited(desk: Desk, home: int = 0) -> Report:
    """A visit with words, a number, a place and a photo."""
    draft = desk.visit(
        household=desk.households[home], findings=f"{WORDS}，电话{PHONE}", place=[39.512345, 117.2]
    )
    photo = desk.photo(draft=draft, name="阚逄昝.jpg")
    assert photo is not None
    report = desk.send(draft)
    photo.state, photo.sha256, photo.camera = PhotoState.KEPT, SHA, "Huawei"
    desk.session.flush()
    photos.copied(desk.session, photo.id or 0, photos.THUMBNAIL, "b" * 64)
    return report


def erase(desk: Desk, home: int = 0) -> erasing.Erased:
    done = erasing.household(desk.session, desk.households[home], "本人申请", NOW)
    desk.session.flush()
    return done


def everything(session: Session) -> str:
    """Every row of every table, as text."""
    from storage.tables import metadata

    rows = [session.connection().execute(table.select()).all() for table in metadata.sorted_tables]
    return str([*rows, session.connection().execute(index.select()).all()])


def test_no_word_number_place_or_photo_is_left(desk: Desk) -> None:
    report = visited(desk)
    assert WORDS in everything(desk.session)
    done = erase(desk)
    assert (done.reports, done.photos, done.numbers, done.files) == (1, 1, 1, {SHA, "b" * 64})
    left = everything(desk.session)
    assert not any(word in left for word in (WORDS, "漏雨", "阚逄昝", "Huawei"))
    said = answers.answers_of(desk.session, report)
    assert (said["findings"], "place" in said) == (erasing.MARK, False)
    assert household_list.name_of(desk.session, desk.households[0]) == erasing.MARK
    assert desk.session.exec(select(PrivateNumber)).all() == []
    assert desk.session.exec(select(PhotoLook)).all() == []


def test_what_counts_stays(desk: Desk) -> None:
    report = visited(desk)
    before = (report.number, report.village, report.sent_at, report.state)
    erase(desk)
    assert (report.number, report.village, report.sent_at, report.state) == before
    [photo] = photos.of_report(desk.session, report)
    assert (photo.state, photo.sha256, photo.file_id) == (PhotoState.GONE, None, "")


def test_the_journal_proves_it_and_its_chain_holds(desk: Desk) -> None:
    report = visited(desk)
    journal.read(desk.session, None, "household.head", f"report:{report.number}", "阚逄昝来问", NOW)
    journal.seal(desk.session)
    head = journal.head(desk.session)
    erase(desk)
    assert list(journal.verify(desk.session)) == []
    journal.seal(desk.session)
    assert list(journal.verify(desk.session)) == []
    assert journal.head(desk.session) != head
    [tombstone] = [
        one for one in journal.history(desk.session, f"report:{report.number}") if one["action"] == "erase"
    ]
    assert (tombstone["reason"], tombstone["photos"], SHA in tombstone["files"]) == ("本人申请", 1, True)
    emptied = desk.session.exec(select(JournalEntry).where(col(JournalEntry.body).is_(None))).all()
    assert [one.action for one in emptied] == ["read"]


def test_a_tombstone_that_is_forged_is_found(desk: Desk) -> None:
    visited(desk)
    erase(desk)
    journal.seal(desk.session)
    line = desk.session.exec(select(JournalEntry).where(JournalEntry.action == "erase")).first()
    assert line is not None
    line.body = (line.body or "").replace("本人申请", "误操作")
    desk.session.flush()
    assert len(list(journal.verify(desk.session))) == 1


def test_it_is_found_by_no_word_any_more(desk: Desk) -> None:
    report = visited(desk)
    question = search.asked("漏雨")
    assert desk.session.connection().execute(search.matching(question)).all()
    erase(desk)
    assert not desk.session.connection().execute(search.matching(question)).all()
    assert desk.session.connection().execute(search.matching(search.asked(report.number))).all()


def test_the_life_of_a_case_is_erased_and_goes_on(desk: Desk) -> None:
    report = desk.send(desk.case(findings=WORDS))
    steps(desk, report, life.CONFIRM, life.PUBLISH)
    desk.later(days=6)
    step(desk, report, life.RECOGNISE)
    step(desk, report, life.PLAN, measure=WORDS, whom="阚逄昝")
    erase(desk)
    assert WORDS not in everything(desk.session)
    assert "阚逄昝" not in everything(desk.session)
    assert len(desk.session.exec(select(StepTaken)).all()) == 4
    drafted = stepping.begin(
        desk.session, desk.chat("李明"), report, desk.actor("李明"), life.FOLLOW_UP, desk.at
    )
    assert drafted.state == DraftState.OPEN


def test_former_revisions_and_drafts_are_emptied(desk: Desk) -> None:
    report = visited(desk)
    draft = drafts.start(
        desk.session, desk.chat(), desk.actor(), "visit", NOW, step=drafts.CORRECT, report=report,
        answers=answers.answers_of(desk.session, report) | {"findings": "改过"},
    )  # fmt: skip
    desk.send(draft)
    begun = desk.visit(findings=WORDS)
    erase(desk)
    [former] = desk.session.exec(select(Revision)).all()
    assert open_json(desk.session, "revision.answers", former.uid, former.answers) == {}
    for one in desk.session.exec(select(Draft)):
        assert drafts.filling(desk.session, one).answers in ({}, {"photos": 1})
    assert begun.state == DraftState.CANCELLED


def test_another_households_records_stay_but_not_this_ones_numbers(desk: Desk) -> None:
    home = desk.session.get_one(Household, desk.households[0])
    home.phone = seal_text(desk.session, "household.phone", home.uid, PHONE)
    home.phone_index = keyring(desk.session).index("household.phone", PHONE)
    neighbour = desk.send(desk.visit(household=desk.households[1], findings=f"邻居的电话{PHONE}也有"))
    erase(desk)
    said = str(answers.sees(desk.session, neighbour))
    assert "邻居的电话***也有" in said
    assert household_list.name_of(desk.session, desk.households[1]) == "王秀英"


def test_bytes_that_another_report_has_too_stay(desk: Desk) -> None:
    visited(desk)
    visited(desk, home=1)
    assert SHA not in erase(desk).files
    assert SHA in erase(desk, home=1).files


def test_twice_is_once(desk: Desk) -> None:
    visited(desk)
    erase(desk)
    again = erase(desk)
    assert (again.numbers, again.files) == (0, set())


def test_nobody_is_erased_who_is_not_there(desk: Desk) -> None:
    with pytest.raises(Refusal):
        erasing.household(desk.session, 999, "", NOW)
    with pytest.raises(Refusal):
        erasing.person(desk.session, 999, "", NOW)


def test_whoever_works_here_is_not_erased_and_then_is(desk: Desk) -> None:
    report, number = visited(desk), desk.county.people["王爱民"]
    with pytest.raises(Refusal):
        erasing.person(desk.session, number, "已调离", NOW)
    for posting in postings.active(desk.session, number, NOW):
        postings.end_posting(desk.session, posting.id or 0, by=None, now=NOW)
    erasing.person(desk.session, number, "已调离", NOW + timedelta(seconds=1))
    one = desk.session.get_one(Person, number)
    assert (names.full(desk.session, number), one.telegram_id, one.phone) == (erasing.MARK, None, None)
    assert report.author_id == number


def test_by_the_rule_what_is_under_way_and_what_is_young_stays(desk: Desk) -> None:
    old, case = visited(desk), desk.send(desk.case(findings="还在办"))
    desk.later(days=400)
    young = visited(desk, home=1)
    limit = desk.at - timedelta(days=365)
    ids = erasing.due(desk.session, limit)
    assert ids == [old.id]
    assert erasing.reports(desk.session, ids, f"满一年{PHONE}", desk.at).reports == 1
    assert PHONE not in everything(desk.session)
    assert answers.answers_of(desk.session, old)["findings"] == erasing.MARK
    assert answers.answers_of(desk.session, case)["findings"] == "还在办"
    assert answers.answers_of(desk.session, young)["findings"] != erasing.MARK
    assert erasing.due(desk.session, limit) == []


def test_a_photo_that_is_gone_is_not_fetched_again(desk: Desk, tmp_path: Path) -> None:
    report = visited(desk)
    files = Files(tmp_path / "files")
    kept = files.keep(b"photo")
    [photo] = photos.of_report(desk.session, report)
    photo.sha256 = kept
    for sha in erase(desk).files & {kept}:
        files.delete(sha)
    assert files.listing() == {}
    gone = desk.session.exec(select(Photo)).one()
    assert photos.waiting(desk.session, gone.id or 0) is None


KEPT = {
    "report.uid", "report.kind", "report.number", "report.village", "steptaken.step", "steptaken.before",
    "steptaken.after", "revision.uid", "clockrun.clock", "photo.uid", "photo.media_group", "photo.question",
    "photo.problem", "photo.mime", "draft.uid", "draft.kind", "draft.step", "draft.asking", "hardshipcase.category",
    "hardshipcase.urgency", "hardshipcase.source",
}  # fmt: skip
"""Columns of text about a report that name and describe nobody."""
ERASED = {
    "steptaken.note", "revision.reason", "promise.what", "promise.who", "promise.whom", "promise.reason",
    "task.what", "task.lead", "task.support", "charge.who", "photo.file_id", "photo.unique_id", "photo.name",
    "photo.sha256", "photo.taken_at", "photo.camera", "photo.software",
}  # fmt: skip


def test_every_text_about_a_report_is_erased_or_known_to_name_nobody() -> None:
    """A new table or column of text that erasing would forget fails here."""
    from storage.kinds import KINDS
    from storage.tables import metadata

    details = {str(kind.table.__tablename__): kind.table for kind in KINDS.values()}
    owners = {"report", "task"}
    about = owners | {
        table.name
        for table in metadata.sorted_tables
        if {key.column.table.name for key in table.foreign_keys} & owners
    }
    there = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table.name in about
        for column in table.columns
        if isinstance(column.type, String) and not isinstance(column.type, Enum)
    }
    asked = {
        f"{name}.{one}"
        for name, table in details.items()
        for one, ask in table.columns().items()
        if isinstance(ask, Text)
    }
    assert there - KEPT - ERASED - asked == set()


def test_tasks_of_a_problem_are_erased_with_it(desk: Desk) -> None:
    report = issued(desk, findings=WORDS)
    task = Task(
        report_id=report.id or 0, number=1, what=WORDS, lead="阚逄昝", support="村委会",
        by_id=desk.county.people["孙丽"], at=NOW,
    )  # fmt: skip
    desk.session.add(task)
    desk.session.flush()
    desk.session.add(Charge(task_id=task.id or 0, who="阚逄昝", until=NOW.date()))
    desk.session.flush()
    erasing.reports(desk.session, [report.id or 0], "查错了", NOW)
    desk.session.flush()
    left = everything(desk.session)
    assert not any(word in left for word in (WORDS, "漏雨", "阚逄昝"))
