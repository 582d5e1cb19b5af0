"""Handing in: one transaction with number, rows, photos, journal and letters; twice is once."""

import re

import pytest
from sqlmodel import col, func, select

from storage import cards, drafts, journal, photos, receipts, reporting, search
from storage.draft import Draft, DraftState
from storage.households import Household
from storage.kinds.hardship import HardshipCase
from storage.kinds.visit import Visit
from storage.numbers import next_number
from storage.photo import PhotoState
from storage.refusals import Gone, Refusal
from storage.report import Report, ReportState
from tests.storage.asking import PLACES
from tests.storage.reporting_world import Desk


def test_a_visit_becomes_a_header_and_a_detail(desk: Desk) -> None:
    report = desk.send(desk.visit(place=[39.4, 117.0], day="2026-11-19"))
    assert (report.number, report.kind, report.state) == ("ZF-20261120-0001", "visit", ReportState.SENT)
    assert (report.village, report.household_id) == (PLACES[0], desk.households[0])
    assert (report.author_id, report.team_id) == (desk.actor().person_id, desk.actor().team_id)
    row = desk.session.get_one(Visit, report.id)
    assert (row.purposes, row.findings, str(row.day)) == (["policy"], "屋顶漏雨", "2026-11-19")


def test_a_place_is_sealed_and_opens_again(desk: Desk) -> None:
    report = desk.send(desk.visit(place=[39.4, 117.0]))
    assert b"117" not in (desk.session.get_one(Visit, report.id).place or b"")
    assert reporting.answers_of(desk.session, report)["place"] == [39.4, 117.0]


def test_numbers_run_by_prefix_and_day_of_the_county(desk: Desk) -> None:
    assert desk.send(desk.visit()).number == "ZF-20261120-0001"
    assert desk.send(desk.visit()).number == "ZF-20261120-0002"
    assert desk.send(desk.case()).number == "KN-20261120-0001"
    desk.later(hours=12)  # midnight in the county, still the 20th in UTC
    assert desk.send(desk.visit()).number == "ZF-20261121-0001"


def test_a_number_of_a_rolled_back_transaction_is_given_again(desk: Desk) -> None:
    savepoint = desk.session.begin_nested()
    assert next_number(desk.session, "ZF", desk.at.date()).endswith("-0001")
    savepoint.rollback()
    assert next_number(desk.session, "ZF", desk.at.date()).endswith("-0001")


def test_sending_twice_makes_one_report(desk: Desk) -> None:
    draft = desk.visit()
    assert desk.send(draft) is desk.send(draft)
    assert desk.session.exec(select(func.count()).select_from(Report)).one() == 1
    assert len(desk.told("李明")) == 1
    assert (draft.state, draft.focus) == (DraftState.SENT, False)


def test_what_is_missing_is_said_and_nothing_is_sent(desk: Desk) -> None:
    draft = desk.start(household=desk.households[0])
    with pytest.raises(Refusal) as refused:
        desk.send(draft)
    assert "事由" in refused.value.sentence
    assert draft.state == DraftState.OPEN
    assert desk.session.exec(select(Report)).first() is None


def test_a_given_up_draft_and_a_note_are_not_sent(desk: Desk) -> None:
    draft = desk.visit()
    drafts.cancel(desk.session, draft, desk.at)
    for wrong in (draft, desk.start(drafts.NOTE, findings="好")):
        with pytest.raises(Gone):
            desk.send(wrong)


def test_a_new_household_is_made_once_and_sealed(desk: Desk) -> None:
    report = desk.send(desk.visit(household="陈桂兰"))
    made = desk.session.get_one(Household, report.household_id)
    assert made.village == PLACES[0]
    assert "陈桂兰".encode() not in made.head
    assert [line["action"] for line in journal.history(desk.session, f"household:{made.id}")] == [
        "household.add"
    ]


def test_a_visit_to_no_household_has_none(desk: Desk) -> None:
    report = desk.send(desk.visit(household=0))
    assert report.household_id is None
    assert reporting.answers_of(desk.session, report)["household"] == 0


@pytest.mark.parametrize("village", [PLACES[1], PLACES[2]])
def test_nobody_reports_from_a_village_that_is_not_theirs(desk: Desk, village: str) -> None:
    with pytest.raises(Refusal) as refused:
        desk.send(desk.visit(village=village, household=0))
    assert "刘庄村" in refused.value.sentence


def test_a_household_of_another_village_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        desk.send(desk.visit("赵建国", village=PLACES[2]), "赵建国")
    assert "不在所选的村" in refused.value.sentence


def test_a_supervisor_may_report_from_the_own_territory_without_a_team(desk: Desk) -> None:
    report = desk.send(desk.visit("孙丽", village=PLACES[0]), "孙丽")
    assert report.team_id is None


def test_answers_come_back_as_they_were_given(desk: Desk) -> None:
    for draft in (
        desk.visit(companions=[desk.county.people["李明"]]),
        desk.case(wishes="申请救助", people=3),
    ):
        given = drafts.filling(desk.session, draft).answers
        assert reporting.answers_of(desk.session, desk.send(draft)) == given


def test_a_case_opens(desk: Desk) -> None:
    report = desk.send(desk.case(guarantees=[]))
    assert report.state == ReportState.OPEN
    row = desk.session.get_one(HardshipCase, report.id)
    assert (row.category, row.causes, row.guarantees, row.urgency) == ("allowance", ["illness"], [], "normal")
    assert reporting.answers_of(desk.session, report)["guarantees"] == []


def test_the_leader_hears_quietly_with_the_head_masked(desk: Desk) -> None:
    desk.send(desk.visit(place=[39.4, 117.0]))
    (letter,) = desk.told("李明")
    assert letter["disable_notification"] is True
    assert "王爱民报了走访 ZF-20261120-0001" in letter["text"]
    assert "李*民" in letter["text"]
    assert "李爱民" not in letter["text"]
    assert "117" not in letter["text"]
    assert desk.told("孙丽") == desk.told("王爱民") == desk.told("赵建国") == []


def test_the_leader_is_not_told_of_the_own_report(desk: Desk) -> None:
    desk.send(desk.visit("李明"), "李明")
    assert desk.told("李明") == []


def test_an_urgent_case_is_told_aloud_to_leader_and_supervisor(desk: Desk) -> None:
    desk.send(desk.case(urgency="urgent"))
    for name in ("李明", "孙丽"):
        (letter,) = desk.told(name)
        assert letter["text"].startswith("<b>【紧急】")
        assert "disable_notification" not in letter
    assert desk.told("吴敏") == []


def test_letters_hold_no_markup_and_no_numbers_of_people(desk: Desk) -> None:
    desk.send(desk.visit(findings="<b>电话 13812345678 & 身份证 11010519491231002X"))
    text = desk.told("李明")[0]["text"]
    assert "&lt;b&gt;" in text
    assert "13812345678" not in text
    assert "11010519491231002X" not in text


def test_the_journal_names_the_report_and_no_person(desk: Desk) -> None:
    draft = desk.visit()
    desk.photo(draft=draft)
    (line,) = journal.history(desk.session, f"report:{desk.send(draft).number}")
    assert (line["action"], line["actor"], line["photos"]) == ("visit.send", desk.actor().person_id, 1)
    assert "李爱民" not in str(line)


def test_the_report_is_found_by_its_words_and_not_by_the_head(desk: Desk) -> None:
    report = desk.send(desk.visit())
    for words, found in (
        ("漏雨", [report.id]),
        ("政策宣传", [report.id]),
        ("大桃园", [report.id]),
        ("爱民", []),
    ):
        asked = search.matching(search.asked(words))
        assert [row[1] for row in desk.session.exec(asked)] == found, words


def test_photos_go_with_the_report_and_the_receipt_counts_them(desk: Desk) -> None:
    draft = desk.start("photo", findings="村口")
    rows = [desk.photo(draft=draft), desk.photo(draft=draft)]
    report = desk.send(draft)
    assert [photo.report_id for photo in photos.of_report(desk.session, report)] == [report.id] * 2
    assert "照片正在保存 0/2" in receipts.payload(desk.session, draft)["text"]
    for row in rows:
        assert row is not None
        row.state = PhotoState.KEPT
    assert "照片 2 张，已全部保存" in receipts.payload(desk.session, draft)["text"]
    rows[0].state = PhotoState.GONE  # type: ignore[union-attr] # looked at above
    assert "1 张没有存下" in receipts.payload(desk.session, draft)["text"]


def test_the_receipt_is_redrawn_when_photos_change(desk: Desk) -> None:
    draft = desk.start("photo")
    photo = desk.photo(draft=draft)
    assert photo is not None
    report = desk.send(draft)
    card = cards.show(desk.session, desk.chat(), {"text": "…"}, now=desk.at)
    draft.card_id = card.id
    photo.state = PhotoState.KEPT
    reporting.photos_changed(desk.session, report.id or 0, desk.at)
    assert "已全部保存" in (cards.wanted_of(desk.session, card) or {})["text"]


def test_a_late_photo_is_told_on_the_receipt(desk: Desk) -> None:
    draft = desk.visit()
    report = desk.send(draft)
    draft.card_id = cards.show(desk.session, desk.chat(), {"text": "…"}, now=desk.at).id
    photo = desk.photo(report=report)
    assert photo is not None
    receipts.photo_late(desk.session, photo, report, desk.at)
    assert "发送后又收到 1 张" in receipts.payload(desk.session, draft)["text"]
    photo.state = PhotoState.REPEATED
    assert "发送后" not in receipts.payload(desk.session, draft)["text"]


def test_the_last_answer_is_that_for_the_household_else_the_last_one(desk: Desk) -> None:
    one, two = desk.households[:2]
    desk.send(desk.visit(household=one, findings="老房"))
    desk.send(desk.visit(household=two, findings="新房"))
    draft = desk.start()
    assert reporting.last_answer(desk.session, draft, "findings", one) == ("老房", "老房")
    assert reporting.last_answer(desk.session, draft, "findings", None) == ("新房", "新房")
    assert reporting.last_answer(desk.session, draft, "purposes", desk.households[2]) == (
        ["policy"],
        "政策宣传",
    )
    assert reporting.last_answer(desk.session, desk.start(name="李明"), "findings", one) is None
    assert reporting.last_answer(desk.session, draft, "day", None) is None


def test_every_number_looks_like_the_glossary_says(desk: Desk) -> None:
    desk.send(desk.visit())
    desk.send(desk.case())
    for number in desk.session.exec(select(Report.number).order_by(col(Report.id))):
        assert re.fullmatch(r"[A-Z]{2}-\d{8}-\d{4}", number)
    assert desk.session.exec(select(Draft).where(Draft.state == DraftState.OPEN)).first() is None
