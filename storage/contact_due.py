"""When a household is to be visited by whoever has its contact card: by a cadence that is the county's data, one for
each category. Visits count by themselves: reports of a visit, also as a companion, and follow-ups of a case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, exists, literal
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from storage import clocks, contact_cards, contact_letters, county, slots
from storage.clock_rules import Rules
from storage.clocks import Rule
from storage.contact_cards import ContactCard
from storage.county import Rhythms
from storage.households import Household
from storage.kinds.hardship_life import FOLLOW_UP
from storage.kinds.visit import Visit
from storage.people import Person
from storage.report import Report, ReportState, StepTaken
from storage.slots import Slot

WATCHED, OUT, OTHER = "card_watched", "card_out", "card_other"
HELPED = (ReportState.SUPPORTED, ReportState.SECURED, ReportState.PROPOSED)
"""States of a case that make its household a watched one."""
WORDS = {WATCHED: ("监测", "三类", "边缘", "突发"), OUT: ("脱贫",)}  # not for people: what is matched
ROUND = "contact"
MOST = 100
"""People told in one tick; the next one goes on."""


@dataclass(frozen=True)
class Round:
    """A household in somebody's charge: its cadence, when they were there last (None: never), and the last day of the
    next visit."""

    card: ContactCard
    cadence: str
    last: date | None
    due: date
    rule: Rule

    def late(self, today: date) -> bool:
        return self.due < today

    def this_week(self, today: date) -> bool:
        """On or before this week's Sunday."""
        return self.due <= today + timedelta(days=6 - today.weekday())


def cadence(session: Session, home: Household) -> str:
    """The name of its clock: a monitored household is seen most often."""
    return cadence_of(home.category, helped=bool(_helped(session, [home.id or 0])))


def cadence_of(category: str | None, *, helped: bool) -> str:
    """The same of a category; `helped`: a case says so."""
    if helped:
        return WATCHED
    said = category or ""
    return next((name for name, words in WORDS.items() if any(word in said for word in words)), OTHER)


def _helped(session: Session, homes: list[int]) -> set[int | None]:
    """Those of these households that a case says are helped."""
    helped = select(Report.household_id).where(
        col(Report.household_id).in_(homes), Report.kind == "hardship", col(Report.state).in_(HELPED)
    )
    return set(session.exec(helped))


def rounds(session: Session, person_id: int) -> list[Round]:
    """The households of one person, the most urgent first."""
    cards = contact_cards.of_person(session, person_id)
    found = _rounds(session, person_id, cards, Rules(session), Rhythms(session))
    return sorted(found, key=lambda one: (one.due, one.card.id))


def round_of(session: Session, card: ContactCard) -> Round | None:
    """That of one card; None while it is not accepted, and when its household is no more."""
    return next(_rounds(session, card.person_id, [card], Rules(session), Rhythms(session)), None)


def _rounds(
    session: Session, person_id: int, cards: list[ContactCard], rules: Rules, rhythms: Rhythms
) -> Iterator[Round]:
    """Of cards of that person. A round keeps the length that held on the day it began."""
    homes = [one.household_id for one in cards]
    all_seen, helped = _seen(session, person_id, homes), _helped(session, homes)
    for card in cards:
        home = session.get_one(Household, card.household_id)
        if home.closed or card.accepted_at is None:
            continue
        rhythm, name, seen = (
            rhythms.of(home.village),
            cadence_of(home.category, helped=home.id in helped),
            all_seen.get(card.household_id),
        )
        since = max(seen, card.accepted_at) if seen else card.accepted_at
        rule = rules.of(name, home.village, since.astimezone(rhythm.zone).date())
        due = clocks.end(since, rule, rhythm).astimezone(rhythm.zone).date()
        yield Round(card, name, seen.astimezone(rhythm.zone).date() if seen else None, due, rule)


def _seen(session: Session, person_id: int, homes: list[int]) -> dict[int, datetime]:
    """When that person was last with each of these households."""
    zone = county.zone(session)
    header = (col(Report.household_id), col(Report.author_id), col(Report.sent_at))
    visits: Any = (
        columns(*header, col(Visit.day), col(Visit.companions))
        .join_from(Report, Visit, col(Visit.report_id) == col(Report.id))
        .where(col(Report.household_id).in_(homes), col(Report.state) != ReportState.WITHDRAWN)
    )
    found: dict[int, datetime] = {}
    for home, author, at, day, companions in session.exec(visits):
        if person_id in (author, *(companions or ())):
            when = datetime.combine(day, at.astimezone(zone).timetz()) if day else at
            found[home] = max(when, found.get(home, when))
    steps = (
        select(Report.household_id, StepTaken.at)
        .join(StepTaken, col(StepTaken.report_id) == Report.id)
        .where(col(Report.household_id).in_(homes), StepTaken.step == FOLLOW_UP, StepTaken.by_id == person_id)
    )
    for one, at in session.exec(steps):
        found[one or 0] = max(at, found.get(one or 0, at))
    return found


def tell(session: Session, now: datetime) -> int:
    """On the first working day of a week, at the region's hour: to each person how many they are to visit this week.
    How many were told."""
    rhythms = Rhythms(session)
    rhythm = rhythms.of("")
    today = now.astimezone(rhythm.zone).date()
    if not clocks.may_speak(rhythm, now):
        return 0
    year, number, _day = today.isocalendar()
    week = f"{year}-W{number:02}"
    rules, told = Rules(session), 0
    for person in _to_tell(session, week):
        slots.take(session, ROUND, f"{week}:{person}", now)
        found = _rounds(session, person, contact_cards.of_person(session, person), rules, rhythms)
        mine = [one for one in found if one.this_week(today)]
        if mine:
            late = sum(one.late(today) for one in mine)
            contact_letters.week(session, person, len(mine), late, week, now)
            told += 1
    return told


def _to_tell(session: Session, week: str) -> list[int]:
    """Whoever is paired, also since this morning, and was not told this week."""
    person = col(Person.id)
    slot = literal(f"{week}:").concat(cast(person, String))
    told = exists().where(col(Slot.rule) == ROUND, col(Slot.slot) == slot)
    paired = exists().where(
        col(ContactCard.person_id) == person,
        col(ContactCard.accepted_at).is_not(None),
        col(ContactCard.ended_at).is_(None),
    )
    people = select(Person.id).where(paired, ~told).order_by(person).limit(MOST)
    return [one or 0 for one in session.exec(people)]
