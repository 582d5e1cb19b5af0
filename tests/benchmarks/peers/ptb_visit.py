"""python-telegram-bot: the visit as a ConversationHandler kept by PicklePersistence, all at its defaults."""

import asyncio
import os
import warnings
from typing import Any

import uvloop
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.warnings import PTBUserWarning

from tests.benchmarks.peers.records import HOUSEHOLDS, PURPOSES, Records, rows, summary

HOUSEHOLD, PURPOSE, FINDINGS, READY = range(4)
Context = ContextTypes.DEFAULT_TYPE
records = Records()


def keyboard(labels: tuple[str, ...], prefix: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(text, callback_data=data) for text, data in row]
            for row in rows(labels, prefix)
        ]
    )


async def begin(update: Update, _context: Context) -> int:
    assert update.message is not None
    markup = keyboard(HOUSEHOLDS, "h")
    await update.message.reply_text("<b>走访</b>\n走访哪一户？", reply_markup=markup, parse_mode="HTML")
    return HOUSEHOLD


async def household(update: Update, context: Context) -> int:
    data_of(context)["household"] = pressed(update)
    await show(update, "<b>走访</b>\n为了什么事？", keyboard(PURPOSES, "p"))
    return PURPOSE


async def purpose(update: Update, context: Context) -> int:
    data_of(context)["purpose"] = pressed(update)
    await show(update, "<b>走访</b>\n情况怎么样？写一两句就行。", keyboard(("取消",), "c"))
    return FINDINGS


async def findings(update: Update, context: Context) -> int:
    assert update.message is not None
    data = data_of(context)
    data["findings"] = update.message.text or ""
    await update.message.reply_text(summary(data), reply_markup=keyboard(("发送",), "s"), parse_mode="HTML")
    return READY


async def send(update: Update, context: Context) -> int:
    assert update.effective_user is not None
    data = data_of(context)
    number = records.add(update.effective_user.id, data["household"], data["purpose"], data["findings"])
    await show(update, f"{summary(data)}\n已发送 {number}", None)
    data.clear()
    return ConversationHandler.END


async def show(update: Update, text: str, markup: InlineKeyboardMarkup | None) -> None:
    assert update.callback_query is not None
    await update.callback_query.edit_message_text(text, reply_markup=markup, parse_mode="HTML")
    await update.callback_query.answer()


def pressed(update: Update) -> str:
    assert update.callback_query is not None
    return (update.callback_query.data or "")[2:]


def data_of(context: Context) -> dict[str, Any]:
    assert context.user_data is not None
    return context.user_data


def main() -> None:
    warnings.filterwarnings("ignore", category=PTBUserWarning)
    kept = PicklePersistence(os.environ["PICKLE"])
    builder = Application.builder().token(os.environ["TOKEN"]).persistence(kept)
    app = builder.base_url(os.environ["API"] + "/bot").build()
    states: dict[object, list[Any]] = {
        HOUSEHOLD: [CallbackQueryHandler(household, "^h:")],
        PURPOSE: [CallbackQueryHandler(purpose, "^p:")],
        FINDINGS: [MessageHandler(filters.TEXT, findings)],
        READY: [CallbackQueryHandler(send, "^s:")],
    }
    entry: list[Any] = [MessageHandler(filters.Regex("^走访$"), begin)]
    app.add_handler(
        ConversationHandler(entry_points=entry, states=states, fallbacks=[], name="visit", persistent=True)
    )
    asyncio.set_event_loop(uvloop.new_event_loop())
    app.run_polling()


if __name__ == "__main__":
    main()
