"""Menus of commands, registered with the sandbox over real HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errands.commands import everybody
from storage import roster
from storage.errands import ErrandState
from tests.bot.errands.running import Running, running
from tests.phone import Sandbox
from tests.storage.asking import NOW


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=NOW.isoformat()) as made:
        yield made


def _menu(sandbox: Sandbox, **scope: Any) -> list[str]:
    return [one["command"] for one in sandbox.bot("getMyCommands", scope=json.dumps(scope))]


async def _registered(sandbox: Sandbox, at: Running, telegram_id: int, name: str | None) -> list[str]:
    sandbox.phone(name or "某人", user_id=telegram_id).says("/start")
    state = await at.run("commands", {"chat_id": at.chat(telegram_id, name)})
    assert state == ErrandState.DONE
    return _menu(sandbox, type="chat", chat_id=telegram_id)


@pytest.mark.parametrize(
    ("number", "name", "has", "lacks"),
    [
        (2001, "王爱民", "visit", "problem"),
        (2002, "李明", "invite", "bind"),
        (2003, "孙丽", "problem", "visit"),
        (2004, "周正", "bind", "visit"),
        (2005, "吴敏", "query", "weekly"),
    ],
)
async def test_a_menu_is_by_role(
    sandbox: Sandbox, tmp_path: Path, number: int, name: str, has: str, lacks: str
) -> None:
    async with running(sandbox, tmp_path) as at:
        menu = await _registered(sandbox, at, number, name)
    assert has in menu
    assert lacks not in menu


async def test_a_menu_is_taken_away_with_the_last_posting(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path) as at:
        assert await _registered(sandbox, at, 2011, "王爱民")
        with at.store.writing() as session:
            roster.end_person(session, at.county.people["王爱民"], by=None, now=NOW)
        await at.run("commands", {"chat_id": at.chat(2011)})
    assert _menu(sandbox, type="chat", chat_id=2011) == []


async def test_a_menu_speaks_the_persons_language(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path) as at:
        with at.store.writing() as session:
            roster.speak(session, at.county.people["王爱民"], "en", NOW)
        await _registered(sandbox, at, 2012, "王爱民")
    said = sandbox.bot("getMyCommands", scope=json.dumps({"type": "chat", "chat_id": 2012}))
    assert said, "described in whatever the catalogue has"


async def test_a_chat_that_cannot_be_reached_does_not_keep_the_errand(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with running(sandbox, tmp_path) as at:
        state = await at.run("commands", {"chat_id": at.chat(98765, "王爱民")})
    assert state == ErrandState.DONE


async def test_trouble_that_passes_leaves_the_errand_waiting(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path) as at:
        sandbox.faults("500", "setMyCommands", count=1)
        state = await at.run("commands", {"chat_id": None})
    sandbox.clear_faults()
    assert state == ErrandState.WAITING


async def test_strangers_and_groups_have_menus_of_their_own(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path) as at:
        assert await at.run("commands", {"chat_id": None}) == ErrandState.DONE
    assert _menu(sandbox, type="default") == ["help"]
    assert "weekly" in _menu(sandbox, type="all_group_chats")
    assert "bind" not in _menu(sandbox, type="all_group_chats")
    assert "bind" in _menu(sandbox, type="all_chat_administrators")


def test_every_command_fits_telegram() -> None:
    for menu in everybody():
        for one in menu["commands"]:
            assert one["command"].isascii()
            assert one["command"].islower()
            assert 1 <= len(one["description"]) <= 256
