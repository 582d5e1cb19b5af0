"""Crash points: named places between two steps, at which the tests end this process as a power cut would.

They cost next to nothing and do nothing, unless the variable ZHUCUN_CRASH names a folder (tests/crash): its
file `plan` holds the name of a point and the how-manieth passing is the last; its file `passed` is told each
point when it is first passed, and the one that was deadly.
"""

import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

VARIABLE = "ZHUCUN_CRASH"
POINTS = {
    "intake.received": "updates are here, nothing is written",
    "intake.kept": "arrivals are committed, Telegram does not know",
    "intake.confirmed": "Telegram has been told",
    "web.received": "an update was pushed, nothing is written",
    "web.kept": "the arrival is committed, Telegram waits for its 200",
    "desk.taken": "the oldest arrival is alone in hand, nothing of it has happened",
    "desk.begun": "nothing of the arrival has happened",
    "desk.handled": "all of the arrival has happened, uncommitted",
    "desk.committed": "what follows from the arrival is committed, nobody is woken",
    "pen.before_commit": "a batch of jobs is done, uncommitted",
    "pen.committed": "it is committed, no caller knows",
    "delivery.recovered": "what was being sent waits again, in doubt",
    "delivery.claimed": "letters are noted as being sent, none is",
    "delivery.sent": "Telegram's answer is here, unnoted",
    "delivery.refused": "Telegram's refusal is here, unnoted",
    "delivery.noting": "letters sent are about to be noted together",
    "delivery.noted": "that they were sent is committed",
    "errand.begun": "nothing of the errand has happened",
    "errand.done": "the errand is noted as done",
    "photo.fetched": "the bytes are here, not kept",
    "photo.kept": "the file is kept, unnoted",
    "photo.noted": "the photo is committed as kept",
    "preview.kept": "the preview's file is kept, unnoted",
    "weekly.counted": "the figures are committed, no chart is drawn",
    "weekly.drawn": "the chart's file is kept, no letter is written",
    "weekly.written": "the summary's letters are committed",
    "job.gap.worked": "letters about a restore are written, uncommitted",
    "job.gap.done": "they are committed, delivery is not woken",
    "job.seal_journal.worked": "lines are chained, uncommitted",
    "job.seal_journal.done": "the chain is committed",
    "job.draft_week.worked": "drafts of the week are written, uncommitted",
    "job.draft_week.done": "they are committed, delivery is not woken",
    "job.close_week.worked": "errands of closed weeks are written, uncommitted",
    "job.close_week.done": "they are committed, no worker is woken",
    "job.remind.worked": "reminders are written, uncommitted",
    "job.remind.done": "they are committed, delivery is not woken",
    "job.digest.worked": "digests are written, uncommitted",
    "job.digest.done": "they are committed, delivery is not woken",
    "job.told_queries.worked": "answers to kept questions are written, uncommitted",
    "job.told_queries.done": "they are committed, delivery is not woken",
    "job.draft_reminders.worked": "words about forgotten drafts are written, uncommitted",
    "job.draft_reminders.done": "they are committed, delivery is not woken",
    "job.likeness.worked": "letters about photos that are alike are written, uncommitted",
    "job.likeness.done": "they are committed, delivery is not woken",
    "job.alarm.worked": "words to administrators about what waits are written, uncommitted",
    "job.alarm.done": "they are committed, delivery is not woken",
    "job.retain.worked": "what is kept no longer is erased, uncommitted",
    "job.retain.done": "it is erased, its files are still there",
    "job.prune.worked": "old rows are emptied, uncommitted",
    "job.prune.done": "old rows are gone",
}
"""Every point, and how things stand there."""


@dataclass
class _Switch:
    """Which passing of which point is deadly, and who is told of the points passed."""

    folder: Path
    deadly: str
    nth: int
    _passed: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def passes(self, name: str) -> None:
        with self._lock:
            self._passed[name] += 1
            if self._passed[name] == 1:
                self._tell(name)
            if name == self.deadly and self._passed[name] >= self.nth:
                self._tell(f"{name} died")
                os.kill(os.getpid(), signal.SIGKILL)

    def _tell(self, line: str) -> None:
        with (self.folder / "passed").open("a") as file:
            file.write(line + "\n")


_switch: _Switch | None = None


def arm() -> None:
    """Switch the points on if the tests ask for it. Called once, by `zhucun run`."""
    global _switch
    folder = os.environ.get(VARIABLE)
    if folder:
        name, _, nth = (Path(folder) / "plan").read_text().partition(" ")
        _switch = _Switch(Path(folder), name.strip(), int(nth or 1))


def point(name: str) -> None:
    """This place has been reached. Whatever follows must bear not to happen."""
    if _switch is not None:
        _switch.passes(name)
