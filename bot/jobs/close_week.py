"""The weekly close: an errand for every scope and week that has closed and was not summed up yet.

After a time of silence every missed week is made (and found by /weekly); only the latest is announced.
"""

from datetime import datetime

from sqlmodel import Session

from reports.week import Closed, due, parse
from storage import audience, week_files
from storage.county import Rhythm, Rhythms
from storage.summaries import Scope
from storage.tallies import Window

TEAMS_AT_ONCE = 50
"""Teams a tick: their weeks are counted between the reports that come in."""


def step(session: Session, now: datetime) -> dict[str, int]:
    latest, rhythms = audience.latest(session), Rhythms(session)
    made = teams = 0
    for scope, since in audience.scopes(session, now).items():
        if scope.team is not None and teams == TEAMS_AT_ONCE:
            break
        closed = _due(latest.get(str(scope)), since, now, rhythms.of(scope.region))
        written = sum(_make(session, scope, one, now) for one in closed)
        made += written
        teams += scope.team is not None and written > 0
    return {"weeks": made} if made else {}


def _due(
    latest: tuple[str, datetime] | None, since: datetime | None, now: datetime, rhythm: Rhythm
) -> list[Closed]:
    if latest is not None:
        week, end = latest
        return due(Closed(parse(week), Window(end, end)), now, rhythm)
    return [one for one in due(None, now, rhythm) if since is None or since < one.window.end]


def _make(session: Session, scope: Scope, closed: Closed, now: datetime) -> bool:
    week = str(closed.week)
    return week_files.make(session, scope, week, closed.window, f"weekly:{week}:{scope}", now)
