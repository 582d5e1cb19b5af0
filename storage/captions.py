"""Captions that held personal numbers: the photo's message leaves the chat once its bytes are here."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from storage import letters
from storage.chats import Chat
from storage.draft import Draft
from storage.drafts import Filling
from storage.photo import Photo
from storage.redact import TOKEN
from storage.sealing import open_json


def forget(session: Session, photo: Photo, now: datetime) -> None:
    """Delete the message of a kept photo if its caption had numbers. Telegram allows it for 48 hours."""
    owner = or_(col(Draft.id) == photo.draft_id, col(Draft.report_id) == photo.report_id)
    for draft in session.exec(select(Draft).where(Draft.chat_id == photo.chat_id, owner)):
        filled = Filling(**open_json(session, "draft.answers", draft.uid, draft.answers))
        said = filled.said.get(str(photo.message_id))
        if said is not None and TOKEN.search("".join(said)):
            chat = session.get_one(Chat, photo.chat_id)
            letters.say(session, chat, "deleteMessage", {"message_id": photo.message_id}, now=now)
