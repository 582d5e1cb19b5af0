"""Crash points: each is declared, each is somewhere, and the deadly one ends the process at once."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

from bot.crash import POINTS, VARIABLE, point
from bot.scheduler import STEPS
from tests.house.tree import ROOT, is_text, sources

PROGRAM = """
from bot import crash
crash.arm()
for number in range(1, 10):
    print(number, flush=True)
    crash.point("pen.committed")
    crash.point("desk.begun")
"""


def run(folder: Path | None) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, VARIABLE: str(folder or "")}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )


def planned(folder: Path, plan: str) -> Path:
    (folder / "plan").write_text(plan)
    return folder


def test_every_declared_point_is_somewhere_and_every_point_is_declared() -> None:
    used = {
        ast.unparse(call.args[0]) if not is_text(call.args[0]) else ast.literal_eval(call.args[0])
        for source in sources(ROOT, "bot", "handlers", "storage", "reports")
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "crash.point"
    }
    of_jobs = {f"f'job.{{name}}.{where}'" for where in ("worked", "done")}
    assert of_jobs <= used
    steps = {f"job.{step}.{where}" for step in STEPS for where in ("worked", "done")}
    assert (used - of_jobs) | steps == set(POINTS)


def test_nothing_happens_when_nobody_asks() -> None:
    assert run(None).returncode == 0
    for name in POINTS:
        point(name)


def test_the_nth_passing_is_the_last(tmp_path: Path) -> None:
    ended = run(planned(tmp_path, "desk.begun 3"))
    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout.split() == ["1", "2", "3"], "nothing of what follows happened"
    assert (tmp_path / "passed").read_text().splitlines() == [
        "pen.committed",
        "desk.begun",
        "desk.begun died",
    ]


def test_without_a_number_the_first_passing_is_the_last(tmp_path: Path) -> None:
    assert run(planned(tmp_path, "pen.committed")).stdout.split() == ["1"]


def test_a_plan_without_a_point_only_looks_on(tmp_path: Path) -> None:
    assert run(planned(tmp_path, "")).returncode == 0
    assert (tmp_path / "passed").read_text().splitlines() == ["pen.committed", "desk.begun"]
