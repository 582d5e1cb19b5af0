"""`make break`: applies each patch of patches.toml in a throw-away copy of the project and runs the test that guards
its rule, which must be green before and red after. A line a patch; exit code 1 when a rule can be broken unseen.

Red is a test that failed. One that could not be run (a fixture in trouble, nothing collected) shows nothing.
"""

import argparse
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.breaking.patches import Patch, faults, patches
from tests.house.tree import ROOT, tracked

COPIES = 2
LONGEST = 900
"""Seconds of one run of pytest."""
_SAID = re.compile(r"^(PASSED|FAILED|ERROR) ([^\s\[]+)", re.MULTILINE)

Colours = dict[str, str]
Free = queue.SimpleQueue[Path]


@dataclass(frozen=True)
class Verdict:
    """What became of a patch's test without it and with it."""

    patch: Patch
    before: str
    after: str
    seconds: float

    @property
    def good(self) -> bool:
        return (self.before, self.after) == ("green", "red")

    def __str__(self) -> str:
        word = self.after if self.before == "green" else f"{self.before} without the patch"
        return f"rule {self.patch.rule:<2} {word:<5} {self.seconds:5.1f} s  {self.patch.breaks}: {self.patch.test}"


def main() -> int:
    args = _arguments()
    if wrong := list(faults(ROOT, patches())):
        _say("\n".join(wrong))
        return 1
    some = [patch for patch in patches() if not args.rule or patch.rule in args.rule]
    bad = 0
    for verdict in verdicts(some):
        _say(str(verdict))
        bad += not verdict.good
    _say(f"{len(some) - bad} of {len(some)} patches turned their test red")
    return int(bad > 0 or not some)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.breaking", description=__doc__)
    parser.add_argument("--rule", type=int, action="append", help="only this rule; may be repeated")
    return parser.parse_args()


def verdicts(some: list[Patch]) -> Iterator[Verdict]:
    """In order. Every test runs unpatched once, all in one go, beside the first patches."""
    with copies() as free, ThreadPoolExecutor(COPIES) as pool:
        whole = pool.submit(unpatched, free, sorted({patch.test for patch in some}))
        yield from pool.map(lambda patch: judge(patch, free, whole), some)


@contextmanager
def copies() -> Iterator[Free]:
    """Copies of the project as git would commit it, thrown away at the end."""
    free: Free = queue.SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="zhucun-break-") as folder:
        for number in range(COPIES):
            copy = Path(folder) / str(number)
            for path in tracked(ROOT):
                place = copy / path.relative_to(ROOT)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, place)
            free.put(copy)
        yield free


@contextmanager
def borrowed(free: Free) -> Iterator[Path]:
    copy = free.get()
    try:
        yield copy
    finally:
        free.put(copy)


def unpatched(free: Free, tests: list[str]) -> Colours:
    with borrowed(free) as copy:
        return run(copy, *tests)


def judge(patch: Patch, free: Free, whole: Future[Colours]) -> Verdict:
    """Try a patch in a copy that nobody uses, and leave it as it was."""
    with borrowed(free) as copy:
        started, place = time.monotonic(), copy / patch.file
        text = place.read_text("utf-8")
        patch.apply(copy)
        try:
            after = run(copy, "-x", patch.test)[patch.test]
        finally:
            place.write_text(text, "utf-8")
    return Verdict(patch, whole.result()[patch.test], after, time.monotonic() - started)


def run(copy: Path, *asked: str) -> Colours:
    """What becomes of tests there."""
    shared = str((ROOT / os.environ.get("ZHUCUN_SHARED", "../shared")).resolve())
    environment = {**os.environ, "PYTHONPATH": str(copy), "ZHUCUN_SHARED": shared}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--tb=no", "-rA", *asked], cwd=copy, env=environment,
            capture_output=True, text=True, timeout=LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Colours(dict.fromkeys(asked, f"without an end in {LONGEST} s"))
    return read(done.stdout, asked)


def read(said: str, asked: Iterable[str]) -> Colours:
    """The colour of each test from pytest's summary: red when one of its cases failed, green when some passed and
    nothing else happened."""
    found = {one: {word for word, test in _SAID.findall(said) if test == one} for one in asked}
    return {one: _colour(words) for one, words in found.items()}


def _colour(words: set[str]) -> str:
    if "FAILED" in words:
        return "red"
    return "green" if words == {"PASSED"} else "not run"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
