"""Trouble between Telegram and us, through the running bot: nothing is lost, nothing is there twice."""

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.crash import VARIABLE
from storage.chats import Chat, chat_of
from storage.letters import Letter, LetterState
from tests.drawn import drawn
from tests.phone import Json, Phone
from tests.world import World
from tests.world import world as make_world

LONG = 60
"""Seconds to wait for what is asked again after growing pauses."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """As usual, but nobody waits for Telegram's limits: they are tried elsewhere."""
    with make_world(tmp_path_factory.mktemp("world") / "data", started=False) as made:
        made.extra["ZHUCUN_SEND_RATE"] = "3000"
        made.start()
        made.ready()
        yield made


STORMS: dict[str, list[tuple[str, Json]]] = {
    "不舒服": [("429", {"retry_after": 1}), ("500", {}), ("502", {}), ("slow", {})],
    "断线": [
        ("reset", {"share": 0.05}),
        ("reset", {"share": 0.05, "after_effect": True}),
        ("timeout", {"after_effect": True}),
        ("slow", {"after_effect": True}),
    ],
}
"""Telegram is unwell; the line is bad. Not both at once: five lost answers to one letter put it aside."""


def fill_in(phone: Phone, words: str, pictures: list[bytes]) -> Json:
    """A visit as far as its summary; what was sent as an album."""
    phone.says("/visit")
    phone.hears("走访哪一户", timeout=LONG)  # a lost answer left the same question of an earlier visit behind
    phone.presses("李大山", timeout=LONG)
    phone.presses("安全排查", timeout=LONG)
    sent: Json = {}
    if pictures:
        sent = phone.sends_photos(pictures)
        phone.hears(f"照片：{len(pictures)} 张", timeout=LONG)
    phone.says(words)
    phone.hears(f"情况：{words}", timeout=LONG)
    return sent


def reported(world: World, words: str) -> list[Json]:
    """The records with these words."""
    found = world.zhucun("reports", "list", "--format", "json", "--words", words).stdout
    return [json.loads(line) for line in found.splitlines()]


def states(world: World, phone: Phone) -> set[str]:
    store = world.store()
    with store.reading() as session:
        theirs = select(Letter.state).join(Chat).where(Chat.telegram_id == phone.id)
        found = set(session.exec(theirs.where(col(Letter.expires_at).is_(None))))
    store.close()
    return found


@pytest.mark.fault("429")
@pytest.mark.fault("500")
@pytest.mark.fault("reset connection")
@pytest.mark.fault("answer lost after the effect")
@pytest.mark.fault("redelivered update")
@pytest.mark.fault("update comes late")
@pytest.mark.parametrize("storm", STORMS)
def test_a_tenth_of_each_fault_while_three_report(world: World, storm: str) -> None:
    """Four calls in ten go wrong, and two updates in ten come twice or late."""
    for kind, more in [*STORMS[storm], ("twice", {}), ("late", {"seconds": 0.3})]:
        world.sandbox.faults(kind, "*", **({"share": 0.1, "seconds": 0.3} | more))
    seen = [f"{one}（{storm}）" for one in ("窗户破损", "线路老化", "地面下沉")]
    three = dict(zip(seen, (world.member, world.colleague, world.leader), strict=True))

    def report(words: str) -> tuple[str, list[str]]:
        phone = three[words]
        number = list(three).index(words) + 3 * list(STORMS).index(storm)
        sent = fill_in(phone, words, [drawn(size=(600 + 10 * number + one, 400)) for one in range(3)])
        phone.presses("✓ 发送", timeout=LONG)
        receipt = phone.hears("✓ 走访已发送", timeout=LONG)  # the leader hears of the others, too
        return receipt["text"].split("\n")[1], sorted(one["sha256"] for one in sent["files"])

    with ThreadPoolExecutor(3) as together:
        under_way = {words: together.submit(report, words) for words in three}
        while not all(one.done() for one in under_way.values()):
            world.sandbox.clock_to("+10s")  # pauses pass quickly
            world.sandbox.calls(after=10**9, wait=0.5)
        made = {words: one.result() for words, one in under_way.items()}
    world.sandbox.clear_faults()
    world.sandbox.clock_to("+1h")
    world.settled(LONG)
    for words, (number, pictures) in made.items():
        (record,) = reported(world, words)
        assert record["number"] == number
        assert sorted(one["sha256"] for one in record["photos"]) == pictures
        assert {one["state"] for one in record["photos"]} == {"kept"}
        assert "3 张，已全部保存" in str(three[words].sees(number))
        assert LetterState.PARKED not in states(world, three[words])


@pytest.mark.fault("bot blocked by the user")
def test_whoever_blocked_the_bot_gets_what_was_held_when_they_come_back(world: World) -> None:
    world.leader.says("/start")
    world.leader.hears("台账")
    world.leader.blocks()
    fill_in(world.member, "院墙倒塌", [drawn(size=(700, 300))])
    world.member.presses("✓ 发送")
    world.member.hears("ZF-")
    world.settled(LONG)
    assert LetterState.HELD in states(world, world.leader)
    assert world.leader.sees("院墙倒塌") is None
    world.leader.blocks(False)
    world.leader.hears("院墙倒塌", ever=True)
    assert LetterState.HELD not in states(world, world.leader)


@pytest.mark.fault("message to edit not found")
def test_a_card_that_was_deleted_comes_again(world: World) -> None:
    phone = world.member
    phone.says("/visit")
    card = phone.hears("走访哪一户")
    world.sandbox.bot("deleteMessage", chat_id=phone.id, message_id=card["message_id"])
    phone.presses_old("李卫国", card)
    again = phone.hears("为了什么事")
    assert again["message_id"] != card["message_id"]
    phone.presses("取消", again)
    phone.hears("已取消")


@pytest.mark.fault("second poller")
def test_a_second_poller_is_told_to_the_operator_and_nothing_is_lost(world: World) -> None:
    world.sandbox.bot("getUpdates", timeout=0)
    world.member.says("/mine")
    world.member.hears("报过", timeout=LONG)
    assert "409 Conflict" in world.log
    assert "only one bot instance" in world.log


@pytest.mark.fault("revoked token")
def test_a_token_that_is_refused_stops_everything_until_it_is_valid_again(fresh_world: World) -> None:
    """Said once to the operator, nothing put aside; by itself again, or at once by a restart."""
    world, phone = fresh_world, fresh_world.member
    world.start()
    world.ready()
    phone.says("/start")
    phone.hears("台账")
    world.settled(LONG)
    world.sandbox.faults("401")
    phone.says("/mine")
    waits_for(world, lambda: "401 Unauthorized" in world.log)
    world.kill()
    world.start()
    waits_for(world, lambda: "Telegram refuses the token" in world.log)
    assert world.sandbox.queue()["pending"] > 0, "Telegram still has it"
    assert phone.sees("报过") is None
    world.sandbox.clear_faults()
    phone.hears("您还没有报过", timeout=2 * LONG)
    world.settled(2 * LONG)
    assert LetterState.PARKED not in states(world, phone)


@pytest.mark.fault("database cannot be written")
def test_a_disk_that_fails_while_running_confirms_nothing_and_goes_on_by_itself(fresh_world: World) -> None:
    """The kernel refuses to let any file of the running bot grow, as a disk with errors or a quota does."""
    world, phone = fresh_world, fresh_world.member
    world.start()
    world.ready()
    fill_in(phone, "水井塌了", [])
    world.settled(LONG)
    assert world.process is not None
    grown = (world.folder / "log.txt").stat().st_size + 8192  # the log still says what is wrong
    usual = resource.prlimit(world.process.pid, resource.RLIMIT_FSIZE, (grown, resource.RLIM_INFINITY))
    phone.presses("✓ 发送")
    waits_for(world, lambda: "nothing can be written" in world.log)
    assert world.sandbox.queue()["pending"] > 0, "Telegram still has it"
    assert phone.sees("ZF-") is None
    resource.prlimit(world.process.pid, resource.RLIMIT_FSIZE, usual)
    phone.hears("ZF-20261117-0001", timeout=2 * LONG)
    world.settled(LONG)
    assert "writing again" in world.log
    assert len(reported(world, "水井塌了")) == 1


@pytest.mark.fault("kill between sending and noting")
def test_killed_after_sending_and_before_noting_the_form_goes_on(fresh_world: World) -> None:
    """The card may be there twice; each of the two takes the press, and there is one draft."""
    world, phone = fresh_world, fresh_world.member
    world.start()
    world.ready()
    world.sandbox.faults("timeout", "sendMessage", count=1, after_effect=True)
    phone.says("/visit")
    first = phone.hears("走访哪一户")
    world.kill()
    world.start()
    world.ready()
    world.settled(LONG)
    assert len([one for one in phone.screen() if "走访哪一户" in str(one.get("text"))]) <= 2
    phone.presses("李大山", first)
    phone.hears("为了什么事")
    phone.presses("安全排查")
    phone.says("水管冻裂")
    phone.hears("情况：水管冻裂")
    phone.presses("✓ 发送")
    phone.hears("ZF-20261117-0001")
    world.settled()
    assert len(reported(world, "水管冻裂")) == 1


@pytest.mark.fault("clock off by more than 10 minutes")
def test_a_wrong_clock_holds_what_goes_by_the_clock_and_answers_go_on(fresh_world: World) -> None:
    """The machine's clock is days away from the sandbox's."""
    world = fresh_world
    world.extra["ZHUCUN_CLOCK_URL"] = ""
    world.admin.says("/start")
    store = world.store()
    with store.writing() as session:  # the bot knows the administrator from earlier
        chat_of(session, 42, world.admin.id)
    store.close()
    world.start()
    world.admin.hears("服务器的时钟和 Telegram 相差", timeout=LONG)
    assert "held: our clock differs" in world.log
    world.member.says("/mine")
    world.member.hears("您还没有报过")
    world.sandbox.clock_to(datetime.now(UTC).isoformat())
    world.member.says("/mine")
    world.member.hears("您还没有报过")
    world.member.says("/drafts")
    world.member.hears("没有没写完的草稿")
    assert "released" in world.log


@contextmanager
def small_disk(world: World) -> Iterator[Path]:
    """Put the database on a file system of its own that is too small for long; its folder."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small file system")
    folder = Path(tempfile.mkdtemp())  # not below pytest's own, which it would try to clear away
    mounted = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if subprocess.run(mounted, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("mounting is not allowed here")
    try:
        database = world.folder / "zhucun.db"
        shutil.copyfile(database, folder / "zhucun.db")
        database.unlink()
        database.symlink_to(folder / "zhucun.db")
        yield folder
    finally:
        world.kill()
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path) -> Path:
    """Take all the room there is; the file that holds it."""
    with closing(sqlite3.connect(folder / "zhucun.db", isolation_level=None)) as connection:
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            continue  # the bot is moving its log at this moment
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            continue
    return ballast


@pytest.mark.fault("full disk")
def test_on_a_full_disk_nothing_is_confirmed_and_it_goes_on_by_itself(fresh_world: World) -> None:
    world, phone = fresh_world, fresh_world.member
    with small_disk(world) as folder:
        world.start()
        world.ready()
        fill_in(phone, "屋后滑坡", [])
        world.settled(LONG)
        ballast = fill(folder)
        phone.presses("✓ 发送")
        world.sandbox.hears_call("getUpdates")
        waits_for(world, lambda: "database or disk is full" in world.log)
        assert world.sandbox.queue()["pending"] > 0, "Telegram still has it"
        assert phone.sees("ZF-") is None
        ballast.unlink()
        phone.hears("ZF-20261117-0001", timeout=2 * LONG)
        world.settled(LONG)
        assert "writing again" in world.log
        assert len(reported(world, "屋后滑坡")) == 1


@pytest.mark.fault("read-only data folder")
def test_a_folder_that_cannot_be_written_is_said_at_start(fresh_world: World) -> None:
    with small_disk(fresh_world) as folder:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        said = fresh_world.zhucun("run", check=False)
        assert said.returncode == 2
        assert "Traceback" not in said.stderr
        assert "请检查数据目录的空间和权限" in said.stderr.splitlines()[-1]


def waits_for(world: World, so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not so():
        assert time.monotonic() < deadline, world.log[-3000:]
        world.sandbox.calls(after=10**9, wait=0.2)


def test_what_was_in_hand_at_a_death_is_tried_before_anything_else_is_done(fresh_world: World) -> None:
    """A letter or an errand that ends the process again must not put the blame on it."""
    world, passed = fresh_world, fresh_world.folder / "passed"

    def order(plan: str) -> list[str]:
        (world.folder / "plan").write_text(plan)
        passed.write_text("")
        world.start()
        if plan:
            assert world.process is not None
            assert world.process.wait(LONG) == -signal.SIGKILL
            world.kill()
        else:
            world.member.hears("走访哪一户", timeout=LONG)
        return passed.read_text().splitlines()

    world.extra[VARIABLE] = str(world.folder)
    world.member.says("/visit")
    usual = order("desk.taken")
    assert usual.index("delivery.recovered") < usual.index("desk.taken died")
    suspected = order("")
    assert suspected.index("desk.handled") < suspected.index("delivery.recovered")
