"""One report in full, as the person who may see it reads it in a private chat."""

import html
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from reports.listing import clip, kind_title
from storage import (
    alarms,
    briefs,
    county,
    drafts,
    history,
    likeness_told,
    names,
    notices,
    own_reports,
    photos,
    promises,
    proofs,
    rebounds,
    referrals,
    tasks,
)
from storage.forms import Photos
from storage.forms.detail import Kind
from storage.history import CORRECTED, SENT, Event
from storage.identity import Actor
from storage.kinds import KINDS
from storage.kinds.rectification import Rectification
from storage.photos import Counts
from storage.report import Report, ReportState
from storage.states import STATES, state_of
from storage.texts import N_, _, labelled, listed

Proof = tuple[str, int]
"""The question that photos answer, and the step they prove (0: none)."""
_LINE = 800
_NOTE = 120
_EVENTS = 12
"""Only so much fits a message beside the answers; the newest are shown."""


def text(session: Session, reader: Actor, report: Report, now: datetime) -> str:
    """HTML within Telegram's 4,096 characters: every answer, the state, the photos' state, the history.
    Opens sealed answers: the reading is journaled."""
    lines = own_reports.opened(session, reader, report, now)
    answers = [html.escape(labelled(label, clip(said, _LINE))) for _name, label, said in lines]
    case = [html.escape(line) for line in (notices.day_words(session, report, now), *beside(session, report))]
    parts = [
        *_head(session, report),
        "",
        *answers,
        *filter(None, case),
        *stored(photos.counts(session, report)),
    ]
    alike = likeness_told.lines(session, reader, report, photos.of_report(session, report), now)
    parts += [html.escape(line) for line in alike]
    told = [html.escape(line) for line in story(session, report)]
    return "\n".join([*parts, "", f"<b>{html.escape(_('经过'))}</b>", *told])


def beside(session: Session, report: Report) -> list[str]:
    """What stands beside its answers: measures of a household; tasks, rebounds and matched photos of a problem."""
    lines = [
        *alarms.lines(session, report),
        *promises.lines(session, report),
        *referrals.lines(session, report),
        *tasks.lines(session, report),
        *rebounds.lines(session, report),
    ]
    return [*lines, *(proofs.lines(session, report) if report.kind == Rectification.kind else [])]


def _head(session: Session, report: Report) -> list[str]:
    zone = county.zone(session)
    who = " · ".join(
        filter(None, [names.full(session, report.author_id), briefs.team_name(session, report.team_id)])
    )
    state = [state_of(report)]
    if report.revision > 1:
        state.append(_("第 {revision} 版").format(revision=report.revision))
    if report.due_at is not None:
        state.append(_("期限 {day}").format(day=f"{report.due_at.astimezone(zone):%Y-%m-%d}"))
    return [
        f"<b>{html.escape(kind_title(report.kind))}</b> <code>{report.number}</code>",
        html.escape(" · ".join(state)),
        html.escape(who),
    ]


def stored(counts: Counts) -> list[str]:
    """How far the photos are: said until all bytes are here, and when some never will be."""
    said = []
    if counts.waiting:
        said.append(_("照片正在保存 {kept}/{all}").format(kept=counts.kept, all=counts.kept + counts.waiting))
    if counts.refused:
        said.append(_("{count} 张照片没有存下。").format(count=counts.refused))
    return said


def story(session: Session, report: Report) -> list[str]:
    """The history, a line each, newest last; how often it was looked at."""
    zone = county.zone(session)
    lines = [
        f"{one.at.astimezone(zone):%m-%d %H:%M} {names.full(session, one.by_id)} {event_words(report, one)}"
        for one in history.events(session, report)[-_EVENTS:]
    ]
    seen = history.readings(session, report)
    return [*lines, _("个人信息被查看 {count} 次").format(count=seen)] if seen else lines


def event_words(report: Report, one: Event) -> str:
    """What was done, and what was said to it."""
    if one.what == SENT:
        return _("交办") if KINDS[report.kind].issued else _("发送")
    what = _step(report, one)
    if one.what == CORRECTED:
        lines = _labels(report, one.questions)
        what = _("更正为第 {revision} 版（{lines}）").format(revision=one.revision, lines=lines)
    return labelled(what, clip(one.note, _NOTE)) if one.note else what


def _labels(report: Report, questions: Sequence[str]) -> str:
    asks = KINDS[report.kind].asks
    return listed(_(asks[name].label) for name in questions if name in asks)


def _step(report: Report, one: Event) -> str:
    life = KINDS[report.kind].life
    titles = {step.name: step.title for step in life.steps} if life else {}
    titles[drafts.WITHDRAW] = N_("撤回")
    if one.step in titles:
        return _(titles[one.step])
    return _(STATES[ReportState(one.after)]) if one.after in set(ReportState) else one.after


def albums(session: Session, report: Report) -> list[tuple[str, list[str]]]:
    """The pictures that can be shown: (caption, SHA-256 of each in the order they came). Those that prove a
    step are an album of their own each time, captioned by their question."""
    shown = _shown(session, report)
    order = sorted(shown, key=lambda one: one[1])
    return [(_caption(report, order, one), shown[one]) for one in order]


def _shown(session: Session, report: Report) -> dict[Proof, list[str]]:
    found: dict[Proof, list[str]] = {}
    for photo in photos.of_report(session, report):
        sha = photos.shown(session, photo)
        if sha is not None:
            found.setdefault((photo.question, photo.step_id or 0), []).append(sha)
    return found


def _caption(report: Report, order: list[Proof], one: Proof) -> str:
    named = photo_questions(KINDS[report.kind])
    label = _(named[one[0]]) if len(named) > 1 and one[0] in named else ""
    times = [other for other in order if other[0] == one[0]]
    if len(times) > 1:
        label += _("（第 {number} 次）").format(number=times.index(one) + 1)
    return f"{label} {report.number}".strip()


def photo_questions(kind: Kind) -> dict[str, str]:
    """Labels by question, those of its later steps last."""
    forms = [kind.asks, *(step.asks for step in kind.steps.values())]
    return {name: ask.label for asks in forms for name, ask in asks.items() if isinstance(ask, Photos)}
