"""Rectifications: issued, mended, judged, struck off by a second person; each step once, by those who may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage import (
    casework,
    clock_runs,
    drafts,
    history,
    journal,
    letters,
    own_reports,
    photos,
    postings,
    reading,
    receipts,
    reporting,
    step_letters,
    stepping,
    todo,
)
from storage.draft import Draft, DraftState
from storage.kinds.rectification import ACCEPT, CLOSE, COMPLETE, JUDGE, LIFE, MEND, RETURN, SIGN, STRIKE_OFF
from storage.letters import Letter
from storage.people import Role
from storage.reading import Filter
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, ReportState, StepTaken
from storage.timing import PAUSE
from storage.workflow import By
from tests.storage.asking import PLACES
from tests.storage.mending import (
    accept,
    complete,
    dismiss,
    fill,
    hire,
    issued,
    keep_photos,
    problem,
    send_back,
    strike_off,
)
from tests.storage.reporting_world import Desk

END_OF_THE_DAY = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)


def buttons(payload: dict[str, Any]) -> dict[str, str]:
    rows = payload["reply_markup"]["inline_keyboard"]
    return {one["text"]: one["callback_data"] for row in rows for one in row}


def steps(desk: Desk, report: Report) -> list[tuple[str, str, str, str | None]]:
    taken = select(StepTaken).where(StepTaken.report_id == report.id).order_by(StepTaken.id)  # type: ignore[arg-type] # a row has one
    return [(one.step, one.before, one.after, one.note) for one in desk.session.exec(taken)]


def found(desk: Desk, words: str, *states: ReportState) -> list[str]:
    asked = Filter(kind="rectification", words=words, states=states)
    return [one.number for one in reading.page(desk.session, desk.actor("孙丽"), asked).rows]


def test_it_is_found_by_what_was_done_and_by_its_state(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report, done="清走三车垃圾，电话 13812345678")
    assert found(desk, "三车") == [report.number]
    assert found(desk, "13812345678") == []
    assert found(desk, "", ReportState.COMPLETED) == [report.number]
    send_back(desk, report, reason="照片看不清，请重拍")
    assert found(desk, "看不清", ReportState.ISSUED) == [report.number]
    assert found(desk, "河边", ReportState.COMPLETED) == []


def test_opening_one_without_a_household_reads_nothing_sealed(desk: Desk) -> None:
    report = issued(desk)
    assert own_reports.opened(desk.session, desk.actor("孙丽"), report, desk.at)
    assert history.readings(desk.session, report) == 0


def test_the_receipt_says_that_it_was_issued(desk: Desk) -> None:
    draft = problem(desk)
    desk.send(draft, "孙丽")
    told = receipts.payload(desk.session, draft)
    assert "✓ 已交办" in told["text"]
    assert buttons(told)["再交办一件"] == "f:new:rectification"


# issuing


def test_an_issued_one_has_number_state_team_and_the_end_of_its_day(desk: Desk) -> None:
    report = issued(desk)
    assert report.number == "ZG-20261120-0001"
    assert (report.state, report.returned, report.team_id) == (
        ReportState.ISSUED,
        False,
        desk.county.teams["一队"],
    )
    assert report.due_at == END_OF_THE_DAY
    answers = reporting.answers_of(desk.session, report)
    assert answers == {
        "team": desk.county.teams["一队"], "village": PLACES[0], "findings": "河边有垃圾", "due": "2026-11-25",
    }  # fmt: skip
    assert [line["action"] for line in journal.history(desk.session, f"report:{report.number}")] == [
        "rectification.send"
    ]


def test_the_whole_team_hears_with_a_way_to_mend_it(desk: Desk) -> None:
    draft = problem(desk, findings="电话 13812345678 的人说有垃圾")
    desk.photo(draft=draft, question="before")
    report = desk.send(draft, "孙丽")
    for name in ("王爱民", "李明"):
        (told,) = desk.told(name)
        assert "孙丽交办整改 ZG-20261120-0001，请整改" in told["text"]
        assert "村：大桃园村" in told["text"]
        assert "期限：11月25日（还有 5 天）" in told["text"]
        assert "整改前照片 1 张" in told["text"]
        assert "13812345678" not in told["text"]
        assert "disable_notification" not in told
        assert buttons(told)["去整改"] == f"r:mend:{report.id}"
    assert [desk.told(name) for name in ("孙丽", "周正", "吴敏", "赵建国")] == [[], [], [], []]


def test_the_issuer_is_told_when_nobody_of_the_team_can_hear(desk: Desk) -> None:
    report = desk.send(problem(desk, name="周正", team=desk.county.teams["三队"], village=PLACES[1]), "周正")
    (told,) = desk.told("周正")
    assert told["text"].startswith(f"{report.number}：要办这件事的人还没有打开过机器人")


def test_before_photos_stay_with_the_report(desk: Desk) -> None:
    draft = problem(desk)
    desk.photo(draft=draft, question="before")
    report = desk.send(draft, "孙丽")
    (photo,) = photos.of_report(desk.session, report, "before")
    assert (photo.draft_id, photo.step_id) == (None, None)
    assert reporting.answers_of(desk.session, report)["before"] == 1


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"village": PLACES[1]}, "这个队不负责所选的村"),
        ({"due": "2026-11-19"}, "期限已经过了"),
    ],
)
def test_a_wrong_place_or_day_is_refused_and_nothing_is_left(
    desk: Desk, answers: dict[str, Any], sentence: str
) -> None:
    draft = problem(desk, **answers)
    with pytest.raises(Refusal, match="Refusal") as refused:
        desk.send(draft, "孙丽")
    assert sentence in refused.value.sentence
    assert desk.session.exec(select(Report)).all() == []
    assert desk.session.exec(select(Letter)).all() == []
    assert draft.state == DraftState.OPEN


def test_today_is_still_a_day(desk: Desk) -> None:
    report = issued(desk, due="2026-11-20")
    assert report.due_at is not None
    assert report.due_at > desk.at


@pytest.mark.parametrize("name", ["王爱民", "李明", "吴敏", "赵建国"])
def test_nobody_but_a_manager_of_the_place_issues(desk: Desk, name: str) -> None:
    with pytest.raises(Refusal):
        desk.send(problem(desk, name=name), name)
    assert desk.session.exec(select(Report)).all() == []


def test_a_supervisor_does_not_issue_outside_the_territory(desk: Desk) -> None:
    with pytest.raises(Refusal):
        desk.send(problem(desk, team=desk.county.teams["二队"], village=PLACES[2]), "孙丽")
    desk.send(problem(desk, name="周正", team=desk.county.teams["二队"], village=PLACES[2]), "周正")


# the author's second thoughts


def change(desk: Desk, report: Report, step: str, name: str, **answers: Any) -> Draft:
    draft = own_reports.change(desk.session, desk.chat(name), report, desk.actor(name), step, desk.at)
    filled = drafts.filling(desk.session, draft)
    filled.answers |= answers
    drafts.keep(desk.session, draft, filled, desk.at)
    return draft


def test_the_issuer_corrects_the_day_and_the_deadline_follows(desk: Desk) -> None:
    report = issued(desk)
    desk.send(change(desk, report, drafts.CORRECT, "孙丽", due="2026-11-30"), "孙丽")
    run = clock_runs.running(desk.session, report)
    assert run is not None
    assert report.due_at == run.due_at == END_OF_THE_DAY + timedelta(days=5)
    assert "期限：11月25日 → 11月30日" in desk.told("李明")[-1]["text"]


def test_another_team_takes_a_new_one(desk: Desk) -> None:
    report = issued(desk)
    draft = change(desk, report, drafts.CORRECT, "孙丽", team=desk.county.teams["三队"], village=PLACES[1])
    with pytest.raises(Refusal) as refused:
        desk.send(draft, "孙丽")
    assert "不能换队" in refused.value.sentence
    assert (report.revision, report.village) == (1, PLACES[0])


@pytest.mark.parametrize("name", ["王爱民", "李明", "吴敏"])
def test_the_team_does_not_withdraw_its_own_task(desk: Desk, name: str) -> None:
    report = issued(desk)
    with pytest.raises(NotYours):
        change(desk, report, drafts.WITHDRAW, name, reason="不想办")


def test_issuer_and_administrator_may_withdraw_it_until_it_is_completed(desk: Desk) -> None:
    first, second = issued(desk), issued(desk)
    desk.send(change(desk, first, drafts.WITHDRAW, "周正", reason="重复"), "周正")
    assert first.state == ReportState.WITHDRAWN
    complete(desk, second)
    with pytest.raises(Refusal) as refused:
        change(desk, second, drafts.WITHDRAW, "孙丽", reason="重复")
    assert "已进入办理" in refused.value.sentence


# completing


def test_a_completion_is_one_step_with_its_photos(desk: Desk) -> None:
    report = issued(desk)
    draft = fill(desk, report, COMPLETE, "王爱民", done="已清运")
    desk.photo(draft=draft, question="after")
    assert drafts.filling(desk.session, draft).answers["after"] == 1
    desk.send(draft)
    assert (report.state, report.version) == (ReportState.COMPLETED, 2)
    assert steps(desk, report) == [(COMPLETE, "issued", "completed", "已清运")]
    (photo,) = photos.of_report(desk.session, report, "after")
    taken = casework.last(desk.session, report, COMPLETE)
    assert taken is not None
    assert (photo.step_id, photo.draft_id, taken.by_id) == (taken.id, None, desk.actor().person_id)
    line = journal.history(desk.session, f"report:{report.number}")[-1]
    assert (line["action"], line["photos"]) == ("rectification.complete", 1)


def test_the_issuer_is_asked_to_judge_and_the_team_knows(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    told = desk.told("孙丽")[-1]
    assert "王爱民完成整改 ZG-20261120-0001，请验收" in told["text"]
    assert "做了什么：已清运" in told["text"]
    assert list(buttons(told)) == ["验收", "退回", "查看"]
    assert buttons(told)["验收"] == f"r:do:accept:{report.id}:2"
    leader = desk.told("李明")[-1]
    assert leader["disable_notification"] is True
    assert list(buttons(leader)) == ["查看"]
    assert desk.told("王爱民")[-1]["text"].endswith("（还有 5 天）")  # nothing new for whoever did it


def test_author_and_nearest_supervisor_both_hear(desk: Desk) -> None:
    hire(desk, "钱多", Role.SUPERVISOR, region="120114")
    report = desk.send(problem(desk, name="周正"), "周正")
    complete(desk, report)
    assert "请验收" in desk.told("周正")[-1]["text"]
    assert "请验收" in desk.told("孙丽")[-1]["text"]
    assert desk.told("钱多") == []  # supervises the county; the town has somebody of its own


def test_without_supervisor_and_author_the_administrator_judges(desk: Desk) -> None:
    report = issued(desk)
    dismiss(desk, "孙丽")
    complete(desk, report)
    assert "请验收" in desk.told("周正")[-1]["text"]
    assert [one for one in desk.told("孙丽") if "请验收" in one["text"]] == []


@pytest.mark.parametrize("name", ["孙丽", "周正", "吴敏", "赵建国"])
def test_only_the_team_completes(desk: Desk, name: str) -> None:
    report = issued(desk)
    with pytest.raises(NotYours):
        complete(desk, report, name)
    assert steps(desk, report) == []


def test_whoever_left_the_team_completes_nothing(desk: Desk) -> None:
    hire(desk, "何双", Role.MEMBER, team=desk.county.teams["一队"])
    postings.post(
        desk.session, desk.county.people["何双"], Role.MEMBER, team_id=desk.county.teams["二队"], by=None,
        now=desk.at,
    )  # fmt: skip
    report = issued(desk)
    draft = fill(desk, report, COMPLETE, "何双", done="已清运")
    (first, *_second) = postings.active(desk.session, desk.county.people["何双"], desk.at)
    postings.end_posting(desk.session, first.id or 0, by=None, now=desk.at)
    with pytest.raises(NotYours):
        desk.send(draft, "何双")
    assert report.state == ReportState.ISSUED


def test_the_second_of_two_colleagues_hears_that_it_is_done(desk: Desk) -> None:
    report = issued(desk)
    slower = fill(desk, report, COMPLETE, "李明", done="我也清了")
    complete(desk, report)
    with pytest.raises(Gone) as gone:
        desk.send(slower, "李明")
    assert gone.value.sentence == "ZG-20261120-0001 现在是“待验收”，上一步由王爱民办理，不用再办了。"
    assert slower.state == DraftState.OPEN
    assert len(steps(desk, report)) == 1


def test_a_form_opened_twice_is_one_draft(desk: Desk) -> None:
    report = issued(desk)
    first = fill(desk, report, COMPLETE, "王爱民", done="清了一半")
    again = fill(desk, report, COMPLETE, "王爱民")
    assert again.id == first.id
    assert drafts.filling(desk.session, again).answers == {"done": "清了一半"}


def test_a_form_opened_before_a_change_is_opened_again_with_its_words(desk: Desk) -> None:
    report = issued(desk)
    draft = fill(desk, report, COMPLETE, "王爱民", done="已清运")
    desk.send(change(desk, report, drafts.CORRECT, "孙丽", findings="河边和路边都有垃圾"), "孙丽")
    with pytest.raises(Gone) as gone:
        desk.send(draft)
    assert "发 待办 重新打开" in gone.value.sentence
    desk.send(fill(desk, report, COMPLETE, "王爱民"))
    assert steps(desk, report) == [(COMPLETE, "issued", "completed", "已清运")]


# judging


def test_a_return_needs_a_reason_and_reaches_the_team_with_one_tap_fix(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    with pytest.raises(Refusal) as refused:
        desk.send(fill(desk, report, RETURN, "孙丽"), "孙丽")
    assert "退回原因" in refused.value.sentence
    send_back(desk, report, reason="照片看不清，请重拍")
    assert (report.state, report.returned, report.version) == (ReportState.ISSUED, True, 3)
    for name in ("王爱民", "李明"):
        told = desk.told(name)[-1]
        assert "孙丽退回整改 ZG-20261120-0001，请按退回原因再改" in told["text"]
        assert "退回原因：照片看不清，请重拍" in told["text"]
        assert buttons(told)["去整改"] == f"r:mend:{report.id}"


def test_the_form_of_a_returned_one_holds_the_words_and_photos_of_the_last_time(desk: Desk) -> None:
    report = issued(desk)
    draft = fill(desk, report, COMPLETE, "王爱民", done="已清运")
    desk.photo(draft=draft, question="after")
    desk.send(draft)
    send_back(desk, report)
    again = fill(desk, report, COMPLETE, "王爱民")
    assert again.id != draft.id
    assert drafts.filling(desk.session, again).answers == {"done": "已清运", "after": 1}
    assert drafts.about(desk.session, again) == ["问题：河边有垃圾", "退回原因：照片看不清"]
    desk.photo(draft=again, question="after")
    desk.send(again)
    first, second = photos.of_report(desk.session, report, "after")
    assert first.step_id != second.step_id
    assert (report.state, report.returned) == (ReportState.COMPLETED, False)


def test_accepting_tells_the_team_and_asks_a_second_person(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    taken = accept(desk, report)
    assert (taken.before, taken.after, report.state) == ("completed", "accepted", ReportState.ACCEPTED)
    told = desk.told("周正")[-1]
    assert "孙丽验收了整改 ZG-20261120-0001，请核实销号" in told["text"]
    assert list(buttons(told)) == ["✓ 已核实，销号", "写情况销号", "退回", "查看"]
    assert desk.told("王爱民")[-1]["disable_notification"] is True


def test_a_press_on_what_was_returned_since_is_gone(desk: Desk) -> None:
    """The button of the first completion must not accept the second one unseen."""
    report = issued(desk)
    complete(desk, report)
    seen = report.version
    send_back(desk, report)
    complete(desk, report)
    with pytest.raises(Gone) as gone:
        stepping.take(desk.session, report, ACCEPT, desk.actor("孙丽"), desk.at, version=seen)
    assert "有了新的变化" in gone.value.sentence
    assert report.state == ReportState.COMPLETED


def test_two_people_press_the_same_step_and_the_second_is_told_by_whom(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    version = report.version
    stepping.take(desk.session, report, ACCEPT, desk.actor("孙丽"), desk.at, version=version)
    with pytest.raises(Gone) as gone:
        stepping.take(desk.session, report, ACCEPT, desk.actor("周正"), desk.at, version=version)
    assert "上一步由孙丽办理" in gone.value.sentence
    assert [step for step, *_more in steps(desk, report)] == [COMPLETE, ACCEPT]


@pytest.mark.parametrize("name", ["王爱民", "李明", "吴敏", "赵建国"])
@pytest.mark.parametrize("step", [ACCEPT, RETURN])
def test_only_managers_of_the_place_judge(desk: Desk, name: str, step: str) -> None:
    report = issued(desk)
    complete(desk, report)
    with pytest.raises(NotYours):
        casework.check(desk.session, desk.actor(name), report, step, desk.at)
    assert report.state == ReportState.COMPLETED


def test_a_supervisor_of_another_town_judges_nothing(desk: Desk) -> None:
    hire(desk, "冯远", Role.SUPERVISOR, region="120114101")
    report = issued(desk)
    complete(desk, report)
    with pytest.raises(NotYours):
        accept(desk, report, "冯远")


def test_nobody_accepts_what_they_completed(desk: Desk) -> None:
    hire(desk, "何双", Role.MEMBER, team=desk.county.teams["一队"])
    person = desk.county.people["何双"]
    postings.post(desk.session, person, Role.SUPERVISOR, region="120114001", by=None, now=desk.at)
    report = issued(desk)
    complete(desk, report, "何双")
    with pytest.raises(Refusal) as refused:
        accept(desk, report, "何双")
    assert refused.value.sentence == "ZG-20261120-0001 是您完成的，要由另一个人来办。可以请孙丽办理。"
    assert [one.name for one in casework.possible(desk.session, desk.actor("何双"), report, desk.at)] == [
        RETURN,
        PAUSE,
    ]


# striking off


def test_a_second_person_strikes_off_and_the_team_hears(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    accept(desk, report)
    strike_off(desk, report)
    assert (report.state, report.version) == (ReportState.STRUCK_OFF, 4)
    assert [step[0] for step in steps(desk, report)] == [COMPLETE, ACCEPT, STRIKE_OFF]
    for name in ("王爱民", "李明", "孙丽"):
        assert "周正销号 ZG-20261120-0001，这件整改办结了" in desk.told(name)[-1]["text"]
    assert casework.possible(desk.session, desk.actor("周正"), report, desk.at) == []


def test_whoever_accepted_does_not_strike_off_and_hears_whom_to_ask(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    accept(desk, report)
    with pytest.raises(Refusal) as refused:
        strike_off(desk, report, "孙丽")
    assert refused.value.sentence == "ZG-20261120-0001 是您验收的，销号要由另一个人来办。可以请周正办理。"


def test_a_single_manager_is_told_that_a_second_one_is_missing(desk: Desk) -> None:
    dismiss(desk, "周正")
    report = issued(desk)
    complete(desk, report)
    accept(desk, report)
    with pytest.raises(Refusal) as refused:
        strike_off(desk, report, "孙丽")
    assert "还没有第二位督导或管理员" in refused.value.sentence
    assert "/invite" in refused.value.sentence


def test_striking_off_by_words_is_the_same_step(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    accept(desk, report)
    desk.send(fill(desk, report, STRIKE_OFF, "周正", reason="到现场看过"), "周正")
    assert steps(desk, report)[-1] == (STRIKE_OFF, "accepted", "struck_off", "到现场看过")


def test_the_second_person_may_send_it_back(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    accept(desk, report)
    send_back(desk, report, "周正", "路边还有")
    assert (report.state, report.returned) == (ReportState.ISSUED, True)
    complete(desk, report)
    accept(desk, report, "周正")
    strike_off(desk, report, "孙丽")  # the last acceptance counts, not the first


def test_what_is_struck_off_stays_so(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    accept(desk, report)
    strike_off(desk, report)
    for step in LIFE.steps[1:]:
        name = "王爱民" if By.TEAM in step.by else "周正"
        with pytest.raises(Gone):
            casework.check(desk.session, desk.actor(name), report, step.name, desk.at)


# lists and duties


def waiting(desk: Desk, name: str) -> list[str]:
    found = todo.page(desk.session, desk.actor(name), desk.at, 0, "rectification")
    assert todo.count(desk.session, desk.actor(name), desk.at, "rectification") == len(found)
    return [one.number[-4:] for one in found]


def test_each_sees_what_waits_for_them_the_most_urgent_first(desk: Desk) -> None:
    later, sooner = issued(desk, due="2026-12-01"), issued(desk, due="2026-11-21")
    assert [waiting(desk, name) for name in ("王爱民", "李明")] == [["0002", "0001"]] * 2
    assert [waiting(desk, name) for name in ("孙丽", "周正", "吴敏", "赵建国")] == [[], [], [], []]
    complete(desk, sooner)
    assert (waiting(desk, "王爱民"), waiting(desk, "孙丽"), waiting(desk, "周正")) == (
        ["0001"],
        ["0002"],
        ["0002"],
    )
    accept(desk, sooner)
    strike_off(desk, sooner)
    assert waiting(desk, "孙丽") == []
    assert later.state == ReportState.ISSUED


@pytest.mark.parametrize(
    ("due", "later", "words"),
    [
        ("2026-11-25", 0, "11月25日（还有 5 天）"),
        ("2026-11-20", 0, "11月20日（今天截止）"),
        ("2026-11-21", 11.9, "11月21日（还有 1 天）"),
        ("2026-11-21", 12.1, "11月21日（今天截止）"),  # midnight in the county, not in UTC
        ("2026-11-21", 48, "11月21日（逾期 1 天）"),
    ],
)
def test_the_days_that_are_left_are_the_countys(desk: Desk, due: str, later: float, words: str) -> None:
    report = issued(desk, due=due)
    desk.later(hours=later)
    assert step_letters.due_words(desk.session, report, desk.at) == words


def test_a_list_has_pages(desk: Desk) -> None:
    for _number in range(todo.PAGE + 2):
        issued(desk)
    first, second = (todo.page(desk.session, desk.actor(), desk.at, number) for number in (0, 1))
    assert (len(first), len(second)) == (todo.PAGE, 2)
    assert not {one.id for one in first} & {one.id for one in second}


def test_one_of_another_kind_or_place_is_not_found(desk: Desk) -> None:
    visit, report = desk.send(desk.visit()), issued(desk)
    assert casework.find(desk.session, desk.actor(), report.id or 0).id == report.id
    with pytest.raises(Gone):
        casework.find(desk.session, desk.actor(), visit.id or 0)
    with pytest.raises(NotYours):
        casework.find(desk.session, desk.actor("赵建国"), report.id or 0)
    with pytest.raises(Gone):
        casework.find(desk.session, desk.actor(), 10**9)


def test_each_step_has_its_clock_and_a_return_starts_the_first_one_again(desk: Desk) -> None:
    report = issued(desk)
    complete(desk, report)
    accept(desk, report)
    send_back(desk, report, "周正")
    complete(desk, report)
    accept(desk, report)
    strike_off(desk, report)
    runs = clock_runs.history(desk.session, report)
    assert [one.clock for one in runs] == [MEND, JUDGE, CLOSE, MEND, JUDGE, CLOSE]
    assert {one.due_at for one in runs if one.clock == MEND} == {END_OF_THE_DAY}, "the day stays"
    assert clock_runs.running(desk.session, report) is None
    assert report.due_at == END_OF_THE_DAY, "lists tell the day it was to be mended by"


def test_a_withdrawn_one_has_no_clock(desk: Desk) -> None:
    report = issued(desk)
    desk.send(change(desk, report, drafts.WITHDRAW, "孙丽", reason="报重了"), "孙丽")
    assert clock_runs.running(desk.session, report) is None


def test_it_is_signed_for_once(desk: Desk) -> None:
    report = issued(desk)
    stepping.take(desk.session, report, SIGN, desk.actor(), desk.at, version=report.version)
    assert report.state == ReportState.ISSUED
    assert "王爱民签收了整改" in desk.told("孙丽")[-1]["text"]
    assert SIGN not in [
        one.name for one in casework.possible(desk.session, desk.actor("李明"), report, desk.at)
    ]
    with pytest.raises(Refusal) as refused:
        stepping.take(desk.session, report, SIGN, desk.actor("李明"), desk.at, version=report.version)
    assert refused.value.sentence == "ZG-20261120-0001 已经签收了。"


def test_photos_that_are_kept_are_counted_in_the_notice(desk: Desk) -> None:
    report = issued(desk)
    draft = fill(desk, report, COMPLETE, "王爱民", done="已清运")
    for _number in range(3):
        desk.photo(draft=draft, question="after")
    assert len(keep_photos(desk, draft)) == 3
    desk.send(draft)
    told = desk.told("孙丽")[-1]
    assert "整改后照片 3 张" in told["text"]
    assert buttons(told)["查看照片"] == f"r:photos:{report.id}"


def test_a_photo_of_a_completion_that_is_lost_is_told_with_what_can_be_done(desk: Desk) -> None:
    report = issued(desk)
    draft = fill(desk, report, COMPLETE, "王爱民", done="已清运")
    photo = desk.photo(draft=draft, question="after")
    desk.send(draft)
    assert photo is not None
    photos.gone(desk.session, photo.id or 0, desk.at)
    said = select(Letter).where(Letter.key == f"photo:{photo.id}:gone")
    text = letters.payload_of(desk.session, desk.session.exec(said).one())["text"]
    assert "请联系验收的人退回，再重新发送" in text
