"""What a claimed letter becomes on the wire."""

from typing import Any

import pytest

from bot.calls import parameters, references
from storage.claiming import Claimed
from storage.letters import Lane


def letter(method: str, payload: dict[str, Any], **more: Any) -> Claimed:
    about: dict[str, Any] = {
        "id": 1, "chat": 2, "telegram_id": 70, "topic": 0, "private": True, "lane": Lane.TALK, "attempts": 0,
        "doubts": 0,
    }  # fmt: skip
    return Claimed(**(about | {"method": method, "payload": payload} | more))


def test_the_chats_row_says_where() -> None:
    assert parameters(letter("sendMessage", {"text": "好"})) == {"text": "好", "chat_id": 70}
    topic = letter("sendMessage", {"text": "好"}, topic=5)
    assert parameters(topic) == {"text": "好", "chat_id": 70, "message_thread_id": 5}
    edit = letter("editMessageText", {"text": "好", "message_id": 9}, topic=5)
    assert parameters(edit) == {"text": "好", "message_id": 9, "chat_id": 70}


def test_an_answer_to_a_press_has_no_chat() -> None:
    assert parameters(letter("answerCallbackQuery", {"callback_query_id": "1"})) == {"callback_query_id": "1"}


@pytest.mark.parametrize(
    ("method", "payload", "field"),
    [
        ("sendMessage", {"text": "周报"}, "text"),
        ("sendDocument", {"document": {"$file": "a"}, "caption": "台账"}, "caption"),
        ("sendPhoto", {"photo": {"$file": "a"}}, "caption"),
    ],
)
def test_what_may_be_there_already_is_marked(method: str, payload: dict[str, Any], field: str) -> None:
    doubted = letter(method, payload, doubts=1, lane=Lane.NOTICE)
    assert parameters(doubted)[field] == "（重发）" + payload.get(field, "")
    assert parameters(letter(method, payload, lane=Lane.NOTICE)).get(field) == payload.get(field)


def test_a_mark_needs_room() -> None:
    long = letter("sendMessage", {"text": "长" * 4095}, doubts=1, lane=Lane.BULK)
    assert parameters(long)["text"] == "长" * 4095
    album = letter("sendMediaGroup", {"media": []}, doubts=1)
    assert "caption" not in parameters(album)


def test_files_are_found_wherever_they_are_referred_to() -> None:
    assert references({"text": "好", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}) == set()
    assert references({"photo": {"$file": "a", "name": "x.jpg"}, "caption": "b"}) == {"a"}
    album = {"media": [{"type": "photo", "media": {"$file": one}} for one in "abc"]}
    assert references(album) == {"a", "b", "c"}
