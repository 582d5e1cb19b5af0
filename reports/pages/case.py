"""A record on a page: its answers, its whole life, its clocks, its photos, who looked. To be printed, too."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import htpy as h
from htpy import Node, Renderable

from reports import listing, record
from reports.pages import ledger
from reports.pages.asked import Answer, Asked, Picture
from reports.pages.frame import marked, page, table
from storage import (
    answers,
    briefs,
    clock_rules,
    clock_runs,
    county,
    history,
    looking,
    names,
    notices,
    own_reports,
    photos,
    picking,
    proofs,
)
from storage.clock_runs import ClockRun
from storage.exports import Form
from storage.forms import flow
from storage.kinds import KINDS
from storage.looking import Line, Reason
from storage.photo import Photo
from storage.refusals import NoPage
from storage.report import Report
from storage.texts import _


def show(asked: Asked) -> Answer:
    """The record with everything masked."""
    report = own_reports.find(asked.session, asked.actor, asked.number("report"))
    return _whole(asked, report, answers.sees(asked.session, report, mask=True), [])


def opened(asked: Asked, report: Report, lines: flow.Lines, numbers: Sequence[Line]) -> Renderable:
    """The same with what was opened, for somebody whose reading was journaled."""
    return _whole(asked, report, lines, numbers)


def _whole(asked: Asked, report: Report, lines: flow.Lines, numbers: Sequence[Line]) -> Renderable:
    title = f"{listing.kind_title(report.kind)} {report.number}"
    return page(
        asked,
        title,
        _head(asked, report),
        h.div(".sheet")[
            h.section[
                h.h2[_("内容")], _answers(lines, numbers), _beside(asked, report), _open(asked, report)
            ],
            h.section[h.h2[_("经过")], _life(asked, report)],
        ],
        _clocks(asked, report),
        _photos(asked, report),
        _readings(asked, report),
        ledger.export(asked, {"report": str(report.id)}, [Form.DOCX], _("做成 Word 文件")),
        here=asked.path("ledgers", ledger.ALL).removeprefix(asked.base),
    )


def _head(asked: Asked, report: Report) -> Renderable:
    zone = county.zone(asked.session)
    place = " · ".join(
        filter(
            None,
            [
                picking.village_name(asked.session, report.village[:9]),
                picking.village_name(asked.session, report.village),
            ],
        )
    )
    facts: list[tuple[str, Node]] = [
        (_("状态"), ledger.state(report, asked.now)),
        (_("村"), place),
        (_("报告人"), names.full(asked.session, report.author_id)),
        (_("工作队"), briefs.team_name(asked.session, report.team_id)),
        (_("时间"), f"{report.sent_at.astimezone(zone):%Y-%m-%d %H:%M}"),
        (_("期限"), ledger.due(report, zone, asked.now)),
        (_("版本"), str(report.revision) if report.revision > 1 else ""),
    ]
    return h.dl(".facts")[(h.div[h.dt[label], h.dd[said]] for label, said in facts if said)]


def _answers(lines: flow.Lines, numbers: Sequence[Line]) -> Renderable:
    """Team and place stand above."""
    shown = [(label, text) for name, label, text in lines if name not in ("team", "village")] + [
        (one.label, one.text) for one in numbers
    ]
    return h.dl(".answers")[(h.div[h.dt[label], h.dd[text]] for label, text in shown)]


def _beside(asked: Asked, report: Report) -> Node:
    """Measures, referrals, tasks, the notice: what stands beside the answers."""
    lines = filter(
        None, [notices.day_words(asked.session, report, asked.now), *record.beside(asked.session, report)]
    )
    made = [h.li[line] for line in lines]
    return h.ul(".beside")[made] if made else None


def _open(asked: Asked, report: Report) -> Node:
    """What is masked, for a reason."""
    if not (report.household_id or looking.anything(asked.session, asked.actor, report)):
        return None
    return h.form(".fields.no-print", method="post", action=asked.path("cases", report.id, "open"))[
        marked(asked),
        h.label[
            _("打开姓名和号码，理由"),
            h.select(name="reason")[(h.option(value=one.value)[_(one.label)] for one in Reason)],
        ],
        h.button(".quiet")[_("打开")],
        h.p(".note")[_("会记入日志，本村的工作队看得到谁看过。")],
    ]


def _life(asked: Asked, report: Report) -> Renderable:
    """Every step from its sending on, corrections too."""
    zone = county.zone(asked.session)
    return h.ol(".life")[
        (
            h.li[
                h.span(".note")[
                    f"{one.at.astimezone(zone):%Y-%m-%d %H:%M} {names.full(asked.session, one.by_id)}"
                ],
                h.span[record.event_words(report, one)],
            ]
            for one in history.events(asked.session, report)
        )
    ]


def _clocks(asked: Asked, report: Report) -> Node:
    found = clock_runs.history(asked.session, report)
    if not found:
        return None
    heads = [_("时限"), _("开始"), _("到期"), _("结果")]
    return h.section(".block")[h.h2[_("时限")], table(heads, [_clock(asked, one) for one in found], empty="")]


def _clock(asked: Asked, run: ClockRun) -> list[Node]:
    zone = county.zone(asked.session)
    since, due, stopped = (
        f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
        for at in (run.since, run.due_at, run.stopped_at)
    )
    name = _(clock_rules.NAMES[run.clock]) if run.clock in clock_rules.NAMES else run.clock
    return [name, since, due, _ended(run, stopped, asked.now)]


def _ended(run: ClockRun, stopped: str, now: datetime) -> Node:
    if run.stopped_at is not None:
        late = run.due_at is not None and run.stopped_at > run.due_at
        said = _("{at} 超期办结") if late else _("{at} 按时")
        return h.span(class_={"late": late})[said.format(at=stopped)]
    if run.paused_at is not None:
        return _("暂停计时")
    late = run.due_at is not None and run.due_at < now
    return h.span(".late")[_("已超期")] if late else _("在办")


def _photos(asked: Asked, report: Report) -> Node:
    found = photos.of_report(asked.session, report)
    if not found:
        return None
    pairs = proofs.matches(asked.session, report)
    matched = {one.before.id for one in pairs} | {one.after.id for one in pairs if one.after}
    rest = [one for one in found if one.id not in matched]
    return h.section[
        h.h2[_("照片")],
        [pair(asked, one) for one in pairs],
        [
            _album(asked, report, question, list(some))
            for question, some in groupby(rest, key=lambda one: one.question)
        ],
        h.p(".note")[record.stored(photos.counts(asked.session, report))],
    ]


def pair(asked: Asked, one: proofs.Match) -> Renderable:
    """The problem, and how it was mended."""
    after = figure(asked, one.after, _("整改后")) if one.after else h.p(".empty")[_("还没有整改后照片")]
    return h.div(".pair.block")[
        figure(asked, one.before, _("整改前 {number}").format(number=one.number)), after
    ]


def _album(asked: Asked, report: Report, question: str, some: list[Photo]) -> Renderable:
    named = record.photo_questions(KINDS[report.kind])
    label = _(named[question]) if question in named else ""
    return h.div(".album")[(figure(asked, one, label) for one in some)]


def figure(asked: Asked, photo: Photo, label: str, about: Node = None) -> Renderable:
    """A thumbnail that leads to the photo, with when it came."""
    at = f"{photo.received_at.astimezone(county.zone(asked.session)):%m-%d %H:%M}"
    said = f"{label} {at}".strip()
    if photos.shown(asked.session, photo) is None:
        return h.figure[h.p(".empty")[_("还没有存好，或没有存下")], h.figcaption[said, about]]
    return h.figure[
        h.a(href=asked.path("photos", photo.id))[
            h.img(src=asked.path("photos", photo.id, "small"), alt=said, loading="lazy", width="320")
        ],
        h.figcaption[said, about],
    ]


def photo(asked: Asked) -> Answer:
    return _picture(asked, small=False)


def small_photo(asked: Asked) -> Answer:
    return _picture(asked, small=True)


def _picture(asked: Asked, *, small: bool) -> Picture:
    """Of a report that may be seen. Raises NoPage or NotYours."""
    found = photos.of_a_report(asked.session, asked.number("photo"))
    sha = photos.shown(asked.session, found) if found else None
    if found is None or sha is None:
        raise NoPage
    own_reports.find(asked.session, asked.actor, found.report_id or 0)
    return Picture(found.id or 0, sha, small)


def _readings(asked: Asked, report: Report) -> Node:
    found = looking.readings(asked.session, asked.actor, report)
    if not found:
        return None
    zone = county.zone(asked.session)
    rows: list[list[Node]] = [
        [f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}", _who(asked, one.by_id), one.why] for one in found
    ]
    return h.section(".block.no-print")[
        h.h2[_("谁看过个人信息")], table([_("时间"), _("谁"), _("理由")], rows, empty="")
    ]


def _who(asked: Asked, person_id: int | None) -> str:
    return names.full(asked.session, person_id) if person_id is not None else _("命令行")
