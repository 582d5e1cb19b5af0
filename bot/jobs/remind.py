"""Reminders: private, only to those who owe, on working days at the region's hour, three times at most; and of
what is overdue to one level after the other. One message to one person, whatever it is about. Alarms that nobody has
taken up ring again here too, at any hour."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from handlers import owe
from handlers.weekly_scopes import key_of
from reports import owing, week
from storage import (
    absences,
    contact_due,
    duties,
    handovers,
    letters,
    referral_clocks,
    ringing,
    sweeping,
    team_behind,
)
from storage.county import Rhythm, Rhythms
from storage.duties import Duty
from storage.letters import Lane
from storage.summaries import Scope
from storage.sweeping import Call
from storage.tallies import Window
from storage.team_behind import Behind
from storage.texts import _, speaking

LAST = "before"
"""The slot of the last reminder."""


@dataclass
class Told:
    """What one person is told now: what they owe, with its slot, and what is overdue below them."""

    owed: list[tuple[Duty, str]] = field(default_factory=list)
    late: list[Call] = field(default_factory=list)
    behind: list[Behind] = field(default_factory=list)
    """Own teams, some of whose people owe visits at the last reminder."""

    def said(self) -> set[tuple[str, str]]:
        """(duty, slot) of all of it."""
        owed = {(duty.key, slot) for duty, slot in self.owed}
        late = {(call.duty.key, call.rung.value) for call in self.late}
        return owed | late | {(team.key, LAST) for team in self.behind}


def step(session: Session, now: datetime) -> dict[str, int]:
    """Alarms first; what else there is to say waits for its hour."""
    did = {"alarms": ringing.sweep(session, now)} | _reminders(session, now)
    did["handovers"] = handovers.sweep(session, now)
    did["contacts"] = contact_due.tell(session, now)
    return {what: count for what, count in did.items() if count}


def _reminders(session: Session, now: datetime) -> dict[str, int]:
    rhythms = Rhythms(session)
    people: dict[int, Told] = {}
    due = _due(session, rhythms, now)
    for duty, slot in due:
        for person in duty.people:
            people.setdefault(person, Told()).owed.append((duty, slot))
    for team in team_behind.of_teams(session, [duty for duty, slot in due if slot == LAST], now):
        for leader in team.leaders:
            if team.without(leader):
                people.setdefault(leader, Told()).behind.append(team)
    for call in (*sweeping.sweep(session, now), *referral_clocks.sweep(session, now)):
        for person in call.people:
            told = people.setdefault(person, Told())
            if call.overdue:
                told.late.append(call)
            else:
                told.owed.append((call.duty, call.rung.value))
    here = _here(session, people, rhythms, now)
    return _tell(session, here, rhythms, now) if here else {}


def _here(session: Session, people: dict[int, Told], rhythms: Rhythms, now: datetime) -> dict[int, Told]:
    """Nobody is reminded while they are away; what is overdue climbs without them."""
    away = absences.away(session, people, now.astimezone(rhythms.of("").zone).date())
    return {person: told for person, told in people.items() if person not in away}


def _tell(session: Session, people: dict[int, Told], rhythms: Rhythms, now: datetime) -> dict[str, int]:
    said = duties.reminded(session, {key for told in people.values() for key, _slot in told.said()})
    count = 0
    for person_id, (person, chat) in duties.private_chats(session, people).items():
        told = _new(people[person_id], {(key, slot) for who, key, slot in said if who == person_id})
        if not told.said():
            continue
        for key, slot in told.said():
            duties.note(session, person_id, key, slot, now)
        with speaking(person.language):
            text = owing.text(
                [_there(duty, rhythms) for duty, _slot in told.owed],
                [owing.late_line(session, call, rhythms.of(call.duty.region), now) for call in told.late],
                [line for team in told.behind for line in owing.behind_lines(session, team, person_id)],
            )
            keys = owing.buttons(
                [*(duty.what for duty, _ in told.owed), *(call.duty.what for call in told.late)]
            ) + [_whole(team, rhythms, now) for team in told.behind]
        payload = {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": keys}}
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.BULK)
        count += 1
    return {"reminded": count} if count else {}


def _new(told: Told, said: set[tuple[str, str]]) -> Told:
    """What this person has not been told yet."""
    owed = [one for one in told.owed if (one[0].key, one[1]) not in said]
    late = [one for one in told.late if (one.duty.key, one.rung.value) not in said]
    return Told(owed, late, [one for one in told.behind if (one.key, LAST) not in said])


def _whole(team: Behind, rhythms: Rhythms, now: datetime) -> list[dict[str, str]]:
    """The way to how everybody of the team stands this week."""
    scope, this = Scope(team.region, team.team_id), week.running(now, rhythms.of(team.region))
    return [{"text": _("看全队"), "callback_data": f"{owe.PREFIX}:w:{key_of(scope)}:{this}"}]


def _there(duty: Duty, rhythms: Rhythms) -> tuple[Duty, Rhythm]:
    return duty, rhythms.of(duty.region)


def _due(session: Session, rhythms: Rhythms, now: datetime) -> list[tuple[Duty, str]]:
    """Duties without a clock of their own whose slot is now."""
    if not any(owing.open_now(rhythm, now) for rhythm in rhythms.all()):
        return []

    def running(region: str) -> Window:
        return week.window(week.running(now, rhythms.of(region)), rhythms.of(region))

    slots = (
        (duty, owing.slot_of(duty, now, rhythms.of(duty.region)))
        for duty in duties.owed(session, now, running)
    )
    return [(duty, slot) for duty, slot in slots if slot is not None]
