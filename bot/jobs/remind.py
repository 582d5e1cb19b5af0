"""Reminders: private, only to those who owe, on working days at the region's hour, three times at most."""

from datetime import datetime

from sqlmodel import Session

from reports import owing, week
from storage import county, duties, letters
from storage.county import Rhythm
from storage.duties import Duty
from storage.letters import Lane
from storage.tallies import Window
from storage.texts import speaking

Owed = tuple[Duty, str, Rhythm]


def step(session: Session, now: datetime) -> dict[str, int]:
    if not any(owing.open_now(rhythm, now) for rhythm in county.rhythms(session)):
        return {}
    by_person = _by_person(_due(session, now))
    said = duties.reminded(session, {duty.key for owed in by_person.values() for duty, _, _ in owed})
    chats = duties.private_chats(session, by_person)
    count = 0
    for person_id, (person, chat) in chats.items():
        owed = [one for one in by_person[person_id] if (person_id, one[0].key, one[1]) not in said]
        if not owed:
            continue
        for duty, slot, _rhythm in owed:
            duties.note(session, person_id, duty.key, slot, now)
        with speaking(person.language):
            text = owing.text([(duty, rhythm) for duty, _slot, rhythm in owed])
        payload = {"text": text, "parse_mode": "HTML"}
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.BULK)
        count += 1
    return {"reminded": count} if count else {}


def _due(session: Session, now: datetime) -> list[Owed]:
    """Duties whose slot is now."""
    rhythms: dict[str, Rhythm] = {}

    def rhythm(region: str) -> Rhythm:
        return rhythms.setdefault(region, county.rhythm(session, region))

    def running(region: str) -> Window:
        return week.window(week.running(now, rhythm(region)), rhythm(region))

    owed = [
        *duties.visits(session, now, running),
        *duties.rectifications(session, now),
        *duties.corrections(session, now),
    ]
    found = ((duty, owing.slot_of(duty, now, rhythm(duty.region)), rhythm(duty.region)) for duty in owed)
    return [(duty, slot, rhythm_) for duty, slot, rhythm_ in found if slot is not None]


def _by_person(owed: list[Owed]) -> dict[int, list[Owed]]:
    people: dict[int, list[Owed]] = {}
    for one in owed:
        for person in one[0].people:
            people.setdefault(person, []).append(one)
    return people
