"""The households behind the count of contacts that were due in a week: what storage/contact_share.py counts, each.

A figure that was kept does not change; pairings and visits that were corrected since make the list a little different.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage import clocks, contact_share, household_list, journal, presence, showing
from storage.clock_rules import Rules
from storage.contact_share import Contact
from storage.county import Rhythms
from storage.identity import Actor
from storage.people import Role
from storage.scope import manages
from storage.showing import Channel, Of
from storage.summaries import Scope
from storage.tallies import Window


@dataclass(frozen=True)
class Home:
    """A household whose contact was due: who has its card, the cadence of its round, the day on which that began (a
    contact, or the yes to the pairing) and its last one, and whether the household was seen in the week."""

    household: int
    village: str
    person: int
    cadence: str
    since: date
    due: date
    seen: bool


def of_week(session: Session, scope: Scope, window: Window) -> list[Home]:
    """As many as are counted as due: those not seen first, the longest due before the others."""
    served = presence.served(session, scope, window) if scope.team is not None else ()
    rules, rhythms = Rules(session), Rhythms(session)
    found = contact_share.due(session, scope, window, served)
    homes = [_home(one, rules, rhythms) for one in found]
    return sorted(homes, key=lambda one: (one.seen, one.due, one.village, one.household, one.person))


def _home(one: Contact, rules: Rules, rhythms: Rhythms) -> Home:
    rhythm = rhythms.of(one.village)
    since = one.since.astimezone(rhythm.zone).date()
    end = clocks.end(one.since, rules.of(one.cadence, one.village, since), rhythm)
    due = end.astimezone(rhythm.zone).date()
    return Home(one.household, one.village, one.person, one.cadence, since, due, one.seen)


def shown_to(actor: Actor, scope: Scope, homes: Sequence[Home]) -> list[Home]:
    """Those that somebody may be told of by name: whoever manages the place or leads the team all of them, a member
    their own."""
    leads = scope.team is not None and scope.team in actor.teams(Role.LEADER)
    whole = leads or manages(actor, scope.region)
    return [one for one in homes if whole or one.person == actor.person_id]


def heads(session: Session, homes: Sequence[Home], reader: Actor, now: datetime) -> list[str]:
    """How they are called on one screen in a private chat: heads of the reader's own villages in full, journaled as one
    reading, others masked."""
    if any(one.village in reader.villages for one in homes):
        journal.read(session, reader.person_id, "household.head", "contacts", "list", now)
    return [
        household_list.called(
            session,
            one.household,
            showing.degree(Of.HEAD, Channel.LIST, own=one.village in reader.villages),
        )
        for one in homes
    ]
