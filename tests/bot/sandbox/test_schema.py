"""Calls compared with the published Bot API, and the reduced copy with its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.files import Upload
from bot.sandbox.methods import METHODS
from bot.sandbox.schema import DATA, missing, oddities, published, reduced
from tests.phone import Phone, Sandbox

SENT: dict[str, Any] = {"chat_id": 1001, "text": "好"}


def test_the_copy_is_the_source_reduced(shared_data: Path) -> None:
    full = json.loads((shared_data / "schema" / "telegram-bot-api.json").read_text("utf-8"))
    assert json.loads(json.dumps(reduced(full))) == published()
    assert DATA.stat().st_size < 100_000


def test_every_method_played_is_published() -> None:
    assert set(METHODS) <= set(published()["methods"])


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", "callback_data": "y"} | button]]}


@pytest.mark.parametrize(
    "params",
    [
        SENT,
        {"chat_id": "1001", "text": "123", "disable_notification": "true", "message_thread_id": "4"},
        SENT | {"reply_markup": keyboard()},
        SENT | {"reply_markup": json.dumps(keyboard(style="primary"))},
        SENT | {"reply_markup": {"remove_keyboard": True}},
        SENT | {"entities": [{"type": "bold", "offset": 0, "length": 1}]},
        SENT | {"reply_parameters": {"message_id": 5}},
        SENT | {"chat_id": "@group"},
    ],
)
def test_what_is_right_has_no_warnings(params: dict[str, Any]) -> None:
    assert oddities("sendMessage", params, {}) == []


@pytest.mark.parametrize(
    ("params", "warnings"),
    [
        (SENT | {"parse_mod": "HTML"}, ["sendMessage: unknown parameter parse_mod"]),
        (SENT | {"message_thread_id": "x"}, ["message_thread_id: expected Integer"]),
        (SENT | {"protect_content": "maybe"}, ["protect_content: expected Boolean"]),
        (SENT | {"protect_content": 1}, ["protect_content: expected Boolean"]),
        (SENT | {"entities": {}}, ["entities: expected Array of MessageEntity"]),
        (
            SENT | {"entities": [{"type": "bold", "offset": 0}]},
            ["entities[0]: MessageEntity lacks length"],
        ),
        (
            SENT | {"reply_markup": keyboard(colour="red")},
            ["reply_markup.inline_keyboard[0][0]: unknown field colour of InlineKeyboardButton"],
        ),
        (
            SENT | {"reply_markup": keyboard(text=5)},
            ["reply_markup.inline_keyboard[0][0].text: expected String"],
        ),
    ],
)
def test_what_is_odd_is_named(params: dict[str, Any], warnings: list[str]) -> None:
    assert oddities("sendMessage", params, {}) == warnings


def test_files_must_be_meant_by_something() -> None:
    files = {"photo": Upload("a.jpg", b"a"), "stray": Upload("b.jpg", b"b")}
    assert oddities("sendPhoto", {"chat_id": 1}, files) == ["sendPhoto: unknown file stray"]
    media = '[{"type": "photo", "media": "attach://one"}]'
    assert oddities("sendMediaGroup", {"chat_id": 1, "media": media}, {"one": Upload("a", b"a")}) == []


def test_the_first_missing_parameter_is_refused() -> None:
    sentences = [
        str(missing(method, params, {}))
        for method, params in (
            ("sendMessage", {}),
            ("sendMessage", {"chat_id": 1, "text": ""}),
            ("sendPhoto", {"chat_id": 1}),
            ("sendLocation", {"chat_id": 1, "latitude": 0.0}),
            ("sendMessage", SENT),
        )
    ]
    assert sentences == [
        "Bad Request: chat_id is empty",
        "Bad Request: message text is empty",
        "Bad Request: there is no photo in the request",
        "Bad Request: longitude is empty",
        "None",
    ]
    assert missing("sendPhoto", {"chat_id": 1}, {"photo": Upload("a", b"a")}) is None


def test_warnings_stand_in_the_record_and_the_call_goes_on(sandbox: Sandbox, wang: Phone) -> None:
    assert sandbox.bot("sendMessage", chat_id=wang.id, text="好", newer_field=1)["text"] == "好"
    assert sandbox.calls("sendMessage")[-1]["warnings"] == ["sendMessage: unknown parameter newer_field"]
