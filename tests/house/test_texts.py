"""The English catalogue: complete, nothing unused in it, and the same placeholders as the Chinese."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from tests.house.test_chinese import MARKS, translatable
from tests.house.tree import ROOT, Rule, called, is_text, report, write

CATALOGUE = "storage/locale/en/LC_MESSAGES/zhucun.po"


def extracted(root: Path) -> dict[str, str]:
    """Every sentence marked in the code → where it stands first."""
    found: dict[str, str] = {}
    for source in translatable(root):
        for line, sentence, *_ in extract_from_file(
            "python", str(source.path), keywords=dict.fromkeys(MARKS)
        ):
            found.setdefault(str(sentence), source.at(line))
    return found


def catalogue(root: Path) -> Catalog:
    path = root / CATALOGUE
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def translations(root: Path) -> dict[str, Message]:
    return {str(message.id): message for message in catalogue(root) if message.id}


def missing(root: Path) -> list[str]:
    """A sentence without English: absent, empty or only guessed."""
    known = translations(root)
    return [
        f"{place} {sentence!r}"
        for sentence, place in extracted(root).items()
        if not (message := known.get(sentence)) or not message.string or message.fuzzy
    ]


def unused(root: Path) -> list[str]:
    """English for a sentence that nobody says any more."""
    said = extracted(root)
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


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
SAID = 'msgid "共 {n} 条"\nmsgstr "{n} in all"\n'


@pytest.mark.parametrize(
    ("rule", "code", "english"),
    [
        (missing, "x = _('走访')", ""),
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
