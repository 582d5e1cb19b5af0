"""docs/faults.md against the tests: each fault has a test, each test of a fault has its row."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT, Rule, called, is_text, report, sources, type_of_function, write

TABLE = "docs/faults.md"
NAMED = re.compile(r"(?:(?P<file>tests/[\w/]+\.py)::)?(?:\w+::)?(?P<test>test_\w+)\b(?!\.py)")


@dataclass(frozen=True)
class Row:
    """One fault: its name, the sentence that is said, what is kept, and the tests that show it."""

    line: int
    fault: str
    tests: tuple[tuple[str | None, str], ...]
    cells: tuple[str, ...]


def rows(root: Path) -> list[Row]:
    path = root / TABLE
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    tables = [(number, line) for number, line in enumerate(lines, 1) if line.startswith("|")]
    rules = {number for number, line in tables if set(line) <= set("|-: ")}
    return [_row(number, line) for number, line in tables if number not in rules and number + 1 not in rules]


def _row(number: int, line: str) -> Row:
    cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
    named = tuple((hit["file"], hit["test"]) for hit in NAMED.finditer(cells[-1]))
    return Row(number, cells[0].strip("`"), named, cells)


def _tests(root: Path) -> Iterator[tuple[str, type_of_function, set[str]]]:
    """File, function and faults of every test; a mark on a class is a mark on each of its tests."""
    for source in sources(root, "tests"):
        if source.name.startswith("tests/house/"):
            continue  # the samples below are no tests of faults
        of_class = {
            id(method): _marks(node.decorator_list)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.ClassDef)
            for method in node.body
        }
        for function in source.functions():
            if function.name.startswith("test_"):
                yield (
                    source.name,
                    function,
                    _marks(function.decorator_list) | of_class.get(id(function), set()),
                )


def _marks(decorators: list[ast.expr]) -> set[str]:
    calls = (part for node in decorators for part in ast.walk(node) if isinstance(part, ast.Call))
    return {
        str(word.value) for call in calls if called(call) == "fault" for word in call.args if is_text(word)
    }


def rows_without_test(root: Path) -> list[str]:
    """A row that names no test, or one that is not there or does not carry the fault's mark."""
    known = list(_tests(root))
    return [
        f"{TABLE}:{row.line} {row.fault}: {name or 'no test named'}"
        for row in rows(root)
        for file, name in row.tests or ((None, ""),)
        if not any(
            f.name == name and file in {None, where} and row.fault in marks for where, f, marks in known
        )
    ]


def marks_without_row(root: Path) -> list[str]:
    named = {row.fault for row in rows(root)}
    return [f"{file}::{f.name} {fault}" for file, f, marks in _tests(root) for fault in sorted(marks - named)]


def poor_rows(root: Path) -> list[str]:
    """A row without all of fault, sentence, what is kept and test, or a fault told twice."""
    found = rows(root)
    names = [row.fault for row in found]
    return [
        f"{TABLE}:{row.line} {row.fault}"
        for row in found
        if len(row.cells) != 4 or not all(row.cells) or names.count(row.fault) > 1
    ]


def sentences_nobody_says(root: Path) -> list[str]:
    """A quoted Chinese sentence of the second column that the code does not say in these words."""
    said = {
        node.value
        for source in sources(root, *ROOMS)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return [
        f"{TABLE}:{row.line} {quoted}"
        for row in rows(root)
        for quoted in re.findall(r"`([^`]*[\u4e00-\u9fff][^`]*)`", row.cells[1] if len(row.cells) > 1 else "")
        if not any(quoted in one for one in said)
    ]


RULES = (rows_without_test, marks_without_row, poor_rows, sentences_nobody_says)


@pytest.mark.parametrize("rule", RULES)
def test_the_table_equals_the_tests(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


def test_there_is_a_table() -> None:
    assert len(rows(ROOT)) >= 14, "the faults that this project answers, one row each"


HEAD = "| fault | sentence | kept | test |\n|---|---|---|---|\n"
GOOD = "| sticker | 请发文字 | the draft | `tests/bot/test_bad.py::test_a_sticker` |\n"
MARKED = "@pytest.mark.fault('sticker')\ndef test_a_sticker(): ...\n"


@pytest.mark.parametrize(
    ("rule", "table", "tests"),
    [
        (rows_without_test, GOOD, "def test_a_sticker(): ...\n"),
        (rows_without_test, GOOD, MARKED.replace("test_a_sticker", "test_other")),
        (rows_without_test, GOOD.replace("test_bad.py", "test_other.py"), MARKED),
        (rows_without_test, "| sticker | 请发文字 | the draft | see the tests |\n", MARKED),
        (marks_without_row, "", MARKED),
        (
            marks_without_row,
            GOOD,
            MARKED + "@pytest.mark.fault('429')\nclass TestIt:\n    def test_it(self): ...\n",
        ),
        (sentences_nobody_says, GOOD.replace("请发文字", "`请发文字`"), MARKED),
        (poor_rows, GOOD.replace("the draft", ""), MARKED),
        (poor_rows, GOOD.replace(" the draft |", ""), MARKED),
    ],
)
def test_a_difference_is_seen(rule: Rule, table: str, tests: str, tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, {TABLE: HEAD + table, "tests/bot/test_bad.py": tests}))) == 1


def test_a_fault_told_twice_is_seen(tmp_path: Path) -> None:
    assert len(poor_rows(write(tmp_path, {TABLE: HEAD + GOOD + GOOD}))) == 2


@pytest.mark.parametrize("rule", RULES)
def test_an_equal_table_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    more = "| 429 | none | the letter | test_it, test_a_sticker |\n"
    tests = "@pytest.mark.fault('429')\n@pytest.mark.fault('sticker')\ndef test_a_sticker(): ...\n"
    tests += "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.fault('429'))])\n"
    tests += "def test_it(x): ...\n"
    said = {"handlers/words.py": "SENTENCE = '请发文字。'\n"}
    good = GOOD.replace("请发文字", "`请发文字。`")
    sample = said | {TABLE: "# Faults\n\n" + HEAD + good + more + "\nText.\n", "tests/bot/test_bad.py": tests}
    assert rule(write(tmp_path, sample)) == []
