"""What stands in the order document of a problem: as it is now, personal numbers hidden."""

from datetime import date

from reports import orders
from storage import clock_runs, proofs, stepping
from storage.photo import PhotoState
from storage.report import Report
from storage.timing import ASK_TIME, GRANT_TIME
from tests.storage.asking import add_photo
from tests.storage.mending import accept, assigned, complete, fill, issued, strike_off
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]


def about(desk: Desk, report: Report) -> dict[str, str]:
    return dict(orders.order(desk.session, report, desk.at).about)


def test_it_names_number_team_place_and_who_issued_it(desk: Desk) -> None:
    made = orders.order(desk.session, issued(desk), desk.at)
    assert (made.number, made.team, made.signer) == ("ZG-20261120-0001", "一队", "孙丽")
    assert (made.issuer, made.day, made.due) == (
        "武清区驻村工作管理组",
        date(2026, 11, 20),
        date(2026, 11, 25),
    )
    assert dict(made.about) == {
        "所在村": "杨村街道大桃园村",
        "发现问题": "河边有垃圾",
        "整改要求": "按期整改到位，并报送整改前后对照照片。",
    }


def test_basis_requirement_and_origin_are_told(desk: Desk) -> None:
    report = issued(
        desk, demand="清运干净", basis="武农发〔2026〕12号", origin="spot_check", category="safety"
    )
    found = about(desk, report)
    assert (found["整改要求"], found["交办依据"]) == ("清运干净", "武农发〔2026〕12号")
    assert found["来源类别"] == "抽查暗访、安全隐患"


def test_personal_numbers_are_hidden(desk: Desk) -> None:
    report = issued(desk, findings="联系 13812345678 的老人门前积水", demand="打 13812345678 核实")
    found = about(desk, report)
    assert "13812345678" not in "".join(found.values())
    made = orders.order(desk.session, report, desk.at)
    assert "13812345678" not in made.tasks[0][1]


def test_without_tasks_the_team_leads_and_its_leader_answers(desk: Desk) -> None:
    made = orders.order(desk.session, issued(desk), desk.at)
    assert made.tasks == (("1", "河边有垃圾", "一队", "—", "李明（11月25日前）"),)


def test_tasks_are_listed_with_units_and_people(desk: Desk) -> None:
    report = issued(desk)
    assigned(desk, report)
    made = orders.order(desk.session, report, desk.at)
    assert made.tasks == (("1", "清运", "村委会", "环卫站", "张三、李四（11月24日前）"),)


def test_more_time_and_a_pause_are_told(desk: Desk) -> None:
    report = issued(desk)
    desk.send(fill(desk, report, ASK_TIME, "王爱民", until="2026-12-04", reason="等材料"), "王爱民")
    stepping.take(desk.session, report, GRANT_TIME, desk.actor("孙丽"), desk.at, version=report.version)
    assert orders.order(desk.session, report, desk.at).due == date(2026, 12, 4)
    clock_runs.pause(desk.session, report, desk.at)
    assert about(desk, report)["办理情况"] == "已暂停计时"


def test_what_may_have_come_back_is_named(desk: Desk) -> None:
    first = issued(desk)
    complete(desk, first)
    accept(desk, first)
    strike_off(desk, first)
    assert about(desk, issued(desk))["相关整改"] == f"可能反弹，原整改 {first.number}"


def test_six_photos_are_shown_and_the_rest_counted(desk: Desk) -> None:
    report = issued(desk)
    for _number in range(8):
        add_photo(desk.session, report).question = proofs.BEFORE
    for state in (PhotoState.WAITING, PhotoState.REFUSED):
        add_photo(desk.session, report, state=state).question = proofs.BEFORE
    add_photo(desk.session, report).question = proofs.AFTER
    desk.session.flush()
    made = orders.order(desk.session, report, desk.at)
    assert (len(made.photos), made.more) == (orders.MOST, 2)
