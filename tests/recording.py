"""Records an installation as this version leaves it behind, for the tests of every later version.

    python -m tests.recording        writes tests/fixtures/installations/<revision of the schema>.tar.xz

The cast works through the running bot; then the lines go bad and the bot is killed at its work. So the recording
holds reports of every kind with photos and steps, a draft, letters that nobody has got, a photo that is still at
Telegram, messages that nobody has handled, and the sandbox with everybody's screens. People, places of work and
keys are invented. `told.json` holds what the command line said of the reports.

tests/test_upgrade.py takes each recording up where it ends. Record once at the end of a version, never again:
a recording is what that version wrote.
"""

import io
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from storage import revisions
from tests.drawn import drawn, phone
from tests.phone import Phone, Sandbox
from tests.starter import PROJECT
from tests.world import CAST, CLOCK, World, furnish

FOLDER = PROJECT / "tests" / "fixtures" / "installations"
FRIDAY = "2026-11-20T16:00:05+08:00"
DRAFT = "灶台边电线老化"
"""The leader's draft: all is filled in, a photo is kept, and the press of its button waits to be handled."""
UNTOLD = "村口路灯不亮"
"""The colleague's photo report: sent, but no receipt and no letter got out, and its photo is not fetched."""
LEFT = ("data", "sandbox", "told.json")
CHART = 10_000
"""Bytes: pictures at the sandbox that are larger are charts that the bot sent, which nobody asks for again."""


def record(target: Path) -> None:
    """Live through the story and pack what is left."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with lived(folder) as world:
            _work(world)
            _go_bad(world)
            _left_unhandled(world)
            told = world.zhucun("reports", "list", "--format", "json").stdout
            (folder / "told.json").write_text(told, "utf-8")
            world.sandbox.clock_to("+1s", freeze=True)
        (folder / "data" / "log.txt").unlink()
        (folder / "data" / "zhucun.lock").unlink()
        for picture in (folder / "sandbox" / "files").iterdir():
            if picture.stat().st_size > CHART:
                picture.unlink()
        _close(folder / "data" / "zhucun.db")
        pack(folder, target)


@contextmanager
def lived(folder: Path) -> Iterator[World]:
    with Sandbox.start(clock=CLOCK, data=folder / "sandbox") as sandbox:
        furnish(folder / "data", datetime.fromisoformat(CLOCK))
        world = World(sandbox, folder / "data")
        try:
            world.start()
            world.ready()
            yield world
        finally:
            world.kill()


def _work(world: World) -> None:
    for name in CAST:
        getattr(world, name).says("/start")
        getattr(world, name).hears("")
    group = world.sandbox.group("武清区驻村管理组", world.supervisor, world.admin)
    here = world.admin.in_group(group)
    here.says("/bind")
    here.presses("武清区")
    here.hears("绑定")
    _visit(world.member, "李大山", "屋顶漏雨，墙体开裂")
    _correct(world.member)
    _case(world.colleague)
    _mending(world)
    _photo_report(world.outsider, "村道塌了一段")
    _join(world)
    world.settled()
    world.sandbox.clock_to(FRIDAY)
    here.hears("2026-W47", timeout=120)
    world.settled()
    world.admin.says("/query 漏雨")
    world.admin.hears("屋顶漏雨")
    _draft(world.leader)
    _begun(world.outsider)
    world.settled()


def _visit(who: Phone, head: str, words: str) -> None:
    who.says("/visit")
    who.presses(head)
    who.presses("安全排查")
    who.hears("情况")
    who.sends_photos([drawn(size=(160, 120)), drawn(size=(161, 120))], caption=words)
    who.hears("2 张")
    who.presses("✓ 发送")
    who.hears("ZF-")


def _correct(who: Phone) -> None:
    who.presses("更正")
    who.presses("情况")
    who.hears("情况怎么样")
    who.says("屋顶漏雨，已联系住建部门")
    who.presses("✓ 发送")
    who.hears("✓ 已更正")


def _case(who: Phone) -> None:
    who.says("/case")
    for button in ("张铁柱", "低保", "因病", "基本医疗"):
        who.presses(button)
    who.presses("紧急")
    who.hears("写")
    who.says("摔伤住院，家里没人照顾")
    who.presses("✓ 发送")
    who.hears("KN-")


def _mending(world: World) -> None:
    """One problem is mended and waits for its acceptance, another one is open."""
    for words in ("河边垃圾没有清理", "水渠淤堵"):
        world.supervisor.says("/problem")
        world.supervisor.presses("黄庄一队")
        world.supervisor.hears("问题在哪个村")
        world.supervisor.presses("村", world.supervisor.card())
        world.supervisor.hears("发现了什么问题")
        world.supervisor.says(words)
        world.supervisor.presses("3 个工作日")
        world.supervisor.presses("✓ 发送")
        world.supervisor.hears("已通知工作队")
    world.member.presses("去整改", world.member.hears("河边垃圾", ever=True))
    world.member.hears("做了什么？")
    world.member.sends_photos([drawn(size=(162, 120))])
    world.member.hears("整改后照片：1 张")
    world.member.says("垃圾已清运")
    world.member.presses("✓ 发送")
    world.member.hears("✓ 已提交验收")


def _photo_report(who: Phone, words: str) -> None:
    """As a file, with what a phone writes into it, so that a preview is made and a place is sealed."""
    picture = drawn(size=(163, 120), exif=phone(turned=6))
    who.sends_photos([("IMG_1.jpg", picture)], as_files=True, album=False, caption=words)
    who.presses("✓ 发送")
    who.hears("ZP-")


def _join(world: World) -> None:
    """The stranger has opened an invitation and not yet said who they are."""
    made = world.zhucun("invite", "make", "--role", "member", "--team", "黄庄一队").stdout
    world.stranger.opens(next(word for word in made.split() if word.startswith("https://t.me/")))
    world.stranger.hears("黄庄一队")


def _draft(who: Phone) -> None:
    who.says("/visit")
    who.presses("陈桂兰")
    who.presses("住房")
    who.hears("情况")
    who.sends_photos([drawn(size=(164, 120))], caption=DRAFT)
    who.hears("1 张")


def _begun(who: Phone) -> None:
    """Left at its second question."""
    who.says("/visit")
    who.presses("不入户")
    who.hears("为了什么事")


def _go_bad(world: World) -> None:
    """A report is sent, and nothing gets out any more, nor any photo in; then the bot is killed."""
    world.colleague.sends_photos([drawn(size=(165, 120))], album=False, caption=UNTOLD)
    world.colleague.hears("1 张")
    world.settled()
    for method in ("sendMessage", "sendPhoto", "editMessageText", "getFile"):
        world.sandbox.faults("502", method)
    world.colleague.sends_photos([drawn(size=(166, 120))], album=False)
    world.colleague.presses("✓ 发送")
    _until(world, "select count(*) from report where kind = 'photo'", 2)
    _until(world, "select count(*) from arrival where state = 'waiting'", 0)
    world.kill()


def _left_unhandled(world: World) -> None:
    """What comes in is written down and confirmed by a bot that is killed before its handlers are there."""
    world.leader.presses("✓ 发送")
    world.member.says("/mine")
    world.supervisor.says("水渠的事请抓紧")
    world.start()
    while world.sandbox.queue()["pending"]:
        world.sandbox.calls(after=10**9, wait=0.02)
    world.kill()
    assert _count(world, "select count(*) from arrival where state = 'waiting'") == 3, (
        "it was too quick: record again"
    )
    assert _count(world, "select count(*) from letter where state in ('waiting', 'sending')") >= 2
    assert _count(world, "select count(*) from errand where state = 'waiting' and kind = 'fetch_photo'") == 1
    assert _count(world, "select count(*) from draft where state = 'open'") == 2


def _until(world: World, query: str, wanted: int) -> None:
    for _ in range(300):
        if _count(world, query) == wanted:
            return
        world.sandbox.calls(after=10**9, wait=0.1)
    raise AssertionError(f"never {wanted}: {query}\n{world.log[-2000:]}")


def _count(world: World, query: str) -> int:
    store = world.store()
    try:
        with store.read.connect() as connection:
            return int(connection.exec_driver_sql(query).scalar_one())
    finally:
        store.close()


def _close(database: Path) -> None:
    """The log joins the database, which is closed up: a recording is small and of one file."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def pack(folder: Path, target: Path) -> None:
    """Names and bytes only: neither owners nor times of the machine that records."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(target, "w:xz", preset=9) as archive:
        for path in sorted(one for left in LEFT for one in _files(folder / left)):
            data = path.read_bytes()
            about = tarfile.TarInfo(path.relative_to(folder).as_posix())
            about.size, about.mode = len(data), 0o600
            archive.addfile(about, io.BytesIO(data))


def _files(path: Path) -> list[Path]:
    return [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]


def unpack(recording: Path, folder: Path) -> list[dict[str, object]]:
    """Lay a recording out in a folder; the reports that it was told to hold."""
    with tarfile.open(recording) as archive:
        archive.extractall(folder, filter="data")
    return [json.loads(line) for line in (folder / "told.json").read_text("utf-8").splitlines()]


if __name__ == "__main__":
    record(FOLDER / f"{revisions.head()}.tar.xz")
