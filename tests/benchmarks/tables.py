"""Figures for people: a Markdown table of medians, and goals met or missed."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from statistics import median

from tests.benchmarks.contenders import CONTENDERS, ECHO_BOT, PICKLE, REDIS, ZHUCUN
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
    """What this program promises of its speed, beside the others that ran in the same run."""
    found = medians(runs)
    if ZHUCUN not in found:
        return []
    return [
        goal
        for about, make in _BESIDE.items()
        if about in found
        for goal in make(found[ZHUCUN], found[about])
    ]


def _beside_redis(ours: Run, peer: Run) -> list[Goal]:
    return [Goal("2.updates_beside_redis", ours.per_second / peer.per_second, 2.5, least=True)]


def _beside_pickle(ours: Run, peer: Run) -> list[Goal]:
    return [Goal("2.updates_beside_conversation_handler", ours.per_second / peer.per_second, 3, least=True)]


def _beside_echo(ours: Run, peer: Run) -> list[Goal]:
    return [
        Goal("2.updates_beside_echo", ours.per_second / peer.per_second, 1, least=True),
        Goal("2.p99_at_100_a_second_beside_echo", ours.paced_p99_ms / peer.paced_p99_ms, 1.5),
        Goal("2.start_beside_echo", ours.start_s / peer.start_s, 1.3),
        Goal("2.peak_mb_beside_echo", ours.peak_mb / peer.peak_mb, 1.5),
    ]


_BESIDE = {REDIS: _beside_redis, PICKLE: _beside_pickle, ECHO_BOT: _beside_echo}
