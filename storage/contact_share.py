"""Contact cards of a scope's week: whose contact was due, and who was seen. By the rules of one person's rounds
(storage/contact_due.py), read for all cards at once.

A contact was due in a week when the round that ran as the week began ends within it or before, and it was made in the
week or its last day is over. Who made it reports, or is a companion of, a visit that was sent in the week, or takes the
step of a follow-up. The category of a household, and whether a case helps it, are as they are when this is counted.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from storage import clocks, contact_due, contact_rows, tallies
from storage.clock_rules import DEFAULTS, Rules
from storage.clocks import Rule, Unit
from storage.contact_rows import CADENCES
from storage.county import Rhythms
from storage.people import TeamVillage
from storage.presence import Served
from storage.summaries import Scope
from storage.tallies import Window


@dataclass(frozen=True)
class Contacts:
    """Of a scope's week: households whose contact was `due`, and how many of them were `seen`."""

    due: int = 0
    seen: int = 0

    @property
    def share(self) -> float | None:
        """Seen ÷ due, 0 to 1; None where nothing was due."""
        return self.seen / self.due if self.due else None


class Contact(NamedTuple):
    """A card whose contact was due: its household's village, who has it, whether the household was seen; when the round
    began that was due, and its cadence."""

    card: int
    household: int
    person: int
    village: str
    seen: bool
    since: datetime
    cadence: str


def total(found: Iterable[Contact]) -> Contacts:
    marks = [one.seen for one in found]
    return Contacts(len(marks), sum(marks))


def by_part(
    session: Session, scope: Scope, found: Iterable[Contact], served: Iterable[Served]
) -> dict[str, Contacts]:
    """By part of the scope, as tallies are: regions below it, teams, or a team's villages. A team has the cards that
    people who served in it have in its villages."""
    parts: dict[str, list[Contact]] = defaultdict(list)
    part = _part_of(session, scope, served)
    for one in found:
        parts[part(one)].append(one)
    return {key: total(some) for key, some in parts.items() if key}


def _part_of(session: Session, scope: Scope, served: Iterable[Served]) -> Callable[[Contact], str]:
    if scope.team is not None:
        return lambda one: one.village
    if not tallies.by_teams(scope):
        return lambda one: tallies.part_of(scope, 0, one.village)
    teams: dict[int, set[int]] = defaultdict(set)
    for one in served:
        teams[one.team].add(one.person)
    villages = select(TeamVillage.team_id, TeamVillage.village).where(col(TeamVillage.team_id).in_(teams))
    whose = {(person, place): str(team) for team, place in session.exec(villages) for person in teams[team]}
    return lambda one: whose.get((one.person, one.village), "")


def due(session: Session, scope: Scope, window: Window, served: Iterable[Served] = ()) -> list[Contact]:
    """The cards of the scope whose contact was due in the window; of a team those of the people who `served` in it."""
    asked = _Asked(session, window)
    own = {one.person for one in served}
    rows = contact_rows.read(session, scope, asked.values)
    found = (asked.contact(row) for row in rows if scope.team is None or row.person_id in own)
    return [one for one in found if one is not None]


def by_person(found: Iterable[Contact]) -> dict[int, Contacts]:
    people: dict[int, list[Contact]] = defaultdict(list)
    for one in found:
        people[one.person].append(one)
    return {person: total(some) for person, some in people.items()}


class _Asked:
    """What is asked of cards in a window."""

    def __init__(self, session: Session, window: Window) -> None:
        self.window, self.rhythms, self.rules = window, Rhythms(session), Rules(session)
        self.zone = self.rhythms.of("").zone
        self.last = window.end.astimezone(self.zone).date()
        own = {one.region for one in self.rules.rows(*CADENCES)} | self.rhythms.regions()
        self.special = sorted(own - {""}, key=len, reverse=True)
        self.known: dict[tuple[Any, str | None, str], tuple[str, _Edges | None]] = {}
        """By what the rows say of a household and its place: its cadence and the edges of that."""
        self.values: dict[str, Any] = {"start": window.start, "end": window.end}
        for name in CADENCES:
            # A round that began later ends after the week, whatever rule of the county it has.
            self.values[name] = self._after(self.last - self._lengths(name)[0])

    def _after(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(), self.zone)

    def _lengths(self, name: str) -> tuple[timedelta, timedelta]:
        """How many days lie at least, and at most, between the first and the last day of a round."""
        set_by_county = (Rule(one.length, one.unit) for one in self.rules.rows(name))
        each = [_days(one) for one in (DEFAULTS[name], *set_by_county)]
        return min(least for least, _most in each), max(most for _least, most in each)

    def contact(self, row: Any) -> Contact | None:
        """None for a card whose contact was not due."""
        since = row.accepted_at
        for moment in (row.sent, row.stepped):
            if moment is not None and moment > since:
                since = moment
        if row.day is not None:
            since = max(since, datetime.combine(row.day, time(), self.zone))
        village, seen = row.village, row.seen
        place = next((one for one in self.special if village.startswith(one)), "") if self.special else ""
        key = row.helped, row.category, place
        if key not in self.known:
            cadence = contact_due.cadence_of(row.category, helped=bool(row.helped))
            self.known[key] = cadence, self._edges(cadence, place)
        cadence, edges = self.known[key]
        if edges is None:
            end = self.end(cadence, place, since)
            due = end.astimezone(self.zone).date() <= self.last if seen else end < self.window.end
        else:
            due = since < edges[seen]
        if not due:
            return None
        return Contact(row.id, row.household_id, row.person_id, village, bool(seen), since, cadence)

    def end(self, cadence: str, place: str, since: datetime) -> datetime:
        """When a round that began then ends."""
        rule = self.rules.of(cadence, place, since.astimezone(self.zone).date())
        return clocks.end(since, rule, self.rhythms.of(place))

    def _edges(self, cadence: str, place: str) -> "_Edges | None":
        """Rounds that began before these moments are over at the window's end, and end on its last day at the latest.
        None where rules changed meanwhile, so that of two rounds the later one may end first, or count hours."""
        rules = [one for one in self.rules.rows(cadence) if place.startswith(one.region)]
        first = self.last - self._lengths(cadence)[1] - _HOLIDAYS
        plain = all(one.since <= first and one.unit != Unit.HOUR for one in rules)
        return self._found(cadence, place, first) if plain else None

    def _found(self, cadence: str, place: str, first: date) -> "_Edges":
        days = range((self.last - first).days + 1)

        def end(number: int) -> datetime:
            return self.end(
                cadence, place, datetime.combine(first + timedelta(days=number), _NOON, self.zone)
            )

        over = bisect_left(days, True, key=lambda number: end(number) >= self.window.end)
        held = bisect_left(
            days, True, key=lambda number: end(number).astimezone(self.zone).date() > self.last
        )
        return self._after(first + timedelta(days=over - 1)), self._after(first + timedelta(days=held - 1))


_Edges = tuple[datetime, datetime]
_NOON = time(12)
_HOLIDAYS = timedelta(days=30)
"""Longer than days off in a row: a round ends on a working day."""


def _days(rule: Rule) -> tuple[timedelta, timedelta]:
    if rule.unit == Unit.HOUR:
        return timedelta(days=rule.length // 24), timedelta(days=rule.length // 24 + 1)
    return timedelta(days=rule.length), timedelta(days=rule.length * (2 if rule.unit == Unit.WORKDAY else 1))
