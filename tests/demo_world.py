"""The demo as a person starts it: its command as a process, its page in a browser."""

from __future__ import annotations

import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bot.demo.paint import paint
from tests.phone import Sandbox
from tests.starter import PROJECT, zhucun

READY = "ready http://127.0.0.1:"
START_SECONDS = 240
"""A demo is ready in some twenty seconds; a machine that runs all tests at once takes longer."""
SLOW = 60_000
"""Milliseconds that the page waits for the bot."""


@dataclass
class Demo:
    """A demo that has said `ready`."""

    process: subprocess.Popen[str]
    folder: Path
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return next(line for line in self.said if line.startswith(READY)).split()[1]

    @property
    def sandbox(self) -> Sandbox:
        return Sandbox(self.url)

    @property
    def bot_log(self) -> str:
        return (self.folder / "bot.log").read_text("utf-8")

    def hears(self, words: str, timeout: float = START_SECONDS) -> str:
        """Read on until a line begins with these words."""
        deadline = time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            assert self.process.stdout is not None
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                line = self.process.stdout.readline().rstrip("\n")
                assert line or self.process.poll() is None, f"the demo ended: {self.said}"
                self.said.append(line)
                if line.startswith(words):
                    return line
        raise AssertionError(f"not said in {timeout:g} s: {words!r} of {self.said}")

    def bot_pid(self) -> int:
        """The process of the bot: the child of the demo that runs it."""
        for line in Path("/proc").glob("[0-9]*/stat"):
            name, _, rest = line.read_text("utf-8", "replace").rpartition(")")
            command = (line.parent / "cmdline").read_bytes()
            if int(rest.split()[1]) == self.process.pid and command.endswith(b"bot\0run\0--adopt\0"):
                return int(name.split()[0])
        raise AssertionError("the bot does not run")

    def zhucun(self, *arguments: str) -> str:
        """The command line beside it."""
        done = zhucun(self.folder / "bot", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "bot", "demo", "--no-open", "--port", "0", "--data", str(folder), *more]


@contextmanager
def started(folder: Path, *more: str) -> Iterator[Demo]:
    """A demo on a free port; ended politely."""
    process = subprocess.Popen(
        command(folder, *more), cwd=PROJECT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        demo = Demo(process, folder)
        demo.hears(READY)
        yield demo
    finally:
        end(process)


def end(process: subprocess.Popen[str]) -> int:
    """SIGTERM, and how it ended."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    code = process.wait(60)
    if process.stdout is not None:
        process.stdout.close()
    return code


def drawn(folder: Path) -> list[Path]:
    """Three photos of one visit, as files to choose."""
    scenes = (("house", 11, True), ("courtyard", 12, True), ("kitchen", 13, True))
    paths = []
    for number, (scene, seed, mended) in enumerate(scenes):
        path = folder / f"{number}.jpg"
        path.write_bytes(paint(scene, seed, mended))
        paths.append(path)
    return paths


class Desk:
    """The page: what people do with the phones on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(SLOW)
        expect.set_options(timeout=SLOW)

    def phone(self, name: str) -> Locator:
        return self.page.locator(".seat").filter(has=self.page.locator(".plate h2", has_text=name))

    def presses(self, name: str, label: str) -> None:
        """The newest button with that label."""
        self.phone(name).get_by_role("button", name=label, exact=True).last.click()

    def writes(self, name: str, text: str) -> None:
        words = self.phone(name).get_by_role("textbox", name="写消息")
        words.fill(text)
        words.press("Enter")

    def sends_album(self, name: str, paths: Sequence[Path]) -> None:
        self.phone(name).get_by_role("button", name="添加照片、文件或位置").click()
        with self.page.expect_file_chooser() as chooser:
            self.phone(name).get_by_role("menuitem", name="照片").click()
        chooser.value.set_files(list(paths))
        expect(self.phone(name).locator(".tray-chip")).to_have_count(len(paths))
        self.phone(name).get_by_role("button", name="发送", exact=True).last.click()

    def sees(self, name: str, words: str) -> Locator:
        found = self.phone(name).locator(".theirs .bubble").filter(has_text=words).last
        expect(found).to_be_visible()
        return found

    def goes_to_friday(self) -> None:
        clock = self.page.get_by_role("group", name="演示时钟", exact=True)
        clock.get_by_role("button", name="到周五 16:00").click()


def reports_a_visit(desk: Desk, member: str, photos: Sequence[Path]) -> None:
    """The main job: three photos, a household, a purpose, a sentence."""
    desk.presses(member, "走访")
    asked = desk.sees(member, "走访哪一户？")
    desk.sends_album(member, photos)
    desk.sees(member, "照片：3 张")
    expect(asked).to_be_visible()
    desk.phone(member).locator(".keyboard").last.locator(".key").first.click()
    desk.sees(member, "为了什么事？")
    desk.presses(member, "安全排查")
    desk.sees(member, "情况怎么样？")
    desk.writes(member, "老人身体好，烟道查过，米面够吃一个月。")
    desk.presses(member, "✓ 发送")
    desk.sees(member, "走访已发送")
