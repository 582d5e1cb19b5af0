"""Manners of the code: who reads the clock, who says SQL, how tests wait, what a folder tells."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT, Rule, Source, called, last_name, report, sources, write

CLOCKS = ("bot/clock.py", "bot/sandbox/")
READS_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("func", "now"),
}
SQL = {"exec", "execute", "scalars", "scalar", "exec_driver_sql"}
OF_A_SESSION = {"add", "add_all", "merge", "delete", "get", "get_one", "refresh", "query"}
POLLS = "# polls:"
YIELDS = "asyncio.sleep(0)"


def _calls(source: Source) -> list[ast.Call]:
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]


def clock_readers(root: Path) -> list[str]:
    """Only the clock reads the clock; rules are handed `now`. The sandbox owns the demo's clock."""
    return [
        f"{source.at(node)} reads the clock: {last_name(node.value)}.{node.attr}"
        for source in sources(root, *ROOMS)
        if not source.name.startswith(CLOCKS)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and (last_name(node.value), node.attr) in READS_CLOCK
    ]


def sql_outside_storage(root: Path) -> list[str]:
    """Statements and rows are storage's; elsewhere a session is only passed on."""
    return [
        f"{source.at(call)} says SQL: {called(call)}"
        for source in sources(root, "reports", "handlers", "bot")
        for call in _calls(source)
        if isinstance(call.func, ast.Attribute) and _says_sql(source, call.func)
    ]


def _says_sql(source: Source, method: ast.Attribute) -> bool:
    if method.attr in SQL:
        return True
    of_a_session = method.attr in OF_A_SESSION and last_name(method.value).endswith("session")
    return of_a_session and not _speaks_http(source)


def _speaks_http(source: Source) -> bool:
    """Where aiohttp is imported, a session is a connection to a server."""
    return any(name.startswith("aiohttp") for name, _ in source.imports())


def sleeping_tests(root: Path) -> list[str]:
    """No test sleeps to wait. A helper that polls a condition until a deadline says `# polls: what`."""
    return [
        f"{source.at(call)} sleeps"
        for source in sources(root, "tests")
        for call in _calls(source)
        if called(call) == "sleep" and ast.unparse(call) != YIELDS
        if POLLS not in source.comments.get(call.lineno, "")
    ]


def mocks(root: Path) -> list[str]:
    """What we can run is run: no test replaces it by a mock."""
    return [
        f"{source.at(node)} imports {name}"
        for source in sources(root, "tests")
        for name, node in source.imports()
        if name.startswith(("unittest.mock", "mock.", "pytest_mock"))
    ]


def late_annotations(root: Path) -> list[str]:
    """Annotations of a table are read when the class is made, so they may not be postponed."""
    return [
        f"{source.name} has tables and postponed annotations"
        for source in sources(root, *ROOMS)
        if any(name == "__future__.annotations" for name, _ in source.imports()) and _has_table(source)
    ]


def _has_table(source: Source) -> bool:
    classes = (node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef))
    return any(keyword.arg == "table" for node in classes for keyword in node.keywords)


def silent_folders(root: Path) -> list[str]:
    """Each folder with code is a package whose first words tell what lives there."""
    folders = {source.path.parent for source in sources(root, *ROOMS)}
    return [
        str(folder.relative_to(root)) for folder in sorted(folders) if not _speaks(folder / "__init__.py")
    ]


def _speaks(path: Path) -> bool:
    return path.exists() and len(ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "") >= 20


RULES = (clock_readers, sql_outside_storage, sleeping_tests, mocks, late_annotations, silent_folders)


@pytest.mark.parametrize("rule", RULES)
def test_the_manners_are_kept(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


INIT = {"storage/__init__.py": '"""What is true: tables and rules."""\n'}


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (clock_readers, "storage/visit.py", "from datetime import datetime\nx = datetime.now()"),
        (clock_readers, "storage/visit.py", "import datetime as dt\nx = dt.date.today()"),
        (clock_readers, "handlers/visit.py", "import time\ndef f(clock=time.time): ..."),
        (clock_readers, "storage/visit.py", "from sqlalchemy import func\nx = func.now()"),
        (sql_outside_storage, "handlers/visit.py", "def f(session): return session.exec(1)"),
        (sql_outside_storage, "bot/jobs/week.py", "def f(session): session.add(1)"),
        (sql_outside_storage, "reports/week.py", "def f(self): self.session.get(1, 2)"),
        (sleeping_tests, "tests/bot/test_app.py", "import time\ndef test_it(): time.sleep(1)"),
        (
            sleeping_tests,
            "tests/bot/test_app.py",
            "import asyncio\nasync def test_it(): await asyncio.sleep(1)",
        ),
        (mocks, "tests/bot/test_app.py", "from unittest.mock import Mock"),
        (mocks, "tests/bot/test_app.py", "from unittest import mock"),
        (late_annotations, "storage/a.py", "from __future__ import annotations\nclass A(B, table=True): ..."),
        (silent_folders, "storage/forms/engine.py", "x = 1"),
        (silent_folders, "storage/forms/__init__.py", ""),
    ],
)
def test_bad_manners_are_seen(rule: Rule, name: str, text: str, tmp_path: Path) -> None:
    sample = INIT if name.startswith("storage") else {}
    assert len(rule(write(tmp_path, {**sample, name: text}))) == 1


@pytest.mark.parametrize("rule", RULES)
def test_good_manners_are_left_alone(rule: Rule, tmp_path: Path) -> None:
    sample = {
        **INIT,
        "storage/visit.py": "def f(session, now): return session.exec(1)",
        "bot/__init__.py": '"""What runs: settings and loops."""',
        "bot/clock.py": "from datetime import UTC, datetime\nnow = datetime.now(UTC)",
        "bot/cards.py": "def f(known): known.add(1)\ndef g(settings): return settings.get(1)",
        "bot/wire.py": "import aiohttp\ndef f(session): return session.get('x')",
        "tests/world.py": "import time\ndef until(): time.sleep(0.01)  # polls: the page's number",
        "tests/bot/test_desk.py": "import asyncio\nasync def slow(): await asyncio.sleep(0)",
    }
    assert rule(write(tmp_path, sample)) == []
