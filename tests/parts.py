"""Processes of one installation, each with some parts of the bot and a log of its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.starter import Started, starter
from tests.world import World


@dataclass
class Parts:
    """`start("spare", "desk")` runs `zhucun run --only desk` under that name."""

    world: World
    running: dict[str, Started] = field(default_factory=dict)

    def _file(self, name: str) -> Path:
        return self.world.folder / f"{name}.log"

    def start(self, name: str, *parts: str) -> None:
        only = [word for part in parts for word in ("--only", part)]
        self.running[name] = starter().begin(["run", *only], self.world.environment, self._file(name))

    def says(self, name: str, words: str, timeout: float = 150) -> float:
        """Wait until a process has said this in its log; how many seconds that took."""
        begun = time.monotonic()
        while time.monotonic() - begun < timeout:
            if words in self._file(name).read_text():
                return time.monotonic() - begun
            assert self.running[name].poll() is None, self._file(name).read_text()[-3000:]
            self.world.sandbox.calls(after=10**9, wait=0.05)
        raise AssertionError(f"{name} never said {words!r}:\n{self._file(name).read_text()[-3000:]}")

    def heard(self, name: str) -> str:
        return self._file(name).read_text()

    def kill(self, name: str) -> None:
        """kill -9 of the process and all it started."""
        self.running.pop(name).kill()

    def stop(self, name: str) -> int:
        """The polite end; its exit code."""
        process = self.running.pop(name)
        process.terminate()
        return process.wait(60)


@contextmanager
def parts_of(world: World) -> Iterator[Parts]:
    made = Parts(world)
    try:
        yield made
    finally:
        for name in list(made.running):
            made.kill(name)
