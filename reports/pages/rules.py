"""What a region sets: its times and days off, and how long each step may take. For administrators."""

import htpy as h
from htpy import Node, Renderable

from reports.pages.asked import Answer, Asked
from reports.pages.frame import marked, page, table
from reports.week import weekday_name
from storage import administering, clock_rules, county, inviting
from storage.clock_rules import DEFAULTS, NAMES, Rules
from storage.clocks import Unit
from storage.county import Rhythm
from storage.people import Role
from storage.places import canonical
from storage.refusals import NoPage
from storage.texts import _, listed


def region_of(asked: Asked) -> str:
    """The region that a link or form names, "" for everywhere; without one where the territory begins. Raises NoPage or
    NotYours."""
    given = asked.said("place")
    if not given:
        given = next(iter(asked.actor.regions(Role.ADMIN)), "")
    try:
        code = canonical(given) if given and given != _WHOLE else ""
    except ValueError:
        raise NoPage from None
    administering.check(asked.actor, code)
    return code


_WHOLE = "-"


def settings(asked: Asked) -> Answer:
    """Close of the week, digest, reminders, quiet hours, days off."""
    code = region_of(asked)
    held = county.rhythm(asked.session, code)
    facts: list[tuple[str, str]] = [
        (_("时区"), str(held.zone)),
        (_("自定休息日"), listed(map(str, sorted(held.extra.off))) or "—"),
        (_("自定工作日"), listed(map(str, sorted(held.extra.on))) or "—"),
    ]
    return page(
        asked,
        _("区域设置"),
        tabs(asked, "settings"),
        chooser(asked, code, "settings"),
        h.dl(".answers")[(h.div[h.dt[label], h.dd[said]] for label, said in facts)],
        changing(asked, "settings", code, [*_times(held), *_days()]),
        here="/settings",
    )


def _times(held: Rhythm) -> list[Renderable]:
    """Every time as it holds there now."""
    times = (
        ("summary_time", _("周报截止"), held.summary_time),
        ("digest_time", _("简报"), held.digest_time),
        ("remind_time", _("提醒"), held.remind_time),
        ("quiet_from", _("免打扰从"), held.quiet_from),
        ("quiet_until", _("免打扰到"), held.quiet_until),
    )
    weekday = h.select(name="summary_weekday")[
        (
            h.option(value=str(day), selected=day == held.summary_weekday)[weekday_name(day)]
            for day in range(7)
        )
    ]
    fields = [
        h.label[label, h.input(type="time", name=name, value=f"{at:%H:%M}", required=True)]
        for name, label, at in times
    ]
    return [h.label[_("周报截止日"), weekday], *fields]


def _days() -> list[Renderable]:
    return [
        h.label[_("增加休息日"), h.input(type="date", name="day_off")],
        h.label[_("增加调休上班日"), h.input(type="date", name="work_day")],
    ]


def clocks(asked: Asked) -> Answer:
    """How long each step may take there."""
    code = region_of(asked)
    rules, today = Rules(asked.session), county.today(asked.session, asked.now)
    rows: list[list[Node]] = []
    for name in DEFAULTS:
        rule, row = rules.of(name, code, today), rules.row(name, code, today)
        since, basis = (str(row.since), row.basis or "") if row else (_("默认"), "")
        rows.append([_(NAMES[name]), rule.words, *map(str, rule.delays), since, basis])
    heads = [_("时限"), _("多长"), _("告诉队长"), _("告诉督导"), _("告诉办公室"), _("从哪天起"), _("依据")]
    return page(
        asked,
        _("时限"),
        tabs(asked, "clocks"),
        chooser(asked, code, "clocks"),
        h.p(".note")[_("“告诉”是逾期几个工作日以后。在办的事项按开始那天的规定办，改了只管以后开始的。")],
        table(heads, rows, empty=""),
        h.section(".block.no-print")[
            h.h2[_("定一个时限")], changing(asked, "clocks", code, _clock_fields(str(today)))
        ],
        here="/settings",
    )


def _clock_fields(today: str) -> list[Renderable]:
    return [
        h.label[
            _("时限"),
            h.select(name="clock")[(h.option(value=name)[_(clock_rules.NAMES[name])] for name in DEFAULTS)],
        ],
        h.label[_("多长"), h.input(type="number", name="length", min="1", max="1000", required=True)],
        h.label[
            _("单位"), h.select(name="unit")[(h.option(value=unit.value)[_(unit.label)] for unit in Unit)]
        ],
        h.label[_("从哪天起"), h.input(type="date", name="since", value=today, min=today, required=True)],
        h.label(".wide")[_("依据的文件"), h.input(name="basis", maxlength="200", autocomplete="off")],
    ]


def changing(asked: Asked, path: str, code: str, fields: list[Renderable]) -> Renderable:
    return h.form(".fields.no-print", method="post", action=asked.path(path, "change"))[
        marked(asked), h.input(type="hidden", name="place", value=code or _WHOLE), fields, h.button[_("保存")]
    ]


def tabs(asked: Asked, here: str) -> Renderable:
    titles = {
        "settings": _("时间和节假日"), "clocks": _("时限"), "duties": _("应办"), "policy": _("政策开关"),
    }  # fmt: skip
    return h.nav(".tabs", aria_label=_("设置"))[
        (
            h.a(href=asked.path(path), aria_current="true" if path == here else None)[title]
            for path, title in titles.items()
        )
    ]


def chooser(asked: Asked, code: str, here: str) -> Renderable:
    """The counties and towns that one administers."""
    whole = [(_WHOLE, _("整个系统"))] if "" in asked.actor.regions(Role.ADMIN) else []
    offered = [*whole, *inviting.territories(asked.session, asked.actor)]
    return h.form(".fields.no-print", method="get", action=asked.path(here))[
        h.label[
            _("区域"),
            h.select(name="place")[
                (h.option(value=value, selected=value == (code or _WHOLE))[name] for value, name in offered)
            ],
        ],
        h.button(".quiet")[_("看这里")],
    ]
