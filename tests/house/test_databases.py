"""What a file keeps for its tests is made anew for each database; else its tests run twice on the first one."""

import ast
from pathlib import Path

from tests.house.tree import ROOT, report, sources, type_of_function, write

SAMPLE = """
import pytest

pytestmark = pytest.mark.both_databases

@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    yield 1

@pytest.fixture(scope="module")
def {name}({given}tmp_path_factory):
    yield 1

@pytest.fixture(scope="module")
def server():
    yield 1
"""


def _kept(function: type_of_function) -> bool:
    """Whether it is a fixture that outlives a test and has a folder, so a database."""
    scopes = {
        word.value.value
        for made in function.decorator_list
        if isinstance(made, ast.Call)
        for word in made.keywords
        if word.arg == "scope" and isinstance(word.value, ast.Constant)
    }
    return bool(scopes & {"module", "package", "session"}) and "tmp_path_factory" in _given(function)


def _given(function: type_of_function) -> set[str]:
    return {one.arg for one in function.args.args}


def stale(root: Path) -> list[str]:
    """Fixtures of files that run on both databases, or on either by `--database`, and do not ask for theirs."""
    return [
        f"{source.at(function)} {function.name} outlives a test: it must ask for `database`, too"
        for source in sources(root, "tests")
        if source.name == "tests/conftest.py"
        or "_databases" in source.text
        or "postgresql_only" in source.text
        for function in source.functions()
        if _kept(function) and "database" not in _given(function)
    ]


def test_what_outlives_a_test_asks_for_its_database() -> None:
    assert not stale(ROOT), report(stale(ROOT))


def test_one_that_does_not_ask_is_found(tmp_path: Path) -> None:
    write(tmp_path, {"tests/test_sample.py": SAMPLE.format(name="right", given="database, ")})
    assert [line.split()[1] for line in stale(tmp_path)] == ["filled"]
