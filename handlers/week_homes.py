"""The households whose contact was due in a week, page by page: to those who lead or manage all of them, to a member
their own; in private chats only."""

from collections.abc import Sequence

from handlers.keys import press, rows
from handlers.turn import Keyboard, Turn, escape
from handlers.weekly_scopes import key_of
from reports import contacted, figures
from reports.week import Week
from storage import contact_homes, county, names, picking, showing, summaries
from storage.contact_homes import Home
from storage.names import spoken
from storage.showing import Channel, Of
from storage.summaries import Scope
from storage.texts import _

VERB = "u"
PAGE = 20


def screen(turn: Turn, scope: Scope, week: Week, number: int) -> tuple[str, Keyboard]:
    """The page of that number, from 0."""
    window = figures.window_of(turn.db, scope, week, turn.now)
    whole = contact_homes.of_week(turn.db, scope, window)
    found = contact_homes.shown_to(turn.person(), scope, whole)
    shown = found[number * PAGE : (number + 1) * PAGE]
    name = spoken(summaries.name_of(turn.db, scope))
    title = _("{name} {week}：应联系的户").format(name=name, week=week)
    own = [escape(_("这里只列您自己联系的户。"))] if len(found) < len(whole) else []
    said = [f"<b>{escape(title)}</b>", escape(contacted.count(found)), *own, *_lines(turn, shown)]
    key, turning = key_of(scope), []
    if number:
        turning.append(press("‹", VERB, key, week, number - 1, prefix="w"))
    if (number + 1) * PAGE < len(found):
        turning.append(press("›", VERB, key, week, number + 1, prefix="w"))
    back = [press(_("‹ 返回"), "n", key, week, prefix="w")]
    return "\n".join(said), [*rows(turning), back]


def _lines(turn: Turn, homes: Sequence[Home]) -> list[str]:
    actor, today = turn.person(), county.today(turn.db, turn.now)
    heads = contact_homes.heads(turn.db, homes, actor, turn.now)
    much = showing.degree(Of.COLLEAGUE, Channel.LIST)
    told = _("{state} {village} {head}（{category}），{day} 前，联系人 {name}")
    return [
        escape(
            told.format(
                state=contacted.state(one, today),
                village=picking.village_name(turn.db, one.village),
                head=head,
                category=_(contacted.CADENCES[one.cadence]),
                day=f"{one.due:%m-%d}",
                name=showing.name(names.full(turn.db, one.person), much),
            )
        )
        for one, head in zip(homes, heads, strict=True)
    ]
