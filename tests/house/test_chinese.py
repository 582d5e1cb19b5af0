"""Every Chinese sentence in the code goes through gettext, so that each has its English."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, Rule, Source, called, docstrings, report, write
from tests.texts import MARKS, translatable

# Ideographs: punctuation alone joins what is already translated.
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
ALLOWED = "# not for people:"
"""Beside a string: it is matched, stored or drawn, never said. On the first line of a statement it speaks for
all of it; on a line of its own before the first statement of a file, for a file of data. A reason follows."""


def untranslated(root: Path) -> list[str]:
    """A Chinese string outside `_()` and `N_()`, without the allowance beside it."""
    broken = []
    for source in translatable(root):
        allowed = _allowed_lines(source)
        if allowed is not None:
            broken += [f"{source.at(node)} {node.value!r}" for node in _loose(source, allowed)]
    return broken


def _loose(source: Source, allowed: set[int]) -> list[ast.Constant]:
    """Chinese constants that neither gettext nor an allowance covers."""
    inside = docstrings(source.tree) | _marked(source)
    return [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)
        if id(node) not in inside and not allowed & {node.lineno, node.end_lineno}
    ]


def _marked(source: Source) -> set[int]:
    """`id()` of each string that is directly the sentence given to gettext."""
    calls = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    return {id(call.args[0]) for call in calls if called(call) in MARKS and call.args}


def _allowed_lines(source: Source) -> set[int] | None:
    """Lines whose strings are not for people; None when the whole file is."""
    said = {line for line, comment in source.comments.items() if _has_reason(comment)}
    body = source.tree.body
    first = next((node.lineno for node in body if not isinstance(node, ast.Expr)), len(source.lines) + 1)
    if any(line < first and source.lines[line - 1].startswith("#") for line in said):
        return None
    statements = (
        node for node in ast.walk(source.tree) if isinstance(node, ast.stmt) and node.lineno in said
    )
    spans = (
        range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in statements if _is_data(node)
    )
    return said.union(*spans)


def _is_data(node: ast.stmt) -> bool:
    """A class or function is too much to allow in one word."""
    return not hasattr(node, "body")


def _has_reason(comment: str) -> bool:
    return ALLOWED in comment and len(comment.split(ALLOWED)[1].strip()) >= 4


def not_constant(root: Path) -> list[str]:
    """`_()` given what extraction cannot read: an f-string, a sum, an already formatted sentence."""
    return [
        f"{source.at(call)} {ast.unparse(call)}"
        for source in translatable(root)
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and called(call) in MARKS and call.args
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp | ast.Call)
    ]


RULES = (untranslated, not_constant)


@pytest.mark.parametrize("rule", RULES)
def test_people_are_spoken_to_through_gettext(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (untranslated, "x = '走访'"),
        (untranslated, "x = f'周 {n}'"),
        (untranslated, "x = _(KEY) + '条。'"),
        (untranslated, "x = '走访'  # not for people:"),
        (untranslated, "x = 1  # not for people: matched only\ny = '走访'"),
        (untranslated, "def f():  # not for people: matched only\n    return '走访'"),
        (untranslated, "x = {'走访': _('走访')}"),
        (untranslated, "x = _('走访', '照片')"),
        (not_constant, "x = _(f'第 {n} 周')"),
        (not_constant, "x = _('第 {n} 周'.format(n=1))"),
        (not_constant, "x = _('走' + word)"),
    ],
)
def test_a_loose_sentence_is_seen(rule: Rule, text: str, tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, {"handlers/visit.py": text}))) == 1


@pytest.mark.parametrize("rule", RULES)
def test_what_is_said_well_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    sample = {
        "handlers/visit.py": (
            '"""走访 is a visit."""\n'
            "x = _('第 {n} 周').format(n=1)  # 周\n"
            "y = N_('走访' '记录')\n"
            "z = _(y)\n"
            "words = {  # not for people: typed by them\n    '走访': 'visit',\n    '照片': 'photo',\n}\n"
            "w = '、'.join('周报')  # not for people: typed by them\n"
            "v = '、'.join(x)\n"
        ),
        "bot/demo/names.py": '"""Names."""\n\n# not for people: invented names of the demo\nA = ["李卫国"]\n',
        "bot/sandbox/server.py": "x = '走访'",
    }
    assert rule(write(tmp_path, sample)) == []
