"""What each person of a team did in a week: counted for that person and whoever answers for the team, never a ranking
(storage/policy.py). Days as in storage/presence.py."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, distinct, func, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from storage import standing
from storage.contact_share import Contacts
from storage.db import Utc, run
from storage.kinds.hardship import HardshipCase
from storage.kinds.photo_report import PhotoReport
from storage.kinds.visit import Visit
from storage.photo import Photo, PhotoState
from storage.presence import Served
from storage.report import Report, ReportState, StepTaken
from storage.tallies import Window

_NO_CARDS = Contacts()
_TEAM = bindparam("team", type_=Integer)
_SINCE, _UNTIL = (bindparam(name, type_=Utc) for name in ("since", "until"))


@dataclass(frozen=True)
class Member:
    """Of one person's week in a team: reports they sent, `pictures` in these, cases they `closed`, `steps` they took
    in the team's cases; days inside the village, on a trip, on leave; contact cards of theirs that were due, and of
    these seen."""

    person: int
    visits: int = 0
    households: int = 0
    photos: int = 0
    pictures: int = 0
    cases: int = 0
    closed: int = 0
    steps: int = 0
    inside: int = 0
    trip: int = 0
    leave: int = 0
    due: int = 0
    seen: int = 0


def members(
    session: Session, team: int, window: Window, served: Iterable[Served], cards: Mapping[int, Contacts]
) -> tuple[Member, ...]:
    """Of those who served in the team in the window, in the order in which they came; the contact `cards` by person."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for person, name, count in _counted(session, {"team": team, "since": window.start, "until": window.end}):
        counts[person][name] += count
    days: dict[int, Served] = {}
    for one in served:
        known = days.get(one.person, one)
        both = (getattr(known, name) | getattr(one, name) for name in ("inside", "trip", "leave"))
        days[one.person] = Served(one.person, team, one.region, *both)
    return tuple(
        Member(person, **counts[person], inside=one.inside.bit_count(), trip=one.trip.bit_count(),
               leave=one.leave.bit_count(), **vars(cards.get(person, _NO_CARDS)))
        for person, one in days.items()
    )  # fmt: skip


def _counted(session: Session, values: dict[str, Any]) -> Iterator[tuple[int, str, int]]:
    for person, *counts in run(session, _sent(), **values):
        yield from ((person, name, count) for name, count in zip(_SENT, counts, strict=True) if count)
    for statement, names in ((_pictures, ("pictures",)), (_steps, ("steps", "closed"))):
        for person, *counts in run(session, statement(), **values):
            yield from ((person, name, count) for name, count in zip(names, counts, strict=True) if count)


_SENT = ("visits", "households", "photos", "cases")


def _theirs() -> tuple[Any, ...]:
    """SQL over Report: the team's, not withdrawn."""
    return (col(Report.team_id) == _TEAM, col(Report.state) != ReportState.WITHDRAWN)


def _in_time() -> tuple[Any, ...]:
    at = col(Report.sent_at)
    return (*_theirs(), at >= _SINCE, at < _UNTIL)


@cache
def _sent() -> Any:
    """(person, a count for each of _SENT)."""
    kind = col(Report.kind)
    homes = func.count(distinct(col(Report.household_id))).filter(kind == Visit.kind)
    visits, photos, cases = (
        func.count().filter(kind == one) for one in (Visit.kind, PhotoReport.kind, HardshipCase.kind)
    )
    by = col(Report.author_id)
    return rows_of(by, visits, homes, photos, cases).where(*_in_time()).group_by(by)


@cache
def _pictures() -> Any:
    """(person, pictures of what they sent)."""
    here = or_(*(col(Photo.state) == state for state in (PhotoState.WAITING, PhotoState.KEPT)))
    by = col(Report.author_id)
    found = rows_of(by, func.count()).select_from(Report).join(Photo, col(Photo.report_id) == Report.id)
    return found.where(here, *_in_time()).group_by(by)


@cache
def _steps() -> Any:
    """(person, steps they took, hardship cases these brought to an end)."""
    by, at = col(StepTaken.by_id), col(StepTaken.at)
    before, after = (
        or_(*(col(one) == end.value for end in standing.ENDS)) for one in (StepTaken.before, StepTaken.after)
    )
    ends = (col(Report.kind) == HardshipCase.kind) & after & ~before
    closed = func.count(distinct(col(Report.id))).filter(ends)
    found = rows_of(by, func.count(), closed).select_from(StepTaken).join(Report)
    return found.where(at >= _SINCE, at < _UNTIL, *_theirs()).group_by(by)
