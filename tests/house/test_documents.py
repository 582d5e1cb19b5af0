"""The pages say what the program does: commands, settings, make targets, links, in both languages."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import ROOT, Rule, report, tracked, write

COMMANDS, SETTINGS = "docs/commands.md", "docs/settings.md"
PREFIX = "ZHUCUN_"
# Of the tests: where their data is, and where the running bot shall crash.
OF_THE_TESTS = {"ZHUCUN_SHARED", "ZHUCUN_CRASH"}
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
TEST = re.compile(r"(tests/[\w/]+\.py)(?:::(?:\w+::)?(test_\w+))?")
FAULTS = "docs/faults.md"
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def pages(root: Path) -> dict[str, str]:
    found = (path for path in tracked(root) if path.suffix == ".md")
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Words of each command that can be run, with its long options."""
    if not hasattr(command, "list_commands"):
        options = {name for option in command.params for name in option.opts if name.startswith("--")}
        yield path, options - {"--help", "--install-completion", "--show-completion"}
        return
    context = command.context_class(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if not inner.hidden:
            yield from commands(inner, (*path, name))


def undocumented_commands(known: dict[tuple[str, ...], set[str]], text: str) -> list[str]:
    """Commands and options that the page does not name."""
    broken = []
    for path, options in known.items():
        words = "zhucun " + " ".join(path)
        if not re.search(re.escape(words) + r"\b", text):
            broken.append(words)
        broken += [f"{words} {option}" for option in sorted(options) if not _has_word(text, option)]
    return broken


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def imagined_commands(known: dict[tuple[str, ...], set[str]], text: str) -> list[str]:
    """`zhucun …` shown in code that the program does not know."""
    starts = {path[:depth] for path in known for depth in range(1, len(path) + 1)}
    broken = []
    for code in CODE.findall(text):
        for said in re.findall(r"(?:^|[\s/`$])zhucun((?: [a-z][a-z-]*)+)", code):
            words = tuple(said.split())
            depth = max((d for d in range(len(words) + 1) if words[:d] in starts), default=0)
            if depth == 0 or (words[:depth] not in known and depth < len(words)):
                broken.append(f"zhucun {' '.join(words)}")
    return broken


def program() -> dict[tuple[str, ...], set[str]]:
    typer_main = importlib.import_module("typer.main")
    return dict(commands(typer_main.get_command(importlib.import_module("bot.cli").app)))


def settings() -> set[str]:
    """The names under which the environment gives each setting."""
    fields = importlib.import_module("bot.settings").Settings.model_fields
    return {str(field.validation_alias or PREFIX + name).upper() for name, field in fields.items()}


def settings_and_page(known: set[str], texts: dict[str, str]) -> list[str]:
    """Settings that the page does not explain, and names in any page that are none."""
    page = texts.get(SETTINGS, "")
    broken = [f"{SETTINGS} does not name {name}" for name in sorted(known) if not _has_word(page, name)]
    for where, text in texts.items():
        said = set(re.findall(PREFIX + r"[A-Z_]*[A-Z]", text))
        broken += [f"{where} names {name}" for name in sorted(said - known - OF_THE_TESTS)]
    return broken


def test_every_command_is_documented() -> None:
    broken = undocumented_commands(program(), pages(ROOT).get(COMMANDS, ""))
    assert not broken, report(broken)


def test_every_documented_command_exists() -> None:
    known = program()
    broken = [
        f"{page}: {words}" for page, text in pages(ROOT).items() for words in imagined_commands(known, text)
    ]
    assert not broken, report(broken)


def test_every_setting_is_documented_and_no_other() -> None:
    broken = settings_and_page(settings(), pages(ROOT))
    assert not broken, report(broken)


def imagined_targets(root: Path) -> list[str]:
    """`make …` shown in a page that the Makefile does not have."""
    makefile = root / "Makefile"
    known = set(re.findall(r"^([a-z][a-z-]*):", makefile.read_text("utf-8"), re.MULTILINE))
    return [
        f"{page}: make {target}"
        for page, text in pages(root).items()
        for code in CODE.findall(text)
        for target in re.findall(r"(?:^|[\s`$])make ([a-z][a-z-]*)", code)
        if target not in known
    ]


def broken_links(root: Path) -> list[str]:
    """Pictures and pages that are linked and not there."""
    return [
        f"{page}: {link}"
        for page, text in pages(root).items()
        for link in LINK.findall(CODE.sub("", text))
        if "://" not in link and not link.startswith("mailto:") and not ((root / page).parent / link).exists()
    ]


def first_page(root: Path) -> list[str]:
    """The README shows a picture and two commands of the Makefile, among them the demo."""
    text = pages(root).get("README.md", "")
    shown = {target for code in CODE.findall(text) for target in re.findall(r"make ([a-z-]+)", code)}
    broken = [] if re.search(r"!\[[^\]]*\]\([^)]+\)|<img ", text) else ["README.md has no picture"]
    return (
        broken if "demo" in shown and len(shown) >= 2 else [*broken, f"README.md shows only {sorted(shown)}"]
    )


def two_languages(root: Path) -> list[str]:
    """The Chinese and the English README have the same headings by level and show the same code."""
    readmes = {
        page: text for page, text in pages(root).items() if re.match(r"(docs/)?README[^/]*\.md$", page)
    }
    if len(readmes) < 2:
        return [f"one README in each language, not only {sorted(readmes)}"]
    (first, shape), *others = ((page, _shape(text)) for page, text in sorted(readmes.items()))
    return [f"{page} {other} differs from {first} {shape}" for page, other in others if other != shape]


def _shape(text: str) -> tuple[list[int], list[str]]:
    """Levels of the headings in order, and the code shown in blocks without its comments."""
    blocks = re.findall(r"```.*?```", text, re.DOTALL)
    lines = [re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines()]
    outside = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [len(level) for level in re.findall(r"^(#+) ", outside, re.MULTILINE)], [
        x for x in lines if x[:1] not in "#`"
    ]


def imagined_tests(root: Path) -> list[str]:
    """`tests/….py::test_…` named in a page that is not there (docs/faults.md has a test of its own)."""
    return [
        f"{page}: {file}{'::' + test if test else ''}"
        for page, text in pages(root).items()
        if page != FAULTS
        for file, test in TEST.findall(text)
        if not (root / file).exists() or f"def {test}" not in (root / file).read_text("utf-8")
    ]


RULES = (imagined_targets, broken_links, first_page, two_languages, imagined_tests)


@pytest.mark.parametrize("rule", RULES)
def test_the_pages_hold(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


MAKEFILE = "help:\ndemo: x\ntest:\n"
README = "# A\n![the phones](docs/a.png)\n```\nmake demo\nmake test  # all\n```\n## B\n"
PAGES = {
    "Makefile": MAKEFILE,
    "README.md": README,
    "docs/a.png": "",
    "docs/README.en.md": README.replace("docs/", ""),
}
KNOWN = {("demo",): {"--port"}, ("regions", "import"): {"--county"}}


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        (imagined_targets, {"docs/b.md": "Say `make tests`."}),
        (imagined_targets, {"docs/b.md": "```\n$ make bench\n```"}),
        (broken_links, {"docs/b.md": "[here](nowhere.md#a)"}),
        (broken_links, {"README.md": README.replace("a.png", "b.png")}),
        (first_page, {"README.md": README.replace("!", "")}),
        (first_page, {"README.md": README.replace("make test", "make demo")}),
        (two_languages, {"docs/README.en.md": README + "## C\n"}),
        (two_languages, {"docs/README.en.md": README.replace("make test", "make help")}),
        (two_languages, {"docs/README.en.md": README.replace("## B", "### B")}),
        (imagined_tests, {"docs/b.md": "See `tests/bot/test_a.py::test_it`."}),
        (
            imagined_tests,
            {"docs/b.md": "See `tests/test_a.py::test_other`.", "tests/test_a.py": "def test_it():"},
        ),
    ],
)
def test_a_wrong_page_is_seen(rule: Rule, changed: dict[str, str], tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, PAGES | changed))) == 1


@pytest.mark.parametrize("rule", RULES)
def test_a_right_page_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    more = {
        "docs/b.md": "Do make sure: `make demo`, [the start](../README.md#a), [them](https://example.test/x)."
        " Held by `tests/test_a.py::test_it` and `tests/test_a.py`.",
        "tests/test_a.py": "async def test_it(): ...",
    }
    assert rule(write(tmp_path, PAGES | more)) == []


def test_a_lone_readme_is_seen(tmp_path: Path) -> None:
    assert two_languages(write(tmp_path, {"README.md": README}))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("`zhucun demo --port`", ["zhucun regions import", "zhucun regions import --county"]),
        ("zhucun demo --ports zhucun regions import --county", ["zhucun demo --port"]),
        ("zhucun demo --port zhucun regions import --county", []),
    ],
)
def test_an_undocumented_command_is_seen(text: str, missing: list[str]) -> None:
    assert undocumented_commands(KNOWN, text) == missing


@pytest.mark.parametrize(
    ("text", "imagined"),
    [
        ("`zhucun demos`", ["zhucun demos"]),
        ("```\n.venv/bin/zhucun regions export f\n```", ["zhucun regions export f"]),
        ("`zhucun demo --port 1`, `zhucun regions import --county f`, `zhucun regions`, zhucun is told", []),
    ],
)
def test_an_imagined_command_is_seen(text: str, imagined: list[str]) -> None:
    assert imagined_commands(KNOWN, text) == imagined


@pytest.mark.parametrize(
    ("known", "texts", "wrong"),
    [
        ({"ZHUCUN_DATA"}, {SETTINGS: "ZHUCUN_DATABASE_URL"}, 2),
        ({"ZHUCUN_DATA"}, {SETTINGS: "ZHUCUN_DATA", "README.md": "ZHUCUN_TOKEN"}, 1),
        ({"ZHUCUN_DATA"}, {SETTINGS: "ZHUCUN_DATA", "README.md": "ZHUCUN_SHARED and ZHUCUN_*"}, 0),
    ],
)
def test_a_wrong_setting_is_seen(known: set[str], texts: dict[str, str], wrong: int) -> None:
    assert len(settings_and_page(known, texts)) == wrong
