"""A backup made under load and restored elsewhere, through real bots: nothing that was confirmed before its moment is
lost, nothing is said or numbered twice. What is there is counted over the exported JSON and the sandbox's record."""

import base64
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests import databases
from tests.drawn import shot
from tests.phone import Json, Phone, Sandbox
from tests.world import CLOCK, World, furnish

LONG = 120.0
EACH = 3
"""Reports of each person before the backup, and after it."""


@dataclass
class Told:
    """What a person was told: receipt number and hashes of the photos that the sandbox sent, in order."""

    phone: Phone
    shade: int
    receipts: list[tuple[str, list[str]]] = field(default_factory=list)

    def report(self) -> None:
        self.shade += 1
        pictures = [shot(2 * self.shade + number) for number in range(2)]
        words = f"第{self.shade}次巡查"
        sent = self.phone.sends_photos(pictures, caption=words)
        self.phone.hears("2 张", timeout=LONG)
        self.phone.presses("✓ 发送", timeout=LONG)
        while words not in (receipt := str(self.phone.hears("ZP-", timeout=LONG)["text"])):
            continue  # an earlier receipt, which tells that its photos have been kept
        self.receipts.append((receipt.split("\n")[1], sorted(one["sha256"] for one in sent["files"])))

    def go_on(self, until: Event) -> None:
        while not until.wait(0.5):  # a person takes a while
            self.report()


@dataclass
class Story:
    """What happened: who was told what before the backup and in all, and the export of the bot that was lost."""

    lost: World
    copy: Path
    before: dict[str, list[str]]
    told: dict[str, list[str]]
    export: dict[str, Json]
    restored: World


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("restore")
    with Sandbox.start(clock=CLOCK) as sandbox:
        furnish(folder / "data", datetime.fromisoformat(CLOCK))
        lost, restored = World(sandbox, folder / "data"), World(sandbox, folder / "elsewhere")
        try:
            lost.start()
            lost.ready()
            before, told = live(lost, folder / "copy")
            export = {one["number"]: one for one in reports(lost)}
            lost.kill()
            sandbox.clear_faults()
            yield Story(lost, folder / "copy", before, told, export, restored)
        finally:
            lost.kill()
            restored.kill()


def live(world: World, copy: Path) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Three report without a pause, a backup is made, they go on; the leader's messages do not get out. What they
    were told before the backup began, and in all."""
    for phone in (world.leader, world.admin):
        phone.says("/start")
        phone.hears("")
    world.sandbox.faults("502", "sendMessage", chat=world.leader.id)
    people = [Told(world.member, 100), Told(world.colleague, 300), Told(world.outsider, 500)]
    stop = Event()
    with ThreadPoolExecutor(len(people)) as load:
        going = [load.submit(one.go_on, stop) for one in people]
        try:
            enough(world, going, people, EACH)
            before = receipts(people)
            world.zhucun("backup", str(copy))
            enough(world, going, people, max(len(one.receipts) for one in people) + EACH)
        finally:
            stop.set()
        for one in going:
            one.result(LONG)
    return before, receipts(people)


def enough(world: World, going: list[Future[None]], people: list[Told], count: int) -> None:
    for _ in range(int(LONG * 10)):
        for one in going:
            if one.done():
                one.result()
        if all(len(one.receipts) >= count for one in people):
            return
        world.sandbox.calls(after=10**9, wait=0.1)
    raise AssertionError([len(one.receipts) for one in people])


def receipts(people: list[Told]) -> dict[str, list[str]]:
    return {number: shas for one in people for number, shas in list(one.receipts)}


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def exported(world: World, *command: str) -> list[Json]:
    """What the command line tells."""
    return [json.loads(line) for line in world.zhucun(*command, "--format", "json").stdout.splitlines()]


def reports(world: World) -> list[Json]:
    return exported(world, "reports", "list")


def letters(world: World, state: str) -> list[Json]:
    return [one for one in exported(world, "letters", "list") if one["state"] == state]


def test_no_key_and_no_token_is_in_the_backup(story: Story) -> None:
    key = json.loads((story.lost.folder / "zhucun.key").read_text())
    secrets = [*key["keys"].values(), key["blind"]]
    at_rest = bytes_of(story.copy)
    for secret in (*(one.encode() for one in secrets), *map(base64.b64decode, secrets)):
        assert secret not in at_rest
    assert b"42:DEMO" not in at_rest


def without_server(world: World) -> World:
    """The same data folder, without the address of a database on a server."""
    return World(world.sandbox, world.folder, {"ZHUCUN_DATABASE_URL": ""})


def test_whatever_was_told_before_is_there_after_the_restore(story: Story, database: databases.Kind) -> None:
    here = without_server(story.restored)
    done = here.zhucun(
        "restore", str(story.copy), "--data", str(story.restored.folder),
        "--key", str(story.lost.folder / "zhucun.key"),
    )  # fmt: skip
    assert "zhucun letters restored" in done.stdout
    if database == "postgresql":
        moved = databases.empty_url(story.restored.folder / "zhucun.db")
        assert "逐行核对无误" in here.zhucun("migrate", "--to", moved).stdout
    found = {one["number"]: one for one in reports(story.restored)}
    assert len(story.before) >= 3 * EACH
    assert len(story.told) >= len(story.before) + 3 * EACH
    assert set(story.before) <= set(found)
    assert set(found) <= set(story.export), "nothing is made up"
    assert len(found) < len(story.export), "what came after the backup is lost, and known to be"
    for number in story.before:
        assert without_photos(found[number]) == without_photos(story.export[number])


def without_photos(record: Json) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "photos"}


def test_it_runs_only_when_it_is_adopted_and_tells_administrators_of_the_gap(story: Story) -> None:
    world = story.restored
    said = world.zhucun("run", check=False)
    assert said.returncode == 2
    assert "zhucun run --adopt" in said.stderr
    world.start("--adopt")
    world.ready()
    heard = world.admin.hears("系统已从备份恢复", timeout=LONG, ever=True)
    assert "还没发出的消息有" in heard["text"]
    world.settled(LONG)


@pytest.mark.fault("data lost, restored from a backup")
def test_every_photo_is_there_byte_for_byte(story: Story) -> None:
    """Those of before, by the sandbox's own record; some are fetched only now."""
    found = {one["number"]: one for one in reports(story.restored)}
    for number, shas in story.before.items():
        assert sorted(one["sha256"] for one in found[number]["photos"]) == shas
        for sha in shas:
            kept = story.restored.folder / "files" / sha[:2] / sha[2:4] / sha
            assert hashlib.sha256(kept.read_bytes()).hexdigest() == sha


def test_messages_that_waited_are_held_until_somebody_releases_them(story: Story) -> None:
    world = story.restored
    held = [one["number"] for one in letters(world, "restored") if one["lane"] == "notice"]
    assert held, "the leader's did not get out"
    assert reports_heard(story) == 0, "but of what was handled only after the restore"
    world.zhucun("letters", "drop", held[-1])
    world.zhucun("letters", "release", "all")
    world.leader.hears(next(iter(story.before)), timeout=LONG, ever=True)
    world.settled(LONG)
    assert reports_heard(story) == len(held) - 1
    assert letters(world, "restored") == []


def reports_heard(story: Story) -> int:
    """How many of the old reports the leader has heard of."""
    texts = [str(one.get("text")) for one in story.restored.leader.screen()]
    return sum("报了" in text and any(number in text for number in story.told) for text in texts)


def test_no_number_is_given_twice(story: Story) -> None:
    again = Told(story.restored.leader, 800)  # members have drafts that were open at the backup
    again.report()
    again.report()
    given = {number for number, _shas in again.receipts}
    assert len(given) == 2
    assert not given & set(story.told)
    everything = [one["number"] for one in reports(story.restored)]
    assert len(everything) == len(set(everything))


@pytest.mark.fault("button of a time that a restore has lost")
def test_buttons_of_the_lost_time_are_out_of_date(story: Story) -> None:
    """The last receipt that a member heard of the lost bot offers to take a report back that is another one by now."""
    phone = story.restored.colleague
    lost = next(one for one in reversed(phone.screen()) if "撤回" in phone.labels(one))
    phone.presses("撤回", lost)
    assert "已经过时" in phone.answered()["text"]


def test_the_journal_tells_of_it_and_its_chain_holds(story: Story) -> None:
    story.restored.settled(LONG)
    lines = exported(story.restored, "journal", "list")
    told = [json.loads(one["body"])["action"] for one in lines if one["body"]]
    for action in ("backup", "restore", "adopt", "letters.release", "letters.drop"):
        assert told.count(action) == 1, action
    digest = b""
    for one in (line for line in lines if line["seq"]):
        body = bytes.fromhex(one["salt"]) + one["body"].encode()
        assert hashlib.sha256(body).hexdigest() == one["commitment"]
        digest = hashlib.sha256(digest + bytes.fromhex(one["commitment"])).digest()
        assert digest.hex() == one["hash"]
