"""Starts `zhucun …` at once: a process that has loaded the program and forks whenever it is asked to.

Loading takes seconds of processor time, and a run of kills starts hundreds of bots. What is forked is the whole
program from `main` on, in a process group of its own; nothing but the loading is shared. Its protocol is one line
of JSON each way on standard input and output.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

PROJECT = Path(__file__).resolve().parents[2]


class Starter:
    """The asking side. One program at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.starter"], cwd=PROJECT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self, arguments: list[str], environment: dict[str, str], out: Path, err: Path) -> int:
        """Run `zhucun arguments` with no other variables than these, appending to the files; its process id."""
        return int(self._ask(arguments=arguments, environment=environment, out=str(out), err=str(err)))

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
        self.process.stdin.write(json.dumps(wish) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


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
