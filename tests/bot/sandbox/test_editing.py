"""Edits, deletions and presses."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.methods.editing import NOT_MODIFIED, TOO_OLD
from tests.bot.sandbox.test_sending import keys, picture, refused, sends_file
from tests.phone import Phone, Sandbox, SandboxError

ONE = keys([{"text": "一", "callback_data": "1"}])


def said(sandbox: Sandbox, wang: Phone, **more: Any) -> dict[str, Any]:
    """A card of the bot, and how to address it."""
    message = sandbox.bot("sendMessage", **{"chat_id": wang.id, "text": "卡片"} | more)
    return {"chat_id": wang.id, "message_id": message["message_id"]}


def test_a_text_is_edited_and_its_keyboard_goes(sandbox: Sandbox, wang: Phone) -> None:
    card = said(sandbox, wang, reply_markup=ONE)
    edited = sandbox.bot("editMessageText", text="<b>新</b>", parse_mode="HTML", **card)
    assert (edited["text"], edited["edit_date"] > 0) == ("新", True)
    assert "reply_markup" not in edited
    assert wang.screen()[-1]["edited"] is True


def test_the_same_content_is_not_modified(sandbox: Sandbox, wang: Phone) -> None:
    card = said(sandbox, wang, reply_markup=ONE)
    sentence = f"400: Bad Request: {NOT_MODIFIED}"
    assert refused(sandbox, "editMessageText", text="卡片", reply_markup=ONE, **card) == sentence
    assert refused(sandbox, "editMessageReplyMarkup", reply_markup=ONE, **card) == sentence
    assert sandbox.bot("editMessageText", text="卡片", **card)["text"] == "卡片"


def test_a_keyboard_alone_leaves_no_edit_date(sandbox: Sandbox, wang: Phone) -> None:
    card = said(sandbox, wang)
    assert "edit_date" not in sandbox.bot("editMessageReplyMarkup", reply_markup=ONE, **card)
    assert wang.labels() == ["一"]


@pytest.mark.parametrize(
    ("method", "change", "sentence"),
    [
        ("editMessageText", {"message_id": 9999}, "message to edit not found"),
        ("editMessageText", {"message_id": ""}, "message identifier is not specified"),
        ("editMessageText", {"text": "字" * 4097}, "message is too long"),
        ("editMessageCaption", {"caption": "x"}, "there is no caption in the message to edit"),
        ("deleteMessage", {"message_id": 9999}, "message to delete not found"),
        ("setMessageReaction", {"message_id": 9999}, "message to react not found"),
        ("pinChatMessage", {"message_id": 9999}, "message to pin not found"),
    ],
)
def test_what_cannot_be_changed(
    sandbox: Sandbox, wang: Phone, method: str, change: dict[str, Any], sentence: str
) -> None:
    params = said(sandbox, wang) | {"text": "新"} | change
    assert refused(sandbox, method, **params).endswith("Bad Request: " + sentence)


def test_others_messages_and_reply_keyboards_cannot_be_edited(sandbox: Sandbox, wang: Phone) -> None:
    own = {"chat_id": wang.id, "message_id": wang.says("我的")["message_id"]}
    assert refused(sandbox, "editMessageText", text="x", **own).endswith("message can't be edited")
    asked = said(sandbox, wang, reply_markup={"keyboard": [[{"text": "跳过"}]]})
    assert refused(sandbox, "editMessageText", text="x", **asked).endswith("message can't be edited")


def test_captions_and_media_are_edited(sandbox: Sandbox, wang: Phone) -> None:
    photo = sends_file(sandbox, "sendPhoto", "photo", "a.png", picture(50, 40), chat_id=wang.id, caption="甲")
    where = {"chat_id": wang.id, "message_id": photo["message_id"]}
    assert refused(sandbox, "editMessageText", text="x", **where).endswith(
        "there is no text in the message to edit"
    )
    assert sandbox.bot("editMessageCaption", caption="乙", **where)["caption"] == "乙"
    document = sends_file(sandbox, "sendDocument", "document", "a.txt", b"a", chat_id=wang.id)
    media = {"type": "document", "media": document["document"]["file_id"], "caption": "丙"}
    changed = sandbox.bot("editMessageMedia", media=media, **where)
    assert (changed["caption"], "photo" in changed, changed["document"]["file_name"]) == (
        "丙",
        False,
        "a.txt",
    )
    assert refused(sandbox, "editMessageMedia", media=media, **where).endswith(NOT_MODIFIED)


def test_messages_are_deleted_within_48_hours(sandbox: Sandbox, wang: Phone) -> None:
    first, second, third = said(sandbox, wang), said(sandbox, wang), said(sandbox, wang)
    assert sandbox.bot("deleteMessage", **first) is True
    assert refused(sandbox, "deleteMessage", **first).endswith("message to delete not found")
    ids = [first["message_id"], second["message_id"]]
    assert sandbox.bot("deleteMessages", chat_id=wang.id, message_ids=ids) is True
    assert [one["message_id"] for one in wang.screen()][-1] == third["message_id"]
    sandbox.clock_to("+49h")
    assert refused(sandbox, "deleteMessage", **third).endswith("message can't be deleted for everyone")


def test_a_press_carries_the_message_and_is_answered_once_seen(sandbox: Sandbox, wang: Phone) -> None:
    card = said(sandbox, wang, reply_markup=ONE)
    press = wang.presses("一")
    query = sandbox.bot("getUpdates", offset=-1)[0]["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (press, "1", wang.id)
    assert query["message"]["message_id"] == card["message_id"]
    assert query["message"]["reply_markup"] == ONE
    assert sandbox.bot("answerCallbackQuery", callback_query_id=press, text="不行", show_alert=True) is True
    assert wang.answered() == {"answered": True, "text": "不行", "alert": True}


def test_a_press_of_another_bot_or_of_nobody_is_too_old(sandbox: Sandbox, wang: Phone) -> None:
    said(sandbox, wang, reply_markup=ONE)
    press = wang.presses("一")
    for token, wanted in (("99:other", press), (sandbox.token, "123")):
        with pytest.raises(SandboxError) as error:
            sandbox.wire.bot(token, "answerCallbackQuery", {"callback_query_id": wanted})
        assert str(error.value).endswith(TOO_OLD)


def test_a_button_must_be_there_unless_the_screen_is_old(sandbox: Sandbox, wang: Phone) -> None:
    card = said(sandbox, wang, reply_markup=ONE)
    wish = {"user": wang.id, "message_id": card["message_id"]}
    assert sandbox.post("press", wish | {"row": 0, "col": 0})["callback_query_id"]
    for missing in ({"data": "2"}, {"text": "二"}, {"row": 1, "col": 0}, {"row": 0, "col": 1}):
        with pytest.raises(SandboxError, match="按钮"):
            sandbox.post("press", wish | missing)
    sandbox.bot("deleteMessage", **card)
    sandbox.post("press", wish | {"data": "1", "stale": True})
    gone = sandbox.bot("getUpdates", offset=-1)[0]["callback_query"]["message"]
    assert (gone["date"], gone["message_id"], "text" in gone) == (0, card["message_id"], False)


def test_reactions_and_pins(sandbox: Sandbox, wang: Phone) -> None:
    card = said(sandbox, wang)
    own = wang.says("收到")["message_id"]
    sandbox.bot(
        "setMessageReaction", chat_id=wang.id, message_id=own, reaction=[{"type": "emoji", "emoji": "👍"}]
    )
    assert next(one for one in wang.screen() if one["message_id"] == own)["reactions"] == ["👍"]
    assert sandbox.bot("pinChatMessage", **card) is True
    assert sandbox.bot("getChat", chat_id=wang.id)["pinned_message"]["text"] == "卡片"
    assert wang.sees("置顶")
    assert sandbox.bot("unpinChatMessage", **card) is True
    assert "pinned_message" not in sandbox.bot("getChat", chat_id=wang.id)
    assert refused(sandbox, "unpinChatMessage", **card).endswith("message to unpin not found")


def test_the_record_keeps_the_words_before_the_first_edit(sandbox: Sandbox, wang: Phone) -> None:
    card = said(sandbox, wang)
    sandbox.bot("editMessageReplyMarkup", reply_markup=ONE, **card)
    assert "first" not in wang.screen()[-1]
    for text in ("新", "更新"):
        sandbox.bot("editMessageText", text=text, **card)
    assert (wang.screen()[-1]["first"], wang.screen()[-1]["text"]) == ("卡片", "更新")
