"""Weekly summaries: figures frozen at the close of a week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, UniqueConstraint, true
from sqlmodel import Field, Session, SQLModel, col, select

from storage.db import Utc
from storage.people import Team
from storage.places import Level, Region, children, inside
from storage.report import Report
from storage.unindexed import unindexed

_TEAM = "team:"


class WeeklySummary(SQLModel, table=True):
    """One scope's week. `scope` is a region code or "team:ID"; `week` like "2026-W47" is the ISO week of the
    close; the window is [window_start, window_end). `figures` (reports.figures) never change afterwards."""

    __table_args__ = (UniqueConstraint("scope", "week"),)

    id: int | None = Field(default=None, primary_key=True)
    scope: str
    week: str
    window_start: datetime = Field(sa_type=Utc)
    window_end: datetime = Field(sa_type=Utc)
    figures: dict[str, Any] = Field(sa_type=JSON)
    made_at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Scope:
    """Whose week it is: a region (by code) or a team, whose own region is kept beside it."""

    region: str
    team: int | None = None

    def __str__(self) -> str:
        return self.region if self.team is None else f"{_TEAM}{self.team}"

    def reports(self, hidden: bool = False) -> ColumnElement[bool]:
        """SQL over Report: the records of this scope. `hidden`: a region's condition uses no index."""
        if self.team is not None:
            return col(Report.team_id) == self.team
        if not self.region:
            return true()
        return inside(unindexed(Report.village) if hidden else Report.village, self.region)

    def teams(self) -> ColumnElement[bool]:
        """SQL over Team: the teams of this scope, ended ones too."""
        if self.team is not None:
            return col(Team.id) == self.team
        return inside(Team.region, self.region) if self.region else true()


def scope_of(session: Session, text: str) -> Scope | None:
    """The scope written as "120114" or "team:7"; None when there is no such region or team."""
    if text.startswith(_TEAM):
        number = text.removeprefix(_TEAM)
        team = session.get(Team, int(number)) if number.isdecimal() and len(number) <= 15 else None
        return Scope(team.region, team.id) if team else None
    return Scope(text) if session.get(Region, text) else None


def name_of(session: Session, scope: Scope) -> str:
    """The name of the region or team."""
    if scope.team is not None:
        return session.get_one(Team, scope.team).name
    region = session.get(Region, scope.region)
    return region.name if region else scope.region


def team_scopes(session: Session, teams: Iterable[int]) -> list[Scope]:
    """The scopes of teams by id, in the order of their names."""
    rows = select(Team.region, Team.id).where(col(Team.id).in_(list(teams))).order_by(Team.name)
    return [Scope(region, number) for region, number in session.exec(rows)]


def parts(session: Session, scope: Scope) -> list[Scope]:
    """What lies directly below a region: those towns of a county that have teams, the teams of a town."""
    if scope.team is not None:
        return []
    below = [one.code for one in children(session, scope.region) if one.level != Level.VILLAGE]
    if below:
        served = set(session.exec(select(Team.region).where(scope.teams())))
        return [Scope(code) for code in below if any(one.startswith(code) for one in served)]
    there = select(Team.id).where(scope.teams(), col(Team.ended_at).is_(None))
    return team_scopes(session, [number for number in session.exec(there) if number is not None])


def team_names(session: Session, teams: list[int]) -> dict[str, str]:
    """Names by id (as text), in the order of the names."""
    rows = session.exec(select(Team.id, Team.name).where(col(Team.id).in_(teams)).order_by(Team.name))
    return {str(number): name for number, name in rows}


def region_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names by code, in the order of the codes; a code without a region is its own name."""
    wanted = sorted(set(codes))
    known = dict(session.exec(select(Region.code, Region.name).where(col(Region.code).in_(wanted))).all())
    return {code: known.get(code, code) for code in wanted}


def stored(session: Session, scope: Scope, week: str) -> WeeklySummary | None:
    return session.exec(
        select(WeeklySummary).where(WeeklySummary.scope == str(scope), WeeklySummary.week == week)
    ).first()


def last(session: Session, scope: Scope, before: datetime | None = None) -> WeeklySummary | None:
    """The latest summary of a scope (that closed before a moment)."""
    made = select(WeeklySummary).where(WeeklySummary.scope == str(scope))
    if before is not None:
        made = made.where(col(WeeklySummary.window_end) < before)
    return session.exec(made.order_by(col(WeeklySummary.window_end).desc()).limit(1)).first()


def closed(session: Session, scope: Scope, before: str, most: int) -> list[WeeklySummary]:
    """The closed weeks of a scope, the newest first, before one ("": all); a row more where there are more."""
    found = select(WeeklySummary).where(WeeklySummary.scope == str(scope))
    found = found.where(col(WeeklySummary.week) < before) if before else found
    return list(session.exec(found.order_by(col(WeeklySummary.week).desc()).limit(most + 1)))


def freeze(
    session: Session,
    scope: Scope,
    week: str,
    window: tuple[datetime, datetime],
    figures: dict[str, Any],
    now: datetime,
) -> WeeklySummary:
    """Keep a week's figures for good."""
    row = WeeklySummary(
        scope=str(scope),
        week=week,
        window_start=window[0],
        window_end=window[1],
        figures=figures,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def printed_heads(session: Session) -> dict[str, str]:
    """Heads of the journal's chain that weekly summaries told, with the week of each (the first that told it)."""
    rows = session.exec(select(WeeklySummary.week, WeeklySummary.figures).order_by(col(WeeklySummary.id)))
    told: dict[str, str] = {}
    for week, figures in rows:
        if head := str(figures.get("journal") or ""):
            told.setdefault(head, week)
    return told
