"""Fixtures that every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import databases
from tests.world import World
from tests.world import world as make_world

PROJECT = Path(__file__).resolve().parents[1]
LONG = (
    "crash/test_kills.py", "crash/test_lives.py", "test_main_job.py", "bot/test_demo.py", "bot/test_parts.py",
    "bot/test_operator.py", "test_trouble.py", "bot/test_weekly_close.py", "storage/looks/test_measured.py",
    "test_restore.py",
    "bot/test_migrate_command.py", "handlers/test_talks.py", "test_faults.py", "bot/test_settings.py", "test_forged.py",
    "storage/test_files_bucket.py", "bot/errands/test_weekly.py", "handlers/test_forms.py", "handlers/test_groups.py",
)  # fmt: skip
"""Files that take half a minute and more. A file is run by one process, so that its world is made once; the long
ones begin first, so that no process is left alone with one at the end."""


# How long an example takes says how busy the machine is; in a new clone the first one waits for a table of all letters.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {PROJECT / "tests" / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regold", action="store_true", help="write the golden conversations anew")
    kinds = ("sqlite", "postgresql")
    parser.addoption("--database", choices=kinds, help="run every test on this database")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests counted, where it is the count that matters."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "refused":
                terminalreporter.write_line(f"refused: {value}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Files marked `both_databases` run twice; a chosen database is chosen for all."""
    both = metafunc.definition.get_closest_marker("both_databases")
    chosen = metafunc.config.getoption("--database")
    if metafunc.definition.get_closest_marker("postgresql_only"):
        metafunc.parametrize("database", ["postgresql"], indirect=True, scope="module")
    elif both and chosen is None:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True, scope="module")


@pytest.fixture(autouse=True)
def _only_there(request: pytest.FixtureRequest, database: databases.Kind) -> None:
    only = request.node.get_closest_marker("sqlite_only")
    if only is not None and database != "sqlite":
        pytest.skip(only.kwargs["reason"])


@pytest.fixture(scope="module", autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[databases.Kind]:
    """The database that `databases.url` gives to the tests of this file."""
    chosen = request.config.getoption("--database") or "sqlite"
    kind: Any = getattr(request, "param", None) or chosen
    databases.use(kind)
    yield databases.kind()
    databases.use("sqlite")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data folder (real photos, region lists), named by ZHUCUN_SHARED; skips where absent."""
    folder = (PROJECT / os.environ.get("ZHUCUN_SHARED", "../shared")).resolve()
    if not (folder / "data").is_dir():
        pytest.skip(f"the shared data folder is not here: {folder} (set ZHUCUN_SHARED)")
    return folder


@pytest.fixture(scope="module")
def world(database: databases.Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The cast with a running bot, shared by the tests of one file."""
    with make_world(tmp_path_factory.mktemp(database) / "data") as made:
        yield made


@pytest.fixture
def fresh_world(tmp_path: Path) -> Iterator[World]:
    """The cast with a bot of its own, not started yet: for tests that kill it or move the clock."""
    with make_world(tmp_path / "data", started=False) as made:
        yield made
