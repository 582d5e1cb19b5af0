"""Two libraries that know the real Bot API, each against the sandbox: their own models read its answers."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot as AiogramBot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReactionTypeEmoji,
)
from PIL import Image
from telegram import Bot as TelegramBot
from telegram import InlineKeyboardButton as Key
from telegram import InlineKeyboardMarkup as Keys
from telegram import InputMediaDocument
from telegram import InputMediaPhoto as Photo
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from tests.phone import Phone, Sandbox


def picture(colour: str = "green", side: int = 400) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), colour).save(out, "PNG")
    return out.getvalue()


def warned(sandbox: Sandbox) -> list[Any]:
    return [(call["method"], call["warnings"]) for call in sandbox.calls() if call["warnings"]]


def aiogram_bot(sandbox: Sandbox) -> AiogramBot:
    api = TelegramAPIServer.from_base(sandbox.api_url)
    return AiogramBot(sandbox.token, session=AiohttpSession(api=api))


async def test_aiogram_reads_every_answer(sandbox: Sandbox, wang: Phone) -> None:
    async with aiogram_bot(sandbox) as bot:
        await talk_with_aiogram(bot, sandbox, wang)
    assert not warned(sandbox)


async def talk_with_aiogram(bot: AiogramBot, sandbox: Sandbox, wang: Phone) -> None:
    assert (await bot.me()).username == "zhucun_demo_bot"
    assert await bot.set_my_commands([BotCommand(command="visit", description="走访")])
    assert (await bot.get_my_commands())[0].description == "走访"
    keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="走访", callback_data="v")]])
    said = await bot.send_message(wang.id, "<b>你好</b>", parse_mode="HTML", reply_markup=keys)
    assert said.html_text == "<b>你好</b>"
    wang.presses("走访")
    update = (await bot.get_updates(offset=-1))[0]
    assert update.callback_query is not None
    assert update.callback_query.data == "v"
    assert await bot.answer_callback_query(update.callback_query.id, text="好")
    await bot.edit_message_text("完", chat_id=wang.id, message_id=said.message_id)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("完", chat_id=wang.id, message_id=said.message_id)
    parts = [InputMediaPhoto(media=BufferedInputFile(picture(c), "a.png")) for c in ("red", "blue")]
    album = await bot.send_media_group(wang.id, list(parts))
    assert album[0].media_group_id == album[1].media_group_id
    assert album[0].photo is not None
    file = await bot.get_file(album[0].photo[-1].file_id)
    assert file.file_path is not None
    assert (await bot.download_file(file.file_path)) is not None
    await bot.set_message_reaction(wang.id, 1, [ReactionTypeEmoji(emoji="👍")])
    await bot.send_location(wang.id, 39.5, 117.0)
    assert (await bot.get_chat(wang.id)).first_name == "王五"
    assert (await bot.get_chat_member(wang.id, wang.id)).status == "member"
    assert await bot.delete_message(wang.id, said.message_id)


async def test_aiogram_tells_the_errors_apart(sandbox: Sandbox, wang: Phone) -> None:
    group = sandbox.group("管理组", wang)
    sandbox.upgrade(group["id"])
    wang.blocks()
    async with aiogram_bot(sandbox) as bot:
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await bot.send_message(wang.id, "在吗")
        with pytest.raises(TelegramMigrateToChat):
            await bot.send_message(group["id"], "周报")
        updates = await bot.get_updates()
    kinds = [update.event_type for update in updates]
    assert "my_chat_member" in kinds


async def test_python_telegram_bot_reads_every_answer(
    sandbox: Sandbox, wang: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    base = sandbox.api_url
    bot = TelegramBot(sandbox.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot")
    async with bot:
        await talk_with_ptb(bot, sandbox, wang)
    assert not [line for line in warned(sandbox) if not str(line[1]).startswith("['fault")]


async def talk_with_ptb(bot: TelegramBot, sandbox: Sandbox, wang: Phone) -> None:
    said = await bot.send_message(wang.id, "菜单", reply_markup=Keys([[Key("走访", callback_data="v")]]))
    await bot.edit_message_reply_markup(wang.id, said.message_id, reply_markup=None)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(wang.id, said.message_id, reply_markup=None)
    photo = await bot.send_photo(wang.id, picture(), caption="<i>图</i>", parse_mode="HTML")
    assert photo.caption_html == "<i>图</i>"
    again = await bot.send_media_group(wang.id, [Photo(photo.photo[-1].file_id), Photo(picture("red"))])
    assert again[0].photo[-1].file_unique_id == photo.photo[-1].file_unique_id
    await photo.edit_media(InputMediaDocument(b"1,2\n", filename="台账.csv"))
    document = await bot.send_document(wang.id, b"a,b\n", filename="台账.csv")
    assert document.document is not None
    data = await (await bot.get_file(document.document.file_id)).download_as_bytearray()
    assert data == b"a,b\n"
    sandbox.faults("429", "sendMessage", retry_after=7, count=1)
    with pytest.raises(RetryAfter) as late:
        await bot.send_message(wang.id, "慢")
    assert late.value.retry_after == timedelta(seconds=7)


async def test_python_telegram_bot_tells_the_errors_apart(sandbox: Sandbox, wang: Phone) -> None:
    stranger = sandbox.phone("赵六")
    group = sandbox.group("管理组", wang)
    new = sandbox.upgrade(group["id"])
    async with TelegramBot(sandbox.token, base_url=f"{sandbox.api_url}/bot") as bot:
        with pytest.raises(Forbidden, match="can't initiate conversation"):
            await bot.send_message(stranger.id, "你好")
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(group["id"], "周报")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(999_999, "谁")
        with pytest.raises(BadRequest, match="Can't parse entities"):
            await bot.send_message(wang.id, "<b>没关", parse_mode="HTML")
        updates = await bot.get_updates()
    assert moved.value.new_chat_id == new["id"]
    assert any(update.my_chat_member for update in updates)
