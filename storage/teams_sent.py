"""The teams of a scope, and which of them sent nothing of their own in a window."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from storage.db import Utc, run
from storage.people import Team
from storage.report import Report, ReportState
from storage.summaries import Scope
from storage.tallies import Window

OWN = ("visit", "photo", "hardship")
"""Kinds that a team sends of its own accord."""


@dataclass(frozen=True)
class TeamCount:
    """A team, and whether it sent records of its own in the window."""

    id: int
    name: str
    region: str
    sent: bool


_SINCE, _UNTIL = (bindparam(name, type_=Utc) for name in ("since", "until"))


def teams(session: Session, scope: Scope, window: Window) -> list[TeamCount]:
    """The teams of the scope that were there at the window's end, by name."""
    whose = {"low": scope.region, "high": scope.region + "~"} if scope.team is None else {"team": scope.team}
    rows = run(session, _teams(scope.team is not None), **whose, since=window.start, until=window.end)
    return [TeamCount(number, name, region, bool(sent)) for number, name, region, sent in rows]


@cache
def _teams(team: bool) -> Any:
    """(id, name, region, whether they sent something)."""
    # Of each team the first one found, which is quick from the index; all of them would be gone through otherwise.
    own = select(Report.id).where(
        col(Report.team_id) == Team.id, col(Report.sent_at) >= _SINCE, col(Report.sent_at) < _UNTIL,
        or_(*(col(Report.kind) == kind for kind in OWN)), col(Report.state) != ReportState.WITHDRAWN,
    ).limit(1).scalar_subquery()  # fmt: skip
    there = col(Team.ended_at).is_(None) | (col(Team.ended_at) >= _UNTIL)
    if team:
        mine = col(Team.id) == bindparam("team", type_=Integer)
    else:
        low, high = (bindparam(name, type_=String) for name in ("low", "high"))
        mine = (col(Team.region) >= low) & (col(Team.region) < high)
    found: Any = rows_of(*map(col, (Team.id, Team.name, Team.region)), own.is_not(None).label("sent"))
    return found.where(mine, there).order_by(col(Team.name))
