"""The menu as data."""

import re

import pytest

from handlers import menu
from storage.people import Role
from storage.texts import speaking


def test_commands_are_what_telegram_allows() -> None:
    for entry in menu.MENU:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", entry.command)
        assert entry.words
        assert entry.roles
        assert 1 <= len(entry.does) <= 256
    assert len(menu.MENU) <= 100


def test_no_word_means_two_commands() -> None:
    words = [word for entry in menu.MENU for word in (entry.command, *entry.words)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("roles", "has", "lacks"),
    [
        ({Role.MEMBER}, {"visit", "mine", "village"}, {"invite", "problem", "bind"}),
        ({Role.LEADER}, {"visit", "invite", "rebind"}, {"problem", "bind"}),
        ({Role.SUPERVISOR}, {"problem", "weekly", "bind"}, {"visit", "invite"}),
        ({Role.OFFICER}, {"mine", "query"}, {"visit", "weekly", "invite"}),
        ({Role.ADMIN}, {"bind", "invite", "problem"}, {"visit"}),
        ({Role.MEMBER, Role.ADMIN}, {"visit", "bind"}, set()),
    ],
)
def test_a_menu_is_by_role(roles: set[Role], has: set[str], lacks: set[str]) -> None:
    offered = {entry.command for entry in menu.of_roles(roles)}
    assert has <= offered
    assert not lacks & offered


def test_a_stranger_is_offered_help_alone() -> None:
    assert [entry.command for entry in menu.of_roles(())] == ["help"]
    assert menu.keys(()) == []


def test_keys_are_chinese_words_or_latin_commands() -> None:
    assert menu.keys({Role.MEMBER})[0] == ["走访", "照片", "困难", "整改"]
    with speaking("en"):
        assert menu.keys({Role.MEMBER})[0] == ["/visit", "/photo", "/case", "/mend"]


def test_every_key_means_its_command() -> None:
    known = {word for entry in menu.MENU for word in menu.words_of(entry.command)}
    assert {key for row in menu.keys(Role) for key in row} <= known
    assert menu.words_of("nothing") == ()


def test_what_is_registered_names_command_and_purpose() -> None:
    [one] = menu.registered(())
    assert one == {"command": "help", "description": "怎么用"}
