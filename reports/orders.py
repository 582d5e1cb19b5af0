"""The order document of a problem: what stands in it. Its layout is reports/order_paper.py's."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage import (
    briefs,
    clock_runs,
    county,
    names,
    photos,
    picking,
    places,
    proofs,
    rebounds,
    showing,
    tasks,
)
from storage.kinds.rectification import Rectification
from storage.redact import HIDDEN, redact
from storage.report import Report
from storage.showing import Channel, Of, degree
from storage.texts import _, listed

MOST = 6
"""Photos in a document: a page of them."""


@dataclass(frozen=True)
class Order:
    """`about` are (label, text), `tasks` (number, what, lead, support, who and until), `photos` SHA-256 of the
    pictures to show, in their order."""

    number: str
    issuer: str
    team: str
    about: tuple[tuple[str, str], ...]
    tasks: tuple[tuple[str, ...], ...]
    due: date
    signer: str
    day: date
    photos: tuple[str, ...]
    more: int


def order(session: Session, report: Report, now: datetime) -> Order:
    """As the problem stands now: after a correction or more time the document says so."""
    problem, zone = tasks.problem_of(session, report), county.zone(session)
    pictures = [
        sha for one in photos.of_report(session, report, proofs.BEFORE) if (sha := photos.shown(session, one))
    ]
    return Order(
        number=report.number, issuer=issuer(session, report.village), team=briefs.team_name(session, report.team_id),
        about=tuple(_about(session, report, problem)), tasks=tuple(_tasks(session, report, now)),
        due=tasks.due_day(session, report, problem),
        signer=_signer(session, report), day=report.sent_at.astimezone(zone).date(),
        photos=tuple(pictures[:MOST]), more=max(0, len(pictures) - MOST),
    )  # fmt: skip


def _signer(session: Session, report: Report) -> str:
    """Whoever issued it, as a letter to the team names them."""
    return showing.name(names.full(session, report.author_id), degree(Of.COLLEAGUE, Channel.LETTER))


def issuer(session: Session, village: str) -> str:
    """Those who manage the county of a village."""
    region = places.region(session, village[:6])
    return _("{county}驻村工作管理组").format(county=region.name if region else "")


def _about(session: Session, report: Report, problem: Rectification) -> list[tuple[str, str]]:
    known = listed(filter(None, [problem.shown("origin"), problem.shown("category")]))
    again = listed(one.number for one in rebounds.earlier_of(session, report))
    run = clock_runs.running(session, report)
    rows = [
        (_("所在村"), "".join(town_and_village(session, report.village))),
        (_("发现问题"), problem.findings),
        (_("来源类别"), known),
        (_("交办依据"), problem.basis or ""),
        (_("整改要求"), problem.demand or _("按期整改到位，并报送整改前后对照照片。")),
        (_("相关整改"), _("可能反弹，原整改 {numbers}").format(numbers=again) if again else ""),
        (_("办理情况"), _("已暂停计时") if run is not None and run.paused_at is not None else ""),
    ]
    return [(label, redact(text, HIDDEN)) for label, text in rows if text]


def town_and_village(session: Session, village: str) -> tuple[str, str]:
    """Their names; the town's is empty where it is not known."""
    town = places.region(session, village[:9])
    return town.name if town else "", picking.village_name(session, village)


def _tasks(session: Session, report: Report, now: datetime) -> list[tuple[str, ...]]:
    return [
        (str(one.number), redact(one.what, HIDDEN), one.lead, one.support or "—", charges(one) or "—")
        for one in tasks.lists(session, report, now)
    ]


def charges(one: tasks.Assigned) -> str:
    """Who answers for a task until when."""
    people = listed(who for who, _until in one.charges)
    return _("{people}（{month}月{day}日前）").format(
        people=people, month=one.charges[0][1].month, day=one.charges[0][1].day
    ) if people else ""  # fmt: skip
