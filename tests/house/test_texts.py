"""The English catalogue: complete, nothing unused in it, and the same placeholders as the Chinese."""

import ast
import string
from pathlib import Path

import pytest

from tests.house.tree import ROOT, Rule, called, is_text, report, write
from tests.texts import CATALOGUE, HEAD, sentences, translatable, translations, update


def missing(root: Path) -> list[str]:
    """A sentence without English: absent, empty or only guessed."""
    known = translations(root)
    return [
        f"{place} {sentence!r}"
        for sentence, place in sentences(root).items()
        if not (message := known.get(sentence)) or not message.string or message.fuzzy
    ]


def unused(root: Path) -> list[str]:
    """English for a sentence that nobody says any more."""
    said = sentences(root)
    return [f"{CATALOGUE}:{m.lineno} {m.id!r}" for m in translations(root).values() if m.id not in said]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def other_placeholders(root: Path) -> list[str]:
    """English that would be filled with other values than the Chinese."""
    return [
        f"{CATALOGUE}:{message.lineno} {message.id!r} → {message.string!r}"
        for message in translations(root).values()
        if message.string and placeholders(str(message.id)) != placeholders(str(message.string))
    ]


def unfilled(root: Path) -> list[str]:
    """`_("… {n}").format(…)` that does not give exactly what the sentence asks for."""
    broken = []
    for source in translatable(root):
        for call in ast.walk(source.tree):
            if isinstance(call, ast.Call) and (sentence := _formatted(call)) is not None:
                given = {keyword.arg for keyword in call.keywords}
                if None not in given and given != placeholders(sentence):
                    broken.append(f"{source.at(call)} {sentence!r} is given {sorted(filter(None, given))}")
    return broken


def _formatted(call: ast.Call) -> str | None:
    """The sentence of `_("sentence").format(…)`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "format":
        return None
    inner = call.func.value
    if isinstance(inner, ast.Call) and called(inner) == "_" and inner.args and is_text(inner.args[0]):
        return str(inner.args[0].value)
    return None


RULES = (missing, unused, other_placeholders, unfilled)


@pytest.mark.parametrize("rule", RULES)
def test_every_sentence_has_its_english(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


SAID = 'msgid "共 {n} 条"\nmsgstr "{n} in all"\n'


@pytest.mark.parametrize(
    ("rule", "code", "english"),
    [
        (missing, "x = _('走访')", ""),
        (missing, "x = f'<b>{_(\"走访\")}</b>'", ""),
        (missing, "x = N_('走访')", 'msgid "走访"\nmsgstr ""\n'),
        (missing, "x = _('走访')", '#, fuzzy\nmsgid "走访"\nmsgstr "visit"\n'),
        (unused, "x = 1", SAID),
        (other_placeholders, "x = 1", 'msgid "共 {n} 条"\nmsgstr "{count} in all"\n'),
        (other_placeholders, "x = 1", 'msgid "共 {n} 条"\nmsgstr "all of them"\n'),
        (unfilled, "x = _('共 {n} 条').format(count=1)", SAID),
        (unfilled, "x = _('共 {n} 条').format()", SAID),
        (unfilled, "x = _('共 {n} 条').format(n=1, m=2)", SAID),
    ],
)
def test_a_gap_is_seen(rule: Rule, code: str, english: str, tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, {"handlers/visit.py": code, CATALOGUE: HEAD + english}))) == 1


@pytest.mark.parametrize("rule", RULES)
def test_a_whole_catalogue_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    code = "x = _('共 {n} 条').format(n=1)\ny = _('共 {n} 条').format(**z)\n"
    assert rule(write(tmp_path, {"handlers/visit.py": code, CATALOGUE: HEAD + SAID})) == []


def test_what_is_translated_stays_and_the_rest_is_told(tmp_path: Path) -> None:
    code = "x = f'{_(\"走访\")} {n}'\ny = N_('共 {n} 条')\n"
    old = HEAD + SAID + '\nmsgid "照片"\nmsgstr "photo"\n\n#, fuzzy\nmsgid "走访"\nmsgstr "walk"\n'
    write(tmp_path, {"handlers/visit.py": code, CATALOGUE: old})
    assert update(tmp_path) == (["走访"], ["照片"])
    first = (tmp_path / CATALOGUE).read_text("utf-8")
    assert update(tmp_path) == (["走访"], [])
    assert (tmp_path / CATALOGUE).read_text("utf-8") == first
    assert first == HEAD + "#, python-brace-format\n" + SAID + '\nmsgid "走访"\nmsgstr ""\n\n'
