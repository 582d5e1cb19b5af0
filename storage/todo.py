"""What waits for somebody: the cases whose running clock is theirs."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, false, func, or_, select

from storage import scope
from storage.clock_runs import ClockRun
from storage.identity import Actor
from storage.kinds import KINDS, Kind
from storage.report import Report
from storage.workflow import By

PAGE = 8
SOON = timedelta(days=7)
"""What comes round by a cadence waits for somebody only when it is near."""


def waiting(actor: Actor, now: datetime, *kinds: str) -> ColumnElement[bool]:
    """SQL over Report: what waits for this person (of those kinds only when some are given). The own teams'
    wait to be done; those of a territory one manages to be judged."""
    mine = [_of_kind(kind, actor, now) for kind in KINDS.values() if not kinds or kind.name in kinds]
    return and_(scope.visible(actor), or_(false(), *mine))


def _of_kind(kind: Kind, actor: Actor, now: datetime) -> ColumnElement[bool]:
    if kind.life is None:
        return false()
    team = kind.life.owed(By.TEAM, By.LEADER)
    ours = and_(col(Report.state).in_(team), col(Report.team_id).in_(actor.teams()))
    theirs = and_(
        col(Report.state).in_(kind.life.owed(By.MANAGER)), scope.within(Report.village, actor.regions())
    )
    return and_(Report.kind == kind.name, or_(ours, theirs), _near(kind, now))


def _near(kind: Kind, now: datetime) -> ColumnElement[bool]:
    assert kind.life is not None
    life = kind.life
    clocks = ((state, life.clock_in(state)) for state in life.live)
    rounds = [state for state, clock in clocks if clock is not None and clock.cadence]
    return or_(col(Report.state).not_in(rounds), col(Report.due_at) < now + SOON)


def count(session: Session, actor: Actor, now: datetime, *kinds: str) -> int:
    found = select(func.count()).select_from(Report).where(waiting(actor, now, *kinds))
    return session.exec(found).one()


def page(
    session: Session, actor: Actor, now: datetime, number: int, *kinds: str, size: int = PAGE
) -> list[Report]:
    """A page (from 0) of what waits for this person, the most urgent first."""
    found = select(Report).where(waiting(actor, now, *kinds)).order_by(col(Report.due_at), col(Report.id))
    return list(session.exec(found.offset(number * size).limit(size)))


def late(session: Session, actor: Actor, now: datetime, *kinds: str) -> int:
    """How many cases that this person may see are past the clock that runs."""
    return _late(session, scope.visible(actor), now, kinds)


def late_in(session: Session, region: str, now: datetime, *kinds: str) -> int:
    """The same for a whole region ("" is everywhere)."""
    return _late(session, scope.within(Report.village, (region,)), now, kinds)


def _late(session: Session, where: ColumnElement[bool], now: datetime, kinds: tuple[str, ...]) -> int:
    runs = select(func.count()).select_from(ClockRun).join(Report).where(
        where, col(ClockRun.stopped_at).is_(None), col(ClockRun.paused_at).is_(None), col(ClockRun.due_at) < now,
    )  # fmt: skip
    return session.exec(runs.where(col(Report.kind).in_(kinds)) if kinds else runs).one()
