"""What an earlier version left when it was killed at its work is taken up by this one: see tests/recording.py."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from storage import journal
from tests.phone import Json, Sandbox
from tests.recording import DRAFT, FOLDER, UNTOLD, unpack
from tests.test_main_job import reported
from tests.world import CAST, World

pytestmark = pytest.mark.sqlite_only(reason="the recording is of SQLite")
RECORDINGS = sorted(FOLDER.glob("*.tar.xz"))
LONG = 120.0


@dataclass
class Left:
    """A recording that was brought to this version and is running."""

    world: World
    told: list[Json]


@pytest.fixture(scope="module", params=RECORDINGS, ids=[one.name.partition(".")[0] for one in RECORDINGS])
def left(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("left")
    told = unpack(request.param, folder)
    with Sandbox.start(data=folder / "sandbox") as sandbox:
        world = World(sandbox, folder / "data")
        for name in CAST:
            getattr(world, name).screen()
        world.zhucun("upgrade")
        sandbox.clock_to("+5m", freeze=False)  # pauses after trouble are over
        try:
            world.start("--adopt")
            world.ready()
            world.settled(LONG)
            yield Left(world, told)
        finally:
            world.kill()


def test_there_is_a_recording_of_the_first_version() -> None:
    assert RECORDINGS[0].name == "0001.tar.xz"


def test_every_report_is_told_as_it_was(left: Left) -> None:
    now = {one["number"]: one for one in reported(left.world)}
    assert left.told
    for one in left.told:
        told_now = now[one["number"]]
        # An open case from before there were clocks gets one.
        apart = {"photos", *([] if one["due_at"] else ["due_at"])}
        assert {name: told_now[name] for name in one if name not in apart} == {
            name: one[name] for name in one if name not in apart
        }
        kept = {photo["sha256"] for photo in one["photos"] if photo["state"] == "kept"}
        assert kept <= {photo["sha256"] for photo in told_now["photos"]}


def test_every_photo_is_there_byte_for_byte_and_the_last_one_was_fetched(left: Left) -> None:
    photos = [photo for one in reported(left.world) for photo in one["photos"]]
    assert len(photos) == 7
    assert {photo["state"] for photo in photos} == {"kept"}
    for photo in photos:
        sha = photo["sha256"]
        kept = left.world.folder / "files" / sha[:2] / sha[2:4] / sha
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == sha


@pytest.mark.fault("killed by an upgrade in the middle of work")
def test_a_press_that_nobody_had_handled_sends_the_draft(left: Left) -> None:
    left.world.leader.hears("✓ 走访已发送", ever=True)
    (record,) = reported(left.world, "--words", DRAFT)
    assert record["answers"]["findings"] == DRAFT
    assert len(record["photos"]) == 1


def test_messages_that_nobody_had_handled_are_answered(left: Left) -> None:
    left.world.member.hears("我报过的", ever=True)
    left.world.supervisor.hears("水渠的事请抓紧", ever=True)


@pytest.mark.fault("killed by an upgrade in the middle of work")
def test_letters_that_nobody_had_got_are_sent(left: Left) -> None:
    left.world.colleague.hears("ZP-20261120-0001", ever=True)
    left.world.leader.hears(UNTOLD, ever=True)
    assert "全部保存" in str(left.world.colleague.sees("ZP-20261120-0001"))


def test_a_draft_goes_on_by_the_buttons_of_its_old_card(left: Left) -> None:
    phone = left.world.outsider
    phone.presses("住房")
    phone.hears("情况怎么样")
    phone.says("村委会屋顶漏水")
    phone.presses("✓ 发送")
    phone.hears("ZF-20261120-")
    assert len(reported(left.world, "--words", "村委会屋顶漏水")) == 1


def test_an_old_report_is_found_corrected_and_accepted(left: Left) -> None:
    supervisor = left.world.supervisor
    supervisor.presses("验收", supervisor.hears("请验收", ever=True))
    supervisor.hears("ZG-20261117-0001")
    left.world.settled()
    assert {one["number"]: one["state"] for one in reported(left.world)}["ZG-20261117-0001"] == "accepted"


def test_an_invitation_that_was_opened_is_taken(left: Left) -> None:
    stranger = left.world.stranger
    stranger.says("冯雨")
    stranger.hears("冯雨")


def test_nothing_dangles_and_the_chain_holds(left: Left) -> None:
    with closing(sqlite3.connect(left.world.folder / "zhucun.db")) as database:
        assert database.execute("pragma foreign_key_check").fetchall() == []
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    store = left.world.store()
    with store.reading() as session:
        assert list(journal.verify(session)) == []
    store.close()
