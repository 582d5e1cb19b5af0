"""What may go wrong around a week's close, walked on the running bot over real HTTP."""

import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import Session, col, select

from bot.jobs import close_week, digest, draft_week, remind
from storage import teams
from storage.letters import Letter
from storage.places import Level, Region
from storage.tallies import Window
from tests import weeks
from tests.bot.test_weekly_close import bound, filled, sent
from tests.phone import Json
from tests.weeks import W47
from tests.world import COUNTY, TOWN, VILLAGE, World
from tests.world import world as make_world

MANY, LONGEST = 300, "长" * 36 + "村委会甲"
DATA = re.compile(r"callback_data\W+([^\"'\\]+)")
WAIT = 120


def group_of(world: World, code: str = COUNTY, **more: object) -> Json:
    group = world.sandbox.group("管理组", world.admin, world.leader, **more)
    world.zhucun("group", "bind", "--chat", str(group["id"]), "--region", code)
    return group


def crowd(session: Session) -> weeks.County:
    """So many teams in one town, each with a village and nobody in it; the first ones sent something."""
    found = weeks.County()
    for number in range(MANY):
        code = f"{TOWN}{500 + number}"
        name = LONGEST if number == 0 else f"新{number}村"
        session.add(Region(code=code, name=name, level=Level.VILLAGE, parent=TOWN))
        session.flush()
        team = teams.add_team(session, f"{name}工作队", [code], unit="区税务局", by=None, now=W47.start)
        found.teams[team.id or 0], found.members[team.id or 0] = code, 1
    for place, team_id in enumerate(found.teams):
        for _each in range(1 if place < 60 else 0):
            weeks.add_report(session, found, team_id, W47.start + timedelta(hours=place + 1), answered=True)
    return found


@pytest.mark.fault("300 teams in one town")
@pytest.mark.fault("village with a name of 40 characters")
@pytest.mark.fault("team without members")
def test_three_hundred_teams_without_members_in_one_town(fresh_world: World, tmp_path: Path) -> None:
    world = fresh_world
    store = world.store()
    with store.writing() as session:
        county = crowd(session)
    store.close()
    group = group_of(world, TOWN, supergroup=True)
    world.start()
    world.supervisor.says("/start")
    world.supervisor.hears("周报", timeout=WAIT)
    world.sandbox.clock_to("friday 16:00")
    told = world.admin.in_group(group).hears("存证链", timeout=WAIT, ever=True)
    text = told["text"]
    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert "241 个队这一周没有报告（共 301 个队）" in text, "60 of 300 sent something, and 黄庄一队 nothing"
    shown = text.count("工作队　走访 1")
    assert 20 <= shown <= 40
    assert f"其余 {MANY + 1 - shown} 个" in text
    assert LONGEST + "工作队　走访 1" in text
    world.settled(WAIT)
    assert sent(world, int(group["id"]), "2026-W47") == (1, 1), "one message, however many there are"
    walk_the_list(world)
    out = tmp_path / "out"
    world.zhucun("weekly", "--region", TOWN, "--week", "2026-W47", "--out", str(out))
    assert {one.name for one in out.iterdir()} == {
        "summary.txt", "chart.png", "ledger.xlsx", "brief.docx", "figures.json",
    }  # fmt: skip
    assert Image.open(io.BytesIO((out / "chart.png").read_bytes())).size[0] == 1080
    longest = next(iter(county.teams))
    world.zhucun("weekly", "--team", str(longest), "--week", "2026-W47", "--out", str(out))
    assert LONGEST[:20] in (out / "summary.txt").read_text()


def walk_the_list(world: World) -> None:
    """Page by page to the last of them, in private; no button holds more than Telegram takes."""
    phone = world.supervisor
    phone.says("周报 2026-W47")
    phone.presses("各镇街", timeout=WAIT)
    phone.presses("黄庄街道", timeout=WAIT)
    phone.hears("黄庄街道 2026 年第 47 周", timeout=WAIT)
    said = phone.sees("这一周没有报告的队")
    assert said is not None
    assert "其余 221 个" in said["text"], "twenty are named"
    phone.presses("各队", timeout=WAIT)
    seen: set[str] = set()
    for page in range(16):
        card = phone.hears("看哪一个的周报", timeout=WAIT)
        names = [label for label in phone.labels(card) if label not in ("‹", "›", "‹ 返回")]
        assert 0 < len(names) <= 20
        seen.update(names)
        if page < 15:
            phone.presses("›", timeout=WAIT)
    assert len(seen) == MANY + 1
    buttons = [found for call in world.sandbox.calls() for found in DATA.findall(str(call["params"]))]
    assert max(len(data.encode()) for data in buttons) <= 64


@pytest.mark.fault("group of a summary that is gone")
def test_a_group_that_vanished_is_told_to_supervisors_and_hears_it_when_it_is_back(
    fresh_world: World,
) -> None:
    world = fresh_world
    group = group_of(world, supergroup=False)
    number, bot = int(group["id"]), int(world.sandbox.token.split(":")[0])
    filled(world, W47, seed=31)
    world.start()
    world.supervisor.says("/start")
    world.supervisor.hears("周报", timeout=WAIT)
    world.sandbox.post(f"groups/{number}/member", {"user": bot, "in": False, "by": world.admin.id})
    world.sandbox.clock_to("friday 16:00")
    world.supervisor.hears("武清区 2026-W47 的周报发不进管理组群", timeout=WAIT, ever=True)
    world.supervisor.presses("在这里看", timeout=WAIT)
    world.supervisor.hears("武清区 2026 年第 47 周 周报", timeout=WAIT)
    assert sent(world, number, "2026-W47") == (0, 0)
    world.sandbox.post(f"groups/{number}/member", {"user": bot, "in": True, "by": world.admin.id})
    world.admin.in_group(number).hears("第 47 周 周报", timeout=WAIT, ever=True)
    world.settled(WAIT)
    assert sent(world, number, "2026-W47") == (1, 1)
    muted_for_a_friday(world, number)
    larger = world.sandbox.upgrade(number)
    world.sandbox.clock_to("2026-12-04T16:00+08:00")
    world.admin.in_group(larger).hears("第 49 周 周报", timeout=WAIT, ever=True)
    world.settled(WAIT)
    assert sent(world, int(larger["id"]), "2026-W49") == (1, 1)


def muted_for_a_friday(world: World, number: int) -> None:
    """Nobody may write there at the close; whoever speaks to the bot later brings it out."""
    refused = "Bad Request: not enough rights to send text messages to the chat"
    for method in ("sendPhoto", "sendMessage"):
        world.sandbox.faults("400", method, chat=number, description=refused)
    world.sandbox.clock_to("2026-11-27T16:00+08:00")
    world.supervisor.hears("武清区 2026-W48 的周报发不进管理组群", timeout=WAIT, ever=True)
    world.sandbox.clear_faults()
    world.admin.in_group(number).says("/digest")
    world.admin.in_group(number).hears("第 48 周 周报", timeout=WAIT, ever=True)
    world.settled(WAIT)
    assert sent(world, number, "2026-W48") == (1, 1)


@pytest.mark.fault("killed between picture and message of a summary")
@pytest.mark.fault("two clocks at once")
def test_killed_between_picture_and_message_then_two_clocks(fresh_world: World) -> None:
    world = fresh_world
    group = bound(world)
    number = int(group["id"])
    filled(world, W47, seed=32)
    world.start()
    world.supervisor.says("/start")
    world.supervisor.hears("周报", timeout=WAIT)
    world.sandbox.faults("reset", "sendMessage", chat=number)
    world.sandbox.clock_to("friday 16:00")
    world.sandbox.hears_call("sendMessage", timeout=WAIT, chat_id=number)
    assert sent(world, number, "2026-W47") == (0, 1), "the picture is there, the message is not"
    world.kill()
    world.sandbox.clear_faults()
    world.start()
    world.admin.in_group(group).hears("存证链", timeout=WAIT, ever=True)
    world.settled(WAIT)
    assert sent(world, number, "2026-W47") == (1, 1)
    at = datetime.fromisoformat("2026-11-27T16:00:05+08:00")
    world.sandbox.clock_to(at.isoformat())
    another_clock(world, at)
    world.admin.in_group(group).hears("第 48 周 周报", timeout=WAIT, ever=True)
    world.settled(WAIT)
    assert sent(world, number, "2026-W48") == (1, 1)
    store = world.store()
    with store.reading() as session:
        keys = session.exec(select(Letter.key).where(col(Letter.key).like("weekly:2026-W48:%"))).all()
    store.close()
    assert len(keys) == len(set(keys)) == 2


def another_clock(world: World, now: datetime) -> None:
    """What a second scheduler would do in the same moments, beside the one that runs."""
    store = world.store()
    for second in range(6):
        for job in (close_week, draft_week, remind, digest):
            with store.writing() as session:
                job.step(session, now + timedelta(seconds=second))
    store.close()


@pytest.mark.fault("correction after the weekly summary")
def test_what_is_withdrawn_after_the_close_is_restated_and_the_week_stays_as_it_was_told(
    fresh_world: World,
) -> None:
    world = fresh_world
    group = bound(world)
    world.start()
    phone, managers = world.member, world.admin.in_group(group)
    for words in ("屋后滑坡", "院墙开裂"):
        phone.says("/visit")
        phone.presses("李大山", timeout=WAIT)
        phone.presses("安全排查", timeout=WAIT)
        phone.says(words)
        phone.presses("✓ 发送", timeout=WAIT)
        phone.hears("✓ 走访已发送", timeout=WAIT)
    world.sandbox.clock_to("friday 16:00")
    assert "走访 2 次" in managers.hears("存证链", timeout=WAIT, ever=True)["text"]
    phone.presses("撤回", timeout=WAIT)
    phone.presses("报重了", timeout=WAIT)
    phone.presses("确认撤回", timeout=WAIT)
    phone.hears("✓ 已撤回", timeout=WAIT)
    world.settled(WAIT)
    world.sandbox.clock_to("2026-11-27T16:00+08:00")
    told = managers.hears("更正：", timeout=WAIT, ever=True)
    assert "更正：上一周发出后有更正或撤回，走访次数 2 → 1" in told["text"]
    assert "走访 0 次（比前一周 −2）" in told["text"], "beside what was told"
    managers.says("/weekly 2026-W47")
    assert "走访 2 次" in managers.hears("第 47 周 周报", timeout=WAIT)["text"], "told is told"


@pytest.mark.fault("week without a report")
@pytest.mark.fault("week of a public holiday")
@pytest.mark.fault("first week of a year")
def test_over_national_day_and_new_year(tmp_path: Path) -> None:
    with make_world(tmp_path / "data", clock="2026-09-28T10:00+08:00", started=False) as world:
        group = bound(world)
        managers = world.admin.in_group(group)
        world.start()
        world.ready()
        world.sandbox.clock_to("2026-10-02T16:00+08:00")
        empty = managers.hears("2026 年第 40 周 周报", timeout=WAIT, ever=True)
        world.settled(WAIT)
        assert "09-25 16:00 — 10-02 16:00" in str(managers.sees("2026-W40"))
        assert "这一周还没有报告" in str(managers.sees("2026-W40")), empty
        world.sandbox.clock_to("2026-10-09T16:00+08:00")
        managers.hears("2026 年第 41 周 周报", timeout=WAIT, ever=True)
        world.settled(WAIT)
        told = str(managers.sees("2026-W41"))
        assert "队员 3 人：在村 6 人日" in told, "10-08 and 10-09 were the working days"
        over_new_year(world, group)


def fill(world: World, county: weeks.County, window: Window, more: int) -> int:
    """Add so many visits; how many a clerk counts."""
    store = world.store()
    with store.writing() as session:
        for place in range(more):
            weeks.add_report(session, county, 1, window.start + timedelta(hours=2 * place), answered=True)
    store.close()
    return weeks.plain(county, window).visits


def over_new_year(world: World, group: Json) -> None:
    managers = world.admin.in_group(group)
    county = weeks.County(teams={1: VILLAGE}, members={1: 1}, households={VILLAGE: [1, 2, 3]})
    for close, week, more in (("2026-12-25", "2026 年第 52", 0), ("2027-01-01", "2026 年第 53", 13),
                              ("2027-01-08", "2027 年第 1", 8)):  # fmt: skip
        end = datetime.fromisoformat(f"{close}T08:00+00:00")
        window = Window(end - timedelta(weeks=1), end)
        visits = fill(world, county, window, more)
        world.sandbox.clock_to(f"{close}T16:00+08:00")
        managers.hears(f"{week} 周 周报", timeout=WAIT, ever=True)
        world.settled(WAIT)
        assert f"走访 {visits} 次" in str(managers.sees("存证链"))
    assert "01-01 16:00 — 01-08 16:00" in str(managers.sees("2027-W01"))
    assert [sent(world, int(group["id"]), week) for week in ("2026-W52", "2026-W53", "2027-W01")] == [
        (1, 1)
    ] * 3
    managers.says("/weekly 2027-W01")
    managers.hears("2027 年第 1 周", timeout=WAIT)
    managers.presses("‹ 第 53 周", timeout=WAIT)
    managers.hears("2026 年第 53 周", timeout=WAIT)
