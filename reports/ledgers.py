"""The three lists of rectifications (问题清单, 任务清单, 责任清单) and their ledger (整改台账), as a workbook with the
columns that offices use."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from reports import workbooks
from reports.orders import town_and_village
from reports.workbooks import Sheet
from storage import (
    briefs,
    county,
    history,
    names,
    photos,
    proofs,
    reading,
    rebounds,
    showing,
    tasks,
)
from storage.history import Event
from storage.kinds.rectification import (
    ACCEPT,
    COMPLETE,
    RETURN,
    SIGN,
    STRIKE_OFF,
    Rectification,
)
from storage.reading import Filter
from storage.redact import HIDDEN, redact
from storage.report import Report
from storage.showing import Channel, Degree, Of, degree
from storage.states import state_of
from storage.texts import N_, _, listed
from storage.timing import GRANT_TIME

Value = str | int
PROBLEMS, TASKS, CHARGES, LEDGER = N_("问题清单"), N_("任务清单"), N_("责任清单"), N_("整改台账")
HEADS: dict[str, tuple[tuple[str, int], ...]] = {
    PROBLEMS: (
        (N_("序号"), 6), (N_("编号"), 20), (N_("乡镇"), 14), (N_("村"), 14), (N_("问题来源"), 12), (N_("问题类别"), 12),
        (N_("问题"), 44), (N_("交办依据"), 30), (N_("整改要求"), 34), (N_("交办人"), 10), (N_("交办日期"), 12),
        (N_("整改期限"), 12), (N_("状态"), 12), (N_("可能反弹"), 22),
    ),
    TASKS: (
        (N_("序号"), 6), (N_("编号"), 20), (N_("任务序号"), 10), (N_("任务"), 44), (N_("牵头单位"), 18),
        (N_("配合单位"), 24),
    ),
    CHARGES: (
        (N_("序号"), 6), (N_("编号"), 20), (N_("任务序号"), 10), (N_("任务"), 44), (N_("责任人"), 14),
        (N_("完成时限"), 12),
    ),
    LEDGER: (
        (N_("序号"), 6), (N_("编号"), 20), (N_("乡镇"), 14), (N_("村"), 14), (N_("问题"), 44), (N_("责任单位"), 18),
        (N_("整改期限"), 12), (N_("签收"), 20), (N_("完成整改"), 20), (N_("整改情况"), 44), (N_("验收"), 20),
        (N_("销号"), 20), (N_("退回次数"), 10), (N_("延期次数"), 10), (N_("整改前照片"), 12), (N_("对照照片"), 12),
        (N_("状态"), 12),
    ),
}  # fmt: skip
"""Of each sheet the columns, with their widths in characters."""


@dataclass(frozen=True)
class _Book:
    """A workbook under way: its sheets, and how colleagues are named."""

    sheets: dict[str, Sheet]
    named: Degree

    def add(self, sheet: str, *cells: Value) -> None:
        self.sheets[sheet].add(self.sheets[sheet].count + 1, *cells)


def workbook(
    session: Session, asked: Filter, title: str, now: datetime, channel: Channel = Channel.COMMAND
) -> tuple[bytes, int]:
    """The book of every rectification that fits, newest first, and how many there are. Personal numbers in texts are
    hidden; who took a step is named as that channel shows colleagues."""
    out, count = io.BytesIO(), 0
    with workbooks.writing(out) as file:
        sheets = {name: file.sheet(_(name), _title(title, name), _columns(name)) for name in HEADS}
        made = _Book(sheets, degree(Of.COLLEAGUE, channel))
        for report in reading.every(session, asked):
            _write(session, made, report, now)
            count += 1
    return out.getvalue(), count


def _title(title: str, name: str) -> str:
    return _("{title} {sheet}").format(title=title, sheet=_(name)).strip()


def _columns(name: str) -> tuple[workbooks.Column, ...]:
    return workbooks.columns((_(head), width) for head, width in HEADS[name])


def _write(session: Session, book: _Book, report: Report, now: datetime) -> None:
    problem = tasks.problem_of(session, report)
    book.add(PROBLEMS, report.number, *_problem(session, report, problem, book.named))
    for one in tasks.lists(session, report, now):
        what = redact(one.what, HIDDEN)
        book.add(TASKS, report.number, one.number, what, one.lead, one.support)
        for who, until in one.charges:
            book.add(CHARGES, report.number, one.number, what, who, _day(until))
    book.add(LEDGER, report.number, *_life(session, report, problem, book.named))


def _problem(session: Session, report: Report, problem: Rectification, named: Degree) -> Iterable[Value]:
    town, village = town_and_village(session, report.village)
    again = listed(one.number for one in rebounds.earlier_of(session, report))
    return (
        town, village, problem.shown("origin"),
        problem.shown("category"), redact(problem.findings, HIDDEN),
        redact(problem.basis or "", HIDDEN), redact(problem.demand or "", HIDDEN),
        showing.name(names.full(session, report.author_id), named),
        _day(report.sent_at.astimezone(county.zone(session)).date()), _day(tasks.due_day(session, report, problem)),
        state_of(report), again,
    )  # fmt: skip


def _day(day: date) -> str:
    return day.isoformat()


def _life(session: Session, report: Report, problem: Rectification, named: Degree) -> Iterable[Value]:
    steps = history.events(session, report)
    latest = {one.step: one for one in steps}
    matched = proofs.matches(session, report)
    return (
        *town_and_village(session, report.village), redact(problem.findings, HIDDEN),
        briefs.team_name(session, report.team_id), _day(tasks.due_day(session, report, problem)),
        *(_by(session, latest.get(step), named) for step in (SIGN, COMPLETE)),
        redact((latest[COMPLETE].note) if COMPLETE in latest else "", HIDDEN),
        *(_by(session, latest.get(step), named) for step in (ACCEPT, STRIKE_OFF)),
        *(_count(steps, step) for step in (RETURN, GRANT_TIME)),
        photos.counts(session, report, proofs.BEFORE).kept, sum(one.after is not None for one in matched),
        state_of(report),
    )  # fmt: skip


def _by(session: Session, step: Event | None, named: Degree) -> str:
    """Who took it last, and on which day."""
    if step is None:
        return ""
    day = step.at.astimezone(county.zone(session)).date()
    return _("{name} {day}").format(name=showing.name(names.full(session, step.by_id), named), day=_day(day))


def _count(steps: Sequence[Event], name: str) -> int:
    return sum(one.step == name for one in steps)
