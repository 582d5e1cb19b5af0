"""Figures for people: a Markdown table of medians, and goals met or missed."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from statistics import median

from tests.benchmarks.contenders import CONTENDERS, REDIS, ZHUCUN
from tests.benchmarks.measuring import Run

HEAD = (
    "| bot | survives a kill | updates/s | CPU µs/update | p50 / p99 ms, 100 waiting | p50 / p99 ms at 100/s "
    "| API calls/update | peak MB | start to first answer s |"
)


def medians(runs: Iterable[Run]) -> dict[str, Run]:
    """The median of each figure of each contender, in the order they were first seen."""
    by_name: dict[str, list[Run]] = {}
    for run in runs:
        by_name.setdefault(run.name, []).append(run)
    return {name: _median(found) for name, found in by_name.items()}


def _median(runs: list[Run]) -> Run:
    figures = [one.name for one in fields(Run) if one.name != "name"]
    return Run(runs[0].name, **{name: median(getattr(run, name) for run in runs) for name in figures})


def markdown(runs: list[Run]) -> str:
    keeps = {one.name: one.keeps for one in CONTENDERS}
    found = medians(runs)
    spread = {name: [run.per_second for run in runs if run.name == name] for name in found}
    rows = [_row(run, keeps[name], spread[name]) for name, run in found.items()]
    return "\n".join([HEAD, "| --- " * 9 + "|", *rows])


def _row(run: Run, keeps: str, speeds: list[float]) -> str:
    cells = (
        run.name, keeps, f"{run.per_second:.0f} ({min(speeds):.0f}–{max(speeds):.0f})", f"{run.cpu_us:,.0f}",
        f"{_ms(run.full_p50_ms)} / {_ms(run.full_p99_ms)}", f"{_ms(run.paced_p50_ms)} / {_ms(run.paced_p99_ms)}",
        f"{run.calls:.1f}", f"{run.peak_mb:.0f}", f"{run.start_s:.1f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


@dataclass(frozen=True)
class Goal:
    """`least` is met from below, otherwise the goal is the most allowed."""

    name: str
    measured: float
    goal: float
    least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.goal if self.least else self.measured <= self.goal

    def __str__(self) -> str:
        return f"{self.name} {self.measured:.2f} {self.goal:g} {'ok' if self.met else 'short'}"


def goals(runs: list[Run]) -> list[Goal]:
    """What this program promises of its speed, beside aiogram with Redis in the same run where that was run."""
    found = medians(runs)
    if ZHUCUN not in found:
        return []
    ours = found[ZHUCUN]
    made = [
        Goal("p99_ms_at_100_per_second", ours.paced_p99_ms, 250),
        Goal("peak_mb", ours.peak_mb, 350),
        Goal("start_to_first_answer_s", ours.start_s, 10),
    ]
    if REDIS in found:
        made.insert(0, Goal("updates_beside_redis", ours.per_second / found[REDIS].per_second, 1, least=True))
    return made
