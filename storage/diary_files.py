"""A month's diary as a file: asked for by the person alone, written by an errand, sent to their chat once."""

from datetime import date, datetime

from sqlmodel import Session

from storage import errands, file_letters, journal
from storage.chats import Chat
from storage.days import month_of
from storage.identity import Actor


def ask(session: Session, actor: Actor, chat: Chat, day: date, now: datetime) -> None:
    """The month of a day. Journaled; pressing again within the minute makes nothing twice."""
    first, _last = month_of(day)
    body = {"person": actor.person_id, "first": first.isoformat(), "chat": chat.id}
    key = f"diary:{actor.person_id}:{first}:{now:%Y%m%d%H%M}"
    if errands.send_on(session, chat.bot, "diary", body, due_at=now, key=key) is not None:
        about = f"person:{actor.person_id}"
        journal.write(session, actor.person_id, "diary.export", about, now, month=f"{first:%Y-%m}")


def send(session: Session, chat_id: int, sha: str, name: str, errand_id: int, now: datetime) -> None:
    """The file, once for an errand."""
    file_letters.send(session, chat_id, sha, f"{name}.docx", now=now, key=f"diary:{errand_id}")
