"""How answers of the Bot API are read: the same by intake, webhook and delivery."""

import pytest
from telegram.error import TelegramError

from bot.connection import read
from bot.wire import AiohttpRequest


@pytest.mark.fault("strange text")
def test_half_a_character_in_a_name_does_not_make_a_letter_seem_unsent() -> None:
    for name in (b"\\ud83d", b"\xff"):
        raw = b'{"ok": true, "result": {"message_id": 7, "chat": {"id": 1, "first_name": "' + name + b'"}}}'
        assert AiohttpRequest.parse_json_payload(raw)["result"]["message_id"] == 7


def test_an_answer_that_is_no_json_is_an_error_of_the_line() -> None:
    with pytest.raises(TelegramError, match="Invalid server response"):
        AiohttpRequest.parse_json_payload(b"<html>502 Bad Gateway</html>")


@pytest.mark.fault("strange text")
@pytest.mark.parametrize("text", ["半个\\ud83d字", "\\udc00", "整个\\ud83d\\ude00"])
def test_half_a_character_keeps_nothing_else_from_arriving(text: str) -> None:
    updates = ['{"update_id": 1, "text": "', text, '"}, {"update_id": 2, "text": "好"}']
    raw = "".join(['{"ok": true, "result": [', *updates, "]}"])
    first, second = read(raw.encode())["result"]
    assert second == {"update_id": 2, "text": "好"}
    assert first["text"].encode().decode() in ("半个?字", "?", "整个😀")


def test_what_is_no_json_is_no_update() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        read(b"<html>502 Bad Gateway</html>")
