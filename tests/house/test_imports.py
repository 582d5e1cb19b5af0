"""Import walls: who may import whom, and where each library lives."""

from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT, Rule, Source, report, sources, write

MAY = {
    "storage": set[str](),
    "reports": {"storage"},
    "handlers": {"storage", "reports"},
    "bot": {"storage", "reports", "handlers"},
}
SANDBOX = "bot.sandbox"

# A library → the files (or folders, ending in a slash) that may import it.
HOMES = {
    "aiogram": ("handlers/", "bot/desk.py", "bot/recorder.py"),
    "telegram": ("bot/wire.py",),
    "sqlalchemy": ("storage/",),
    "sqlmodel": ("storage/",),
    "alembic": ("storage/",),
    "sqlite3": ("storage/",),
}
# Outside storage a session may be named and passed on, and a database error told apart; neither is SQL.
PASSED_ON = ("sqlmodel.Session", "sqlalchemy.Engine", "sqlalchemy.exc")


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def room_walls(root: Path) -> list[str]:
    """An import of ours that the table of rooms does not allow."""
    return [
        f"{source.at(node)} {source.room} imports {name}"
        for source in sources(root, *ROOMS)
        for name, node in source.imports()
        if (room := name.split(".")[0]) in {*ROOMS, "tests"} and room not in MAY[source.room] | {source.room}
    ]


def sandbox_wall(root: Path) -> list[str]:
    """The sandbox imports nothing else of ours, and nothing else imports it."""
    broken = []
    for source in sources(root, *ROOMS):
        at_home = inside(source.module, SANDBOX)
        for name, node in source.imports():
            if name.split(".")[0] in ROOMS and at_home != inside(name, SANDBOX):
                broken.append(f"{source.at(node)} {name} crosses the sandbox's wall")
    return broken


def library_homes(root: Path) -> list[str]:
    """A library imported outside the files that may know it."""
    return [
        f"{source.at(node)} imports {name}, which lives in {', '.join(homes)}"
        for source in sources(root, *ROOMS)
        for name, node in source.imports()
        if (homes := HOMES.get(name.split(".")[0])) and not _at_home(source, name, homes)
    ]


def _at_home(source: Source, name: str, homes: tuple[str, ...]) -> bool:
    at_home = any(
        source.name.startswith(home) if home.endswith("/") else source.name == home for home in homes
    )
    return at_home or any(inside(name, allowed) for allowed in PASSED_ON)


RULES = (room_walls, sandbox_wall, library_homes)


@pytest.mark.parametrize("rule", RULES)
def test_no_import_crosses_a_wall(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (room_walls, "storage/visit.py", "from reports import week"),
        (room_walls, "storage/visit.py", "def f() -> None:\n    import bot.pen"),
        (room_walls, "reports/week.py", "from handlers.visit import router"),
        (room_walls, "handlers/visit.py", "from bot import clock"),
        (room_walls, "handlers/visit.py", "import importlib\nimportlib.import_module('bot.clock')"),
        (room_walls, "bot/app.py", "from tests.world import cast"),
        (sandbox_wall, "bot/app.py", "from bot.sandbox import server"),
        (sandbox_wall, "bot/app.py", "from .sandbox.server import main"),
        (sandbox_wall, "bot/app.py", "import bot.sandbox.server"),
        (sandbox_wall, "bot/sandbox/server.py", "from storage import db"),
        (sandbox_wall, "bot/sandbox/server.py", "from .. import settings"),
        (library_homes, "bot/cli.py", "from aiogram import Bot"),
        (library_homes, "bot/delivery.py", "if True:\n    import aiogram.types"),
        (library_homes, "handlers/visit.py", "from telegram.ext import ExtBot"),
        (library_homes, "handlers/visit.py", "from sqlmodel import select"),
        (library_homes, "bot/jobs/week.py", "from sqlalchemy.orm import selectinload"),
        (library_homes, "bot/backup.py", "import sqlite3"),
    ],
)
def test_a_crossing_is_seen(rule: Rule, name: str, text: str, tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, {name: text}))) == 1


@pytest.mark.parametrize("rule", RULES)
def test_what_is_allowed_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    sample = {
        "storage/visit.py": "from sqlmodel import select\nfrom storage.db import Utc",
        "reports/week.py": "from storage import visit\nfrom sqlmodel import Session",
        "handlers/visit.py": "from aiogram import Router\nfrom reports.week import figures",
        "bot/desk.py": "from aiogram import Dispatcher\nfrom handlers import setup",
        "bot/pen.py": "from sqlalchemy.exc import IntegrityError",
        "bot/sandbox/server.py": "from bot.sandbox import clock\nfrom . import model\nfrom .model import A",
    }
    assert rule(write(tmp_path, sample)) == []
