"""The public notice of a hardship case: its text, with names masked whoever asks, and its days."""

from datetime import date, datetime

from sqlmodel import Session

from storage import briefs, clock_runs, county, picking, showing
from storage.clock_runs import ClockRun
from storage.kinds.hardship_life import PUBLISH, RECOGNISING
from storage.report import Report, StepTaken
from storage.showing import Channel, Of
from storage.texts import _


def days(session: Session, run: ClockRun, published: StepTaken) -> tuple[date, date]:
    """The first and the last day of the notice."""
    zone = county.zone(session)
    return published.at.astimezone(zone).date(), run.since.astimezone(zone).date()


def _found(session: Session, report: Report) -> tuple[ClockRun, StepTaken] | None:
    from storage.casework import last

    run, published = clock_runs.running(session, report), last(session, report, PUBLISH)
    if run is None or published is None or run.clock != RECOGNISING:
        return None
    return run, published


def day_words(session: Session, report: Report, now: datetime) -> str:
    """Which day of the notice it is; empty when there is none."""
    found = _found(session, report)
    if found is None:
        return ""
    first, last_day = days(session, *found)
    today = county.today(session, now)
    if now >= found[0].since:
        return _("公示期满（{first} 至 {last}）").format(first=f"{first:%m-%d}", last=f"{last_day:%m-%d}")
    return _("公示第 {day} 天，共 {days} 天，到 {last} 为止").format(
        day=max((today - first).days, 1), days=(last_day - first).days, last=f"{last_day:%m-%d}"
    )


def text(session: Session, report: Report) -> str:
    """What is put up for everybody to see. Nothing in it can be unmasked: no full name, no illness, no number,
    no house."""
    found = _found(session, report)
    if found is None:
        return ""
    first, last_day = days(session, *found)
    lines = [
        _("公示"),
        "",
        _("经入户核实和村民评议，拟将下列农户纳入防返贫监测帮扶，现予公示。"),
        _("村：{village}").format(village=picking.village_name(session, report.village)),
        _("户主：{head}").format(head=briefs.head(session, report, showing.degree(Of.HEAD, Channel.NOTICE))),
        _("公示期：{first} 至 {last}").format(first=first.isoformat(), last=last_day.isoformat()),
        _("如有异议，请在公示期内向村委会或驻村工作队反映。"),
        briefs.team_name(session, report.team_id),
    ]
    return "\n".join(lines).rstrip()
