"""Drafts of the week to the supervisors of every bound region, two hours before the close; and of weeks that closed
while they were held a reminder, at the close and then on every working day."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session

from reports import owing, week, week_draft
from storage import cards, casework, chats, slots, week_drafts
from storage.chats import Chat
from storage.county import Rhythm, Rhythms
from storage.duties import private_chats
from storage.letters import Lane
from storage.people import Person
from storage.texts import speaking
from storage.week_drafts import WeeklyDraft


def step(session: Session, now: datetime) -> dict[str, int]:
    rhythms = Rhythms(session)
    regions = dict.fromkeys(chat.region for chat in chats.groups(session) if chat.region is not None)
    drafted = sum(_draft(session, region, rhythms.of(region), now) for region in regions)
    reminded = sum(_remind(session, region, rhythms.of(region), now) for region in regions)
    return {"drafts": drafted, "held": reminded} if drafted or reminded else {}


def _draft(session: Session, region: str, rhythm: Rhythm, now: datetime) -> int:
    running = week.running(now, rhythm)
    if now < week_draft.moment(running, rhythm):
        return 0
    if not slots.take(session, "weekly_draft", f"{running}:{region}", now):
        return 0
    draft = week_drafts.begin(session, region, str(running))
    return _tell(session, draft, now)


def _tell(session: Session, draft: WeeklyDraft, now: datetime) -> int:
    readers = list(_readers(session, draft, now))
    made = week_draft.counted(session, draft, now)
    for person, chat in readers:
        with speaking(person.language):
            text, keys = week_draft.screen(session, draft, made, now)
        cards.show(session, chat, _payload(text, keys), now=now, lane=Lane.NOTICE)
    return len(readers)


def _readers(session: Session, draft: WeeklyDraft, now: datetime) -> Iterator[tuple[Person, Chat]]:
    people = casework.nearest_managers(session, draft.region, now)
    yield from private_chats(session, people).values()


def _payload(text: str, keys: week_draft.Buttons) -> dict[str, Any]:
    return {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": keys}}


def _remind(session: Session, region: str, rhythm: Rhythm, now: datetime) -> int:
    closed = week.last_closed(now, rhythm)
    draft = week_drafts.of(session, region, str(closed))
    if draft is None or not draft.held:
        return 0
    day = now.astimezone(rhythm.zone).date()
    first = slots.take(session, "weekly_held", f"{closed}:{region}", now)
    if first:
        slots.take(session, "weekly_held", f"{closed}:{region}:{day}", now)
    elif not (
        owing.open_now(rhythm, now) and slots.take(session, "weekly_held", f"{closed}:{region}:{day}", now)
    ):
        return 0
    readers = list(_readers(session, draft, now))
    for person, chat in readers:
        with speaking(person.language):
            text, keys = week_draft.reminder(session, draft), week_draft.buttons(draft, told=True)
        cards.show(session, chat, _payload(text, keys), now=now, lane=Lane.NOTICE)
    return len(readers)
