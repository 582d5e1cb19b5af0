"""The teams of a scope, and which of them sent nothing of their own in a window."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

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


def teams(session: Session, scope: Scope, window: Window) -> list[TeamCount]:
    """The teams of the scope that were there at the window's end, by name."""
    # Of each team the first one found, which is quick from the index; all of them would be gone through otherwise.
    own = select(Report.id).where(
        col(Report.team_id) == Team.id, window.holds(Report.sent_at), col(Report.kind).in_(OWN),
        col(Report.state) != ReportState.WITHDRAWN,
    ).limit(1).scalar_subquery()  # fmt: skip
    there = col(Team.ended_at).is_(None) | (col(Team.ended_at) >= window.end)
    columns: Any = (Team.id, Team.name, Team.region, own.is_not(None).label("sent"))
    rows = session.exec(select(*columns).where(scope.teams(), there).order_by(Team.name))
    return [TeamCount(number, name, region, bool(sent)) for number, name, region, sent in rows]
