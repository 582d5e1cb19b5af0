"""What must hold before a step may be taken, besides who takes it and where the case stands: each condition of
the tables (its name is a message id) with its rule."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from storage import alarms, clock_runs, county, promises, timing
from storage.kinds import hardship_life, house_life, rectification
from storage.kinds.hardship_forms import Labour
from storage.report import Report, StepTaken
from storage.texts import _, listed
from storage.workflow import Step

Rule = Callable[[Session, Report, datetime], str]
"""A sentence that says what is missing and what to do; empty when the condition holds."""


def unmet(session: Session, report: Report, step: Step, now: datetime, names: tuple[str, ...] = ()) -> str:
    """The first condition of a step that does not hold, as a sentence."""
    found = (RULES[name](session, report, now) for name in names or step.when)
    return next((sentence for sentence in found if sentence), "")


def hidden(session: Session, report: Report, step: Step, now: datetime) -> bool:
    """Whether its button is not even shown: a condition that nobody expects to be offered does not hold."""
    quiet = tuple(name for name in step.when if name in _QUIET)
    return bool(quiet) and bool(unmet(session, report, step, now, quiet))


def time_asked(session: Session, report: Report) -> StepTaken | None:
    """The request for more time that nobody has decided yet."""
    names = (timing.ASK_TIME, timing.GRANT_TIME, timing.DENY_TIME)
    run = clock_runs.running(session, report)
    taken = select(StepTaken).where(StepTaken.report_id == report.id, col(StepTaken.step).in_(names))
    latest = session.exec(taken.order_by(col(StepTaken.id).desc())).first()
    asked = latest is not None and latest.step == timing.ASK_TIME
    return latest if asked and latest is not None and run is not None and latest.at >= run.since else None


def _asked(session: Session, report: Report, _now: datetime) -> str:
    if time_asked(session, report) is not None:
        return ""
    return _("{number} 没有等您决定的延期申请。").format(number=report.number)


def _running(session: Session, report: Report, _now: datetime) -> str:
    run = clock_runs.running(session, report)
    if run is not None and run.paused_at is None:
        return ""
    return _("{number} 现在没有在计时。").format(number=report.number)


def _not_asked(session: Session, report: Report, _now: datetime) -> str:
    if time_asked(session, report) is None:
        return ""
    return _("{number} 的延期申请还没有答复，请等管理组决定。").format(number=report.number)


def _paused(session: Session, report: Report, _now: datetime) -> str:
    run = clock_runs.running(session, report)
    if run is not None and run.paused_at is not None:
        return ""
    return _("{number} 没有暂停计时。").format(number=report.number)


def _unsigned(session: Session, report: Report, _now: datetime) -> str:
    run = clock_runs.running(session, report)
    signed = select(StepTaken).where(StepTaken.report_id == report.id, StepTaken.step == rectification.SIGN)
    latest = session.exec(signed.order_by(col(StepTaken.id).desc())).first()
    if latest is None or (run is not None and latest.at < run.since):
        return ""
    return _("{number} 已经签收了。").format(number=report.number)


def _notice_over(session: Session, report: Report, now: datetime) -> str:
    run = clock_runs.running(session, report)
    if run is None or now >= run.since:
        return ""
    day = run.since.astimezone(county.zone(session)).date()
    return _("{number} 还在公示，公示期到 {month}月{day}日为止，期满才能认定。").format(
        number=report.number, month=day.month, day=day.day
    )


def _labour(session: Session, report: Report) -> str:
    """What was said of its labour when it was recognised the last time."""
    taken = select(StepTaken).where(
        StepTaken.report_id == report.id, StepTaken.step == hardship_life.RECOGNISE
    )
    latest = session.exec(taken.order_by(col(StepTaken.id).desc())).first()
    return str(latest.answers.get("labour", "")) if latest is not None else ""


def _has_labour(session: Session, report: Report, _now: datetime) -> str:
    if _labour(session, report) != Labour.NONE.value:
        return ""
    return _("{number} 整户无劳动能力：落实兜底后继续监测，不标注消除，不能销号。").format(
        number=report.number
    )


def _no_labour(session: Session, report: Report, _now: datetime) -> str:
    if _labour(session, report) == Labour.NONE.value:
        return ""
    return _("{number} 有劳动能力：困难消除后请提请销号。").format(number=report.number)


def _all_kept(session: Session, report: Report, _now: datetime) -> str:
    left = promises.open_ones(session, report)
    if not left:
        return ""
    what = listed(f"{one.number} {one.what}" for one in left)
    return _("{number} 还有 {count} 项措施没有交代：{what}。请先点“措施已落实”或“措施没办成”。").format(
        number=report.number, count=len(left), what=what
    )


def _one_open(session: Session, report: Report, _now: datetime) -> str:
    if promises.open_ones(session, report):
        return ""
    return _("{number} 没有等交代的措施。").format(number=report.number)


def _rings(session: Session, report: Report, _now: datetime) -> str:
    alarm = alarms.standing(session, report)
    if alarm is None:
        return _("{number} 现在没有告警。").format(number=report.number)
    heeded = alarms.heeded_words(session, alarm)
    return _("{number}：{heeded}，不会再响了。").format(number=report.number, heeded=heeded) if heeded else ""


def _stands(session: Session, report: Report, _now: datetime) -> str:
    if alarms.standing(session, report) is not None:
        return ""
    return _("{number} 现在没有告警。").format(number=report.number)


RULES: dict[str, Rule] = {
    timing.ASKED: _asked,
    timing.NOT_ASKED: _not_asked,
    timing.RUNNING: _running,
    timing.PAUSED: _paused,
    rectification.UNSIGNED: _unsigned,
    hardship_life.NOTICE_OVER: _notice_over,
    hardship_life.HAS_LABOUR: _has_labour,
    hardship_life.NO_LABOUR: _no_labour,
    hardship_life.ALL_KEPT: _all_kept,
    hardship_life.ONE_OPEN: _one_open,
    house_life.RINGS: _rings,
    house_life.STANDS: _stands,
}
_QUIET = frozenset(RULES) - {hardship_life.NOTICE_OVER, hardship_life.ALL_KEPT}
"""These two are shown, because people look for them; the sentence says what is missing."""
