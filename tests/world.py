"""The cast and their installation: a real bot process against the sandbox, over real HTTP.

王磊 (member) and 赵敏 (leader) serve in the team 黄庄一队 with two villages; 孙涛 (supervisor) and 周洁 (administrator)
answer for the county 120114; 吴刚 is an officer of its civil affairs department; 陌生人 is nobody; 郑远 is a member
in another county and must never see anything of this one.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from storage import household_list, migrate, postings, regions_import, roster, teams
from storage.db import Store
from storage.people import Role
from storage.places import Level, Region
from storage.sealing import Keyring
from tests import databases
from tests.phone import Phone, Sandbox
from tests.starter import Started, starter

CLOCK = "2026-11-17T10:00+08:00"
"""A Tuesday."""
COUNTY, TOWN = "120114", "120114004"
VILLAGE, VILLAGE_TWO = "120114004202", "120114004203"
"""Villages of the member's team."""
FAR_VILLAGE = "421281001201"
HEADS = ("李大山", "李卫国", "王秀英", "张铁柱", "陈桂兰")
CAST = {
    "member": (1001, "王磊"),
    "leader": (1002, "赵敏"),
    "supervisor": (1003, "孙涛"),
    "admin": (1004, "周洁"),
    "officer": (1005, "吴刚"),
    "outsider": (1006, "郑远"),
    "stranger": (1999, "陌生人"),
    "colleague": (1007, "钱芳"),
}


@dataclass
class World:
    """One installation. `start()` runs the bot, `kill()` ends it like a power cut; phones are attributes."""

    sandbox: Sandbox
    folder: Path
    extra: dict[str, str] = field(default_factory=dict)
    process: Started | None = None
    phones: dict[str, Phone] = field(default_factory=dict)
    said: int = 0
    """Characters of the log that stood there before this start."""

    def __getattr__(self, name: str) -> Phone:
        if name not in CAST:
            raise AttributeError(name)
        if name not in self.phones:
            number, called = CAST[name]
            self.phones[name] = self.sandbox.phone(called, user_id=number)
        return self.phones[name]

    @property
    def environment(self) -> dict[str, str]:
        """The bot knows nothing but these. An empty one of `extra` is not set at all."""
        told = {
            "PATH": os.environ["PATH"],
            "ZHUCUN_DATA": str(self.folder),
            "ZHUCUN_TOKEN": self.sandbox.token,
            "ZHUCUN_API_URL": self.sandbox.api_url,
            "ZHUCUN_CLOCK_URL": f"{self.sandbox.url}/sandbox/clock",
            # The sandbox enforces limits only when told to, and nobody in a test wants to wait a second a message.
            "ZHUCUN_SEND_RATE": "3000",
            **databases.environment(self.folder / "zhucun.db"),
            **self.extra,
        }
        return {name: value for name, value in told.items() if value}

    @property
    def log(self) -> str:
        return (self.folder / "log.txt").read_text()

    def store(self) -> Store:
        """The installation's database, beside the running bot. Close it."""
        return Store(databases.url(self.folder / "zhucun.db"), Keyring.load(self.folder / "zhucun.key"))

    def start(self, *more: str) -> None:
        assert self.process is None, "the bot is running already"
        self.said = len(self.log) if (self.folder / "log.txt").exists() else 0
        self.process = starter().begin(["run", *more], self.environment, self.folder / "log.txt")

    def ready(self, timeout: float = 150) -> None:
        """Wait until the handlers of the bot just started are loaded (seconds, more on a busy machine)."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.log.find("zhucun: ready", self.said) >= 0:
                return
            assert self.process is not None
            assert self.process.poll() is None, self.log[-3000:]
            self.sandbox.calls(after=10**9, wait=0.1)
        raise AssertionError(f"not ready in {timeout} s:\n{self.log[-3000:]}")

    def kill(self) -> None:
        """kill -9 of the whole group, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process = None

    def stop(self) -> None:
        """The polite end."""
        if self.process is not None:
            self.process.terminate()
            assert self.process.wait(60) == 0, self.log[-3000:]
            self.process = None

    def zhucun(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """The command line beside the running bot."""
        done = starter().run(arguments, self.environment)
        assert not check or done.returncode == 0, done.stderr or done.stdout
        return done

    def settled(self, timeout: float = 60) -> None:
        """Wait until nothing is left to take, handle, send or fetch."""
        deadline = time.monotonic() + timeout
        store = self.store()
        try:
            while time.monotonic() < deadline:
                if self.sandbox.queue()["pending"] == 0 and _idle(store):
                    return
                self.sandbox.calls(after=10**9, wait=0.1)
        finally:
            store.close()
        raise AssertionError(f"not settled in {timeout} s:\n{self.log[-3000:]}")


def _idle(store: Store) -> bool:
    waiting = (
        "select (select count(*) from arrival where state = 'waiting')"
        " + (select count(*) from letter where state in ('waiting', 'sending'))"
        " + (select count(*) from errand where state = 'waiting' and kind != 'export_gone')"
    )
    with store.read.connect() as connection:
        return bool(connection.exec_driver_sql(waiting).scalar_one() == 0)


def furnish(folder: Path, now: datetime) -> None:
    """A data folder with places, people and households, as an administrator would have imported them. On SQLite it
    is a copy of the first one of this moment."""
    if databases.kind() != "sqlite":
        _furnish(folder, now)
        return
    if now not in _furnished:
        _furnished[now] = _copies / str(len(_furnished))
        _furnish(_furnished[now], now)
    shutil.copytree(_furnished[now], folder, dirs_exist_ok=True)


_furnished: dict[datetime, Path] = {}
_copies = Path(tempfile.mkdtemp(prefix="zhucun-"))
atexit.register(shutil.rmtree, _copies, ignore_errors=True)


def _furnish(folder: Path, now: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    Keyring.new().save(folder / "zhucun.key")
    store = Store(databases.url(folder / "zhucun.db"), Keyring.load(folder / "zhucun.key"))
    migrate.upgrade(store.write)
    with store.writing() as session:
        plan = regions_import.plan(session, regions_import.shipped(COUNTY))
        regions_import.write(session, plan.changes, by=None, now=now)
        session.add(Region(code="421281", name="赤壁市", level=Level.COUNTY, parent=None))
        session.flush()
        session.add(Region(code="421281001", name="蒲圻街道", level=Level.TOWN, parent="421281"))
        session.flush()
        session.add(Region(code=FAR_VILLAGE, name="远方村委会", level=Level.VILLAGE, parent="421281001"))
        session.flush()
        here = teams.add_team(
            session, "黄庄一队", [VILLAGE, VILLAGE_TWO], unit="区农业农村局", by=None, now=now
        )
        there = teams.add_team(session, "蒲圻一队", [FAR_VILLAGE], unit="市林业局", by=None, now=now)
        posts = {
            "member": (Role.MEMBER, here.id, None),
            "colleague": (Role.MEMBER, here.id, None),
            "leader": (Role.LEADER, here.id, None),
            "supervisor": (Role.SUPERVISOR, None, COUNTY),
            "admin": (Role.ADMIN, None, COUNTY),
            "officer": (Role.OFFICER, None, COUNTY),
            "outsider": (Role.MEMBER, there.id, None),
        }
        for name, (role, team, region) in posts.items():
            number, called = CAST[name]
            person = roster.add_person(session, called, telegram_id=number, by=None, now=now)
            department = "民政局" if role == Role.OFFICER else None
            postings.post(
                session,
                person.id or 0,
                role,
                team_id=team,
                region=region,
                department=department,
                by=None,
                now=now,
            )
        for head in HEADS:
            household_list.add(session, VILLAGE, head, by=None, now=now)
    store.close()


@contextmanager
def world(folder: Path, clock: str = CLOCK, started: bool = True) -> Iterator[World]:
    """A furnished installation with its sandbox, ended whatever happens."""
    with Sandbox.start(clock=clock) as sandbox:
        furnish(folder, datetime.fromisoformat(clock))
        made = World(sandbox, folder)
        for name in CAST:
            getattr(made, name)
        try:
            if started:
                made.start()
                made.ready()
            yield made
        finally:
            made.kill()
