"""The form above a list that narrows it: words, kind, place, time, state, order. Its choices are those of the chat."""

from dataclasses import replace

import htpy as h
from htpy import Node, Renderable

from reports import listing
from reports.pages.asked import Asked
from reports.pages.frame import marked
from storage import narrowing, territory
from storage.kinds import KINDS
from storage.names import spoken
from storage.reading import Filter
from storage.texts import N_, _

PLACES = 300
"""So many are offered at once; a county has more villages than anybody looks through."""
Options = list[tuple[str, str]]
"""(value, label)"""

FIELDS = (
    ("kind", N_("类型")),
    ("place", N_("地点")),
    ("time", N_("时间")),
    ("state", N_("状态")),
    ("sort", N_("排序")),
)


def form(asked: Asked, wanted: Filter, hidden: dict[str, str]) -> Renderable:
    """`hidden` tells what the answer began with: a ledger or a query."""
    return h.form(".narrow.block", method="post", action=asked.path("ask"), role="search")[
        marked(asked),
        (h.input(type="hidden", name=name, value=value) for name, value in hidden.items()),
        h.div(".fields")[
            h.label(".wide")[
                _("找什么"),
                h.input(
                    name="words", value=words_of(wanted), maxlength="4096", autocomplete="off",
                    placeholder=_("屋顶 漏雨 上月；村名、姓名、编号都认得"),
                ),
            ],
            [_select(asked, wanted, name, _(label)) for name, label in FIELDS],
            h.button[_("查询")],
        ],
        _taken(asked, wanted),
    ]  # fmt: skip


def words_of(wanted: Filter) -> str:
    """What stands in the field for words."""
    return wanted.words or wanted.number


def _select(asked: Asked, wanted: Filter, name: str, label: str) -> Renderable:
    """The first choice leaves it as it is."""
    now, others = choices(asked, wanted)[name]
    return h.label[
        label,
        h.select(name=name)[
            h.option(value="", selected=True)[now or _("不限")],
            (h.option(value=value)[said] for value, said in others),
        ],
    ]


def choices(asked: Asked, wanted: Filter) -> dict[str, tuple[str, Options]]:
    """For each field what holds now ("" for anything), and what may be chosen instead."""
    session = asked.session
    anything: Options = [(narrowing.ANY, _("不限"))]
    kinds = [(name, _(kind.title)) for name, kind in KINDS.items()]
    times = [(str(place), _(label)) for place, label in enumerate(narrowing.TIMES)]
    states = [(name, _(label)) for name, (label, _states) in narrowing.STATES.items()]
    newest, oldest = _("最新在前"), _("最早在前")
    return {
        "kind": (listing.kind_title(wanted.kind) if wanted.kind else "", anything + kinds),
        "place": (listing.place_label(session, wanted), anything + places(asked, wanted)),
        "time": (listing.period_label(session, wanted) if wanted.since or wanted.until else "", anything + times),
        "state": (listing.state_label(wanted), anything + states),
        "sort": (oldest if wanted.oldest else newest, [(narrowing.NEWEST, newest), (narrowing.OLDEST, oldest)]),
    }  # fmt: skip


def places(asked: Asked, wanted: Filter) -> Options:
    """What lies below the chosen place, or below where the territory begins; and the ways back up."""
    code = wanted.places[0] if len(wanted.places) == 1 else ""
    above = [code[:length] for length in (9, 6, 4) if length < len(code)]
    up = [(one, "‹ " + listing.place_label(asked.session, replace(wanted, places=(one,)))) for one in above]
    same = [
        (one, _("{village}（{town}）").format(village=_place(asked, one), town=_place(asked, one[:9])))
        for one in (wanted.places if len(wanted.places) > 1 else ())
    ]
    below = territory.places_under(asked.session, asked.actor, code)
    return [*same, *up, *((one.code, spoken(one.name)) for one in below[:PLACES])]


def _place(asked: Asked, code: str) -> str:
    return listing.place_label(asked.session, Filter(places=(code,)))


def _taken(asked: Asked, wanted: Filter) -> Node:
    """What words were understood as that no field shows: each may be dropped."""
    found = (
        ("who", listing.who_label(asked.session, wanted)),
        ("home", listing.household_label(asked.session, wanted)),
    )
    return [
        h.label(".line")[
            h.input(type="checkbox", name=f"drop_{name}", value="1"), _("去掉：{what}").format(what=label)
        ]
        for name, label in found
        if label
    ]
