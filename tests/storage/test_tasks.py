"""Tasks of a problem and who answers for them: the lists that an office keeps."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from storage import step_letters, stepping, tasks
from storage.kinds.rectification import ASSIGN
from storage.people import Role
from storage.refusals import NotYours, Refusal
from storage.report import Report
from storage.tasks import Assigned, Charge, Task
from storage.timing import ASK_TIME, GRANT_TIME
from tests.storage.mending import complete, fill, hire, issued
from tests.storage.reporting_world import Desk


def assign(desk: Desk, report: Report, name: str = "李明", **answers: str) -> Report:
    usual = {"what": "清运垃圾", "lead": "村委会", "who": "张三、李四", "until": "2026-11-24"}
    return desk.send(fill(desk, report, ASSIGN, name, **(usual | answers)), name)


def test_a_task_has_its_units_and_people(desk: Desk) -> None:
    report = issued(desk)
    assign(desk, report, support="镇环卫站")
    day = date(2026, 11, 24)
    assert tasks.all_of(desk.session, report) == [
        Assigned(1, "清运垃圾", "村委会", "镇环卫站", (("张三", day), ("李四", day)))
    ]
    assert tasks.lines(desk.session, report) == [
        "任务1：清运垃圾，牵头 村委会，配合 镇环卫站，责任人 张三、李四，11-24 前"
    ]


@pytest.mark.parametrize("names", ["张三，李四", "张三 李四", "张三,李四;", "张三/李四"])
def test_names_are_told_apart_however_they_are_written(desk: Desk, names: str) -> None:
    report = issued(desk)
    assign(desk, report, who=names)
    assert [one.who for one in desk.session.exec(select(Charge))] == ["张三", "李四"]


def test_tasks_are_counted_within_their_problem(desk: Desk) -> None:
    one, other = issued(desk), issued(desk, findings="路灯不亮")
    for report in (one, other, one):
        assign(desk, report)
    assert [task.number for task in tasks.all_of(desk.session, one)] == [1, 2]
    assert [task.number for task in desk.session.exec(select(Task).where(Task.report_id == other.id))] == [1]


def test_a_problem_without_tasks_is_one(desk: Desk) -> None:
    report = issued(desk, demand="清运干净")
    (whole,) = tasks.lists(desk.session, report, desk.at)
    assert (whole.number, whole.what, whole.lead, whole.support) == (1, "清运干净", "一队", "")
    assert whole.charges == (("李明", date(2026, 11, 25)),)
    assert tasks.all_of(desk.session, report) == []
    assert tasks.lines(desk.session, report) == []


def test_more_time_moves_the_day_of_what_nobody_set(desk: Desk) -> None:
    report = issued(desk)
    assert tasks.lists(desk.session, report, desk.at)[0].what == "河边有垃圾"
    desk.send(fill(desk, report, ASK_TIME, "王爱民", until="2026-12-04", reason="等材料"), "王爱民")
    stepping.take(desk.session, report, GRANT_TIME, desk.actor("孙丽"), desk.at, version=report.version)
    assert tasks.lists(desk.session, report, desk.at)[0].charges[0][1] == date(2026, 12, 4)


def test_a_task_ends_no_later_than_its_problem(desk: Desk) -> None:
    report = issued(desk)
    with pytest.raises(Refusal) as refused:
        assign(desk, report, until="2026-11-26")
    assert "不能晚于整改期限 11月25日" in refused.value.sentence
    assert tasks.all_of(desk.session, report) == []


def test_leaders_and_managers_set_tasks_until_it_is_mended(desk: Desk) -> None:
    hire(desk, "钱远", Role.SUPERVISOR, region="120114101")
    report = issued(desk)
    assign(desk, report, "孙丽")
    for name in ("王爱民", "钱远"):
        with pytest.raises(NotYours):
            assign(desk, report, name)
    complete(desk, report)
    with pytest.raises(Refusal):
        assign(desk, report)


def test_the_team_hears_of_a_task(desk: Desk) -> None:
    report = issued(desk)
    desk.later(hours=1)
    assign(desk, report)
    heard = desk.told("王爱民")[-1]["text"]
    assert "李明给整改 ZG-20261120-0001 定了任务" in heard
    assert "任务1：清运垃圾，牵头 村委会，责任人 张三、李四，11-24 前" in heard
    assert tasks.lists(desk.session, report, desk.at + timedelta(days=1))[0].lead == "村委会"


def test_tasks_are_offered_on_the_opened_record_alone(desk: Desk) -> None:
    report = issued(desk)
    for opened in (True, False):
        rows = step_letters.buttons(desk.session, desk.actor("李明"), report, desk.at, opened=opened)
        assert ("定任务" in [one["text"] for row in rows for one in row]) is opened
