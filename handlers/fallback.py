"""Whatever nobody else understood: a plain sentence instead of silence, and nothing lost."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers.filters import Group, Private
from handlers.turn import Turn
from storage.refusals import Gone, Stranger
from storage.texts import _

router = Router(name="fallback")


@router.callback_query()
async def old_button(query: CallbackQuery, turn: Turn) -> None:
    """A button of a version that is gone."""
    if turn.actor is None:
        raise Stranger
    raise Gone


@router.message(Private())
async def not_understood(message: Message, turn: Turn) -> None:
    turn.person()
    turn.say(_("这条没有看懂。要报走访发 走访，报照片直接发照片，其他发 /help 看看。"))


@router.message(Group())
async def not_for_us(message: Message, turn: Turn) -> None:
    """Talk in a group is the group's own."""


@router.edited_message()
async def edited(message: Message, turn: Turn) -> None:
    """An edit of something that answered no question changes nothing."""


@router.my_chat_member()
async def membership(event: object, turn: Turn) -> None:
    """Being added or blocked is noted by the desk with the chat."""
