"""Whoever could answer is asked, in order; whoever stands behind another word is not."""

from typing import Any

import pytest
from aiogram import BaseMiddleware, Router
from aiogram.dispatcher.event.handler import HandlerObject

import handlers
from handlers.doors import EVENTS, Doors
from handlers.filters import Command, Pressed, Private, Start, Text, first_word
from handlers.menu import MENU


def named(some: list[HandlerObject]) -> list[str]:
    return [one.callback.__name__ for one in some]


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
        ("/visit", ["visit", "any_words"]),
        ("走访 李大山", ["visit", "any_words"]),
        ("/走访@some_bot", ["visit", "any_words"]),
        ("  /VISIT@x now", ["visit", "any_words"]),
        ("/start abc", ["photo", "any_words"]),
        ("屋顶漏雨", ["any_words"]),
        ("", ["any_words"]),
    ],
)
def test_a_message_opens_the_doors_of_its_first_word(
    routers: list[Router], text: str, asked: list[str]
) -> None:
    assert named(Doors(routers).open("message", {"text": text})) == asked


def test_what_has_no_text_is_for_those_without_a_door(routers: list[Router]) -> None:
    assert named(Doors(routers).open("message", {"photo": []})) == ["any_words"]


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ("f:set:1", ["visit", "any_words"]),
        ("q:x", ["photo", "any_words"]),
        ("zz", ["any_words"]),
        (None, ["any_words"]),
    ],
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
def test_every_command_finds_the_handler_that_aiogram_would(entry: Any) -> None:
    """Asked one by one without doors, the first handler whose own words match is the same."""
    ours = handlers.routers()
    everybody = [one for router in ours for one in router.message.handlers]
    for text in (f"/{entry.command}", f"/{entry.command}@bot more", *entry.words):
        opened = [id(one) for one in Doors(ours).open("message", {"text": text})]
        owners = [id(one) for one in everybody if _claims(one, text)]
        assert owners
        assert set(owners) <= set(opened)
        assert opened == [id(one) for one in everybody if id(one) in opened], "in order"


def _claims(handler: HandlerObject, text: str) -> bool:
    """Whether it stands behind a word that this text begins with."""
    filters = [one.callback for one in handler.filters or ()]
    return any(
        first_word(text) in words for one in filters if (words := getattr(one, "words", None)) is not None
    )


def _filtered() -> Router:
    made = Router(name="filtered")
    made.message.filter(Private())
    return made


def _watched(outer: bool) -> Router:
    class Watching(BaseMiddleware):
        async def __call__(self, handler: Any, event: Any, data: Any) -> Any: ...

    made = Router(name="watched")
    (made.message.outer_middleware if outer else made.message.middleware)(Watching())
    return made


def _nested() -> Router:
    made = Router(name="nested")
    made.include_router(Router(name="within"))
    return made


@pytest.mark.parametrize("router", [_filtered(), _watched(outer=True), _watched(outer=False), _nested()])
def test_nothing_may_stand_between_an_update_and_its_handlers(router: Router) -> None:
    with pytest.raises(TypeError, match="nothing stands between"):
        Doors([router])


def test_the_events_have_an_observer_in_every_router() -> None:
    assert all(kind in router.observers for router in handlers.routers() for kind in EVENTS)


def test_a_word_is_known_in_all_its_forms() -> None:
    forms = ("visit", "/visit", "/VISIT@bot", " /visit 李大山", "visit now")
    assert {first_word(one) for one in forms} == {"visit"}
    assert first_word("") == first_word("/") == first_word("   ") == ""
