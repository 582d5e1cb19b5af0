"""Patches that break the rules of docs/design.md one by one (patches.toml)."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("patches.toml")
DESIGN = "docs/design.md"
_ROW = re.compile(r"^\| (\d+)\. ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_GUARD = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")


@dataclass(frozen=True)
class Patch:
    """In `file` the text `old` becomes `new`; then `test`, which guards the rule, must fail. `breaks` says what the
    program does with it."""

    rule: int
    breaks: str
    file: str
    old: str
    new: str
    test: str

    def misfit(self, root: Path) -> str | None:
        """Why it cannot be applied here; None when it can."""
        path = root / self.file
        found = path.read_text("utf-8").count(self.old) if path.is_file() else 0
        if self.old == self.new:
            return f"{self}: it changes nothing"
        return None if found == 1 else f"{self}: its old text is {found} times in {self.file}, not once"

    def apply(self, root: Path) -> None:
        """Raises ValueError where it does not fit."""
        if said := self.misfit(root):
            raise ValueError(said)
        path = root / self.file
        path.write_text(path.read_text("utf-8").replace(self.old, self.new), "utf-8")

    def __str__(self) -> str:
        return f"rule {self.rule} ({self.breaks})"


def patches(data: Path = DATA) -> list[Patch]:
    return [Patch(**one) for one in tomllib.loads(data.read_text("utf-8"))["patch"]]


def guards(design: str) -> dict[int, set[str]]:
    """The tests that the page names for each rule."""
    return {int(number): set(_GUARD.findall(tests)) for number, _rule, tests in _ROW.findall(design)}


def faults(root: Path, some: list[Patch]) -> Iterator[str]:
    """What is wrong with the patches: one that does not fit, whose test is none of its rule's, that holds nothing
    together with its file; a rule without one."""
    known = guards((root / DESIGN).read_text("utf-8"))
    for patch in some:
        if said := patch.misfit(root):
            yield said
        elif patch.test not in known.get(patch.rule, set()):
            yield f"{patch}: {DESIGN} does not name {patch.test} for its rule"
        elif (said := _unreadable(root, patch)) is not None:
            yield said
    yield from (f"rule {rule} has no patch" for rule in known.keys() - {patch.rule for patch in some})


def _unreadable(root: Path, patch: Patch) -> str | None:
    """A patch that is no Python would turn everything red and show nothing."""
    text = (root / patch.file).read_text("utf-8").replace(patch.old, patch.new)
    try:
        compile(text, patch.file, "exec")
    except SyntaxError as error:
        return f"{patch}: {error}"
    return None
