"""Lists of records: a ledger of each kind, and the answer to a query. Filter, territory and order are the chat's."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import htpy as h
from htpy import Node, Renderable

from reports import listing
from reports.export_card import FORMS
from reports.pages import narrow, places
from reports.pages.asked import Answer, Asked
from reports.pages.frame import marked, page, table
from storage import briefs, county, exports, queries, reading
from storage.briefs import Brief
from storage.exports import Form
from storage.kinds import KINDS
from storage.reading import LIVE, Filter, Page
from storage.refusals import NoPage
from storage.report import Report
from storage.states import state_of
from storage.texts import _

ROWS = 30
_WORDS = 60
ALL, LATE = "all", "late"
"""Ledgers besides those of a kind."""


def of_kind(asked: Asked) -> Answer:
    """Every record of a kind, or of all."""
    kind = asked.ids["kind"]
    title = {ALL: _("全部记录"), LATE: _("超期未办结")}.get(kind) or listing.kind_title(kind)
    code = places.chosen(asked)
    hidden = {"ledger": kind, "within": code}
    address = asked.path("ledgers", kind) + (f"?place={code}" if code else "")
    return show(asked, ledger(kind, code, asked.now), title, address, hidden)


def ledger(kind: str, code: str, now: datetime) -> Filter:
    """What a ledger holds of a region ("": everywhere). Raises NoPage for a kind that is none."""
    within = (code,) if code else ()
    if kind == LATE:
        return Filter(places=within, states=reading.UNFINISHED, due_before=now, oldest=True)
    if kind != ALL and kind not in KINDS:
        raise NoPage
    return Filter(kind="" if kind == ALL else kind, places=within, states=LIVE)


def found(asked: Asked) -> Answer:
    """The answer to one of one's own queries."""
    query = queries.find(asked.session, asked.actor, asked.number("query"))
    wanted = queries.filter_of(asked.session, query)
    return show(asked, wanted, _("查询结果"), asked.path("found", query.id), {"query": str(query.id)})


def show(asked: Asked, wanted: Filter, title: str, address: str, hidden: dict[str, str]) -> Answer:
    after, before = asked.said("after"), asked.said("before")
    place = queries.place(after or before) if after or before else None
    shown = reading.page(asked.session, asked.actor, wanted, place, ROWS, back=bool(before and not after))
    count = reading.count_upto(asked.session, asked.actor, wanted, listing.MOST)
    return page(
        asked,
        title,
        _kinds(asked, wanted),
        narrow.form(asked, wanted, hidden),
        h.div(".bar")[
            h.p(".count", role="status")[_count(count)], h.p(".note")[listing.describe(asked.session, wanted)]
        ],
        rows(asked, shown.rows, with_kind=not wanted.kind),
        turning(address, shown, oldest=wanted.oldest),
        export(asked, hidden, exports.offered(wanted), _("导出这张表")) if count else None,
        here=asked.path("ledgers", ALL).removeprefix(asked.base),
    )


def _kinds(asked: Asked, wanted: Filter) -> Renderable:
    """The way to each ledger."""
    titles = {ALL: _("全部")} | {name: _(kind.title) for name, kind in KINDS.items()} | {LATE: _("超期")}
    mine = LATE if wanted.due_before else wanted.kind or ALL
    return h.nav(".tabs", aria_label=_("台账"))[
        (
            h.a(
                href=asked.path("ledgers", name),
                aria_current="true" if name == mine else None,
            )[title]
            for name, title in titles.items()
        )
    ]


def _count(count: int) -> str:
    if not count:
        return _("没有找到。")
    return (_("{count} 份以上") if count >= listing.MOST else _("共 {count} 份")).format(count=count)


def rows(asked: Asked, reports: list[Report], *, with_kind: bool = True) -> Renderable:
    """A line for each report."""
    zone = county.zone(asked.session)
    heads = [_("时间"), _("编号"), _("村"), _("户"), _("报告人"), _("状态"), _("期限"), _("内容")]
    made = [_row(asked, one, zone) for one in briefs.on_page(asked.session, reports)]
    if with_kind:
        heads.insert(2, _("类型"))
        for row, report in zip(made, reports, strict=True):
            row.insert(2, listing.kind_title(report.kind))
    return table(heads, made, empty=_("可以少写几个词，用空格隔开，或者放宽上面的条件。"))


def _row(asked: Asked, one: Brief, zone: ZoneInfo) -> list[Node]:
    report = one.report
    return [
        f"{report.sent_at.astimezone(zone):%Y-%m-%d}",
        h.a(href=asked.path("cases", report.id))[report.number],
        one.village,
        one.head,
        one.author,
        state(report, asked.now),
        due(report, zone, asked.now),
        listing.clip(one.words.replace("\n", " "), _WORDS),
    ]


def state(report: Report, now: datetime) -> Renderable:
    """The state as a label; done ones apart from late ones, in words as well as in colour."""
    life = KINDS[report.kind].life if report.kind in KINDS else None
    done = life is not None and life.is_end(report.state)
    return h.span(class_={"state": True, "done": done, "late": is_late(report, now)})[state_of(report)]


def is_late(report: Report, now: datetime) -> bool:
    """Past the clock that runs."""
    return report.due_at is not None and report.due_at < now and report.state in reading.UNFINISHED


def due(report: Report, zone: ZoneInfo, now: datetime) -> Node:
    if report.due_at is None:
        return ""
    day = f"{report.due_at.astimezone(zone):%m-%d}"
    return h.span(".late")[_("{day} 超期").format(day=day)] if is_late(report, now) else day


def turning(address: str, shown: Page, *, oldest: bool = False) -> Node:
    """Links to the pages around; older ones lie ahead unless the oldest come first."""
    before, ahead = (_("‹ 较早"), _("较新 ›")) if oldest else (_("‹ 较新"), _("较早 ›"))
    sign = "&" if "?" in address else "?"
    links = [
        h.a(".button.quiet", href=f"{address}{sign}before={queries.token(shown.back)}", rel="prev")[before]
        if shown.back
        else None,
        h.a(".button.quiet", href=f"{address}{sign}after={queries.token(shown.next)}", rel="next")[ahead]
        if shown.next
        else None,
    ]
    return h.nav(".pages", aria_label=_("翻页"))[links] if any(links) else None


def export(asked: Asked, hidden: dict[str, str], forms: Sequence[Form], label: str) -> Renderable:
    """What is shown as a file: made by a worker, fetched on the page of exports."""
    return h.form(".fields.block.no-print", method="post", action=asked.path("export"))[
        marked(asked),
        (h.input(type="hidden", name=name, value=value) for name, value in hidden.items()),
        h.label[
            label,
            h.select(name="form")[(h.option(value=form)[_(FORMS[form])] for form in forms)],
        ],
        h.label(".wide")[
            _("不打码要写理由（会记入日志；不写就打码）"),
            h.input(name="reason", maxlength="200", autocomplete="off"),
        ]
        if exports.may_reveal(asked.actor)
        else None,
        h.button(".quiet")[_("导出")],
    ]
