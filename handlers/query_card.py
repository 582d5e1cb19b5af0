"""The card of a query: a page of its answer with buttons to open, turn and narrow; the choices of a field."""

from dataclasses import replace

from handlers import keys, record
from handlers.turn import Button, Turn, escape
from reports import listing
from storage import narrowing, queries, reading, territory
from storage.kinds import KINDS
from storage.names import spoken
from storage.places import Level
from storage.queries import Query
from storage.reading import Filter, Page
from storage.refusals import Gone
from storage.texts import N_, _

PREFIX = "q"
OLDER, NEWER = "o", "n"
ROWS = 8
MOST = 90
"""Buttons of a choice on one page; Telegram allows 100 on a message."""

Rows = list[list[Button]]
Drawn = tuple[str, Rows]


def panel(turn: Turn) -> Drawn:
    """The usual questions."""
    made = [
        keys.press(_(label), "usual", name, prefix=PREFIX)
        for name, label in narrowing.questions(turn.person())
    ]
    hint = _(
        "点一个，或者发送 查询 加几个词，例如：查询 屋顶 漏雨 上月。村名、时间、类型、姓名和编号都认得。"
    )
    return f"<b>{escape(_('查询记录'))}</b>\n{escape(hint)}", keys.rows(made)


def page(turn: Turn, query: Query) -> Drawn:
    """The page of the query that `query.at` tells."""
    actor, asked = turn.person(), queries.filter_of(turn.db, query)
    shown = _page(turn, query, asked)
    count = reading.count_upto(turn.db, actor, asked, listing.MOST)
    text = listing.answer(turn.db, actor, query, asked, shown.rows, count, turn.now)
    opening = [record.button(str(number), one.id, query.id) for number, one in enumerate(shown.rows, 1)]
    return text, [
        *keys.rows(opening, 4),
        _turning(query, shown, oldest=asked.oldest),
        *_same_name(turn, query, asked),
        *_fields(turn, query, asked),
    ]


def _page(turn: Turn, query: Query, asked: Filter) -> Page:
    way, place = query.at[:1], query.at[1:]
    after = queries.place(place) if place else None
    return reading.page(turn.db, turn.person(), asked, after, ROWS, back=way == NEWER)


def _turning(query: Query, shown: Page, *, oldest: bool) -> list[Button]:
    """Older pages lie ahead; with the oldest first, newer ones do."""
    before, ahead = (_("‹ 较早"), _("较新 ›")) if oldest else (_("‹ 较新"), _("较早 ›"))
    newer = [_key(query, before, NEWER, queries.token(shown.back))] if shown.back else []
    older = [_key(query, ahead, OLDER, queries.token(shown.next))] if shown.next else []
    return [*newer, *older]


def _same_name(turn: Turn, query: Query, asked: Filter) -> Rows:
    """Several places bear the name: one tap says which is meant."""
    if len(asked.places) < 2:
        return []
    made = []
    for code in asked.places[:6]:
        name = listing.place_label(turn.db, replace(asked, places=(code,)))
        town = listing.place_label(turn.db, replace(asked, places=(code[:9],)))
        made.append(
            _key(query, _("{village}（{town}）").format(village=name, town=town), "set", "place", code)
        )
    return keys.rows(made)


def _fields(turn: Turn, query: Query, asked: Filter) -> Rows:
    """What was understood, each on the button that changes it."""
    values = {
        "kind": listing.kind_title(asked.kind) if asked.kind else "",
        "place": listing.place_label(turn.db, asked),
        "time": listing.period_label(turn.db, asked) if asked.since or asked.until else "",
        "state": listing.state_label(asked),
    }
    made = [_field(query, name, values[name]) for name in values]
    taken = [("words", asked.words or asked.number), ("who", listing.who_label(turn.db, asked))]
    taken.append(("home", listing.household_label(turn.db, asked)))
    away = [
        _key(query, "✕ " + listing.clip(label, 16), "set", name, narrowing.ANY)
        for name, label in taken
        if label
    ]
    order = (
        (_("排序：最早在前"), narrowing.NEWEST) if asked.oldest else (_("排序：最新在前"), narrowing.OLDEST)
    )
    return [
        *keys.rows(made),
        away,
        [
            _key(query, order[0], "set", "sort", order[1]),
            _key(query, _("存为常用"), "keep"),
            _key(query, _("导出"), "export"),
        ],
    ]


def _field(query: Query, name: str, value: str) -> Button:
    shown = listing.clip(value, 18) or _("不限")
    return _key(query, _("{field}：{value}").format(field=_(_FIELDS[name]), value=shown), "pick", name)


_FIELDS = {"kind": N_("类型"), "place": N_("地点"), "time": N_("时间"), "state": N_("状态")}


def choose(turn: Turn, query: Query, field: str, code: str = "", page: str = "0") -> Drawn:
    """What may be chosen for a field; for places those below `code`, a page of them. Raises Gone for an unknown
    field."""
    if field not in _FIELDS:
        raise Gone
    turning: list[Button] = []
    if field == "place":
        made, turning = _places(turn, query, code, keys.number([page]))
    else:
        options = {"kind": _kinds, "time": _times, "state": _states}[field]()
        made = [_key(query, label, "set", field, value) for value, label in options]
    about = listing.describe(turn.db, queries.filter_of(turn.db, query))
    wish = _("选{field}：").format(field=_(_FIELDS[field]))
    text = f"<b>{escape(_('查询'))}</b> {escape(about)}\n{escape(wish)}"
    last = [_key(query, _("不限"), "set", field, narrowing.ANY), _key(query, _("‹ 返回"), "back")]
    return text, [*keys.rows(made, 3), turning, last]


def _kinds() -> list[tuple[str, str]]:
    return [(name, _(kind.title)) for name, kind in KINDS.items()]


def _times() -> list[tuple[str, str]]:
    return [(str(number), _(label)) for number, label in enumerate(narrowing.TIMES)]


def _states() -> list[tuple[str, str]]:
    return [(name, _(label)) for name, (label, _states) in narrowing.STATES.items()]


def _places(turn: Turn, query: Query, code: str, page: int) -> tuple[list[Button], list[Button]]:
    """Villages are chosen, larger regions opened; the opened one itself comes first. And what turns the pages."""
    found = territory.places_under(turn.db, turn.person(), code)
    last = max(0, len(found) - 1) // MOST
    page = min(page, last)
    whole = (
        [_key(query, _("整个{place}").format(place=_name(turn, code)), "set", "place", code)] if code else []
    )
    made = whole + [
        _key(query, spoken(one.name), "set" if one.level == Level.VILLAGE else "pick", "place", one.code)
        for one in found[page * MOST : (page + 1) * MOST]
    ]
    if not last:
        return made, []
    around = [(_("‹ 上一页"), page - 1), (_("下一页 ›"), page + 1)]
    return made, [_key(query, label, "pick", "place", code, to) for label, to in around if 0 <= to <= last]


def _name(turn: Turn, code: str) -> str:
    return listing.place_label(turn.db, Filter(places=(code,)))


def _key(query: Query, label: str, verb: str, *ids: object) -> Button:
    return keys.press(label, str(query.id), verb, *ids, prefix=PREFIX)
