"""Checks of reply_markup, with Telegram's sentences."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError, bad
from bot.sandbox.model import Chat, Json

DATA_BYTES = 64
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "copy_text",
    "pay",
    "callback_game",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
)
_ASKS = ("request_location", "request_contact", "request_poll")


@dataclass(frozen=True)
class Markup:
    """Either an inline keyboard on the message, or an order to the phone's own keyboard."""

    inline: list[list[Json]] | None = None
    reply: Json | None = None


def markup(call: Call, chat: Chat) -> Markup:
    given = call.json("reply_markup")
    if not given:
        return Markup()
    if not isinstance(given, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in given:
        return Markup(inline=inline(given))
    if "keyboard" in given:
        return Markup(reply=given | {"keyboard": _reply_rows(given["keyboard"], chat)})
    if "remove_keyboard" in given or "force_reply" in given:
        return Markup(reply=given)
    return Markup()


def inline(given: Json) -> list[list[Json]] | None:
    """The rows of an inline keyboard; None when it holds no button."""
    rows = given.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    return [[_inline_button(button) for button in row] for row in rows if row] or None


def _wrong(what: str) -> ApiError:
    return bad(f"can't parse inline keyboard button: {what}")


def _inline_button(button: Json) -> Json:
    if not isinstance(button, dict):
        raise _wrong("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _wrong('Can\'t find field "text"')
    button = {key: value for key, value in button.items() if value is not None}
    if not any(action in button for action in _ACTIONS):
        raise _wrong("Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).lower().startswith(("http://", "https://", "tg://", "t.me/")):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    return button


def _reply_rows(rows: object, chat: Chat) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
    return [[_reply_button(button, chat) for button in row] for row in rows]


def _reply_button(button: object, chat: Chat) -> Json:
    shape: Json = {"text": button} if isinstance(button, str) else button if isinstance(button, dict) else {}
    if not isinstance(shape.get("text"), str):
        raise bad("can't parse keyboard button: Can't find field \"text\"")
    for ask in _ASKS:
        if shape.get(ask) and not chat.private:
            name = ask.removeprefix("request_").replace("contact", "phone number")
            raise bad(f"{name} can be requested in private chats only")
    return {key: value for key, value in shape.items() if value is not None}
