"""The processes of a run and their deaths: one that does everything, or each part in its own.

Of several one is the victim of a life: it is started anew with the plan of its death, while those that did not die
before go on. So a part dies beside others that know nothing of it, and now and then all die at once, as a machine does.
"""

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.crash import VARIABLE
from tests.crash.deaths import RANDOM, Death
from tests.starter import Started, Starter
from tests.world import World

WHOLE = "everything"
PARTS = ("intake", "desk", "delivery", "workers", "clock")
_HOSTS = {"errand": "workers", "photo": "workers", "preview": "workers", "weekly": "workers", "job": "clock"}
_AT_ONCE = 0.3
"""How often the others die with the victim."""


class DeadError(AssertionError):
    """The bot died before what is waited for."""


@dataclass
class Lives:
    """What runs now, by name; `victim` is whose end is waited for."""

    world: World
    starter: Starter
    folder: Path
    dice: random.Random
    apart: bool = False
    running: dict[str, Started] = field(default_factory=dict)
    victim: str = WHOLE

    @property
    def names(self) -> tuple[str, ...]:
        return PARTS if self.apart else (WHOLE,)

    def start(self, death: Death | None) -> list[str]:
        """Begin a life: what does not run is started. Without a death all only look on. Who had to be killed for it,
        because it ran and would not know."""
        self.victim = self._host(death) if death is not None else self.names[0]
        known = self.kill(self.victim) if death is not None and self.victim in self.running else []
        quiet = self.folder / "quiet"
        quiet.mkdir(exist_ok=True)
        (quiet / "plan").write_text("")
        plan = "" if death is None or death.point == RANDOM else f"{death.point} {death.nth}"
        (self.folder / "plan").write_text(plan)
        for name in self.names:
            if name not in self.running:
                self._begin(name, self.folder if name == self.victim else quiet)
        return known

    def _host(self, death: Death) -> str:
        """The part that passes a point: any of them where each has it."""
        if not self.apart:
            return WHOLE
        head = death.point.partition(".")[0]
        return head if head in PARTS else _HOSTS.get(head) or self.dice.choice(PARTS)

    def _begin(self, name: str, told: Path) -> None:
        only = [] if name == WHOLE else ["--only", name]
        environment = self.world.environment | {VARIABLE: str(told)}
        log = self.world.folder / "log.txt"
        self.running[name] = self.starter.begin(["run", *only], environment, log)

    def ended(self, seconds: float, watch: Callable[[], None]) -> int | None:
        """Wait for the victim's end; its exit code, None when it did not come. Raises what `watch` raises, and at
        once when another one ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            watch()
            self.look()
            with suppress(subprocess.TimeoutExpired):
                return self.running[self.victim].wait(0.5)
        return None

    def look(self) -> None:
        """Raises when somebody ended who had no reason to."""
        for name, one in self.running.items():
            if name != self.victim:
                assert one.poll() is None, (
                    f"{name} ended by itself with {one.poll()}\n{self.world.log[-2000:]}"
                )

    @property
    def over(self) -> bool:
        """Whether the victim is dead, or nobody was started."""
        return self.victim not in self.running or self.running[self.victim].poll() is not None

    def with_others(self) -> list[str]:
        """The victim is dead: who died in the end."""
        if not self.apart or self.dice.random() < _AT_ONCE:
            return self.kill()
        return self.kill(self.victim)

    def kill(self, *names: str) -> list[str]:
        """kill -9 of these, or of all, each with its group, and at once. Who that was."""
        gone = list(names or self.running)
        for name in gone:
            self.running.pop(name).kill()
        return gone

    def stop(self, seconds: float) -> None:
        """The polite end of all. Raises when one does not come to it."""
        for name, one in self.running.items():
            one.terminate()
            with suppress(subprocess.TimeoutExpired):
                one.wait(seconds)
            assert one.poll() == 0, f"{name} ended with {one.poll()}\n{self.world.log[-2000:]}"
        self.running.clear()


def died(code: int | None) -> bool:
    return code == -signal.SIGKILL
