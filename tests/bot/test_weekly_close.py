"""The clock moved to Friday 16:00 and over weekends, with restarts around it: one summary for each chat."""

import io
from pathlib import Path

from PIL import Image
from sqlmodel import col, select

from storage.letters import Letter
from storage.people import Team
from storage.tallies import Window
from tests import weeks
from tests.phone import Json
from tests.world import COUNTY, VILLAGE, World


def sent(world: World, chat: int, week: str) -> tuple[int, int]:
    """How many summaries of a week a chat shows: (texts, pictures)."""
    shown = world.sandbox.messages(chat)
    name = f"第 {int(week[-2:])} 周 周报"
    texts = [one for one in shown if name in one.get("text", "") and "存证链" in one["text"]]
    pictures = [one for one in shown if one.get("photo") and name in one.get("caption", "")]
    return len(texts), len(pictures)


def bound(world: World) -> Json:
    group = world.sandbox.group("管理组", world.admin, world.leader, supergroup=True)
    world.zhucun("group", "bind", "--chat", str(group["id"]), "--region", COUNTY)
    return group


def filled(world: World, window: Window, seed: int) -> weeks.County:
    county = weeks.County(villages=[VILLAGE], teams={1: VILLAGE, 2: VILLAGE}, members={1: 1, 2: 1})
    county.households[VILLAGE] = [1, 2, 3]
    store = world.store()
    with store.writing() as session:
        assert session.get_one(Team, 1).name == "黄庄一队"
        weeks.fill(session, county, window, seed=seed, records=30)
    store.close()
    return county


def test_one_summary_over_the_weekend_with_two_restarts(fresh_world: World) -> None:
    world, group = fresh_world, bound(fresh_world)
    county = filled(world, weeks.W47, seed=11)
    world.start()
    world.leader.says("/start")
    world.leader.hears("周报", timeout=60)
    world.sandbox.clock_to("friday 16:00")
    world.kill()
    world.start()
    text = world.admin.in_group(group).hears("第 47 周 周报", timeout=60, ever=True)
    world.admin.in_group(group).hears("存证链", timeout=60, ever=True)
    world.stop()
    world.sandbox.clock_to("2026-11-23T09:00+08:00")
    world.start()
    world.leader.hears("黄庄一队 2026 年第 47 周", timeout=60, ever=True)
    world.settled(60)
    assert sent(world, int(group["id"]), "2026-W47") == (1, 1)
    assert sent(world, world.leader.chat, "2026-W47") == (1, 0), "a team is told in words"
    by_hand = weeks.plain(county, weeks.W47)
    said = next(
        one["text"] for one in world.sandbox.messages(int(group["id"])) if "存证链" in one.get("text", "")
    )
    assert f"走访 {by_hand.visits} 次" in said, text
    assert_pictures_are_charts(world, int(group["id"]))


def assert_pictures_are_charts(world: World, chat: int) -> None:
    for one in world.sandbox.messages(chat):
        if one.get("photo"):
            image = Image.open(io.BytesIO(world.sandbox.file(one)))
            assert image.width >= 700, "Telegram shows it smaller, yet readable"


def test_after_three_weeks_of_silence_only_the_latest_is_announced(fresh_world: World) -> None:
    world, group = fresh_world, bound(fresh_world)
    filled(world, weeks.W47, seed=12)
    world.start()
    world.admin.says("/start")
    world.admin.hears("周报", timeout=60)
    world.sandbox.clock_to("friday 16:00")
    world.admin.in_group(group).hears("存证链", timeout=60)
    world.stop()
    world.sandbox.clock_to("2026-12-14T03:00+08:00")
    world.start()
    admin = world.admin.in_group(group)
    admin.hears("第 50 周", timeout=60)
    world.settled(60)
    chat = int(group["id"])
    assert [sent(world, chat, f"2026-W{week}") for week in (47, 48, 49, 50)] == [
        (1, 1),
        (0, 0),
        (0, 0),
        (1, 1),
    ]
    admin.says("/weekly 2026-W48")
    missed = admin.hears("第 48 周 周报")["text"]
    assert "11-20 16:00 — 11-27 16:00" in missed
    assert night_was_silent(world)


def night_was_silent(world: World) -> bool:
    """What was caught up at three in the morning made no sound."""
    store = world.store()
    with store.reading() as session:
        rows = session.exec(select(Letter).where(col(Letter.key).like("weekly:2026-W50:%"))).all()
    store.close()
    calls = [call for call in world.sandbox.calls() if call["method"] in ("sendMessage", "sendPhoto")]
    loud = [
        call
        for call in calls
        if "第 50 周" in str(call["params"]) and not call["params"].get("disable_notification")
    ]
    return bool(rows) and not loud


def test_written_as_files_while_the_bot_runs(fresh_world: World, tmp_path: Path) -> None:
    world = fresh_world
    county = filled(world, weeks.W47, seed=13)
    world.sandbox.clock_to("friday 16:00")
    world.zhucun("weekly", "--region", COUNTY, "--out", str(tmp_path))
    assert f"走访 {weeks.plain(county, weeks.W47).visits} 次" in (tmp_path / "summary.txt").read_text()
