"""/query: asking for records in plain words or by buttons. A query is a row, its card shows a page of it."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import exporting, keys, looking, query_card, query_saved, record
from handlers.filters import Command, Group, Pressed, Private
from handlers.turn import Turn, link
from storage import narrowing, queries, reading, understanding
from storage.queries import Query
from storage.refusals import Gone
from storage.texts import _

router = Router(name="query")

RENAME = ("改名", "rename")  # not for people: what is typed
REASON = ("理由", "reason")  # not for people: as above


@router.message(Private(), Command("query"))
async def ask(message: Message, turn: Turn, rest: str) -> None:
    """With words their answer, without words the usual questions."""
    if not rest:
        open_panel(turn)
        return
    actor = turn.person()
    looking.tidy(turn, message)
    head, _space, name = rest.partition(" ")
    if head in RENAME:
        turn.say(*query_saved.rename(turn, name))
        return
    if head in REASON:
        exporting.give_reason(turn, name)
        return
    asked = understanding.understand(turn.db, actor, rest, turn.now)
    if asked.number and (found := reading.by_number(turn.db, actor, asked.number)):
        record.show(turn, found)
    else:
        turn.say(*query_card.page(turn, queries.keep(turn.db, actor, asked, turn.now)))


def open_panel(turn: Turn) -> None:
    """What can be asked at one tap, and how to ask in words."""
    text, rows = query_card.panel(turn)
    turn.say(text, [*rows, *keys.rows(query_saved.buttons(turn))])


@router.message(Group(), Command("query"))
async def ask_in_group(message: Message, turn: Turn, rest: str) -> None:
    """Records are read in private chats only."""
    turn.person()
    button = link(_("私聊查询"), f"https://t.me/{turn.username}?start=query")
    turn.say(_("记录里有个人信息，请在和我的私聊里查询。"), [[button]])


@router.callback_query(Private(), Pressed(query_card.PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    if verb == "usual":
        text, rows = _usual(turn, "".join(ids[:1]))
    elif verb in query_saved.VERBS:
        text, rows = query_saved.act(turn, verb, ids)
    else:
        asked = queries.find(turn.db, turn.person(), keys.number([verb]))
        text, rows = _act(turn, asked, *ids)
    turn.redraw(query, text, rows)


def _usual(turn: Turn, name: str) -> query_card.Drawn:
    actor = turn.person()
    asked = queries.keep(turn.db, actor, narrowing.usual(turn.db, actor, name, turn.now), turn.now)
    return query_card.choose(turn, asked, "place") if name == "place" else query_card.page(turn, asked)


def _act(turn: Turn, query: Query, verb: str = "", *ids: str) -> query_card.Drawn:
    """What a press on the card of a query does: turn a page, come back, choose a field, set it."""
    if verb == "keep":
        return query_saved.keep(turn, query)
    if verb == "export":
        exporting.begin(turn, query)
        return query_card.page(turn, query)
    if verb == "pick" and ids:
        return query_card.choose(turn, query, *ids[:3])
    if verb == "set" and len(ids) == 2:
        asked = narrowing.put(turn.db, queries.filter_of(turn.db, query), *ids, turn.now)
        if ids[0] == "place":
            # A village that is chosen tells whose name a word may be.
            asked = understanding.of_households(turn.db, turn.person(), asked, turn.now)
        queries.change(turn.db, query, asked)
    elif verb in (query_card.OLDER, query_card.NEWER) and ids:
        queries.place(ids[0])
        query.at = verb + ids[0]
    elif verb != "back":
        raise Gone
    return query_card.page(turn, query)
