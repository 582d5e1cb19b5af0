"""/burden: how many minutes were asked of me this month, by whom and why; 减负 走访 tells it of each question."""

from aiogram import Router
from aiogram.types import Message

from handlers.filters import Command, Private
from handlers.turn import Turn
from reports import burdened
from storage import burden, county
from storage.refusals import Refusal
from storage.texts import _, listed

router = Router(name="burden")


@router.message(Private(), Command("burden"))
async def show(message: Message, turn: Turn, rest: str) -> None:
    actor, forms = turn.person(), burdened.called()
    if rest and rest not in forms:
        names = listed(dict.fromkeys(_(one.title) for one in forms.values()))
        raise Refusal(_("没有叫“{name}”的表。可以看：{names}。").format(name=rest, names=names))
    if rest:
        turn.say(burdened.form(forms[rest]))
        return
    today = county.today(turn.db, turn.now)
    lines = burden.of_month(turn.db, actor.person_id, today)
    turn.say(burdened.text(f"{today:%Y-%m}", lines, burden.wishes(turn.db, actor.person_id, turn.now)))
