"""The processes of a run and their deaths: one of each bot that does everything, or each part in its own.

Of several one is the victim of a life: it is started anew with the plan of its death, while those that did not die
before go on. So a part dies beside others that know nothing of it, and now and then all die at once, as a machine does.
What the processes of several bots do for each other (the clock's work, the summaries) may end any of them: all are
started with the plan then, and die with the first.
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
from tests.crash.modes import BOTS, WHOLE, Mode
from tests.starter import Started, Starter
from tests.world import World

EVERYTHING = "everything"
PARTS = ("intake", "desk", "delivery", "workers", "clock")
COMMON = ("job", "weekly")
"""Points of work that is done for all bots."""
_HOSTS = {"errand": "workers", "photo": "workers", "preview": "workers", "weekly": "workers", "job": "clock"}
_AT_ONCE = 0.3
"""How often the others die with the victim."""


class DeadError(AssertionError):
    """The bot died before what is waited for."""


@dataclass
class Lives:
    """What runs now, by part and bot; `victims` are those of whom one will end. `worlds`: one of each bot."""

    worlds: tuple[World, ...]
    starter: Starter
    folder: Path
    dice: random.Random
    mode: Mode = WHOLE
    running: dict[str, Started] = field(default_factory=dict)
    victims: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.mode.taking, *PARTS[1:]) if self.mode.apart else (EVERYTHING,)

    @property
    def names(self) -> tuple[str, ...]:
        """One clock does what is due for all bots."""
        bots = BOTS[: self.mode.bots]
        return tuple(
            f"{part} {bot}" for bot in bots for part in self.parts if (part, bot) != ("clock", BOTS[1])
        )

    def start(self, death: Death | None, bot: int | None = None) -> list[str]:
        """Begin a life: what does not run is started. Without a death all only look on. Who had to be killed for it,
        because it ran and would not know. `bot`: whose process it shall be, where that is to say."""
        self.victims = self._hosts(death, bot or self.dice.choice(BOTS[: self.mode.bots])) if death else ()
        known = self.kill(*met) if (met := [one for one in self.victims if one in self.running]) else []
        quiet = self.folder / "quiet"
        quiet.mkdir(exist_ok=True)
        (quiet / "plan").write_text("")
        plan = "" if death is None or death.point == RANDOM else f"{death.point} {death.nth}"
        (self.folder / "plan").write_text(plan)
        for name in self.names:
            if name not in self.running:
                self._begin(name, self.folder if name in self.victims else quiet)
        return known

    def _hosts(self, death: Death, bot: int) -> tuple[str, ...]:
        """Who passes a point: any part where each has it, any bot's process where they work for each other."""
        head = death.point.partition(".")[0]
        part = EVERYTHING
        if self.mode.apart:
            part = head if head in self.parts else _HOSTS.get(head) or self.dice.choice(self.parts)
        if head in COMMON:
            return tuple(name for name in self.names if name.startswith(part))
        return (name if (name := f"{part} {bot}") in self.names else f"{part} {BOTS[0]}",)

    def _begin(self, name: str, told: Path) -> None:
        part, _, bot = name.partition(" ")
        only = [] if part == EVERYTHING else ["--only", part]
        world = self.worlds[BOTS.index(int(bot))]
        environment = world.environment | {VARIABLE: str(told)}
        self.running[name] = self.starter.begin(["run", *only], environment, world.folder / "log.txt")

    def ended(self, seconds: float, watch: Callable[[], None]) -> int | None:
        """Wait for the first victim's end; its exit code, None when it did not come. Raises what `watch` raises, and
        at once when another one ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            watch()
            self.look()
            for name in self.victims:
                with suppress(subprocess.TimeoutExpired):
                    return self.running[name].wait(0.5)
        return None

    def look(self) -> None:
        """Raises when somebody ended who had no reason to."""
        for name, one in self.running.items():
            if name not in self.victims:
                assert one.poll() is None, f"{name} ended by itself with {one.poll()}\n{self.log[-2000:]}"

    @property
    def over(self) -> bool:
        """Whether a victim is dead, or nobody was started."""
        ends = [self.running[name].poll() for name in self.victims or self.names if name in self.running]
        return not ends or any(end is not None for end in ends)

    def with_others(self) -> list[str]:
        """A victim is dead: who died in the end."""
        if len(self.names) == 1 or self.dice.random() < _AT_ONCE:
            return self.kill()
        return self.kill(*self.victims)

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
            assert one.poll() == 0, f"{name} ended with {one.poll()}\n{self.log[-2000:]}"
        self.running.clear()

    @property
    def log(self) -> str:
        """What all of them said."""
        return self.worlds[0].log


def died(code: int | None) -> bool:
    return code == -signal.SIGKILL
