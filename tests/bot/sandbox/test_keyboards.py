"""reply_markup checked as Telegram checks it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError
from bot.sandbox.keyboards import DATA_BYTES, inline, markup
from bot.sandbox.model import Chat
from bot.sandbox.world import World

BUTTON = {"text": "走访", "callback_data": "v"}
WRONG = "Bad Request: can't parse inline keyboard button: "


def markup_of(given: Any, kind: str = "private") -> Any:
    world = World()
    bot = world.bot_for("42:DEMO")
    assert bot is not None
    call = Call(world, bot, "sendMessage", {"reply_markup": given})
    return markup(call, Chat("x", 1, kind))


def sentence(given: Any, kind: str = "private") -> str:
    with pytest.raises(ApiError) as error:
        markup_of(given, kind)
    assert error.value.code == 400
    return error.value.description


def test_rows_are_kept_and_empty_ones_dropped() -> None:
    assert inline({"inline_keyboard": [[BUTTON], [], [BUTTON, BUTTON]]}) == [[BUTTON], [BUTTON, BUTTON]]
    assert inline({"inline_keyboard": []}) is None
    assert inline({"inline_keyboard": [[]]}) is None


def test_fields_without_a_value_are_left_out() -> None:
    assert inline({"inline_keyboard": [[BUTTON | {"url": None}]]}) == [[BUTTON]]


@pytest.mark.parametrize("given", [None, "", {}, "{}"])
def test_no_markup(given: Any) -> None:
    found = markup_of(given)
    assert (found.inline, found.reply) == (None, None)


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ("x", WRONG + "InlineKeyboardButton must be an Object"),
        ({"callback_data": "x"}, WRONG + 'Can\'t find field "text"'),
        ({"text": "x"}, WRONG + "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": ""}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "y" * (DATA_BYTES + 1)}, "Bad Request: BUTTON_DATA_INVALID"),
        (
            {"text": "x", "url": "ftp://a"},
            "Bad Request: inline keyboard button URL 'ftp://a' is invalid: Unsupported URL protocol",
        ),
    ],
)
def test_wrong_buttons(button: Any, expected: str) -> None:
    assert sentence({"inline_keyboard": [[button]]}) == expected


@pytest.mark.parametrize("rows", [None, "x", [BUTTON], {"0": [BUTTON]}])
def test_wrong_rows(rows: Any) -> None:
    assert sentence({"inline_keyboard": rows}).endswith("must be an Array of Arrays")


def test_64_bytes_of_data_pass() -> None:
    data = "驻" * 21 + "x"
    assert inline({"inline_keyboard": [[{"text": "x", "callback_data": data}]]})


def test_reply_keyboards_take_texts_and_requests() -> None:
    given = {"keyboard": [["好", {"text": "位置", "request_location": True}]], "one_time_keyboard": True}
    found = markup_of(given).reply
    assert found["keyboard"] == [[{"text": "好"}, {"text": "位置", "request_location": True}]]
    assert found["one_time_keyboard"] is True
    assert markup_of({"remove_keyboard": True}).reply == {"remove_keyboard": True}


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        ("request_location", "Bad Request: location can be requested in private chats only"),
        ("request_contact", "Bad Request: phone number can be requested in private chats only"),
    ],
)
def test_requests_are_for_private_chats(ask: str, expected: str) -> None:
    given = {"keyboard": [[{"text": "x", ask: True}]]}
    assert markup_of(given).reply
    assert sentence(given, "group") == expected


def test_a_list_is_no_markup() -> None:
    assert sentence("[1]") == "Bad Request: object expected as reply markup"
