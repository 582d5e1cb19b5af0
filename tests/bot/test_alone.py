"""Delivery alone is to be small: it loads the tables it works with and no others, and is whole with these."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.run import _in_a_loop
from storage import chats, identity, migrate, postings, roster
from storage.db import Store
from storage.people import Role
from storage.sealing import Keyring
from tests.starter import PROJECT

NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
BOT = 42
NEEDED = {
    "arrival", "bot", "card", "chat", "errand", "gap", "installation", "journalentry", "letter", "privatenumber",
}  # fmt: skip
"""Tables; those of installations and of the journal are for the start."""
UNUSED = {
    "aiogram", "aiohttp", "alembic", "apscheduler", "babel", "httpx", "matplotlib", "multiprocessing", "obstore",
    "starlette", "urllib.request",
    "chinese_calendar", "sqlalchemy.dialects.postgresql", "storage.tables", "storage.kinds",
    "storage.people", "storage.county", "storage.report",
}  # fmt: skip
"""Modules that were once loaded by it, or might be."""
PROGRAM = """
import json, sys
import bot.cli, bot.commands.run
from bot import settings
from bot.app import App
from bot.parts import Part

app = App(settings.load(), None, (Part.DELIVERY,))
from sqlalchemy.orm import configure_mappers
from sqlmodel import SQLModel
configure_mappers()
tables = [one.name for one in SQLModel.metadata.sorted_tables]
loaded = list(sys.modules)

from datetime import UTC, datetime
from bot.scheduler import Scheduler
from storage import letters
class Clock:
    def now(self):
        return datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
scheduler = Scheduler(app.pen, app.bot, Clock(), lambda: None)
with app.store.writing() as session:
    scheduler._tell(session, 15)
    said = letters.count(session, letters.LetterState.WAITING)
print(json.dumps({"tables": tables, "loaded": loaded, "said": said, "small": app.small}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process with delivery alone has in memory, in an installation with an administrator."""
    folder = tmp_path_factory.mktemp("alone")
    _furnish(folder)
    given = {"ZHUCUN_DATA": str(folder), "ZHUCUN_TOKEN": f"{BOT}:abcdefghijklmnop"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=PROJECT, capture_output=True, text=True, env=os.environ | given
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _furnish(folder: Path) -> None:
    Keyring.new().save(folder / "zhucun.key")
    store = Store(f"sqlite:///{folder / 'zhucun.db'}", Keyring.load(folder / "zhucun.key"))
    migrate.upgrade(store.write)
    with store.writing() as session:
        person = roster.add_person(session, "陈岩", telegram_id=7, by=None, now=NOW)
        postings.post(session, person.id or 0, Role.ADMIN, by=None, now=NOW)
        chats.chat_of(session, BOT, 7)
        assert list(identity.administrators(session, BOT, NOW))
    store.close()


def test_it_loads_the_tables_it_works_with(told: dict[str, Any]) -> None:
    """In order, so each table that a row of theirs refers to is among them."""
    assert set(told["tables"]) == NEEDED


def test_it_loads_nothing_of_other_parts(told: dict[str, Any]) -> None:
    assert sorted(UNUSED & set(told["loaded"])) == []


@pytest.mark.skipif(sys.platform == "win32", reason="has one loop")
def test_it_runs_on_the_loop_that_is_loaded_anyway(told: dict[str, Any]) -> None:
    used: list[str] = []

    async def program() -> None:
        used.append(type(asyncio.get_running_loop()).__module__.partition(".")[0])

    for small in (told["small"], False):
        _in_a_loop(program(), small=small)
    assert used == ["asyncio", "uvloop"]


def test_what_it_seldom_needs_is_loaded_then(told: dict[str, Any]) -> None:
    """Telegram's clock and ours differ: an administrator hears of it, though people are no business of delivery's."""
    assert told["said"] == 1
