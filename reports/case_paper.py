"""One record as a paper: what stands in it. Its layout is reports/case_document.py's."""

from dataclasses import dataclass

from sqlmodel import Session

from reports import orders, record
from storage import clock_rules, clock_runs, county, history, photos, private_numbers
from storage.clock_runs import ClockRun
from storage.known import Known
from storage.report import Report
from storage.rows import Row, Rows
from storage.showing import Channel, Of, degree
from storage.texts import _

MOST = 12
"""Photos in a paper: two pages of them."""


@dataclass(frozen=True)
class CasePaper:
    """`facts` are (label, text), `answers` and `beside` lines; `life` (when, who, what), `clocks` (what, since, until,
    how it ended), `photos` SHA-256 of the pictures to show with what stands below each."""

    number: str
    kind: str
    issuer: str
    facts: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]
    beside: tuple[str, ...]
    life: tuple[tuple[str, ...], ...]
    clocks: tuple[tuple[str, ...], ...]
    photos: tuple[tuple[str, str], ...]
    more: int
    names_hidden: bool


def paper(made: Rows, report: Report) -> CasePaper:
    """The record as it stands now; names and numbers as the channel of the rows shows them."""
    (row,), session = made.of([report]), made.session
    known = Known(session, Channel.FILE, made.reason)
    found = _photos(session, report)
    return CasePaper(
        number=row.number, kind=row.kind, issuer=orders.issuer(session, report.village),
        facts=tuple((label, text) for label, text in _facts(row) if text),
        answers=tuple(row.text.splitlines()), beside=tuple(_told(made, record.beside(session, report))),
        life=tuple(_life(made, known, report)),
        clocks=tuple(_clock(made, one) for one in clock_runs.history(session, report)),
        photos=tuple(found[:MOST]), more=max(0, len(found) - MOST), names_hidden=not made.reason,
    )  # fmt: skip


def _facts(row: Row) -> list[tuple[str, str]]:
    return [
        (_("状态"), row.state),
        (_("村"), f"{row.town}{row.village}"),
        (_("户主"), row.head),
        (_("日期"), row.happened.isoformat()),
        (_("上报人"), " ".join(filter(None, [row.author, row.team]))),
        (_("上报时间"), f"{row.sent_at:%Y-%m-%d %H:%M}"),
        (_("期限"), f"{row.due_at:%Y-%m-%d %H:%M}" if row.due_at else ""),
    ]


def _told(made: Rows, lines: list[str]) -> list[str]:
    """Lines in which personal numbers may stand as tokens."""
    shown = degree(Of.NUMBER, Channel.FILE, reason=made.reason)
    return [private_numbers.told(made.session, one, shown) for one in lines]


def _life(made: Rows, known: Known, report: Report) -> list[tuple[str, ...]]:
    """Every step from its sending on, corrections too."""
    found = history.events(made.session, report)
    said = _told(made, [record.event_words(report, one) for one in found])
    return [
        (f"{one.at.astimezone(made.zone):%Y-%m-%d %H:%M}", known.person(one.by_id), words)
        for one, words in zip(found, said, strict=True)
    ]


def _clock(made: Rows, run: ClockRun) -> tuple[str, ...]:
    since, due, stopped = (
        f"{at.astimezone(made.zone):%Y-%m-%d %H:%M}" if at else ""
        for at in (run.since, run.due_at, run.stopped_at)
    )
    name = _(clock_rules.NAMES[run.clock]) if run.clock in clock_rules.NAMES else run.clock
    late = run.due_at is not None and run.stopped_at is not None and run.stopped_at > run.due_at
    ended = (_("{at} 超期办结") if late else _("{at} 按时")).format(at=stopped)
    return name, since, due, ended if stopped else _("暂停计时") if run.paused_at else _("在办")


def _photos(session: Session, report: Report) -> list[tuple[str, str]]:
    """Pictures that can be shown, by what they answer, as they came."""
    zone = county.zone(session)
    found = []
    for caption, hashes in record.albums(session, report):
        label = caption.removesuffix(report.number).strip()
        found += [(sha, label) for sha in hashes]
    when = {
        photos.shown(session, one): f"{one.received_at.astimezone(zone):%Y-%m-%d %H:%M}"
        for one in photos.of_report(session, report)
    }
    return [(sha, " ".join(filter(None, [label, when.get(sha, "")]))) for sha, label in found]
