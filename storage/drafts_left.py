"""Drafts that somebody began and left alone."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from storage.chats import Chat
from storage.draft import Draft, DraftState
from storage.people import Person

AFTER = timedelta(hours=24)


def take(session: Session, now: datetime) -> list[tuple[Chat, str, list[int]]]:
    """Chats with drafts untouched for a day and not yet spoken of: (chat, person's language, ids of the drafts).
    They are noted as reminded now."""
    left = session.exec(
        select(Draft)
        .where(Draft.state == DraftState.OPEN, col(Draft.reminded_at).is_(None))
        .where(col(Draft.touched_at) <= now - AFTER)
    ).all()
    for draft in left:
        draft.reminded_at = now
    session.flush()
    found: dict[tuple[int, int], list[int]] = {}
    for draft in left:
        found.setdefault((draft.chat_id, draft.person_id), []).append(draft.id or 0)
    return [
        (session.get_one(Chat, chat), session.get_one(Person, person).language, ids)
        for (chat, person), ids in found.items()
    ]
