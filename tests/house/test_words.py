"""What is never written: addresses, paths of a machine, secrets, bare exemptions, notes to do later."""

import re
from pathlib import Path

import pytest
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from tests.house.tree import ROOMS, ROOT, Rule, report, sources, tracked, write

# Written with a class in each, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    r"pyth[o]nhosted|py[p]i[.]org|np[m]js[.]|d[e]b[.]debian|[-]-(?:extra-)?index-[u]rl|[-]-find-l[i]nks"
    r"|/w[o]rk/|/f[a]rm/|/r[o]ot/|/tm[p]/z\b|/h[o]me/\w",
)
LATER = re.compile(r"\b(?:TO[D]O|FIX[M]E)\b")
EXEMPTION = re.compile(r"#\s*(?:type:\s*ignore|noqa|nosec|pragma:)")
REASONED = re.compile(
    r"#\s*(?:type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|nosec\s+B\d+|pragma:\s*no cover)"
    r"(?:\s*(?:-|–|—|:|#|\()|\s)\s*\w+.*\s\w+",
)
SECRETS = ("TelegramBotTokenDetector", "PrivateKeyDetector", "AWSKeyDetector", "BasicAuthDetector")


def texts(root: Path) -> list[tuple[str, list[str]]]:
    """Name and lines of every text file that git would commit."""
    found = []
    for path in tracked(root):
        body = path.read_bytes()
        if b"\0" not in body[:8192]:
            found.append((path.relative_to(root).as_posix(), body.decode("utf-8", "replace").splitlines()))
    return found


def lines_with(root: Path, words: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number} {hit.group()}"
        for name, lines in texts(root)
        for number, line in enumerate(lines, 1)
        if (hit := words.search(line))
    ]


def forbidden_words(root: Path) -> list[str]:
    """Addresses of registries and paths of a machine."""
    return lines_with(root, FORBIDDEN)


def notes_for_later(root: Path) -> list[str]:
    return lines_with(root, LATER)


def bare_exemptions(root: Path) -> list[str]:
    """A rule switched off on a line without its code and, beside it, a reason of at least two words."""
    return [
        f"{source.at(number)} {comment}"
        for source in sources(root, *ROOMS, "tests")
        for number, comment in source.comments.items()
        if EXEMPTION.search(comment) and not REASONED.search(comment)
    ]


def lock_file(root: Path) -> list[str]:
    """uv.lock names a registry on every line; the locked requirements are requirements/*.txt."""
    return [path.name for path in tracked(root) if path.name == "uv.lock"]


def secrets(root: Path) -> list[str]:
    """Bot tokens, private keys and passwords in addresses. The code only: tests invent theirs."""
    plugins = [{"name": name} for name in SECRETS]
    with transient_settings({"plugins_used": plugins}):
        found = [secret for source in sources(root, *ROOMS) for secret in scan_file(str(source.path))]
    return [f"{secret.filename}:{secret.line_number} {secret.type}" for secret in found]


RULES = (forbidden_words, notes_for_later, bare_exemptions, lock_file, secrets)


@pytest.mark.parametrize("rule", RULES)
def test_nothing_forbidden_is_written(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (forbidden_words, "requirements/base.txt", "--index-" + "url https://example.test/simple"),
        (forbidden_words, "docs/a.md", "see https://pypi" + ".org/project/x"),
        (forbidden_words, "tests/conftest.py", "PATH = '/ro" + "ot/.cache'"),
        (forbidden_words, "Makefile", "SHARED = /wo" + "rk/shared"),
        (notes_for_later, "storage/visit.py", "# TO" + "DO: later"),
        (notes_for_later, "docs/a.md", "FIX" + "ME"),
        (bare_exemptions, "bot/app.py", "x = 1  # no" + "qa"),
        (bare_exemptions, "bot/app.py", "x = 1  # no" + "qa: E501"),
        (bare_exemptions, "bot/app.py", "x = 1  # type: ig" + "nore[arg-type]"),
        (bare_exemptions, "bot/app.py", "x = 1  # type: ig" + "nore - the library is wrong"),
        (lock_file, "uv.lock", "version = 1"),
        (secrets, "bot/app.py", "TOKEN = '110201543:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw9'"),
        (secrets, "bot/app.py", "KEY = '''-----BEGIN " + "PRIVATE KEY-----'''"),
    ],
)
def test_it_is_seen_when_it_is_written(rule: Rule, name: str, text: str, tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, {name: text + "\n"}))) == 1


@pytest.mark.parametrize("rule", RULES)
def test_plain_text_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    sample = {
        "bot/app.py": (
            "import x  # type: ignore[import-untyped]  # ships no types\n"
            "y = x.f()  # noqa: S608 - the table's name is ours\n"
            "z = 'a string with # noqa in it'\n"
        ),
        "docs/a.md": "Data lies in the data folder; the shared data folder is found by ZHUCUN_SHARED.",
    }
    assert rule(write(tmp_path, sample)) == []
