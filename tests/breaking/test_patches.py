"""The patches of `make break`: each rule has one, each fits, and a colour is read for what it is."""

import dataclasses
from pathlib import Path

import pytest

from tests.breaking.__main__ import Verdict, read
from tests.breaking.patches import DESIGN, Patch, faults, guards, patches
from tests.house.tree import ROOT, report, write

PATCH = Patch(1, "nothing is kept", "bot/keep.py", "keep()", "None", "tests/test_keep.py::test_it_is_kept")
PAGE = "| rule | guarded by |\n|---|---|\n| 1. Keep | `tests/test_keep.py::test_it_is_kept` |\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path, {DESIGN: PAGE, "bot/keep.py": "def work():\n    keep()\n"})


def test_every_rule_has_a_patch_that_fits() -> None:
    assert set(guards((ROOT / DESIGN).read_text("utf-8"))) == set(range(1, 14))
    broken = list(faults(ROOT, patches()))
    assert not broken, report(broken)


def test_a_patch_that_fits_is_applied(project: Path) -> None:
    assert list(faults(project, [PATCH])) == []
    PATCH.apply(project)
    assert (project / "bot/keep.py").read_text() == "def work():\n    None\n"
    with pytest.raises(ValueError, match="0 times"):
        PATCH.apply(project)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"old": "kept()"}, "0 times"),
        ({"old": "k"}, "2 times"),
        ({"file": "bot/gone.py"}, "0 times"),
        ({"new": "keep()"}, "changes nothing"),
        ({"new": "if"}, "invalid syntax"),
        ({"test": "tests/test_keep.py::test_another"}, "does not name"),
    ],
)
def test_a_patch_that_shows_nothing_is_seen(project: Path, changed: dict[str, str], said: str) -> None:
    (fault,) = faults(project, [dataclasses.replace(PATCH, **changed)])  # type: ignore[arg-type] # only its texts are changed
    assert said in fault


def test_a_rule_without_a_patch_is_seen(project: Path) -> None:
    (project / DESIGN).write_text(PAGE + PAGE.splitlines()[2].replace("1.", "2."))
    assert list(faults(project, [PATCH])) == ["rule 2 has no patch"]


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ("PASSED tests/a.py::test_it\n1 passed", "green"),
        ("PASSED tests/a.py::test_it[one]\nPASSED tests/a.py::test_it[the other]\n", "green"),
        ("PASSED tests/a.py::test_it[one]\nFAILED tests/a.py::test_it[the other] - assert 1 == 2\n", "red"),
        ("FAILED tests/a.py::test_it_too\n", "not run"),
        ("SKIPPED [1] tests/a.py:7: the shared data folder is not here\n", "not run"),
        ("ERROR tests/a.py::test_it - fixture\n", "not run"),
        ("ERROR tests/a.py\nInterrupted: 1 error during collection", "not run"),
        ("", "not run"),
    ],
)
def test_only_a_failed_test_is_red(said: str, colour: str) -> None:
    assert read(said, ["tests/a.py::test_it"]) == {"tests/a.py::test_it": colour}


@pytest.mark.parametrize(
    ("before", "after", "good", "word"),
    [
        ("green", "red", True, "red"),
        ("green", "green", False, "green"),
        ("red", "red", False, "red without the patch"),
        ("green", "not run", False, "not run"),
    ],
)
def test_a_patch_is_good_when_green_turns_red(before: str, after: str, good: bool, word: str) -> None:
    verdict = Verdict(PATCH, before, after, 1.0)
    assert verdict.good == good
    assert f"rule 1  {word}" in str(verdict)
