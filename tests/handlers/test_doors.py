"""Whoever could answer is asked, in order; whoever stands behind another word is not."""

from typing import Any

import pytest
from aiogram import Router

import handlers
from handlers.doors import EVENTS, Doors
from handlers.filters import Command, Pressed, Private, Start, Text, first_word
from handlers.menu import MENU


def named(routers: list[Router]) -> list[str]:
    return [router.name for router in routers]


@pytest.fixture(scope="module")
def routers() -> list[Router]:
    visits, other, words = Router(name="visits"), Router(name="other"), Router(name="words")

    @visits.message(Private(), Command("visit"))
    @visits.callback_query(Pressed("f"))
    async def visit(_event: Any) -> None: ...

    @other.message(Command("photo"))
    @other.message(Start())
    @other.callback_query(Private(), Pressed("q"))
    async def photo(_event: Any) -> None: ...

    @words.message(Private(), Text())
    @words.callback_query()
    async def any_words(_event: Any) -> None: ...

    return [visits, other, words]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/visit", ["visits", "words"]),
        ("走访 李大山", ["visits", "words"]),
        ("/走访@some_bot", ["visits", "words"]),
        ("  /VISIT@x now", ["visits", "words"]),
        ("/start abc", ["other", "words"]),
        ("屋顶漏雨", ["words"]),
        ("", ["words"]),
    ],
)
def test_a_message_opens_the_doors_of_its_first_word(
    routers: list[Router], text: str, asked: list[str]
) -> None:
    assert named(Doors(routers).open("message", {"text": text})) == asked


def test_what_has_no_text_is_for_those_without_a_door(routers: list[Router]) -> None:
    assert named(Doors(routers).open("message", {"photo": []})) == ["words"]


@pytest.mark.parametrize(
    ("data", "asked"),
    [("f:set:1", ["visits", "words"]), ("q:x", ["other", "words"]), ("zz", ["words"]), (None, ["words"])],
)
def test_a_button_opens_the_doors_of_its_prefix(
    routers: list[Router], data: str | None, asked: list[str]
) -> None:
    event = {} if data is None else {"data": data}
    assert named(Doors(routers).open("callback_query", event)) == asked


def test_what_was_said_is_remembered_only_by_known_words(routers: list[Router]) -> None:
    doors = Doors(routers)
    for number in range(1000):
        doors.open("message", {"text": f"word{number}"})
    assert len(doors._open) == 1


def test_other_kinds_pass_by_those_without_a_handler(routers: list[Router]) -> None:
    assert Doors(routers).open("my_chat_member", {}) == []


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.command)
def test_every_command_finds_the_router_that_aiogram_would(entry: Any) -> None:
    """Asked one by one without doors, the first handler whose own words match is the same."""
    ours = handlers.routers()
    for text in (f"/{entry.command}", f"/{entry.command}@bot more", *entry.words):
        opened = Doors(ours).open("message", {"text": text})
        owners = [router for router in ours if _claims(router, text)]
        assert set(owners) <= set(opened)
        assert opened == [router for router in ours if router in opened], "in order"


def _claims(router: Router, text: str) -> bool:
    """Whether one of its handlers stands behind a word that this text begins with."""
    filters = [one.callback for handler in router.message.handlers for one in handler.filters or ()]
    return any(
        first_word(text) in words for one in filters if (words := getattr(one, "words", None)) is not None
    )


def test_the_events_have_an_observer_in_every_router() -> None:
    assert all(kind in router.observers for router in handlers.routers() for kind in EVENTS)


def test_a_word_is_known_in_all_its_forms() -> None:
    forms = ("visit", "/visit", "/VISIT@bot", " /visit 李大山", "visit now")
    assert {first_word(one) for one in forms} == {"visit"}
    assert first_word("") == first_word("/") == first_word("   ") == ""
