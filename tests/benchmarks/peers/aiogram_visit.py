"""aiogram: `echo` answers each message; `redis` and `memory` hold the visit conversation with its FSM."""

import os
import sys
from typing import Any

import uvloop
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.benchmarks.peers.records import HOUSEHOLDS, PURPOSES, Records, rows, summary

router = Router()
echo = Router()


class Visit(StatesGroup):
    household = State()
    purpose = State()
    findings = State()
    ready = State()


def keyboard(labels: tuple[str, ...], prefix: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=text, callback_data=data) for text, data in row]
            for row in rows(labels, prefix)
        ]
    )


@router.message(F.text == "走访")
async def begin(message: Message, state: FSMContext) -> None:
    await state.set_state(Visit.household)
    await message.answer(
        "<b>走访</b>\n走访哪一户？", reply_markup=keyboard(HOUSEHOLDS, "h"), parse_mode="HTML"
    )


@router.callback_query(Visit.household, F.data.startswith("h:"))
async def household(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(household=(query.data or "")[2:])
    await state.set_state(Visit.purpose)
    await show(query, "<b>走访</b>\n为了什么事？", keyboard(PURPOSES, "p"))


@router.callback_query(Visit.purpose, F.data.startswith("p:"))
async def purpose(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(purpose=(query.data or "")[2:])
    await state.set_state(Visit.findings)
    await show(query, "<b>走访</b>\n情况怎么样？写一两句就行。", keyboard(("取消",), "c"))


@router.message(Visit.findings, F.text)
async def findings(message: Message, state: FSMContext) -> None:
    data = await state.update_data(findings=message.text)
    await state.set_state(Visit.ready)
    await message.answer(summary(data), reply_markup=keyboard(("发送",), "s"), parse_mode="HTML")


@router.callback_query(Visit.ready, F.data.startswith("s:"))
async def send(query: CallbackQuery, state: FSMContext, records: Records) -> None:
    data = await state.get_data()
    number = records.add(query.from_user.id, data["household"], data["purpose"], data["findings"])
    await state.clear()
    await show(query, f"{summary(data)}\n已发送 {number}", None)


async def show(query: CallbackQuery, text: str, buttons: InlineKeyboardMarkup | None) -> None:
    assert isinstance(query.message, Message)
    await query.message.edit_text(text, reply_markup=buttons, parse_mode="HTML")
    await query.answer()


@echo.message(F.text)
async def repeat(message: Message) -> None:
    await message.answer(message.text or "")


def storage(name: str) -> BaseStorage:
    if name != "redis":
        return MemoryStorage()
    # The default of 100 connections raises errors under this load, and the updates are lost.
    more: dict[str, Any] = {"max_connections": 1000}
    return RedisStorage.from_url(os.environ["REDIS"], connection_kwargs=more)


async def main(name: str) -> None:
    server = TelegramAPIServer.from_base(os.environ["API"])
    bot = Bot(os.environ["TOKEN"], session=AiohttpSession(api=server))
    dispatcher = Dispatcher(storage=storage(name))
    dispatcher.include_router(echo if name == "echo" else router)
    if name != "echo":
        dispatcher["records"] = Records()
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
