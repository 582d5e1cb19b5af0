"""Starts `zhucun …` at once: a process that has loaded the program and forks whenever it is asked to.

Loading takes seconds of processor time, and the tests start hundreds of bots and commands. What is forked is the
whole program from `main` on, in a process group of its own; nothing but the loading is shared. Its protocol is one
line of JSON each way on standard input and output.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

PROJECT = Path(__file__).resolve().parents[1]


class Started:
    """A program that runs, with as much of `subprocess.Popen` as tests use."""

    def __init__(self, starter: "Starter", arguments: Sequence[str], pid: int) -> None:
        self._starter, self.args, self.pid = starter, arguments, pid
        self.returncode: int | None = None
        self._end = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """The same, after it has ended. Raises TimeoutExpired."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._end], [], [], timeout)[0]:
            self.returncode = self._starter.wait(self.pid)
            os.close(self._end)
        return self.returncode

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 of its whole group, as a power cut would."""
        if self.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
            self.wait()


class Starter:
    """The asking side."""

    def __init__(self) -> None:
        self._asking = Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.starter"], cwd=PROJECT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def begin(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Started:
        """Run `zhucun arguments` with no other variables than these; what it says is added to the log."""
        log.touch()  # whoever waits for its first words may look before it has any
        return Started(self, arguments, self.start(arguments, environment, log, log))

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """The same until it has ended. Raises TimeoutExpired."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            one = Started(self, arguments, self.start(arguments, environment, out, err))
            try:
                code = one.wait(timeout)
            finally:
                one.kill()
            return subprocess.CompletedProcess(arguments, code, out.read_text(), err.read_text())

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], out: Path, err: Path) -> int:
        """Its process id alone."""
        told = {"arguments": list(arguments), "environment": dict(environment)}
        return int(self._ask(**told, out=str(out), err=str(err)))

    def wait(self, pid: int) -> int:
        """Wait until it ends and end its whole group; its exit code, negative for a signal."""
        return int(self._ask(wait=pid))

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait()

    def _ask(self, **wish: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self._asking:
            self.process.stdin.write(json.dumps(wish) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())


@cache
def starter() -> Starter:
    """The one of this process."""
    made = Starter()
    atexit.register(made.close)
    return made


def zhucun(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command line on a data folder, which knows nothing but that and these settings."""
    environment = {"PATH": os.environ["PATH"], "ZHUCUN_DATA": str(folder), **settings}
    return starter().run(arguments, environment)


def _serve() -> None:
    import gc
    import importlib

    for name in _modules():
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    alive: set[int] = set()
    try:
        for line in sys.stdin:
            wish = json.loads(line)
            said = _ended(wish["wait"]) if "wait" in wish else _forked(wish)
            (alive.discard if "wait" in wish else alive.add)(wish.get("wait", said))
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()
    finally:
        for pid in alive:  # whoever asked has gone
            os.killpg(pid, signal.SIGKILL)


def _modules() -> list[str]:
    """All that a bot loads on its way."""
    found = ["bot.cli", "bot.app", "bot.desk"]
    for folder in ("errands", "jobs"):
        found += [f"bot.{folder}.{path.stem}" for path in (PROJECT / "bot" / folder).glob("[a-z]*.py")]
    return found


def _forked(wish: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _become(wish)
    return pid


def _become(wish: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        os.setsid()
        os.environ.clear()
        os.environ.update(wish["environment"])
        for number, path in enumerate((os.devnull, wish["out"], wish["err"])):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
            os.dup2(os.open(path, flags, 0o644), number)
        sys.argv = ["zhucun", *wish["arguments"]]
        from bot.cli import main

        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(pid: int) -> int:
    """What it has started goes with it, while its number is still its own."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    _serve()
