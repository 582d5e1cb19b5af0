"""Drafts of the week to the supervisors of every bound region, two hours before the close; and of weeks that closed
while they were held a reminder, at the close and then on every working day; and word of a group that a week could not
be told to."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from reports import owing, week, week_draft
from reports.week_draft import Buttons
from storage import cards, casework, chats, slots, week_drafts, week_files
from storage.calendar import in_quiet_hours
from storage.chats import Chat
from storage.county import Rhythm, Rhythms
from storage.duties import private_chats
from storage.letters import Lane
from storage.texts import speaking
from storage.week_drafts import WeeklyDraft

Held = dict[tuple[str, str], WeeklyDraft]


def step(session: Session, now: datetime) -> dict[str, int]:
    rhythms = Rhythms(session)
    bound = [(chat, chat.region) for chat in chats.groups(session) if chat.region is not None]
    regions = dict.fromkeys(region for _chat, region in bound)
    drafted = sum(_draft(session, region, rhythms.of(region), now) for region in regions)
    held = week_drafts.all_held(session)
    reminded = sum(_remind(session, held, region, rhythms.of(region), now) for region in regions if held)
    lost = sum(
        _lost(session, chat, region, rhythms.of(region), now)
        for chat, region in bound
        if chat.unreachable_since is not None
    )
    return {"drafts": drafted, "held": reminded, "lost": lost} if drafted or reminded or lost else {}


def _lost(session: Session, chat: Chat, region: str, rhythm: Rhythm, now: datetime) -> int:
    """A week that waits for a group nobody can write to; once, and not at night."""
    waits = week_files.waiting(session, chat)
    if not waits or in_quiet_hours(now.astimezone(rhythm.zone), rhythm.quiet_from, rhythm.quiet_until):
        return 0
    if not slots.take(session, "weekly_lost", f"{waits}:{chat.id}", now):
        return 0
    return _tell(session, region, lambda: week_draft.lost(session, region, waits), now)


def _draft(session: Session, region: str, rhythm: Rhythm, now: datetime) -> int:
    running = week.running(now, rhythm)
    if now < week_draft.moment(running, rhythm):
        return 0
    if not slots.take(session, "weekly_draft", f"{running}:{region}", now):
        return 0
    draft = week_drafts.begin(session, region, str(running))
    made = week_draft.counted(session, draft, now)
    return _tell(session, region, lambda: week_draft.screen(session, draft, made, now), now)


def _remind(session: Session, held: Held, region: str, rhythm: Rhythm, now: datetime) -> int:
    closed = week.last_closed(now, rhythm)
    draft = held.get((region, str(closed)))
    if draft is None:
        return 0
    slot, day = f"{closed}:{region}", now.astimezone(rhythm.zone).date()
    first = slots.take(session, "weekly_held", slot, now)
    if not (first or owing.open_now(rhythm, now)):
        return 0
    if not slots.take(session, "weekly_held", f"{slot}:{day}", now):
        return 0
    return _tell(session, region, lambda: week_draft.reminder(session, draft), now)


def _tell(session: Session, region: str, said: Callable[[], tuple[str, Buttons]], now: datetime) -> int:
    """To each of its supervisors, in their language. How many."""
    people = casework.nearest_managers(session, region, now)
    readers = list(private_chats(session, people).values())
    for person, chat in readers:
        with speaking(person.language):
            text, keys = said()
        payload = {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": keys}}
        cards.show(session, chat, payload, now=now, lane=Lane.NOTICE)
    return len(readers)
