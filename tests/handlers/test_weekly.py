"""/weekly and /digest on the phone: any week again, within the territory, turned by buttons."""

import io
import json
import time
from datetime import datetime

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from sqlmodel import Session

from reports import figures
from reports.week import Week
from storage import summaries
from storage.peers import Peers
from storage.people import Team
from storage.places import TownClass
from storage.summaries import Scope
from tests import weeks
from tests.phone import Json, Phone
from tests.reports.sample import sample
from tests.weeks import W46, County
from tests.world import COUNTY, VILLAGE, World


@pytest.fixture(scope="module")
def told(world: World) -> County:
    """A filled week 46 for the member's team and another one, and a bound group."""
    store = world.store()
    with store.writing() as session:
        county = _own_team(session)
        weeks.fill(session, county, W46, seed=7, records=40)
    store.close()
    return county


def _own_team(session: Session) -> County:
    team = session.get_one(Team, 1)
    assert team.name == "黄庄一队"
    county = County(villages=[VILLAGE], teams={1: VILLAGE, 2: VILLAGE}, members={1: 1, 2: 1})
    county.households[VILLAGE] = [1, 2, 3]
    return county


@pytest.fixture(scope="module")
def group(world: World, told: County) -> Json:
    made = world.sandbox.group(
        "管理组", world.admin, world.leader, world.outsider, supergroup=True, privacy=False
    )
    world.zhucun("group", "bind", "--chat", str(made["id"]), "--region", COUNTY)
    return made


def photo(phone: Phone, timeout: float = 60) -> Json:
    """Wait for a picture from the bot."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = [one for one in phone.screen() if one.get("photo")]
        if found:
            return found[-1]
        phone.sandbox.calls(after=10**9, wait=0.2)
    raise AssertionError(f"no picture\n{phone.picture()}")


def test_a_supervisor_reads_any_week_in_private(world: World, told: County) -> None:
    by_hand = weeks.plain(told, W46)
    world.supervisor.says("/weekly 2026-W46")
    text = world.supervisor.hears("武清区 2026 年第 46 周 周报", timeout=90)["text"]
    assert f"走访 {by_hand.visits} 次" in text
    assert f"覆盖 {by_hand.households} 户" in text
    assert f"其中紧急 {by_hand.urgent} 件" in text
    assert f"逾期 {by_hand.overdue}" in text
    assert "11-06 16:00 — 11-13 16:00" in text
    image = Image.open(io.BytesIO(world.sandbox.file(photo(world.supervisor))))
    assert image.width == 1080


def test_the_text_is_what_the_figures_say(world: World, told: County) -> None:
    store = world.store()
    with store.reading() as session:
        found = figures.of_week(session, Scope(COUNTY), Week(2026, 46), W46.end)
    store.close()
    assert found.total == weeks.plain(told, W46)


def test_a_figure_opens_the_records_behind_it(world: World, told: County) -> None:
    by_hand = weeks.plain(told, W46)
    world.supervisor.says("/weekly 2026-W46")
    world.supervisor.hears("武清区 2026 年第 46 周 周报", timeout=90)
    world.supervisor.presses("数据")
    card = world.supervisor.hears("点一个数，看是哪些记录")
    labels = [key["text"] for row in card["keyboard"] for key in row]
    assert {f"走访次数 {by_hand.visits}", f"整改完成 {by_hand.completed}"} <= set(labels)
    assert not any(label.endswith(" 0") for label in labels)
    for name, count in (("整改完成", by_hand.completed), ("走访次数", by_hand.visits)):
        world.supervisor.presses(f"{name} {count}")
        answer = world.supervisor.hears(f"共 {count} 份")
        assert f"查询 {name}" in answer["text"]


def test_a_leader_sees_the_teams_people_and_a_member_the_own_line(world: World, told: County) -> None:
    for phone, people in ((world.leader, 3), (world.member, 1)):
        phone.says("周报 本周")
        phone.hears("还没截止")
        phone.presses("数据")
        phone.hears("点一个数，看是哪些记录")
        phone.presses("队员和在村")
        _title, *lines = phone.hears("周报：队员和在村")["text"].splitlines()
        assert len(lines) == people, lines
        phone.presses("‹ 返回")
        phone.hears("点一个数，看是哪些记录")


def test_a_supervisor_sees_totals_of_people(world: World, told: County) -> None:
    world.supervisor.says("周报 本周")
    world.supervisor.hears("还没截止")
    world.supervisor.presses("数据")
    world.supervisor.hears("点一个数，看是哪些记录")
    world.supervisor.presses("队员和在村")
    _title, whole, *parts = world.supervisor.hears("周报：队员和在村")["text"].splitlines()
    assert whole.startswith("队员 ")
    assert parts
    assert all("：队员 " in one for one in parts)


def test_weeks_are_turned_by_buttons(world: World, told: County) -> None:
    world.supervisor.says("周报")
    world.supervisor.hears("第 46 周")
    world.supervisor.presses("‹ 第 45 周")
    world.supervisor.hears("第 45 周")
    world.supervisor.presses("第 46 周 ›")
    world.supervisor.hears("第 46 周")
    world.supervisor.presses("第 47 周 ›")
    card = world.supervisor.hears("还没截止")
    assert not any("48" in label for label in world.supervisor.labels(card))


def test_down_to_a_town_and_a_team(world: World, told: County) -> None:
    world.supervisor.says("/周报 46")
    world.supervisor.hears("第 46 周")
    world.supervisor.presses("各镇街")
    world.supervisor.hears("看哪一个的周报")
    world.supervisor.presses("黄庄街道")
    world.supervisor.hears("黄庄街道 2026 年第 46 周")
    world.supervisor.presses("各队")
    world.supervisor.presses("黄庄一队")
    text = world.supervisor.hears("黄庄一队 2026 年第 46 周")["text"]
    assert f"走访 {weeks.plain(told, W46, team=1).visits} 次" in text


def test_a_member_reads_the_own_teams_week_only(world: World, told: County) -> None:
    world.member.says("/weekly 46")
    world.member.hears("黄庄一队 2026 年第 46 周")
    assert "各镇街" not in world.member.labels()
    world.outsider.says("/weekly 46")
    world.outsider.hears("蒲圻一队 2026 年第 46 周")
    assert f"走访 {weeks.plain(told, W46).visits} 次" not in str(world.outsider.screen())


def test_an_officer_has_no_weeks(world: World) -> None:
    world.officer.says("/weekly")
    world.officer.hears("不在您的职责里")


def test_a_stranger_is_nobody(world: World) -> None:
    world.stranger.says("/weekly")
    world.stranger.hears("您还没有加入工作队")


def test_in_the_bound_group_its_region_without_names_of_the_silent(world: World, group: Json) -> None:
    leader = world.leader.in_group(group)
    leader.says("/weekly 46")
    text = leader.hears("武清区 2026 年第 46 周")["text"]
    assert "覆盖" in text
    assert "只在私聊里列出" not in text


def test_a_button_of_a_group_reaches_no_further_than_its_region(world: World, group: Json) -> None:
    """A member of another county sits in the group: what the group may see, no more."""
    outsider = world.outsider.in_group(group)
    outsider.says("周报 46")
    outsider.hears("武清区 2026 年第 46 周")
    world.supervisor.says("/weekly 46")
    card = world.supervisor.hears("第 46 周")
    assert all("421281" not in str(row) for row in card["keyboard"])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("下雨", "没看懂是哪一周"), ("2027-W01", "还没有开始"), ("99", "没看懂是哪一周")],
)
def test_what_is_no_week_is_told(world: World, typed: str, sentence: str) -> None:
    world.supervisor.says(f"/weekly {typed}")
    world.supervisor.hears(sentence)


def test_the_day_so_far(world: World, group: Json, told: County) -> None:
    store = world.store()
    with store.writing() as session:
        now = datetime.fromisoformat(world.sandbox.now())
        weeks.add_report(session, told, 1, now, kind="hardship", urgency="urgent", number="KN-20261117-0001")
    store.close()
    admin = world.admin.in_group(group)
    admin.says("/digest")
    admin.hears("新增困难 1 件，其中紧急 1 件")
    admin.presses("新增困难")
    card = admin.hears("KN-20261117-0001")
    opening = [one for row in card["keyboard"] for one in row if one.get("url")]
    assert [one["text"] for one in opening] == ["KN-20261117-0001"]
    assert "?start=o_" in opening[0]["url"]
    admin.presses("各镇街")
    admin.hears("黄庄街道　困难 1")
    admin.presses("回到简报")
    admin.hears("武清区 11月17日 简报")


def test_the_command_line_writes_files(world: World, told: County) -> None:
    out = world.folder / "out"
    world.zhucun("weekly", "--region", COUNTY, "--week", "2026-W46", "--out", str(out))
    names = ["brief.docx", "chart.png", "figures.json", "ledger.xlsx", "summary.txt"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert f"走访 {weeks.plain(told, W46).visits} 次" in (out / "summary.txt").read_text()
    assert "<b>" not in (out / "summary.txt").read_text()
    with Image.open(out / "chart.png") as image:
        assert image.width == 1080
    figures_told = json.loads((out / "figures.json").read_text())
    sheet = load_workbook(out / "ledger.xlsx")["汇总"]
    now = [row[1] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert now[: len(figures_told["total"])] == list(figures_told["total"].values())
    brief = [line.text for line in Document(str(out / "brief.docx")).paragraphs]
    assert any(f"本周走访{figures_told['total']['visits']}次" in line for line in brief)


def document(phone: Phone, ending: str, timeout: float = 90) -> Json:
    """Wait for a file from the bot."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = [one for one in phone.screen() if ending in str(one.get("document", ""))]
        if found:
            return found[-1]
        phone.sandbox.calls(after=10**9, wait=0.2)
    raise AssertionError(f"no file\n{phone.picture()}")


def test_the_week_as_files_by_a_tap(world: World, told: County) -> None:
    world.supervisor.says("/weekly 2026-W46")
    world.supervisor.hears("第 46 周 周报")
    world.supervisor.presses("表格")
    sent = document(world.supervisor, ".xlsx")
    assert "第 46 周 周报" in str(sent)
    world.supervisor.presses("公文稿")
    document(world.supervisor, ".docx")


def test_a_group_gets_no_files(world: World, group: Json) -> None:
    """What reports say in free words stays out of groups."""
    leader = world.leader.in_group(group)
    leader.says("/weekly 46")
    card = leader.hears("武清区 2026 年第 46 周")
    assert not {"表格", "公文稿"} & set(leader.labels(card))


@pytest.mark.parametrize(
    "arguments", [("--region", "9"), ("--region", COUNTY, "--week", "x"), ("--team", "99"), ()]
)
def test_the_command_line_says_no_in_one_sentence(world: World, arguments: tuple[str, ...]) -> None:
    done = world.zhucun("weekly", *arguments, "--out", str(world.folder / "no"), check=False)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)


def test_a_regions_hours_are_set_and_shown(world: World) -> None:
    world.zhucun(
        "settings", "region", "--region", "421281", "--summary", "thu 17:30", "--quiet", "20:00-07:30"
    )
    shown = world.zhucun("settings", "show", "--region", "421281").stdout
    assert "thu 17:30" in shown
    assert "20:00-07:30" in shown
    done = world.zhucun("settings", "region", "--summary", "someday", check=False)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)


def test_a_supervisor_writes_the_lead_in_one_message(world: World, group: Json) -> None:
    world.supervisor.says("导语")
    card = world.supervisor.hears("周报稿")
    assert world.supervisor.labels(card) == ["压下不发", "刷新"]
    world.supervisor.says("导语 本周重点是防汛，有事打 13812345678。")
    text = world.supervisor.hears("本周重点是防汛")["text"]
    assert "13812345678" not in text


def test_it_is_held_and_let_go_by_a_tap(world: World, group: Json) -> None:
    world.supervisor.says("/lead")
    world.supervisor.hears("自动发出")
    world.supervisor.presses("压下不发")
    world.supervisor.hears("已压下")
    world.supervisor.presses("恢复自动发出")
    card = world.supervisor.hears("自动发出。到时按那时的数")
    assert "压下不发" in world.supervisor.labels(card)


def test_a_lead_is_not_for_members(world: World) -> None:
    world.member.says("/lead 大家好")
    world.member.hears("不在您的职责里")


@pytest.fixture(scope="module")
def beside(world: World, told: County) -> None:
    """A week of a town and of its team that were kept with a median."""
    store, peers = world.store(), Peers(TownClass.MODEL, 4, 14.5, 6.0)
    with store.writing() as session:
        for scope in (Scope(VILLAGE[:9]), Scope(VILLAGE[:9], 1)):
            made = sample(scope=str(scope), name="黄庄", week="2026-W44", teams=1, peers=peers)
            bounds = (W46.start - 2 * weeks.WEEK, W46.end - 2 * weeks.WEEK)
            summaries.freeze(session, scope, "2026-W44", bounds, made.as_json(), bounds[1])
    store.close()


def test_whoever_manages_the_county_sees_the_median_below_the_figures(world: World, beside: None) -> None:
    world.supervisor.says("/weekly 44")
    world.supervisor.hears("武清区 2026 年第 44 周")
    world.supervisor.presses("各镇街")
    world.supervisor.presses("黄庄街道")
    assert "中位数" not in world.supervisor.hears("黄庄 2026 年第 44 周")["text"]
    world.supervisor.presses("数据")
    card = world.supervisor.hears("点一个数，看是哪些记录")
    assert "其他4个示范类乡镇每队走访的中位数是14.5次、覆盖6户；本乡镇每队是386次、351户。" in card["text"]


def test_a_member_is_not_told_the_median_in_chat(world: World, beside: None) -> None:
    world.member.says("/weekly 44")
    world.member.hears("黄庄 2026 年第 44 周")
    world.member.presses("数据")
    assert "中位数" not in world.member.hears("点一个数，看是哪些记录")["text"]
