"""Refusals: one catalogue, each one used, each telling what to do next."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, Rule, Source, called, is_text, last_name, report, write
from tests.texts import MARKS, translatable

CATALOGUE = "storage/refusals.py"
# Words with which a sentence turns to what the person can do.
NEXT = re.compile("请|可以|可用|可在|发送|重新|换|点|选|联系|只能|不用|先|再")


def refusal_classes(root: Path) -> dict[str, ast.ClassDef]:
    path = root / CATALOGUE
    if not path.exists():
        return {}
    nodes = ast.walk(Source(root, path).tree)
    found = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
    return {name: node for name, node in found.items() if _is_refusal(name, found)}


def _is_refusal(name: str, found: dict[str, ast.ClassDef]) -> bool:
    bases = [last_name(base) for base in found[name].bases] if name in found else []
    return name == "Refusal" or any(_is_refusal(base, found) for base in bases)


def scattered(root: Path) -> list[str]:
    """A class of refusal declared outside the catalogue."""
    kinds = refusal_classes(root)
    return [
        f"{source.at(node)} {node.name}"
        for source in translatable(root)
        if source.name != CATALOGUE
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and any(last_name(base) in kinds for base in node.bases)
    ]


def unused(root: Path) -> list[str]:
    """A refusal that nothing raises any more."""
    named = {
        last_name(node)
        for source in translatable(root)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Name | ast.Attribute)
    }
    return [
        f"{CATALOGUE}:{node.lineno} {name}"
        for name, node in refusal_classes(root).items()
        if name not in named
    ]


def _refused(root: Path) -> list[tuple[str, ast.expr]]:
    """Where and with what sentence each refusal is made, in the catalogue or at a raise."""
    kinds = refusal_classes(root)
    return [
        (source.at(call), call.args[0])
        for source in translatable(root)
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and call.args
        if called(call) in kinds
        or (source.name == CATALOGUE and ast.unparse(call.func) == "super().__init__")
    ]


def bare_sentences(root: Path) -> list[str]:
    """A refusal whose words are written into the code without gettext."""
    return [
        f"{place} {ast.unparse(given)}"
        for place, given in _refused(root)
        if is_text(given) or isinstance(given, ast.JoinedStr)
    ]


def dead_ends(root: Path) -> list[str]:
    """A refusal that leaves the person standing there."""
    return [
        f"{place} {word.value!r}"
        for place, given in _refused(root)
        for call in ast.walk(given)
        if isinstance(call, ast.Call) and called(call) in MARKS
        for word in call.args
        if is_text(word) and not NEXT.search(str(word.value))
    ]


RULES = (scattered, unused, bare_sentences, dead_ends)


@pytest.mark.parametrize("rule", RULES)
def test_refusals_are_a_catalogue(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


def test_there_is_a_catalogue() -> None:
    assert "Refusal" in refusal_classes(ROOT)


HOME = "class Refusal(Exception):\n    def __init__(self, sentence): super().__init__(type(self).__name__)\n"
GONE = "class Gone(Refusal):\n    def __init__(self): super().__init__(_('过期了，请重新开始。'))\n"


@pytest.mark.parametrize(
    ("rule", "home", "code"),
    [
        (scattered, HOME, "class Mine(Refusal): ..."),
        (unused, HOME + GONE, "raise Refusal(_('请重发。'))"),
        (bare_sentences, HOME, "raise Refusal('请重发。')"),
        (bare_sentences, HOME, "raise Refusal(f'请重发 {n}。')"),
        (dead_ends, HOME, "raise Refusal(_('不行。'))"),
        (dead_ends, HOME, "raise Refusal(_('第 {n} 条不行。').format(n=1))"),
        (dead_ends, HOME + GONE.replace("，请重新开始", ""), "raise Gone"),
    ],
)
def test_a_bad_refusal_is_seen(rule: Rule, home: str, code: str, tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, {CATALOGUE: home, "handlers/visit.py": code}))) == 1


@pytest.mark.parametrize("rule", RULES)
def test_a_good_refusal_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    code = "def f():\n    raise Gone\ndef g():\n    raise Refusal(_('第 {n} 条不行，请重发。').format(n=1))\n"
    assert rule(write(tmp_path, {CATALOGUE: HOME + GONE, "handlers/visit.py": code})) == []
