"""The answer to a query as text: what was understood, and a page of reports, a few lines each."""

import html
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from reports.counts import OPENED
from storage import briefs, county, household_list, names, picking, showing
from storage.briefs import Brief
from storage.identity import Actor
from storage.kinds import KINDS
from storage.queries import Query
from storage.reading import LIVE, UNFINISHED, Filter
from storage.report import Report, ReportState
from storage.showing import Channel, Of
from storage.states import STATES, state_of
from storage.texts import _, listed

MOST = 1000
"""Reports are counted no further: beyond, the number helps nobody."""
_WORDS = 36


def answer(
    session: Session,
    reader: Actor,
    query: Query,
    asked: Filter,
    rows: Sequence[Report],
    count: int,
    now: datetime,
) -> str:
    """HTML: the query, how many there are, the rows numbered from 1. Names are shown as `briefs` allows."""
    about = describe(session, asked)
    text = [
        f"<b>{html.escape(_('查询'))}</b> {html.escape(about)}".rstrip(),
        html.escape(_count(count, asked)),
    ]
    lines = briefs.briefs(session, rows, reader, f"query:{query.id}", now)
    text += [_line(session, number, one) for number, one in enumerate(lines, 1)]
    if not lines:
        text.append(html.escape(_("可以少写几个词，用空格隔开，或点下面的按钮放宽条件。")))
    return "\n".join(text)


def _count(count: int, asked: Filter) -> str:
    if not count:
        return _("没有找到。")
    many = _("{count} 份以上，最早的在前。") if asked.oldest else _("{count} 份以上，最新的在前。")
    return many.format(count=count) if count >= MOST else _("共 {count} 份").format(count=count)


def _line(session: Session, number: int, one: Brief) -> str:
    """Two lines: when, what, where and whose; its number, its state and the first words."""
    report, day = one.report, one.report.sent_at.astimezone(county.zone(session))
    first = " · ".join(
        filter(None, [f"{day:%m-%d}", kind_title(report.kind), one.village, one.head, one.author])
    )
    words = html.escape(clip(one.words.replace("\n", " "), _WORDS))
    second = " ".join(filter(None, [f"<code>{report.number}</code>", html.escape(_marked(report)), words]))
    return f"\n<b>{number}.</b> {html.escape(first)}\n{second}"


def _marked(report: Report) -> str:
    """The state, unless it is the usual one."""
    usual = report.state == ReportState.SENT and not report.returned
    return "" if usual else f"[{state_of(report)}]"


def kind_title(kind: str) -> str:
    return _(KINDS[kind].title) if kind in KINDS else kind


def clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _quoted(words: str) -> str:
    return f"“{clip(words, _WORDS)}”" if words else ""  # not for people: quotes around their own words


def describe(session: Session, asked: Filter) -> str:
    """What was understood, in one line."""
    parts = [
        _(OPENED[asked.figure]) if asked.figure in OPENED else "",
        kind_title(asked.kind) if asked.kind else "",
        place_label(session, asked),
        who_label(session, asked),
        period_label(session, asked),
        state_label(asked),
        household_label(session, asked),
        asked.number,
        _quoted(asked.words),
    ]
    return " · ".join(filter(None, parts))


def place_label(session: Session, asked: Filter) -> str:
    return listed(picking.village_name(session, code) for code in asked.places)


def who_label(session: Session, asked: Filter) -> str:
    """The team and the people asked for. People of that territory only get here by their names."""
    people = [names.full(session, person) for person in asked.authors]
    return listed(filter(None, [briefs.team_name(session, asked.team_id), *people]))


def household_label(session: Session, asked: Filter) -> str:
    """The households asked for, each masked: whoever asked knows their names."""
    shown = showing.degree(Of.HEAD, Channel.LIST)
    return listed(dict.fromkeys(household_list.called(session, one, shown) for one in asked.households))


def period_label(session: Session, asked: Filter) -> str:
    """The days asked for, in the county's zone: one day, or 2026-10-01 – 10-31."""
    zone = county.zone(session)
    first = f"{asked.since.astimezone(zone):%Y-%m-%d}" if asked.since else ""
    last = f"{(asked.until - timedelta(seconds=1)).astimezone(zone):%Y-%m-%d}" if asked.until else ""
    if first == last:
        return first
    return f"{first} – {last[5:] if first[:5] == last[:5] else last}"


def state_label(asked: Filter) -> str:
    if asked.due_before:
        return _("超期")
    if set(asked.states) == set(UNFINISHED):
        return _("未办结")
    if not asked.states or set(asked.states) == set(LIVE):
        return ""
    return listed(_(STATES[state]) for state in asked.states)
