"""/console: a link of one use into the console."""

from aiogram import Router
from aiogram.types import Message

from handlers.filters import Command, Private
from handlers.turn import Turn, escape, link
from storage import bots, console
from storage.refusals import Refusal
from storage.texts import _

router = Router(name="signing_in")


@router.message(Private(), Command("console"))
async def sign_in(message: Message, turn: Turn) -> None:
    actor, address = turn.person(), bots.console(turn.db, turn.bot)
    if address is None:
        raise Refusal(_("还没有开通控制台。请维护服务器的人设置 ZHUCUN_CONSOLE_URL，再重新启动。"))
    token = console.link(turn.db, actor, turn.now)
    said = _(
        "点下面的按钮在浏览器里打开控制台。链接只能用一次，{minutes} 分钟内有效；请不要转发，谁打开它就是以您的身份。"
    ).format(minutes=int(console.LINK.total_seconds() / 60))
    turn.say(escape(said), [[link(_("打开控制台"), f"{address}/enter/{token}")]])
