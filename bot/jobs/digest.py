"""The daily digest: to each bound group at its region's hour, only if there is something to say."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from reports import digest
from reports.owing import LATE
from storage import cards, chats, county, slots
from storage.calendar import is_workday
from storage.chats import Chat
from storage.county import Rhythm
from storage.letters import Lane


def step(session: Session, now: datetime) -> dict[str, int]:
    said = sum(_tell(session, chat, now) for chat in chats.groups(session))
    return {"digests": said} if said else {}


def _tell(session: Session, chat: Chat, now: datetime) -> bool:
    region = chat.region or ""
    rhythm = county.rhythm(session, region)
    day = digest.day_of(now - LATE, rhythm)
    at = digest.moment(day, rhythm)
    if not at <= now < at + LATE or not slots.take(session, "digest", f"{day}:{region}:{chat.id}", now):
        return False
    found = digest.of_day(session, region, day, now)
    if not found.worth_saying():
        return False
    cards.show(session, chat, _payload(found, day, rhythm), now=now, lane=Lane.NOTICE)
    return True


def _payload(found: digest.Digest, day: date, rhythm: Rhythm) -> dict[str, Any]:
    """The message; on a day off it makes no sound."""
    buttons = [{"text": label, "callback_data": data} for label, data in digest.choices(found)]
    payload: dict[str, Any] = {"text": digest.text(found), "parse_mode": "HTML"}
    if buttons:
        payload["reply_markup"] = {"inline_keyboard": [buttons]}
    if not is_workday(day, rhythm.extra):
        payload["disable_notification"] = True
    return payload
