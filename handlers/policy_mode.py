"""/policy: what policy mode has turned on, why, by whose word and until when; administrators turn it on and off.

`po:off:<number>` in private chats.
"""

from datetime import date
from functools import partial

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import keys
from handlers.filters import Command, Pressed, Private
from handlers.turn import Keyboard, Turn
from reports import switches
from storage import policy, policy_letters
from storage.policy import Policy, PolicySwitch
from storage.refusals import Gone, NotYours, Refusal
from storage.scope import administers
from storage.texts import _

router = Router(name="policy_mode")
PREFIX = "po"
_ON = ("开", "on")  # not for people: matched


@router.message(Command("policy"))
async def show(message: Message, turn: Turn, rest: str) -> None:
    """政策; 政策 开 群里点名 2026-12-31 批准人 原因 from an administrator in private."""
    head, _space, more = rest.partition(" ")
    if head not in _ON:
        turn.say(*_screen(turn))
        return
    if not turn.chat.private:
        raise Refusal(_("请在和我的私聊里打开政策开关。"))
    _tell(turn, _turned_on(turn, more))
    turn.say(*_screen(turn))


def _turned_on(turn: Turn, text: str) -> PolicySwitch:
    actor = turn.person()
    regions = policy.administered(actor)
    if not regions:
        raise NotYours
    words = text.split(maxsplit=3)
    called = {_(one.label): one for one in Policy} | {one.value: one for one in Policy}
    if len(words) < 4 or words[0] not in called:
        raise Refusal(_("请这样写：政策 开 群里点名 2026-12-31 批准人 原因。可以开的：群里点名、按人排名。"))
    try:
        until = date.fromisoformat(words[1])
    except ValueError as error:
        raise Refusal(_("请写明到哪一天为止，最长一年，例如 2026-12-31。")) from error
    return policy.turn_on(
        turn.db, actor, regions[0], called[words[0]].value, until, words[2], words[3], turn.now
    )


def _screen(turn: Turn) -> tuple[str, Keyboard]:
    actor = turn.person()
    regions = [*actor.regions(), *actor.villages] or [""]
    found = policy.on(turn.db, regions, turn.now)
    lines = [switches.line(turn.db, one) for one in found] or [_("现在没有打开的政策开关。")]
    text = "\n".join([_("<b>政策模式</b>：不定位打卡，不按人排名，不在群里点名，不强制照片。"), *lines])
    off = [
        [
            keys.press(
                _("关闭：{what}").format(what=_(policy.NAMES[one.policy].label)), "off", one.id, prefix=PREFIX
            )
        ]
        for one in found
        if turn.chat.private and administers(actor, one.region)
    ]
    return text, off


def _tell(turn: Turn, one: PolicySwitch) -> None:
    """Every member is shown what was turned on or off, and why."""
    policy_letters.tell(turn.db, one, partial(switches.told, turn.db, one), turn.now, but=turn.chat.id)


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    if verb != "off":
        raise Gone
    _tell(turn, policy.turn_off(turn.db, turn.person(), keys.number(ids), turn.now))
    turn.redraw(query, *_screen(turn))
