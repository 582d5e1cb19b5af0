"""The recorder: a closed list of methods becomes cards and letters, everything else is refused."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Message
from sqlmodel import Session, col, select

from bot.desk import drive
from bot.recorder import CannotRecord, Recorder
from handlers.turn import Turn, button, link, payload
from storage import cards, letters, tables
from storage.cards import Card
from storage.chats import Chat
from storage.db import Store
from storage.letters import Letter
from storage.sealing import Keyring
from tests import databases
from tests.bot.spine import BOT, NOW, TOKEN

KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="是", callback_data="t:yes")]])


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = Store(databases.url(tmp_path / "zhucun.db"), Keyring.new())
    tables.metadata.create_all(store.write)
    with store.writing() as one:
        yield one
    store.close()


@pytest.fixture
def turn(session: Session) -> Turn:
    chat = Chat(bot=BOT, telegram_id=7)
    session.add(chat)
    session.flush()
    return Turn(session, NOW, BOT, "zhucun_demo_bot", chat, None)


@pytest.fixture
def bot(turn: Turn) -> Bot:
    recorder = Recorder()
    recorder.turn = turn
    return Bot(TOKEN, session=recorder)


def written(session: Session) -> list[tuple[str, dict[str, Any]]]:
    found = session.exec(select(Letter).order_by(col(Letter.id))).all()
    return [(one.method, letters.payload_of(session, one)) for one in found]


def wanted(session: Session) -> list[dict[str, Any] | None]:
    return [cards.wanted_of(session, one) for one in session.exec(select(Card)).all()]


def awaited(method: Any) -> Any:
    """What a handler's `await message.edit_text(…)` does."""

    async def talk() -> Any:
        return await method

    return drive(talk())


def test_a_text_is_a_letter_and_a_text_with_buttons_is_a_card(bot: Bot, session: Session) -> None:
    plain: Message = drive(bot.send_message(7, "一"))
    card: Message = drive(bot.send_message(7, "二", reply_markup=KEYS, parse_mode="HTML"))
    assert plain.message_id == 0
    assert card.message_id == -1
    assert written(session) == [("sendMessage", {"text": "一"}), ("card", {})]
    assert wanted(session)[0] == {
        "text": "二", "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": [[{"text": "是", "callback_data": "t:yes"}]]},
    }  # fmt: skip


def test_the_message_of_a_card_can_be_edited_and_deleted_at_once(bot: Bot, session: Session) -> None:
    card: Message = drive(bot.send_message(7, "二", reply_markup=KEYS))
    awaited(card.edit_text("三", reply_markup=KEYS))
    assert (wanted(session)[0] or {})["text"] == "三"
    awaited(card.edit_reply_markup())
    assert wanted(session)[0] == {"text": "三"}
    awaited(card.delete())
    assert wanted(session) == [None]
    assert len(written(session)) == 1, "one letter brings the card up to date, however often it changed"


def test_a_reply_keyboard_is_a_letter(bot: Bot, session: Session) -> None:
    from aiogram.types import KeyboardButton, ReplyKeyboardMarkup

    keys = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="位置", request_location=True)]], resize_keyboard=True
    )
    drive(bot.send_message(7, "在哪", reply_markup=keys))
    ((method, said),) = written(session)
    assert method == "sendMessage"
    assert said["reply_markup"]["keyboard"] == [[{"text": "位置", "request_location": True}]]


def test_another_chat_may_be_written_to(bot: Bot, session: Session) -> None:
    drive(bot.send_message(8, "给队长"))
    assert session.exec(select(Chat).where(Chat.telegram_id == 8)).one().id == 2


@pytest.mark.parametrize("call", ["get_file", "get_chat", "set_my_commands", "pin", "raw bytes"])
def test_whatever_must_wait_or_is_no_talk_is_refused(bot: Bot, call: str) -> None:
    calls: dict[str, Callable[[], Any]] = {
        "get_file": lambda: bot.get_file("x"),
        "get_chat": lambda: bot.get_chat(7),
        "set_my_commands": lambda: bot.set_my_commands([]),
        "pin": lambda: bot.pin_chat_message(7, 1),
        "raw bytes": lambda: bot.send_document(7, BufferedInputFile(b"x", "x.txt")),
    }
    with pytest.raises((CannotRecord, TypeError)):
        drive(calls[call]())


def test_a_download_is_refused(bot: Bot) -> None:
    with pytest.raises(CannotRecord):
        bot.session.stream_content("https://example.org")


def test_an_answer_to_a_press_lives_ten_seconds(bot: Bot, session: Session, turn: Turn) -> None:
    drive(bot.answer_callback_query("5", "好"))
    letter = session.exec(select(Letter)).one()
    assert turn.answered
    assert letter.expires_at is not None
    assert (letter.expires_at - NOW).total_seconds() == 10


def test_buttons_hold_at_most_what_telegram_takes() -> None:
    assert button("好", "f:" + "x" * 54)["callback_data"]
    with pytest.raises(ValueError, match="too long"):
        button("好", "f:" + "x" * 55)
    assert link("打开", "https://t.me/x") == {"text": "打开", "url": "https://t.me/x"}


def test_a_payload_says_only_what_is_needed() -> None:
    assert "reply_markup" not in payload("一")
    assert payload("一", [[], [button("好", "f:1")]])["reply_markup"]["inline_keyboard"] == [
        [button("好", "f:1")]
    ]
    assert payload("一", quiet=True)["disable_notification"]


def test_albums_are_cut_in_tens_and_captioned_once(turn: Turn, session: Session) -> None:
    turn.album([f"{number:064x}" for number in range(21)], "三家")
    (_, first), (_, second), (method, third) = written(session)
    assert [len(first["media"]), len(second["media"])] == [10, 10]
    assert [item.get("caption") for item in first["media"]] == ["三家"] + [None] * 9
    assert method == "sendPhoto"
    assert third["photo"]["$file"] == f"{20:064x}"
