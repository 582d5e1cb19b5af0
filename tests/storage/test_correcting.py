"""Correcting and withdrawing: the old answers stay, those concerned see the difference."""

import pytest
from sqlmodel import select

from storage import drafts, history, journal, own_reports, photos, reporting, states
from storage.draft import Draft
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, ReportState, Revision, StepTaken
from storage.sealing import open_json
from tests.storage.asking import PLACES
from tests.storage.reporting_world import Desk


def fix(desk: Desk, report: Report, name: str = "王爱民", **changed: object) -> Draft:
    """A correction of the report with those answers changed."""
    draft = own_reports.change(
        desk.session, desk.chat(name), report, desk.actor(name), drafts.CORRECT, desk.at
    )
    filled = drafts.filling(desk.session, draft)
    filled.answers |= changed
    drafts.keep(desk.session, draft, filled, desk.at)
    return draft


def test_a_correction_begins_with_what_was_sent(desk: Desk) -> None:
    report = desk.send(desk.visit())
    draft = fix(desk, report)
    assert drafts.filling(desk.session, draft).answers == reporting.answers_of(desk.session, report)
    assert draft.asking is None


def test_the_old_revision_is_kept_sealed(desk: Desk) -> None:
    report = desk.send(desk.visit())
    before = reporting.answers_of(desk.session, report)
    desk.send(fix(desk, report, findings="已修好"))
    assert report.revision == 2
    assert reporting.answers_of(desk.session, report)["findings"] == "已修好"
    (old,) = desk.session.exec(select(Revision))
    assert open_json(desk.session, "revision.answers", old.uid, old.answers) == before
    assert "屋顶".encode() not in old.answers
    assert (old.revision, old.by_id) == (1, desk.actor().person_id)


def test_leader_and_supervisor_see_old_and_new_of_what_changed(desk: Desk) -> None:
    report = desk.send(desk.visit())
    desk.send(fix(desk, report, findings="已修好", household=desk.households[1]))
    for name in ("李明", "孙丽"):
        text = desk.told(name)[-1]["text"]
        assert "更正了 ZF-20261120-0001（第 2 版）" in text
        assert "情况：屋顶漏雨 → 已修好" in text
        assert "户：李*民 → 王*英" in text
        assert "事由" not in text


def test_a_correction_without_a_change_is_refused(desk: Desk) -> None:
    report = desk.send(desk.visit())
    with pytest.raises(Refusal) as refused:
        desk.send(fix(desk, report))
    assert "还没有改动" in refused.value.sentence
    assert report.revision == 1


def test_photos_may_be_added_by_a_correction_and_are_not_lost_by_one(desk: Desk) -> None:
    draft = desk.start("photo", findings="村口")
    desk.photo(draft=draft)
    report = desk.send(draft)
    again = fix(desk, report)
    assert drafts.filling(desk.session, again).answers["photos"] == 1
    desk.photo(draft=again)
    assert drafts.filling(desk.session, again).answers["photos"] == 2
    desk.send(again)
    assert len(photos.of_report(desk.session, report)) == 2
    assert report.revision == 2


def test_only_author_and_leader_change_a_report(desk: Desk) -> None:
    report = desk.send(desk.visit())
    for stranger in ("赵建国", "孙丽", "吴敏"):
        with pytest.raises(NotYours):
            reporting.may_change(desk.session, report, desk.actor(stranger))
    desk.send(fix(desk, report, "李明", findings="队长改"), "李明")
    assert "队长改" in desk.told("王爱民")[-1]["text"]


def test_a_second_correction_takes_up_the_one_begun(desk: Desk) -> None:
    report = desk.send(desk.visit())
    assert fix(desk, report, findings="半句") is fix(desk, report)


def test_a_withdrawal_keeps_everything_and_its_reason(desk: Desk) -> None:
    report = desk.send(desk.visit())
    draft = own_reports.change(desk.session, desk.chat(), report, desk.actor(), drafts.WITHDRAW, desk.at)
    assert draft.asking == "reason"
    drafts.keep(desk.session, draft, drafts.Filling({"reason": "报重了"}), desk.at)
    desk.send(draft)
    assert report.state == ReportState.WITHDRAWN
    assert states.state_of(report) == "已撤回"
    (old,) = desk.session.exec(select(Revision))
    assert old.reason == "报重了"
    (step,) = desk.session.exec(select(StepTaken))
    assert (step.before, step.after, step.note) == ("sent", "withdrawn", "报重了")
    assert "原因：报重了" in desk.told("李明")[-1]["text"]
    actions = [line["action"] for line in journal.history(desk.session, f"report:{report.number}")]
    assert actions == ["visit.send", "visit.withdraw"]


def test_a_withdrawn_report_is_not_changed_any_more(desk: Desk) -> None:
    report = desk.send(desk.visit())
    draft = fix(desk, report, findings="太晚")
    reporting.withdraw(desk.session, report, desk.actor(), "报重了", desk.at)
    with pytest.raises(Refusal) as refused:
        desk.send(draft)
    assert "已撤回" in refused.value.sentence


def test_a_report_under_way_is_not_changed_any_more(desk: Desk) -> None:
    report = desk.send(desk.case())
    report.state = ReportState.ACCEPTED
    with pytest.raises(Refusal) as refused:
        reporting.may_change(desk.session, report, desk.actor())
    assert "联系管理组" in refused.value.sentence
    assert not own_reports.changeable(desk.session, desk.actor(), report)


def test_a_correction_into_a_foreign_village_is_refused(desk: Desk) -> None:
    report = desk.send(desk.visit())
    with pytest.raises(Refusal):
        desk.send(fix(desk, report, village=PLACES[2], household=0))


def test_what_i_sent_is_listed_newest_first_by_pages(desk: Desk) -> None:
    sent = [desk.send(desk.visit(findings=f"第 {number} 次")) for number in range(own_reports.PAGE + 2)]
    desk.send(desk.visit("李明"), "李明")
    actor = desk.actor()
    assert own_reports.count(desk.session, actor) == len(sent)
    pages = [own_reports.page(desk.session, actor, number) for number in (0, 1, 2)]
    assert [one for page in pages for one in page] == sent[::-1]


def test_opening_a_report_is_journaled_and_others_do_not_see_it(desk: Desk) -> None:
    report = desk.send(desk.visit())
    lines = own_reports.opened(desk.session, desk.actor(), report, desk.at)
    assert ("household", "户", "李爱民") in lines
    assert journal.history(desk.session, f"report:{report.number}")[-1]["action"] == "read"
    with pytest.raises(NotYours):
        own_reports.find(desk.session, desk.actor("赵建国"), report.id or 0)
    with pytest.raises(Gone):
        own_reports.find(desk.session, desk.actor(), 999)


def test_an_export_tells_revisions_and_steps(desk: Desk) -> None:
    report, author = desk.send(desk.visit()), desk.actor().person_id
    assert history.kept(desk.session, report) == {"revisions": [], "steps": []}
    desk.send(fix(desk, report, findings="已修好"))
    reporting.withdraw(desk.session, report, desk.actor(), "报错了", desk.at)
    desk.session.flush()
    life = history.kept(desk.session, report)
    assert [(one["revision"], one["by"]) for one in life["revisions"]] == [(1, author), (2, author)]
    (step,) = life["steps"]
    assert (step["step"], step["before"], step["after"]) == ("withdraw", "sent", "withdrawn")
    assert "报错了" not in str(life), "words stay where they are sealed"
