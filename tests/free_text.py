"""How well personal numbers are found in sentences as members write them: `python -m tests.free_text` prints the
table of docs/benchmarks.md.

A line of tests/fixtures/free_text is a sentence, ⏎ a line break in it; what should be found stands as
`<kind number>`, everything else that looks like a number should stay. `measured.txt` was at hand while the search was
written, `later.txt` was written afterwards and nothing was changed for it. `awkward.txt` has numbers of 15 digits, in
Chinese numerals, cut and spread: written before the search knew of them, then at hand; `awkward_later.txt` afterwards.
All numbers are made up.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage.redact import found

SETS = ("measured", "later", "awkward", "awkward_later")
KINDS = {"id": "ID numbers", "phone": "mobile phones", "landline": "landlines", "card": "bank cards"}
_FOLDER = Path(__file__).parent / "fixtures" / "free_text"
_MARK = re.compile(r"<(\w+) ([^>]*)>")
Span = tuple[int, int]


@dataclass
class Score:
    """Of one set: how many numbers of each kind stand there and were found as a whole, what was found besides."""

    sentences: int = 0
    there: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.hit.total() / self.there.total()

    @property
    def false(self) -> float:
        """The share of what was found that is nobody's number."""
        return len(self.wrong) / (self.hit.total() + len(self.wrong))


def sentences(name: str) -> Iterator[tuple[str, dict[Span, str]]]:
    """Each sentence without its marks, and what should be found in it: kind by place."""
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        text, wanted, done = "", {}, 0
        for mark in _MARK.finditer(line):
            text += line[done : mark.start()]
            wanted[len(text), len(text) + len(mark[2])] = mark[1]
            text, done = text + mark[2], mark.end()
        yield (text + line[done:]).replace("⏎", "\n"), wanted


def score(name: str) -> Score:
    made = Score()
    for text, wanted in sentences(name):
        got = {(one.start, one.end) for one in found(text)}
        made.sentences += 1
        made.there.update(wanted.values())
        made.hit.update(kind for span, kind in wanted.items() if span in got)
        made.wrong += [text for _span in got - wanted.keys()]
    return made


def table() -> list[str]:
    """The lines of the table in docs/benchmarks.md."""
    lines = ["| set | sentences | " + " | ".join(KINDS.values()) + " | recall | found besides |"]
    lines.append("|" + " --- |" * (len(KINDS) + 4))
    for name in SETS:
        made = score(name)
        counts = [f"{made.hit[kind]} of {made.there[kind]}" for kind in KINDS]
        besides = f"{len(made.wrong)} ({made.false:.1%})"
        cells = [name, str(made.sentences), *counts, f"{made.recall:.1%}", besides]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join([*table(), ""]))
