"""The first page: this week in figures and columns, what is overdue, which part of the territory does how much."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import htpy as h
from htpy import Node, Renderable

from reports import contacted, figures, listing, peered, week
from reports.counts import OPENED, PARTS, TILES, tiles
from reports.figures import Figures, Parts
from reports.on_time import percent
from reports.pages import drawing, homes, ledger
from reports.pages.asked import Answer, Asked
from reports.pages.drawing import Bar
from reports.pages.frame import page, table
from reports.week import Week, weekday_name
from reports.week_lines import Line
from storage import county, groups, picking, reading, roster, scope, summaries, todo, week_records
from storage.absences import KINDS
from storage.reading import Filter
from storage.refusals import NoPage, NotYours
from storage.summaries import Scope
from storage.tallies import Window
from storage.texts import _, labelled, listed

LATE, PART = 8, 40
"""Rows of what is overdue, and of the parts."""
SILENT = "silent"
"""Where the page names the teams that sent nothing."""


def show(asked: Asked) -> Answer:
    scopes = readable(asked)
    if not scopes:
        return page(asked, _("总览"), h.p[_rights(asked)], here="/")
    chosen = _chosen(asked, asked.said("scope")) if asked.said("scope") else scopes[0]
    running = week.running(asked.now, county.rhythm(asked.session, chosen.region))
    made = figures.of_week(asked.session, chosen, running, asked.now)
    return page(
        asked,
        _("总览"),
        h.p(".note")[_rights(asked)],
        _scopes(asked, scopes, chosen),
        h.section[
            h.h2[_("{name}，{week}（本周，到现在）").format(name=made.name, week=made.week)],
            _tiles(asked, chosen, made),
            _beside(asked, chosen, running.plus(-1)),
        ],
        h.div(".sheet")[_days(made), _late(asked, chosen)],
        _parts(asked, made),
        _silent(made),
        here="/",
    )


def readable(asked: Asked) -> list[Scope]:
    """Whose week somebody may read: own territories and teams, and what lies directly below those."""
    regions = [Scope(one.code) for one in groups.to_choose(asked.session, asked.actor, None)]
    return list(dict.fromkeys([*regions, *summaries.team_scopes(asked.session, asked.actor.teams())]))


def behind(asked: Asked) -> Answer:
    """The records behind a figure of the week that runs, or of another one (`week`)."""
    given = {name: asked.ids[name] for name in ("scope", "figure")} | {"week": asked.said("week")}
    if given["figure"] == contacted.DUE:
        chosen, meant, window = _week(asked, given)
        return homes.show(asked, chosen, meant, window, summaries.name_of(asked.session, chosen))
    wanted, week_ = wanted_by(asked, given)
    title = f"{week_} {_(OPENED[given['figure']])}"
    address = asked.path("weeks", given["scope"], given["figure"]) + f"?week={week_}"
    return ledger.show(asked, wanted, title, address, given | {"week": str(week_)})


def wanted_by(asked: Asked, given: Mapping[str, str]) -> tuple[Filter, Week]:
    """What asks for the records behind a figure: the same as in chat. Raises NoPage or NotYours."""
    if given["figure"] not in OPENED:
        raise NoPage
    chosen, meant, window = _week(asked, given)
    return week_records.behind(asked.session, chosen, window, given["figure"]), meant


def _week(asked: Asked, given: Mapping[str, str]) -> tuple[Scope, Week, Window]:
    """A scope, a week of it and what that is counted over. Raises NoPage or NotYours."""
    chosen = _chosen(asked, given["scope"])
    running = week.running(asked.now, county.rhythm(asked.session, chosen.region))
    try:
        meant = week.parse(given["week"]) if given["week"] else running
    except ValueError:
        raise NoPage from None
    return chosen, meant, figures.window_of(asked.session, chosen, meant, asked.now)


def _chosen(asked: Asked, text: str) -> Scope:
    found = summaries.scope_of(asked.session, text)
    if found is None:
        raise NoPage
    if not (scope.manages(asked.actor, found.region) or found.team in asked.actor.teams()):
        raise NotYours
    return found


def _scopes(asked: Asked, scopes: list[Scope], chosen: Scope) -> Renderable:
    """The own ones, and what lies directly below the chosen one."""
    below = summaries.parts(asked.session, chosen)
    offered = [one for one in dict.fromkeys([*scopes, *below]) if one != chosen]
    return h.form(".fields.no-print", method="get", action=f"{asked.base}/")[
        h.label[
            _("看哪里"),
            h.select(name="scope")[
                h.option(value=str(chosen), selected=True)[summaries.name_of(asked.session, chosen)],
                (h.option(value=str(one))[summaries.name_of(asked.session, one)] for one in offered),
            ],
        ],
        h.button(".quiet")[_("看这里")],
    ]


def _rights(asked: Asked) -> str:
    """Which roles, and where."""
    said = []
    for post in asked.actor.posts:
        where = _("整个系统") if post.region is None else picking.village_name(asked.session, post.region)
        said.append(labelled(_(roster.ROLES[post.role]), where if post.team_id is None else _("本队")))
    return listed(said)


def _tiles(asked: Asked, chosen: Scope, made: Figures) -> Renderable:
    now, before = made.total, made.before
    mine = todo.count(asked.session, asked.actor, asked.now)
    rate = "" if now.punctual is None else _("按时率 {rate}").format(rate=percent(now.punctual))
    shown = (
        *(
            (label, _opened(asked, str(chosen), name, count), note, alarm)
            for name, (label, count, note, alarm) in zip(TILES, tiles(now, before, _against), strict=True)
        ),
        (
            _("动态清零：超期"),
            _opened(asked, str(chosen), "running_late", now.running_late),
            rate,
            now.running_late > 0,
        ),
        (
            _("已联系户数"),
            _opened(asked, str(chosen), "contacted", made.contacts.seen),
            _due(asked, str(chosen), made.contacts.due),
            False,
        ),
        (_("等我办理"), _link(asked.path("todo"), mine), "", False),
        (
            _("没有报告的队"),
            _link(f"#{SILENT}", len(made.silent)),
            _("共 {count} 个队").format(count=made.teams),
            False,
        ),
    )
    return h.dl(".tiles")[
        (
            h.div(class_={"alarm": alarm})[h.dt[label], h.dd[h.strong[count], h.span(".note")[note]]]
            for label, count, note, alarm in shown
        )
    ]


def _beside(asked: Asked, chosen: Scope, closed: Week) -> Node:
    """The week that closed last beside the towns of the same class: of the one that runs no median is counted."""
    kept = summaries.stored(asked.session, chosen, str(closed))
    told = peered.sentence(figures.from_json(kept.figures)) if kept else ""
    return h.p(".note")[labelled(str(closed), told)] if told else None


def _opened(asked: Asked, scope_: str, figure: str, count: int) -> Node:
    """A figure of the week that runs, and the way to its records where there are any."""
    return _link(asked.path("weeks", scope_, figure), count)


def _due(asked: Asked, scope_: str, count: int) -> Node:
    """How many households were due, and the way to the list of them."""
    said = _("应联系 {count} 户").format(count=count)
    return h.a(href=asked.path("weeks", scope_, contacted.DUE))[said] if count else said


def _link(address: str, count: int) -> Node:
    return h.a(href=address)[str(count)] if count else "0"


def _against(now: int, before: int) -> str:
    if now == before:
        return _("与上周同")
    return (
        _("比上周 ▲{count}").format(count=now - before)
        if now > before
        else _("比上周 ▼{count}").format(count=before - now)
    )


def _days(made: Figures) -> Renderable:
    bars = [
        Bar(weekday_name(date.fromisoformat(day).weekday()), count, f"{int(day[5:7])}-{int(day[8:])}")
        for day, count in made.days
    ]
    title = _("每天走访")
    said = listed(f"{bar.below} {bar.count}" for bar in bars)
    return h.section(".block")[h.h2[title], drawing.columns(bars, labelled(title, said))]


def _late(asked: Asked, chosen: Scope) -> Renderable:
    """The oldest of what is past its clock there, and the way to all of it."""
    code = chosen.region if chosen.team is None else ""
    whole = ledger.ledger(ledger.LATE, code, asked.now)
    wanted = replace(whole, team_id=chosen.team)
    found = reading.page(asked.session, asked.actor, wanted, limit=LATE).rows
    zone = county.zone(asked.session)
    rows: list[list[Node]] = [
        [
            h.a(href=asked.path("cases", one.id))[one.number],
            listing.kind_title(one.kind),
            picking.village_name(asked.session, one.village),
            ledger.due(one, zone, asked.now),
        ]
        for one in found
    ]
    return h.section(".block")[
        h.h2[_("超期未办结")],
        table([_("编号"), _("类型"), _("村"), _("期限")], rows, empty=_("没有超期的，动态清零。")),
        h.p[
            h.a(href=asked.path("ledgers", ledger.LATE) + (f"?place={code}" if code else ""))[_("看全部超期")]
        ]
        if rows
        else None,
    ]


def _parts(asked: Asked, made: Figures) -> Node:
    """This week beside the one before, part by part."""
    lines = made.lines[:PART]
    if not lines:
        return None
    most = max(max(line.now.visits, line.before.visits) for line in lines)
    heads = [
        _("名称"), _("走访"), _("本周和上周"), _("照片"), _("新增困难"), _("整改逾期"), _("已联系/应联系"),
    ]  # fmt: skip
    left = len(made.lines) - len(lines)
    return h.section(".block")[
        h.h2[_("{parts}走访").format(parts=_(PARTS[made.parts]))],
        table(heads, [_part(asked, made, line, most) for line in lines], empty=""),
        h.p(".note")[_("另有 {count} 个没有列出。").format(count=left)] if left else None,
    ]


def _silent(made: Figures) -> Node:
    """The teams that sent nothing yet, with how those were away that were."""
    if not made.silent:
        return None
    away = {name: _(KINDS[kind].label) for name, kind in made.excused}
    of = _("{name}（{kind}）")
    return h.section(f"#{SILENT}.block")[
        h.h2[_("没有报告的队")],
        h.ul(".names")[
            (h.li[of.format(name=one, kind=away[one]) if one in away else one] for one in made.silent)
        ],
    ]


def _part(asked: Asked, made: Figures, line: Line, most: int) -> list[Node]:
    said = _("本周 {now}，上周 {before}").format(now=line.now.visits, before=line.before.visits)

    def shown(name: str) -> Node:
        count = getattr(line.now, name)
        if made.parts is Parts.VILLAGES:
            return str(count)  # who reads a team's week reads no village's by itself
        return _opened(asked, _scope_of(made, line), name, count)

    return [
        line.name,
        shown("visits"),
        drawing.pair(line.now.visits, line.before.visits, most, said),
        shown("pictures"),
        shown("cases"),
        h.span(class_={"late": line.now.overdue > 0})[shown("overdue")],
        _contacts(asked, made, line),
    ]


def _scope_of(made: Figures, line: Line) -> str:
    return f"team:{line.key}" if made.parts is Parts.TEAMS else line.key


def _contacts(asked: Asked, made: Figures, line: Line) -> Node:
    """Households seen of those due, and the way to the list of them."""
    if not line.contacts.due:
        return "—"
    said = f"{line.contacts.seen}/{line.contacts.due}"
    if made.parts is Parts.VILLAGES:
        return said
    return h.a(href=asked.path("weeks", _scope_of(made, line), contacted.DUE))[said]
