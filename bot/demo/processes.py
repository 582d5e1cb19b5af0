"""The demo's two processes: the sandbox, and the bot that knows nothing but its ZHUCUN_* settings."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

from bot.demo import folder as place
from bot.demo.cast import TOKEN
from bot.demo.control import PATIENCE

PROJECT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
READY = "ready: @"
"""The bot's own word in its log."""
GRACE = 15.0


class DiedError(Exception):
    """A process ended that should have run on. Its log tells why."""

    def __init__(self, log: Path) -> None:
        super().__init__(str(log))
        self.log = log


@contextmanager
def sandbox(folder: Path, port: int, clock: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The sandbox, with the world kept in the folder (then its clock runs on), and its address."""
    log = folder / place.SANDBOX_LOG
    command = [sys.executable, "-m", "bot.sandbox", "--host", HOST, "--port", str(port), "--token", TOKEN,
               "--clock", clock, "--data", str(folder / place.SANDBOX)]  # fmt: skip
    with log.open("ab") as errors:
        process = subprocess.Popen(
            command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        )
    try:
        said = process.stdout.readline() if process.stdout else ""
        if not said.startswith("sandbox http"):
            raise DiedError(log)
        yield process, said.split()[1]
    finally:
        end(process)


def environment(folder: Path, url: str) -> dict[str, str]:
    """All that the bot is told."""
    web = _free()
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "ZHUCUN_DATA": str(folder / place.BOT),
        "ZHUCUN_TOKEN": TOKEN,
        "ZHUCUN_API_URL": url.rstrip("/"),
        "ZHUCUN_CLOCK_URL": f"{url.rstrip('/')}/sandbox/clock",
        "ZHUCUN_CONSOLE_URL": f"http://{web}/console",
        "ZHUCUN_LISTEN": web,
    }


def _free() -> str:
    """A place of this machine where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as some:
        return f"127.0.0.1:{some.getsockname()[1]}"


class Bot:
    """The bot's process, to be started again and again."""

    def __init__(self, folder: Path, url: str) -> None:
        self.log = folder / place.BOT_LOG
        self._environment = environment(folder, url)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready. Raises DiedError."""
        seen = self.log.stat().st_size if self.log.exists() else 0
        # A demo's folder may be copied about: it talks to nobody but its own sandbox.
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--adopt"], cwd=PROJECT, env=self._environment,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = monotonic() + PATIENCE
        while READY not in self._since(seen):
            if monotonic() > deadline or self.ended(0.1):
                raise DiedError(self.log)

    def _since(self, seen: int) -> str:
        with self.log.open("rb") as log:
            log.seek(seen)
            return log.read().decode(errors="replace")

    def ended(self, within: float) -> bool:
        """Whether it has ended, waiting that long (seconds) for it."""
        if self.process is None:
            return True
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        if self.process is not None:
            end(self.process)


def end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """Ask it to end, and make it when it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
