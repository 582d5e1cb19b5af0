"""Lengths: short functions, short files, tests at least as long as the code."""

import ast
import statistics
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT, Rule, Source, report, sources, type_of_function, write

MEDIAN, NINETIETH, LONGEST = 8, 20, 50
FILE = 300
# Alembic writes these once and nobody edits them: one function makes every table of its day.
GENERATED = "storage/migrations/versions/"


def length(function: type_of_function) -> int:
    """Lines from `def` to the end, without the docstring: explaining a function does not make it long."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None:
        return lines
    return lines - ((first.end_lineno or first.lineno) - first.lineno + 1)


def written(root: Path, *rooms: str) -> list[Source]:
    return [source for source in sources(root, *rooms) if not source.name.startswith(GENERATED)]


def lengths(root: Path) -> list[int]:
    return [length(function) for source in written(root, *ROOMS) for function in source.functions()]


def long_functions(root: Path) -> list[str]:
    """Functions over 50 lines, in code and tests alike."""
    return [
        f"{source.at(function)} {function.name} has {length(function)} lines"
        for source in written(root, *ROOMS, "tests")
        for function in source.functions()
        if length(function) > LONGEST
    ]


def usual_function(root: Path) -> list[str]:
    """The median and the ninetieth percentile of the functions of the code."""
    found = sorted(lengths(root))
    if len(found) < 2:
        return []
    median, ninetieth = statistics.median(found), statistics.quantiles(found, n=10)[-1]
    broken = [f"the median function has {median} lines, at most {MEDIAN}"] if median > MEDIAN else []
    if ninetieth > NINETIETH:
        broken.append(f"the ninetieth percentile is {ninetieth} lines, at most {NINETIETH}")
    return broken


def long_files(root: Path) -> list[str]:
    """Files of the code past 300 lines, the phones page included."""
    page = [path for path in (root / "bot").rglob("*") if path.suffix in {".js", ".css", ".html"}]
    paths = [*(source.path for source in written(root, *ROOMS)), *page]
    counted = ((path, len(path.read_text("utf-8").splitlines())) for path in paths)
    return [f"{path.relative_to(root)} has {lines} lines" for path, lines in counted if lines > FILE]


def short_tests(root: Path) -> list[str]:
    """Tests, golden conversations included, have at least as many lines as the code."""
    code = sum(len(source.lines) for source in written(root, *ROOMS))
    golden = sum(len(path.read_text("utf-8").splitlines()) for path in (root / "tests").rglob("*.yaml"))
    tests = golden + sum(len(source.lines) for source in written(root, "tests"))
    return [f"{tests} lines of tests for {code} of code"] if tests < code else []


@pytest.mark.parametrize("rule", [long_functions, usual_function, long_files, short_tests])
def test_the_yardstick_holds(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


def function_of(lines: int, name: str = "f") -> str:
    return f"def {name}():\n" + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize(
    ("rule", "sample"),
    [
        (long_functions, {"bot/app.py": function_of(51)}),
        (
            long_functions,
            {"tests/test_app.py": "class A:\n    async def f(self):\n" + "        x = 1\n" * 50},
        ),
        (usual_function, {"bot/app.py": function_of(9, "f") + function_of(9, "g")}),
        (
            usual_function,
            {"bot/app.py": "".join(function_of(2, f"f{n}") for n in range(8)) + function_of(30) * 2},
        ),
        (long_files, {"storage/visit.py": "x = 1\n" * 301}),
        (long_files, {"bot/sandbox/page/app.js": "let x = 1\n" * 301}),
        (short_tests, {"storage/visit.py": "x = 1\n" * 3, "tests/test_visit.py": "x = 1\n" * 2}),
    ],
)
def test_what_is_too_long_is_seen(rule: Rule, sample: dict[str, str], tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, sample))) == 1


@pytest.mark.parametrize("rule", [long_functions, usual_function, long_files, short_tests])
def test_what_is_just_short_enough_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    sample = {
        "bot/app.py": "".join(function_of(8, f"f{n}") for n in range(30)) + function_of(50),
        "storage/migrations/versions/0001_first.py": function_of(200),
        "storage/visit.py": 'def f():\n    """' + "words\n" * 60 + '    """\n    return 1\n',
        "tests/test_app.py": "x = 1\n" * 600,
    }
    assert rule(write(tmp_path, sample)) == []
