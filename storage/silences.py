"""Why a team sent nothing in a week: everybody in it was on leave, on a trip or without a signal on every working day,
else its report is missing. Days without anybody posted say nothing for it."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage import absences, county
from storage.absences import KINDS, Absence, AbsenceKind, AbsenceState
from storage.calendar import workdays
from storage.people import Posting
from storage.postings import TEAM_ROLES, active_at
from storage.tallies import Window
from storage.teams_sent import TeamCount


def excused(session: Session, silent: Sequence[TeamCount], window: Window) -> dict[int, AbsenceKind]:
    """Of teams that sent nothing those that were away, and how: as most of their days say."""
    people = _people(session, [team.id for team in silent], window)
    rhythm = county.rhythm(session, "")
    first = window.first_day(rhythm.zone)
    days = workdays(first, window.end.astimezone(rhythm.zone).date(), rhythm.extra)
    everybody = {person for team in people.values() for person in team}
    away = absences.within(session, everybody, first, days[-1], [AbsenceState.APPROVED]) if days else []
    found = {team: _how(members, days, away) for team, members in people.items()}
    return {team: kind for team, kind in found.items() if kind is not None}


def _people(session: Session, teams: Sequence[int], window: Window) -> dict[int, set[int]]:
    """Who served in them at the window's end."""
    posted = select(Posting.team_id, Posting.person_id).where(
        col(Posting.team_id).in_(teams), col(Posting.role).in_(TEAM_ROLES), active_at(window.end)
    )
    people: dict[int, set[int]] = {}
    for team, person in session.exec(posted):
        people.setdefault(team or 0, set()).add(person)
    return people


def _how(members: set[int], days: Sequence[date], away: Sequence[Absence]) -> AbsenceKind | None:
    """None as soon as somebody was there on one of the days."""
    mine = [one for one in away if one.person_id in members]
    covered = {(one.person_id, day): one.kind for one in mine for day in days if one.first <= day <= one.last}
    if not days or len(covered) < len(members) * len(days):
        return None
    kinds = list(covered.values())
    return KINDS[max(sorted(set(kinds)), key=kinds.count)]
