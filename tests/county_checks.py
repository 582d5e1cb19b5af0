"""What the simulated county-year is judged by: a check is a line; when a sweep could have spoken."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage import clocks
from storage.county import Rhythm

TICKS = (1.0, 2.0, 6.5, 14.5, 18.0)
"""Hours UTC of each day at which the sweep runs: 09:00, 10:00, 14:30, 22:30 and 02:00 of the county."""


@dataclass
class Check:
    """One line: what was measured and what is wanted; `most`: no more than that, else exactly."""

    name: str
    measured: float
    goal: float
    most: bool = False
    part: int = 3
    """Of the project, by which the lines are numbered."""

    @property
    def ok(self) -> bool:
        return self.measured <= self.goal if self.most else self.measured == self.goal

    def __str__(self) -> str:
        return f"{self.part}.{self.name} {self.measured:g} {self.goal:g} {'ok' if self.ok else 'short'}"


def sweep_after(moment: datetime, rhythm: Rhythm) -> datetime:
    """The first sweep from that moment on at which somebody may be spoken to."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(30):
        for hours in TICKS:
            at = day + timedelta(days=days, hours=hours)
            if at >= moment and clocks.may_speak(rhythm, at):
                return at
    raise AssertionError("a month without a working day")
