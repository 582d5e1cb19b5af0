"""Reminders: private, only to those who owe, on working days at the region's hour, three times at most."""

from datetime import datetime

from sqlmodel import Session

from reports import owing, week
from storage import duties, letters
from storage.county import Rhythm, Rhythms
from storage.duties import Duty
from storage.letters import Lane
from storage.tallies import Window
from storage.texts import speaking

Owed = tuple[Duty, str, Rhythm]


def step(session: Session, now: datetime) -> dict[str, int]:
    rhythms = Rhythms(session)
    if not any(owing.open_now(rhythm, now) for rhythm in rhythms.all()):
        return {}
    by_person = _by_person(_due(session, rhythms, now))
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
            keys = owing.buttons(duty.what for duty, _slot, _rhythm in owed)
        payload = {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": keys}}
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.BULK)
        count += 1
    return {"reminded": count} if count else {}


def _due(session: Session, rhythms: Rhythms, now: datetime) -> list[Owed]:
    """Duties whose slot is now."""

    def running(region: str) -> Window:
        return week.window(week.running(now, rhythms.of(region)), rhythms.of(region))

    found = []
    for duty in duties.owed(session, now, running):
        slot = owing.slot_of(duty, now, rhythms.of(duty.region))
        if slot is not None:
            found.append((duty, slot, rhythms.of(duty.region)))
    return found


def _by_person(owed: list[Owed]) -> dict[int, list[Owed]]:
    people: dict[int, list[Owed]] = {}
    for one in owed:
        for person in one[0].people:
            people.setdefault(person, []).append(one)
    return people
