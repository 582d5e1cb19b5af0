"""How the installation is, for its operator: what waits and how long, what was put aside."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import case
from sqlmodel import Session, col, func, or_, select

from storage.arrivals import IN_STATE, Arrival, ArrivalState
from storage.errands import Errand, ErrandState
from storage.letters import Lane, Letter, LetterState

AGES = (60, 600, 3600)
"""Seconds by which waiting letters are sorted: younger than a minute, ten minutes, an hour, older."""
SLOW = timedelta(minutes=5)
"""An arrival that waits longer means that nobody gets an answer."""
STUCK = timedelta(minutes=15)
"""A letter or an errand that could go and has not for so long means trouble."""


@dataclass(frozen=True)
class Pulse:
    """Ages are those of the oldest, zero when nothing waits. `letters` counts by lane and by the places of AGES."""

    arrivals: int = 0
    lag: timedelta = timedelta()
    letters: dict[Lane, tuple[int, ...]] = field(default_factory=dict)
    letter_age: timedelta = timedelta()
    held: int = 0
    errands: int = 0
    errand_age: timedelta = timedelta()
    parked: dict[str, int] = field(default_factory=dict)
    """How many arrivals, letters and errands wait for a person."""
    newest: dict[str, int] = field(default_factory=dict)
    """The highest number among each of them."""

    @property
    def waiting(self) -> dict[str, tuple[int, timedelta]]:
        """What waits: how many, and the age of the oldest."""
        return {
            "arrivals": (self.arrivals, self.lag),
            "letters": (sum(map(sum, self.letters.values())), self.letter_age),
            "errands": (self.errands, self.errand_age),
        }

    @property
    def late(self) -> list[str]:
        """Of these the ones that wait too long."""
        most = {"arrivals": SLOW, "letters": STUCK, "errands": STUCK}
        return [name for name, (_count, age) in self.waiting.items() if age > most[name]]


def pulse(session: Session, now: datetime) -> Pulse:
    count, oldest = _arrivals(session)
    letters, letter = _letters(session, now)
    errands, errand = _errands(session, now)
    parked, newest = {}, {}
    for name, found in (
        ("arrivals", select(func.count(), func.max(Arrival.id)).where(IN_STATE[ArrivalState.PARKED])),
        ("letters", select(func.count(), func.max(Letter.id)).where(Letter.state == LetterState.PARKED)),
        ("errands", select(func.count(), func.max(Errand.id)).where(Errand.state == ErrandState.PARKED)),
    ):
        number, highest = session.exec(found).one()
        parked[name], newest[name] = number, highest or 0
    held = session.exec(
        select(func.count()).select_from(Letter).where(Letter.state == LetterState.HELD)
    ).one()
    return Pulse(
        arrivals=count, lag=_age(oldest, now), letters=letters, letter_age=_age(letter, now), held=held,
        errands=errands, errand_age=_age(errand, now), parked=parked, newest=newest,
    )  # fmt: skip


def _age(since: datetime | None, now: datetime) -> timedelta:
    return max(now - since, timedelta()) if since is not None else timedelta()


def _arrivals(session: Session) -> tuple[int, datetime | None]:
    waiting = select(func.count(), func.min(Arrival.received_at)).where(IN_STATE[ArrivalState.WAITING])
    return session.exec(waiting).one()


def _letters(session: Session, now: datetime) -> tuple[dict[Lane, tuple[int, ...]], datetime | None]:
    """Those that may go now, by lane and age, and since when the oldest may."""
    since = func.coalesce(Letter.not_before, Letter.created_at)
    bounds = [now - timedelta(seconds=age) for age in AGES]
    place = case(*((since > bound, number) for number, bound in enumerate(bounds)), else_=len(AGES))
    ready = or_(col(Letter.not_before).is_(None), col(Letter.not_before) <= now)
    waiting = (
        select(Letter.lane, place, func.count(), func.min(since))
        .where(Letter.state == LetterState.WAITING, ready)
        .group_by(col(Letter.lane), place)
    )
    counts = {lane: [0] * (len(AGES) + 1) for lane in Lane}
    oldest: datetime | None = None
    for lane, which, number, first in session.exec(waiting):
        counts[Lane(lane)][which] += number
        oldest = min(oldest, first) if oldest is not None else first
    return {lane: tuple(found) for lane, found in counts.items()}, oldest


def _errands(session: Session, now: datetime) -> tuple[int, datetime | None]:
    due = select(func.count(), func.min(Errand.due_at)).where(
        Errand.state == ErrandState.WAITING, col(Errand.due_at) <= now
    )
    return session.exec(due).one()
