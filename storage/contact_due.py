"""When a household is to be visited by whoever has its contact card: by a cadence that is the county's data, one for
each category. Visits count by themselves: reports of a visit, also as a companion, and follow-ups of a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import String, cast, exists, literal
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
_HELPED = (ReportState.SUPPORTED, ReportState.SECURED, ReportState.PROPOSED)
_WORDS = {WATCHED: ("监测", "三类", "边缘", "突发"), OUT: ("脱贫",)}  # not for people: what is matched
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
    helped = select(Report.id).where(
        Report.household_id == home.id, Report.kind == "hardship", col(Report.state).in_(_HELPED)
    )
    if session.exec(helped).first() is not None:
        return WATCHED
    said = home.category or ""
    return next((name for name, words in _WORDS.items() if any(word in said for word in words)), OTHER)


def rounds(session: Session, person_id: int) -> list[Round]:
    """The households of one person, the most urgent first."""
    cards = [one for one in contact_cards.of_person(session, person_id) if one.accepted_at is not None]
    seen = _seen(session, person_id, [one.household_id for one in cards])
    rules, rhythms = Rules(session), Rhythms(session)
    found = [_round(session, card, seen.get(card.household_id), rules, rhythms) for card in cards]
    return sorted((one for one in found if one is not None), key=lambda one: (one.due, one.card.id))


def _round(
    session: Session, card: ContactCard, seen: datetime | None, rules: Rules, rhythms: Rhythms
) -> Round | None:
    """A round keeps the length that held on the day it began."""
    home = session.get_one(Household, card.household_id)
    if home.closed or card.accepted_at is None:
        return None
    rhythm, name = rhythms.of(home.village), cadence(session, home)
    since = max(seen, card.accepted_at) if seen else card.accepted_at
    rule = rules.of(name, home.village, since.astimezone(rhythm.zone).date())
    due = clocks.end(since, rule, rhythm).astimezone(rhythm.zone).date()
    return Round(card, name, seen.astimezone(rhythm.zone).date() if seen else None, due, rule)


def _seen(session: Session, person_id: int, households: Iterable[int]) -> dict[int, datetime]:
    """When that person was last with each of them."""
    homes, zone = list(households), county.zone(session)
    visits = (
        select(Report, Visit)
        .join(Visit, col(Visit.report_id) == Report.id)
        .where(col(Report.household_id).in_(homes), Report.state != ReportState.WITHDRAWN)
    )
    found: dict[int, datetime] = {}
    for report, visit in session.exec(visits):
        if person_id in (report.author_id, *(visit.companions or ())):
            at, home = report.sent_at, report.household_id or 0
            when = datetime.combine(visit.day, at.astimezone(zone).timetz()) if visit.day else at
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
    rhythm = county.rhythm(session, "")
    today = now.astimezone(rhythm.zone).date()
    if not clocks.may_speak(rhythm, now):
        return 0
    year, number, _day = today.isocalendar()
    week = f"{year}-W{number:02}"
    told = 0
    for person in _to_tell(session, week):
        slots.take(session, ROUND, f"{week}:{person}", now)
        told += _tell(session, person, week, today, now)
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


def _tell(session: Session, person: int, week: str, today: date, now: datetime) -> int:
    mine = [one for one in rounds(session, person) if one.this_week(today)]
    if not mine:
        return 0
    contact_letters.week(session, person, len(mine), sum(one.late(today) for one in mine), week, now)
    return 1
