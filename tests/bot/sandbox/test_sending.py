"""send…: what arrives in the chat, and the sentences for what does not."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image

from tests.phone import Phone, Sandbox, SandboxError
from tests.sandbox_http import multipart


def refused(sandbox: Sandbox, method: str, **params: Any) -> str:
    with pytest.raises(SandboxError) as error:
        sandbox.bot(method, **params)
    return str(error.value)


def keys(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(out, kind)
    return out.getvalue()


def sends_file(sandbox: Sandbox, method: str, field: str, name: str, data: bytes, **fields: Any) -> Any:
    """A bot's upload: its file is named `file1` by the form, so it is attached by that name."""
    kind, body = multipart(fields | {field: "attach://file1"}, [(name, data)])
    return sandbox.wire.bot_form(sandbox.token, method, kind, body)


def test_a_person_must_have_started_the_bot(sandbox: Sandbox) -> None:
    stranger = sandbox.phone("赵六")
    assert refused(sandbox, "sendMessage", chat_id=stranger.id, text="你好") == (
        "403: Forbidden: bot can't initiate conversation with a user"
    )
    stranger.says("/start")
    assert sandbox.bot("sendMessage", chat_id=stranger.id, text="你好")["text"] == "你好"


def test_a_blocked_bot_is_told_both_ways(sandbox: Sandbox, wang: Phone) -> None:
    wang.blocks()
    wang.blocks()
    assert refused(sandbox, "sendMessage", chat_id=wang.id, text="在？") == (
        "403: Forbidden: bot was blocked by the user"
    )
    update = sandbox.bot("getUpdates", offset=-1)[0]["my_chat_member"]
    assert update["new_chat_member"]["status"] == "kicked"
    with pytest.raises(SandboxError, match="先发 /start"):
        wang.says("在")
    wang.says("/start")
    back = sandbox.bot("getUpdates", offset=-2)
    assert back[0]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert back[1]["message"]["text"] == "/start"
    assert sandbox.bot("sendMessage", chat_id=wang.id, text="回来了")["message_id"]


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"chat_id": 987_654}, "400: Bad Request: chat not found"),
        ({"chat_id": -987}, "400: Bad Request: chat not found"),
        ({"chat_id": "@nobody"}, "400: Bad Request: chat not found"),
        ({"text": "字" * 4097}, "400: Bad Request: message is too long"),
        ({"text": " \n "}, "400: Bad Request: message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "400: Bad Request: message text is empty"),
        ({"message_thread_id": 5}, "400: Bad Request: message thread not found"),
        ({"reply_parameters": {"message_id": 9999}}, "400: Bad Request: message to be replied not found"),
        ({"reply_markup": "{"}, "400: Bad Request: can't parse reply markup JSON object"),
        (
            {"reply_markup": keys([{"text": "x", "callback_data": "字" * 22}])},
            "400: Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            {"reply_markup": keys([{"text": "x"}])},
            (
                "400: Bad Request: can't parse inline keyboard button: "
                "Text buttons are unallowed in the inline keyboard"
            ),
        ),
    ],
)
def test_what_telegram_refuses(sandbox: Sandbox, wang: Phone, params: dict[str, Any], sentence: str) -> None:
    assert refused(sandbox, "sendMessage", **({"chat_id": wang.id, "text": "好"} | params)) == sentence


def test_the_largest_texts_and_data_pass(sandbox: Sandbox, wang: Phone) -> None:
    text = "<b>" + "字" * 4096 + "</b>"
    data = "字" * 21 + "x"
    rows = keys([{"text": "x", "callback_data": data}])
    sandbox.bot("sendMessage", chat_id=wang.id, text=text, parse_mode="HTML", reply_markup=rows)
    wang.presses("x")
    assert sandbox.bot("getUpdates", offset=-1)[0]["callback_query"]["data"] == data


def test_a_reply_is_shown_with_what_it_answers(sandbox: Sandbox, wang: Phone) -> None:
    asked = wang.says("几时开会")["message_id"]
    said = sandbox.bot("sendMessage", chat_id=wang.id, text="周五", reply_parameters={"message_id": asked})
    assert said["reply_to_message"]["text"] == "几时开会"
    free = {"message_id": 9999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in sandbox.bot(
        "sendMessage", chat_id=wang.id, text="周六", reply_parameters=free
    )


def test_a_photo_is_made_as_telegram_makes_it(sandbox: Sandbox, wang: Phone) -> None:
    said = sends_file(
        sandbox, "sendPhoto", "photo", "chart.png", picture(2000, 1000), chat_id=wang.id, caption="图"
    )
    assert [(size["width"], size["height"]) for size in said["photo"]] == [
        (90, 45),
        (320, 160),
        (800, 400),
        (1280, 640),
    ]
    shown = wang.hears("图", ever=True)
    with Image.open(io.BytesIO(sandbox.file(shown))) as image:
        assert (image.format, image.size) == ("JPEG", (1280, 640))
    again = sandbox.bot("sendPhoto", chat_id=wang.id, photo=said["photo"][-1]["file_id"])
    assert [size["file_unique_id"] for size in again["photo"]] == [
        size["file_unique_id"] for size in said["photo"]
    ]


def test_a_document_stays_byte_for_byte(sandbox: Sandbox, wang: Phone) -> None:
    data = "a,王\r\n".encode() * 50
    said = sends_file(sandbox, "sendDocument", "document", "台账.csv", data, chat_id=wang.id)
    assert (said["document"]["file_name"], said["document"]["file_size"]) == ("台账.csv", len(data))
    assert sandbox.file(wang.hears("台账", ever=True)) == data
    again = sandbox.bot("sendDocument", chat_id=wang.id, document=said["document"]["file_id"])
    assert again["document"]["file_unique_id"] == said["document"]["file_unique_id"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no picture", "Bad Request: IMAGE_PROCESS_FAILED"),
        (b"", "Bad Request: file must be non-empty"),
        (b"x" * 10_485_761, "is too big for a photo; the maximum size is 10485760 bytes"),
    ],
)
def test_photos_that_are_none(sandbox: Sandbox, wang: Phone, data: bytes, sentence: str) -> None:
    with pytest.raises(SandboxError) as error:
        sends_file(sandbox, "sendPhoto", "photo", "a.jpg", data, chat_id=wang.id)
    assert sentence in str(error.value)


def test_identifiers_belong_to_one_bot(sandbox: Sandbox, wang: Phone) -> None:
    said = sends_file(sandbox, "sendDocument", "document", "a.txt", b"a", chat_id=wang.id)
    known = said["document"]["file_id"]
    assert "wrong remote file identifier" in refused(
        sandbox, "sendDocument", chat_id=wang.id, document="AgACxyz"
    )
    assert "Document as Photo" in refused(sandbox, "sendPhoto", chat_id=wang.id, photo=known)
    with pytest.raises(SandboxError, match="wrong file_id"):
        sandbox.wire.bot("99:other", "getFile", {"file_id": known})


def test_an_album_is_messages_with_one_id(sandbox: Sandbox, wang: Phone) -> None:
    media = [
        {"type": "photo", "media": "attach://file1", "caption": "<b>一</b>", "parse_mode": "HTML"},
        {"type": "photo", "media": "attach://file2"},
    ]
    said = sends_album(sandbox, wang, media)
    assert len({part["media_group_id"] for part in said}) == 1
    assert (said[0]["caption"], said[0]["caption_entities"][0]["type"]) == ("一", "bold")
    assert said[1]["message_id"] == said[0]["message_id"] + 1


def sends_album(sandbox: Sandbox, wang: Phone, media: Any) -> Any:
    files = [("a.png", picture(40, 30)), ("b.png", picture(30, 40))]
    kind, body = multipart({"chat_id": wang.id, "media": json.dumps(media)}, files)
    return sandbox.wire.bot_form(sandbox.token, "sendMediaGroup", kind, body)


@pytest.mark.parametrize(
    ("media", "sentence"),
    [
        ([{"type": "photo", "media": "attach://file1"}] * 11, "too many messages to send as an album"),
        (
            [{"type": "photo", "media": "attach://file1"}, {"type": "document", "media": "attach://file2"}],
            "document can't be mixed with other media types",
        ),
        (
            [{"type": "photo", "media": "attach://file1"}, {"type": "photo", "media": "attach://gone"}],
            'failed to send message #2 with the error message "file not found in the request"',
        ),
    ],
)
def test_albums_that_are_refused_send_nothing(
    sandbox: Sandbox, wang: Phone, media: Any, sentence: str
) -> None:
    before = len(wang.screen())
    with pytest.raises(SandboxError) as error:
        sends_album(sandbox, wang, media)
    assert sentence in str(error.value)
    assert len(wang.screen()) == before


def test_places_and_actions(sandbox: Sandbox, wang: Phone) -> None:
    said = sandbox.bot("sendLocation", chat_id=wang.id, latitude=39.4, longitude="117.1")
    assert said["location"] == {"latitude": 39.4, "longitude": 117.1}
    assert refused(sandbox, "sendLocation", chat_id=wang.id, latitude=1).endswith("longitude is empty")
    assert refused(sandbox, "sendLocation", chat_id=wang.id, latitude=91, longitude=1).endswith(
        "wrong location specified"
    )
    assert sandbox.bot("sendChatAction", chat_id=wang.id, action="typing") is True
    assert refused(sandbox, "sendChatAction", chat_id=wang.id).endswith("wrong parameter action in request")


def test_a_reply_keyboard_asks_for_a_place_in_private_only(sandbox: Sandbox, wang: Phone) -> None:
    ask = {"keyboard": [[{"text": "位置", "request_location": True}]]}
    said = sandbox.bot("sendMessage", chat_id=wang.id, text="在哪", reply_markup=ask)
    assert "reply_markup" not in said
    assert wang.screen()[-1]["reply_keyboard"] == ask
    wang.shares_location(39.4, 117.1)
    assert sandbox.bot("getUpdates", offset=-1)[0]["message"]["location"]["latitude"] == 39.4
    group = sandbox.group("管理组", wang)
    assert refused(sandbox, "sendMessage", chat_id=group["id"], text="在哪", reply_markup=ask).endswith(
        "location can be requested in private chats only"
    )
