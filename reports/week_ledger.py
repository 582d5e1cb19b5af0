"""A week as a workbook: its figures, its parts, and the records behind them, a sheet a kind in the columns that
offices use. Names of households and colleagues are masked, personal numbers in texts hidden.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from sqlmodel import Session

from reports import contacted, peered, workbooks
from reports.counts import COUNTS, PARTS, late_label
from reports.figures import Figures, Parts
from reports.on_time import percentage
from reports.present import LABELS
from reports.workbooks import Book, Column, Link, Sheet, Value
from storage import county, standing, week_rows
from storage.kinds import KINDS
from storage.redact import HIDDEN, redact
from storage.report import ReportState
from storage.states import STATES
from storage.summaries import Scope
from storage.tallies import DONE, Tally, Window
from storage.texts import N_, _
from storage.week_rows import Row

_FIRST = ((N_("序号"), 6), (N_("编号"), 20), (N_("乡镇"), 14), (N_("村"), 16), (N_("工作队"), 20))
_LAST = ((N_("照片（张）"), 10), (N_("上报人"), 10), (N_("上报时间"), 17))
_CASE = ((N_("状态"), 14), (N_("到期"), 17), (N_("逾期天数"), 10))
HEADS = {
    "visit": (
        N_("走访台账"),
        ((N_("户主"), 10), (N_("走访日期"), 12), (N_("事由"), 18), (N_("情况"), 50), (N_("补报"), 8)),
    ),
    "photo": (N_("现场照片台账"), ((N_("说明"), 60),)),
    "hardship": (
        N_("困难情况台账"),
        (
            (N_("户主"), 10), (N_("类别"), 12), (N_("致困原因"), 16), (N_("缺保障"), 16), (N_("紧急程度"), 10),
            (N_("情况"), 44), (N_("诉求"), 24), *_CASE,
        ),
    ),
    "house": (
        N_("危房台账"),
        (
            (N_("户主"), 10), (N_("发现当晚"), 12), (N_("人数"), 8), (N_("险情"), 18), (N_("情况"), 44), *_CASE,
        ),
    ),
    "rectification": (
        N_("整改周台账"),
        (
            (N_("问题来源"), 12), (N_("问题类别"), 12), (N_("问题"), 44), (N_("整改要求"), 30), *_CASE,
            (N_("完成整改"), 17), (N_("验收"), 17), (N_("销号"), 17), (N_("退回次数"), 10),
        ),
    ),
}  # fmt: skip
"""Of each kind the sheet's name, and the columns between the first and the last ones."""


def write(
    session: Session, scope: Scope, figures: Figures, out: IO[bytes], console: str | None = None
) -> dict[str, int]:
    """The workbook of a week whose figures were kept or counted: how many records each kind has in it. Where there is a
    console, numbers of photos open the record in it, for those whom it lets in."""
    start, end = (datetime.fromisoformat(moment) for moment in (figures.start, figures.end))
    window, zone = Window(start, end), county.zone(session)
    with workbooks.writing(out) as book:
        _totals(book, figures)
        _parts(book, figures)
        return {
            kind: _kind(session, book, (scope, figures.name), _Teller(window, zone, console), kind)
            for kind in HEADS
        }


def _totals(book: Book, figures: Figures) -> None:
    name = _("{name} {week} 数据").format(name=figures.name, week=figures.week)
    heads = (
        (N_("指标"), 20),
        (N_("本周"), 10),
        (N_("上一周"), 10),
        (N_("去年同期"), 10),
        (N_("上一周更正后"), 14),
    )
    sheet = book.sheet(_("汇总"), name, _columns(heads))
    now, before, year = (asdict(one) for one in (figures.total, figures.before, figures.year))
    restated = {one.name: one.now for one in figures.restated}
    for key, label in COUNTS.items():
        then = year[key] if key in DONE and figures.year.busy() else None
        sheet.add(_(label), now[key], before[key], then, restated.get(key))
    sheet.add(_("按时率（%）"), *(_rate(one) for one in (figures.total, figures.before)), None, None)
    _people(sheet, figures)
    for label, value in peered.rows(figures):
        sheet.add(_(label), value, None, None, None)
    for kind, clock, count in figures.late:
        label = _("逾期：{step}").format(step=late_label(kind, clock))
        sheet.add(label, count, None, None, None)


def _people(sheet: Sheet, figures: Figures) -> None:
    """How their days were spent, and the households they were to see: nothing for a week of which it is not known."""
    weeks = figures.presence, figures.presence_before, figures.presence_year
    for key, label in LABELS.items() if figures.presence.people else ():
        sheet.add(_(label), *(getattr(one, key) if one.people else None for one in weeks), None)
    cards = figures.contacts, figures.contacts_before, figures.contacts_year
    for key, label in contacted.LABELS.items() if figures.contacts.due else ():
        sheet.add(_(label), *(getattr(one, key) if one.due else None for one in cards), None)
    if figures.contacts.due:
        shares = (percentage(one.share) if one.share is not None else None for one in cards)
        sheet.add(_("联系率（%）"), *shares, None)


def _rate(tally: Tally) -> float | None:
    return None if tally.punctual is None else percentage(tally.punctual)


def _parts(book: Book, figures: Figures) -> None:
    name = _(PARTS[figures.parts])
    present = () if figures.parts is Parts.VILLAGES else tuple(LABELS)
    labels = (*COUNTS.values(), *(LABELS[key] for key in present), *contacted.LABELS.values())
    heads = ((N_("名称"), 24), *((label, 10) for label in labels), (N_("上一周走访"), 10))
    sheet = book.sheet(name, f"{figures.name} {figures.week} {name}", _columns(heads))
    for line in figures.lines:
        people = (getattr(line.presence, key) for key in present)
        sheet.add(
            line.name, *asdict(line.now).values(), *people, *vars(line.contacts).values(), line.before.visits
        )


def _columns(heads: Sequence[tuple[str, int]]) -> tuple[Column, ...]:
    return workbooks.columns((_(head), width) for head, width in heads)


def _kind(session: Session, book: Book, of: tuple[Scope, str], tell: "_Teller", kind: str) -> int:
    scope, name = of
    sheet = book.sheet(_(HEADS[kind][0]), f"{name} {_(HEADS[kind][0])}", heads(kind))
    for values in _cells(session, scope, tell, kind):
        sheet.add(*values)
    return sheet.count


def heads(kind: str) -> tuple[Column, ...]:
    return _columns((*_FIRST, *HEADS[kind][1], *_LAST))


def cells(
    session: Session, scope: Scope, window: Window, zone: ZoneInfo, kind: str
) -> Iterator[Sequence[Value]]:
    """The rows of a kind's sheet."""
    return _cells(session, scope, _Teller(window, zone), kind)


def _cells(session: Session, scope: Scope, tell: "_Teller", kind: str) -> Iterator[Sequence[Value]]:
    for number, row in enumerate(week_rows.rows(session, scope, tell.window, kind), 1):
        about = _BY_KIND[kind](tell, row)
        sent = row.report.sent_at.astimezone(tell.zone)
        yield (
            number, row.report.number, row.town, row.village, row.team, *about, tell.photos(row), row.author, sent
        )  # fmt: skip


class _Teller:
    """The cells of a kind, as things stood at the window's end."""

    def __init__(self, window: Window, zone: ZoneInfo, console: str | None = None) -> None:
        self.window, self.zone, self.console = window, zone, console
        self._chosen: dict[tuple[str, str, str], str] = {}

    def photos(self, row: Row) -> Value:
        """How many there are, the way to them where there is a console."""
        if not row.photos or self.console is None:
            return row.photos
        return Link(row.photos, f"{self.console}/cases/{row.report.id}")

    def visit(self, row: Row) -> Sequence[Value]:
        day = getattr(row.answers, "day", None) or row.report.sent_at.astimezone(self.zone).date()
        late = day < self.window.start.astimezone(self.zone).date()
        return row.head, day, self._words(row, "purposes"), words(row, "findings"), _("补报") if late else ""

    def photo(self, row: Row) -> Sequence[Value]:
        return (words(row, "findings"),)

    def hardship(self, row: Row) -> Sequence[Value]:
        known = (self._words(row, name) for name in ("category", "causes", "guarantees", "urgency"))
        return row.head, *known, words(row, "findings"), words(row, "wishes"), *self._case(row)

    def house(self, row: Row) -> Sequence[Value]:
        people = getattr(row.answers, "people", None)
        tonight, signs = (self._words(row, name) for name in ("tonight", "signs"))
        return row.head, tonight, people, signs, words(row, "findings"), *self._case(row)

    def rectification(self, row: Row) -> Sequence[Value]:
        return (
            self._words(row, "origin"), self._words(row, "category"), words(row, "findings"), words(row, "demand"),
            *self._case(row), *(self._when(row, step) for step in ("complete", "accept", "strike_off")),
            sum(name == "return" for name, _after, _at in self._steps(row)),
        )  # fmt: skip

    def _words(self, row: Row, name: str) -> str:
        """The answer to a choice, in words, which are found once for all rows."""
        answer = getattr(row.answers, name, None)
        key = (row.report.kind, name, str(answer))
        if key not in self._chosen:
            ask = KINDS[row.report.kind].table.asks()[name]
            self._chosen[key] = ask.shown(answer) if answer else ""
        return self._chosen[key]

    def _steps(self, row: Row) -> list[tuple[str, str, datetime]]:
        return [step for step in row.steps if step[2] < self.window.end]

    def _case(self, row: Row) -> Sequence[Value]:
        """State, when the clock ends that runs, and by how many days it is late."""
        steps = self._steps(row)
        state = ReportState(steps[-1][1]) if steps else standing.FIRST[row.report.kind]
        due = row.report.due_at if state == row.report.state else None
        if due is None:
            return _(STATES[state]), None, 0
        days = (self.window.end.astimezone(self.zone).date() - due.astimezone(self.zone).date()).days
        owing = _owing(row.report.kind, state) and due < self.window.end
        return _(STATES[state]), due.astimezone(self.zone), max(days, 1) if owing else 0

    def _when(self, row: Row, step: str) -> Value:
        latest = [at for name, _after, at in self._steps(row) if name == step]
        return latest[-1].astimezone(self.zone) if latest else None


_BY_KIND: dict[str, Callable[[_Teller, Row], Sequence[Value]]] = {
    "visit": _Teller.visit,
    "photo": _Teller.photo,
    "hardship": _Teller.hardship,
    "house": _Teller.house,
    "rectification": _Teller.rectification,
}


def _owing(kind: str, state: ReportState) -> bool:
    """Whether the end that is shown is that of the clock that runs: a rectification's is that of mending."""
    life = KINDS[kind].life
    clock = life.clock_in(state) if life else None
    return clock is not None and clock.shown


def words(row: Row, name: str) -> str:
    return redact(getattr(row.answers, name, None) or "", HIDDEN)
