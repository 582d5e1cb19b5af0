"""aiogram loaded without building what is never used: it means the same. Each in a fresh interpreter."""

import subprocess
import sys

import pytest

from tests.house.tree import ROOT

QUICKLY = "from handlers.loading import load; load()\n"
BUILT = """
from aiogram import types
print(sum(getattr(getattr(types, name), "__pydantic_complete__", False) for name in types.__all__))
"""
ALL = """
import inspect
from aiogram import methods, types
for home in (types, methods):
    for name in home.__all__:
        kind = getattr(home, name)
        if inspect.isclass(kind) and hasattr(kind, "model_rebuild"):
            kind.model_rebuild()
            assert kind.__pydantic_complete__, name
print("all")
"""
READ = """
from aiogram.methods import SendMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyParameters, Update
chat = {"id": 7, "type": "private", "first_name": "王"}
said = {"message_id": 1, "date": 1795000000, "chat": chat, "from": {"id": 7, "is_bot": False, "first_name": "王"}}
photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 2}]
replied = said | {"photo": photo, "caption": "屋顶", "reply_to_message": said | {"text": "哪一户"}}
print(repr(Message.model_validate(replied)))
press = {"id": "1", "from": said["from"], "chat_instance": "1", "data": "f:1", "message": replied}
print(repr(Update.model_validate({"update_id": 1, "callback_query": press})))
keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="发送", callback_data="f:1")]])
print(repr(SendMessage(chat_id=7, text="好", reply_markup=keys, reply_parameters=ReplyParameters(message_id=1))))
"""


def told(program: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def slowly() -> list[str]:
    return told(BUILT + READ).splitlines()


@pytest.fixture(scope="module")
def quickly() -> list[str]:
    return told(QUICKLY + BUILT + READ + ALL + QUICKLY).splitlines()


def test_nothing_is_built_before_it_is_used(slowly: list[str], quickly: list[str]) -> None:
    assert int(quickly[0]) < 50 < int(slowly[0])


def test_messages_presses_and_calls_are_read_and_written_the_same(
    slowly: list[str], quickly: list[str]
) -> None:
    assert len(slowly) == 4
    assert quickly[1:4] == slowly[1:4]


def test_every_type_and_method_can_be_built_afterwards(quickly: list[str]) -> None:
    assert quickly[4:] == ["all"]


def test_where_aiogram_is_loaded_already_nothing_is_done() -> None:
    assert told("import aiogram\n" + QUICKLY + "print(aiogram.types.User.__pydantic_complete__)") == "True\n"
