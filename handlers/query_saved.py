"""Saved queries on cards: the list of them, and one with its buttons.

Verbs behind `q:`: `kept` (the list); `one`, `run`, `tell` (and when), `drop`, each with the saved query's number.
"""

from collections.abc import Callable

from handlers import keys, query_card
from handlers.query_card import PREFIX, Drawn
from handlers.turn import Button, Turn, escape
from reports import listing
from storage import narrowing, queries, saved
from storage.queries import Query
from storage.saved import SavedQuery
from storage.texts import N_, _, labelled

LONGEST = 24
"""Characters of a name that is made from the question."""


def buttons(turn: Turn) -> list[Button]:
    """What the panel offers of them: each runs at one tap."""
    mine = saved.of_person(turn.db, turn.person())
    made = [_key("★ " + listing.clip(saved.name_of(turn.db, one), LONGEST), "run", one) for one in mine]
    return [*made, keys.press(_("管理常用…"), "kept", prefix=PREFIX)] if made else []


def keep(turn: Turn, query: Query) -> Drawn:
    """Keep what is asked on this card, under a name made of it."""
    asked = queries.filter_of(turn.db, query)
    name = listing.clip(listing.describe(turn.db, asked) or _("全部记录"), LONGEST)
    return one(turn, saved.keep(turn.db, turn.person(), asked, name, turn.now))


def rename(turn: Turn, name: str) -> Drawn:
    return one(turn, saved.rename(turn.db, turn.person(), name))


def one(turn: Turn, kept: SavedQuery) -> Drawn:
    """A saved query: what it asks, when it is told, and what can be done with it."""
    asked = narrowing.again(turn.db, saved.filter_of(turn.db, kept), turn.now)
    name = saved.name_of(turn.db, kept)
    lines = [
        f"<b>★ {escape(name)}</b>",
        escape(listing.describe(turn.db, asked)),
        escape(labelled(_("告诉"), _(_TOLD[kept.tell]))),
        escape(_("要改名，发送 查询 改名 加新名字。")),
    ]
    others = [
        keys.press(_(label), "tell", kept.id, cadence, prefix=PREFIX)
        for cadence, label in saved.CADENCES.items()
        if cadence != kept.tell
    ]
    last = [_key(_("删除"), "drop", kept), keys.press(_("‹ 全部常用"), "kept", prefix=PREFIX)]
    return "\n".join(filter(None, lines)), [[_key(_("打开"), "run", kept)], *keys.rows(others), last]


_TOLD = {
    saved.NEVER: N_("不用"),
    saved.MONDAY: N_("每周一早上"),
    saved.WORKDAY: N_("每个工作日早上，有才说"),
}


def act(turn: Turn, verb: str, ids: list[str]) -> Drawn:
    """What a press on one of these buttons does. Raises Gone or NotYours."""
    if verb == "kept":
        return _all(turn)
    return _VERBS[verb](turn, saved.find(turn.db, turn.person(), keys.number(ids)), ids[1:])


def _all(turn: Turn) -> Drawn:
    mine = saved.of_person(turn.db, turn.person())
    made = [_key(listing.clip(saved.name_of(turn.db, kept), LONGEST), "one", kept) for kept in mine]
    text = _("常用查询，点一个打开或设置：") if mine else _("还没有常用查询。先查一次，点“存为常用”。")
    return escape(text), keys.rows(made)


def _run(turn: Turn, kept: SavedQuery, _ids: list[str]) -> Drawn:
    kept.used_at = turn.now
    asked = narrowing.again(turn.db, saved.filter_of(turn.db, kept), turn.now)
    return query_card.page(turn, queries.keep(turn.db, turn.person(), asked, turn.now))


def _tell(turn: Turn, kept: SavedQuery, ids: list[str]) -> Drawn:
    saved.tell(kept, "".join(ids[:1]), turn.now)
    return one(turn, kept)


def _drop(turn: Turn, kept: SavedQuery, _ids: list[str]) -> Drawn:
    turn.db.delete(kept)
    turn.db.flush()
    return _all(turn)


_VERBS: dict[str, Callable[[Turn, SavedQuery, list[str]], Drawn]] = {
    "one": lambda turn, kept, _ids: one(turn, kept),
    "run": _run,
    "tell": _tell,
    "drop": _drop,
}
VERBS = frozenset({"kept", *_VERBS})


def _key(label: str, verb: str, kept: SavedQuery) -> Button:
    return keys.press(label, verb, kept.id, prefix=PREFIX)
