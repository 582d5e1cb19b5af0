"""In how many ways an installation can be run, each of which has to bear its deaths."""

from dataclasses import dataclass

from bot.crash import POINTS
from tests import databases

BOTS = (42, 43)
"""Telegram's ids of the bots, as they stand in their tokens."""


@dataclass(frozen=True)
class Mode:
    """`apart`: each part is a process; `webhook`: updates are pushed; `bots`: as many counties; `bucket`: photos lie in
    one."""

    apart: bool = False
    webhook: bool = False
    bots: int = 1
    bucket: bool = False

    @property
    def taking(self) -> str:
        """The part that takes updates."""
        return "web" if self.webhook else "intake"

    @property
    def points(self) -> frozenset[str]:
        """Crash points that are passed: updates come one way only."""
        other = "intake." if self.webhook else "web."
        return frozenset(point for point in POINTS if not point.startswith(other))

    def __str__(self) -> str:
        words = ["apart" * self.apart, "webhook" * self.webhook, "bucket" * self.bucket]
        return "-".join(filter(None, [databases.kind(), *words, f"{self.bots}-bots" * (self.bots > 1)]))


WHOLE = Mode()


def refusal(mode: Mode, database: databases.Kind) -> str | None:
    """Why there is no such installation; None where there is."""
    if mode.bots > len(BOTS):
        return f"there are {len(BOTS)} counties at most"
    if mode.bots > 1 and database == "sqlite":
        return "several bots want --database postgresql: on SQLite a data folder has one bot"
    return None
