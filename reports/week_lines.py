"""The parts of a scope in its week: regions below it, its teams, or a team's villages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session

from storage import contact_share, presence, summaries, tallies
from storage.contact_share import Contact, Contacts
from storage.names import spoken
from storage.presence import Presence, Served
from storage.summaries import Scope
from storage.tallies import Tally
from storage.teams_sent import TeamCount

T = TypeVar("T")
NOBODY = Presence()
NO_CARDS = Contacts()


@dataclass(frozen=True)
class Line:
    """One part of the scope: a region below it, a team, or a team's village. `silent` of its `teams` sent nothing."""

    key: str
    name: str
    now: Tally
    before: Tally
    teams: int = 1
    silent: int = 0
    presence: Presence = NOBODY
    """Of its people; a team's villages have none of their own."""
    contacts: Contacts = NO_CARDS


def lines(
    session: Session,
    scope: Scope,
    tallied: tuple[dict[str, Tally], dict[str, Tally]],
    there: tuple[list[TeamCount], list[Served], list[Contact]],
) -> tuple[Line, ...]:
    """The parts, the busiest first: `tallied` in this week and the one before, with the teams that are `there`, who
    served in them and the contact cards that were due."""
    now, before = tallied
    cards = contact_share.by_part(session, scope, there[2], there[1])
    teams = _by_part(scope, ((one.id, one.region, one) for one in there[0]))
    people = _by_part(scope, ((one.team, one.region, one) for one in there[1]))
    found = [
        Line(
            key=key,
            name=name,
            now=now.get(key, Tally()),
            before=before.get(key, Tally()),
            teams=len(teams.get(key, ())),
            silent=sum(not team.sent for team in teams.get(key, ())),
            presence=presence.total(people.get(key, ())),
            contacts=cards.get(key, NO_CARDS),
        )
        for key, name in _names(session, scope, {*now, *before, *teams, *cards}).items()
    ]
    return tuple(sorted(found, key=lambda line: (-line.now.visits, -line.now.photos, line.key)))


def _by_part(scope: Scope, found: Iterable[tuple[int, str, T]]) -> dict[str, list[T]]:
    """What belongs to a team (its id, its region, what) by part of the scope; a team's villages have nothing."""
    groups: dict[str, list[T]] = {}
    if scope.team is None:
        for team, region, one in found:
            groups.setdefault(tallies.part_of(scope, team, region), []).append(one)
    return groups


def _names(session: Session, scope: Scope, keys: set[str]) -> dict[str, str]:
    if tallies.by_teams(scope):
        return summaries.team_names(session, [int(key) for key in keys])
    return {key: spoken(name) for key, name in summaries.region_names(session, keys).items()}
