"""Referrals: one application, parallel answers, one reply; an officer sees what their department needs and no more."""

from typing import Any

import pytest
from sqlmodel import select

from storage import (
    casework,
    chats,
    clock_rules,
    drafts,
    erasing,
    letters,
    looking,
    referral_clocks,
    referrals,
    stepping,
)
from storage.clock_rules import Set
from storage.clocks import Rung
from storage.kinds.referring import CANNOT, GIVEN, REFER, TAKE_ON
from storage.letters import Letter
from storage.people import Posting, Role
from storage.referrals import Answer, Referral
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, StepTaken
from storage.showing import Degree
from tests.storage.asking import PLACES
from tests.storage.helping import opened
from tests.storage.housing import found
from tests.storage.mending import dismiss, hire
from tests.storage.reporting_world import Desk

WISH = "申请临时救助，报销住院费"


def appoint(desk: Desk, name: str, department: str, region: str = "120114") -> None:
    """An officer with an account."""
    hire(desk, name, Role.OFFICER, region=region)
    posting = desk.session.exec(select(Posting).where(Posting.person_id == desk.county.people[name])).one()
    posting.department = department
    desk.session.flush()


def refer(desk: Desk, report: Report, *departments: str, by: str = "李明", **more: Any) -> Report:
    draft = stepping.begin(desk.session, desk.chat(by), report, desk.actor(by), REFER, desk.at)
    filled = drafts.filling(desk.session, draft)
    filled.answers |= {"departments": list(departments), "what": WISH, "consent": "met"} | more
    drafts.keep(desk.session, draft, filled, desk.at)
    return desk.send(draft, by)


def answer(desk: Desk, report: Report, step: str, by: str, words: str = "") -> None:
    if step == TAKE_ON:
        stepping.take(desk.session, report, step, desk.actor(by), desk.at, version=0)
        return
    draft = stepping.begin(desk.session, desk.chat(by), report, desk.actor(by), step, desk.at)
    filled = drafts.filling(desk.session, draft)
    filled.answers |= {"reason" if step == CANNOT else "what": words}
    drafts.keep(desk.session, draft, filled, desk.at)
    desk.send(draft, by)


def referred(desk: Desk, *departments: str) -> Report:
    appoint(desk, "马民", "武清区民政局")
    appoint(desk, "贺医", "区医保局")
    return refer(desk, opened(desk), *(departments or ("civil", "medical")))


def of(desk: Desk, report: Report, department: str) -> Referral:
    (one,) = [one for one in referrals.of_report(desk.session, report) if one.department == department]
    return one


def last(desk: Desk, name: str) -> str:
    return str(desk.told(name)[-1]["text"])


def test_each_departments_officers_are_asked_at_once(desk: Desk) -> None:
    report = referred(desk)
    for name, department in (("马民", "民政"), ("贺医", "医保")):
        (told,) = desk.told(name)
        assert told["text"].split("\n") == [
            f"<b>李明请{department}办理 {report.number}</b>",
            f"要解决什么：{WISH}",
            "村：大桃园村",
            "户：李某",
            "户主意见：户主当面同意",
            "联系：李明，一队",
            "请在 12-04 前答复",
        ]
        keys = [[one["text"] for one in row] for row in told["reply_markup"]["inline_keyboard"]]
        assert keys == [["接办", "不能办", "已办结"], ["看户主姓名"]]
    assert desk.told("吴敏") == [], "an officer of no department is asked nothing"


def test_an_officer_hears_nothing_of_the_case_itself(desk: Desk) -> None:
    report = referred(desk)
    assert "摔伤住院" not in last(desk, "马民")
    with pytest.raises(NotYours):
        casework.find(desk.session, desk.actor("马民"), report.id or 0)
    one, _report = referrals.opened(
        desk.session, desk.actor("马民"), of(desk, report, "civil").id or 0, Degree.FULL, desk.at
    )
    assert one.department == "civil"
    (seen,) = looking.readings(desk.session, desk.actor("李明"), report)
    assert (seen.by_id, seen.why) == (desk.county.people["马民"], "referral")
    with pytest.raises(NotYours):
        referrals.opened(
            desk.session, desk.actor("马民"), of(desk, report, "medical").id or 0, Degree.MASKED, desk.at
        )


def test_without_consent_nothing_goes_out(desk: Desk) -> None:
    appoint(desk, "马民", "民政局")
    report = opened(desk)
    with pytest.raises(Refusal) as refused:
        refer(desk, report, "civil", consent="refused")
    assert refused.value.sentence.startswith("户主不同意，不能把个人信息转给部门。")
    assert referrals.of_report(desk.session, report) == []
    assert desk.told("马民") == []
    taken = desk.session.exec(select(StepTaken).where(StepTaken.report_id == report.id)).all()
    assert taken == []


def test_consent_is_kept_with_what_was_asked(desk: Desk) -> None:
    report = referred(desk)
    assert {one.consent for one in referrals.of_report(desk.session, report)} == {"met"}
    (taken,) = desk.session.exec(select(StepTaken).where(StepTaken.report_id == report.id)).all()
    assert taken.answers == {"departments": ["civil", "medical"], "what": WISH, "consent": "met"}


def test_one_plain_reply_when_all_have_answered_with_the_gaps(desk: Desk) -> None:
    report = referred(desk, "civil", "medical")
    answer(desk, report, TAKE_ON, "马民")
    answer(desk, report, GIVEN, "马民", "临时救助 2000 元")
    before = len(desk.told("王爱民"))
    assert not any("都答复了" in one["text"] for one in desk.told("李明"))
    answer(desk, report, CANNOT, "贺医", "不符合政策条件")
    said = [
        f"{report.number} 的转办，各部门都答复了：",
        "· 民政：已办，临时救助 2000 元",
        "· 医保：不能办，不符合政策条件",
        "还缺：医保。请另想办法，或补齐条件再转。",
    ]
    for name in ("李明", "王爱民"):
        assert last(desk, name).split("\n") == said
    assert len(desk.told("王爱民")) == before + 1
    assert referrals.lines(desk.session, report) == [
        "转办民政：已办，临时救助 2000 元",
        "转办医保：不能办，不符合政策条件",
    ]


def test_all_given_leaves_no_gap(desk: Desk) -> None:
    report = referred(desk, "civil")
    answer(desk, report, GIVEN, "马民", "已纳入低保")
    assert last(desk, "李明").endswith("没有缺口。")


def test_two_officers_answer_beside_each_other_and_the_case_goes_on_meanwhile(desk: Desk) -> None:
    """An answer begun before the case moved is taken all the same."""
    report = referred(desk)
    draft = stepping.begin(desk.session, desk.chat("贺医"), report, desk.actor("贺医"), CANNOT, desk.at)
    answer(desk, report, GIVEN, "马民", "已办")
    filled = drafts.filling(desk.session, draft)
    filled.answers |= {"reason": "不归本部门管"}
    drafts.keep(desk.session, draft, filled, desk.at)
    desk.send(draft, "贺医")
    assert of(desk, report, "medical").answer is Answer.CANNOT


@pytest.mark.fault("two officers of one department answer the same referral")
def test_the_second_answer_of_a_department_is_refused(desk: Desk) -> None:
    report = referred(desk, "civil")
    appoint(desk, "钱民", "民政局")
    answer(desk, report, TAKE_ON, "马民")
    with pytest.raises(Gone) as gone:
        answer(desk, report, TAKE_ON, "钱民")
    assert gone.value.sentence == f"{report.number} 的转办已经答复过了，不用再办。"
    answer(desk, report, GIVEN, "钱民", "已办")
    with pytest.raises(Gone) as gone:
        referrals.find(desk.session, desk.actor("马民"), report.id or 0, desk.at)
    assert gone.value.sentence == f"{report.number} 的转办已经答复过了，不用再办。"
    with pytest.raises(NotYours):
        answer(desk, report, GIVEN, "马民", "又办")


def test_a_department_that_is_asked_already_is_not_asked_again(desk: Desk) -> None:
    report = referred(desk, "civil")
    with pytest.raises(Refusal) as refused:
        refer(desk, report, "civil", "medical")
    assert refused.value.sentence == "已经转给民政了，正在等答复。请点“修改”去掉它。"
    assert len(referrals.of_report(desk.session, report)) == 1
    answer(desk, report, CANNOT, "马民", "材料不全，请补")
    refer(desk, report, "civil")
    assert len(referrals.of_report(desk.session, report)) == 2, "a no may be asked again"


@pytest.mark.fault("a referral to a department with no officer")
def test_a_department_with_no_officer_goes_to_the_work_group_and_says_so(desk: Desk) -> None:
    group = chats.chat_of(desk.session, 42, -500, kind=chats.ChatKind.GROUP)
    group.region = PLACES[0][:9]
    desk.session.flush()
    report = refer(desk, opened(desk), "water", by="王爱民")
    assert last(desk, "王爱民") == f"水务还没有接办人，{report.number} 已转给管理组：孙丽。"
    assert last(desk, "孙丽").startswith(f"<b>王爱民请水务办理 {report.number}</b>")
    (said,) = desk.session.exec(select(Letter).where(Letter.chat_id == group.id)).all()
    assert letters.payload_of(desk.session, said)["text"] == (
        f"{report.number} 要转给水务，那里还没有接办人，请管理组安排。"
    )
    answer(desk, report, GIVEN, "孙丽", "水管已接通")
    assert last(desk, "王爱民").endswith("没有缺口。")


def test_where_there_is_an_officer_managers_do_not_answer_for_them(desk: Desk) -> None:
    report = referred(desk, "civil")
    for name in ("孙丽", "周正", "李明", "贺医", "吴敏"):
        with pytest.raises(NotYours):
            answer(desk, report, TAKE_ON, name)


def test_an_officer_of_another_county_is_not_asked(desk: Desk) -> None:
    appoint(desk, "远民", "民政局", region="120114101")
    report = refer(desk, opened(desk), "civil")
    assert desk.told("远民") == []
    with pytest.raises(NotYours):
        answer(desk, report, TAKE_ON, "远民")


def test_the_nearest_officers_are_asked_and_words_of_a_department_are_understood(desk: Desk) -> None:
    appoint(desk, "马民", "区民政局")
    appoint(desk, "镇民", "镇民政办", region="120114001")
    report = refer(desk, opened(desk), "civil")
    assert (len(desk.told("马民")), len(desk.told("镇民"))) == (0, 1)
    assert referrals.named("天津市水利局", "water")
    assert not referrals.named(None, "water")
    assert report.version == 2


def test_its_clock_is_its_own_and_climbs_to_the_managers(desk: Desk) -> None:
    report = referred(desk, "civil")
    one = of(desk, report, "civil")
    assert f"{one.due_at:%m-%d}" == "12-04"
    heard: list[tuple[Rung, tuple[int, ...]]] = []
    for _hour in range(24 * 30):
        desk.later(hours=1)
        heard += [(call.rung, call.people) for call in referral_clocks.sweep(desk.session, desk.at)]
    people = desk.county.people
    assert heard == [
        (Rung.START, (people["马民"],)), (Rung.HALF, (people["马民"],)), (Rung.BEFORE, (people["马民"],)),
        (Rung.SUPERVISOR, (people["孙丽"],)), (Rung.OFFICE, (people["周正"],)),
    ]  # fmt: skip


def test_an_answer_stops_its_clock(desk: Desk) -> None:
    report = referred(desk, "civil")
    answer(desk, report, CANNOT, "马民", "不归本部门管")
    desk.later(days=40)
    assert referral_clocks.sweep(desk.session, desk.at) == []


def test_an_officer_who_left_owes_nothing_and_the_managers_are_reminded(desk: Desk) -> None:
    report = referred(desk, "civil")
    dismiss(desk, "马民")
    desk.later(days=3)
    (call,) = referral_clocks.sweep(desk.session, desk.at)
    assert call.people == (desk.county.people["孙丽"],)
    answer(desk, report, GIVEN, "孙丽", "已办")


@pytest.mark.fault("a deadline rule changed while cases run")
def test_a_case_keeps_the_length_that_held_when_it_began(desk: Desk) -> None:
    appoint(desk, "马民", "民政局")
    report = opened(desk)
    today = desk.at.date()
    desk.later(days=3)
    clock_rules.put(desk.session, PLACES[0][:6], Set("refer", 3), desk.at.date(), today, desk.at)
    refer(desk, report, "civil")
    assert f"{of(desk, report, 'civil').due_at:%m-%d}" == "12-07"


def test_what_waits_for_an_officer(desk: Desk) -> None:
    report = referred(desk)
    other = refer(desk, opened(desk, household=desk.households[1]), "civil")
    mine = referrals.waiting(desk.session, desk.actor("马民"), desk.at)
    assert [(one.department, case.number) for one, case in mine] == [
        ("civil", report.number),
        ("civil", other.number),
    ]
    refer(desk, report, "water")
    ours = referrals.waiting(desk.session, desk.actor("孙丽"), desk.at)
    assert [one.department for one, _case in ours] == ["water"], "a department without officers"
    for name in ("吴敏", "李明", "赵建国"):
        assert referrals.waiting(desk.session, desk.actor(name), desk.at) == []
    answer(desk, report, CANNOT, "马民", "不归本部门管")
    assert len(referrals.waiting(desk.session, desk.actor("马民"), desk.at)) == 1


def test_a_house_may_be_referred_too(desk: Desk) -> None:
    appoint(desk, "房建", "区住建委")
    report = refer(desk, found(desk), "housing")
    answer(desk, report, GIVEN, "房建", "已列入改造计划")
    assert last(desk, "李明").endswith("没有缺口。")


def test_erasing_takes_the_words(desk: Desk) -> None:
    report = referred(desk, "civil")
    answer(desk, report, GIVEN, "马民", "救助 2000 元")
    erasing.reports(desk.session, [report.id or 0], "到期", desk.at)
    one = of(desk, report, "civil")
    assert (one.what, one.words) == (erasing.MARK, erasing.MARK)
