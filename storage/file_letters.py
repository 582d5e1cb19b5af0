"""A kept file as a letter, its name below it."""

from datetime import datetime

from sqlmodel import Session

from storage import letters
from storage.chats import Chat
from storage.letters import Lane


def send(
    session: Session, chat_id: int, sha: str, name: str, *, now: datetime, key: str, lane: Lane = Lane.TALK
) -> None:
    """The file by that hash and under that name, once for a key."""
    payload = {"document": {"$file": sha, "name": name}, "caption": name.rpartition(".")[0]}
    chat = session.get_one(Chat, chat_id)
    letters.say(session, chat, "sendDocument", payload, now=now, lane=lane, key=key)
