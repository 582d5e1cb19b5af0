"""What the sender of a photo is told when it cannot be kept: which one, why, and what to do."""

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage import letters
from storage.chats import Chat
from storage.people import Person
from storage.photo import Photo, PhotoState
from storage.report import Report
from storage.texts import _, speaking

LONGEST_NAME = 80


def not_kept(session: Session, photo: Photo, now: datetime) -> None:
    """A letter to the sender that answers the photo's own message. Said once for each photo and outcome."""
    chat = session.get_one(Chat, photo.chat_id)
    with speaking(_language(session, chat)):
        text = _text(session, photo)
    letters.say(
        session, chat, "sendMessage", _answering(photo, text), now=now, key=f"photo:{photo.id}:{photo.state}"
    )


def _answering(photo: Photo, text: str) -> dict[str, Any]:
    quoted = {"message_id": photo.message_id, "allow_sending_without_reply": True}
    return {"text": text, "reply_parameters": quoted}


def _text(session: Session, photo: Photo) -> str:
    lines = [_("{photo}没有存下。").format(photo=_which(session, photo))]
    if photo.problem:
        lines.append(_(photo.problem))
    if photo.state == PhotoState.GONE or photo.report_id is not None:
        lines.append(_resend(session, photo))
    return "\n".join(lines)


def _which(session: Session, photo: Photo) -> str:
    if photo.name:
        return _("照片文件“{name}”").format(name=photo.name[:LONGEST_NAME])
    return _("第 {number} 张照片").format(number=_number(session, photo))


def _number(session: Session, photo: Photo) -> int:
    """Its place among the photos of its draft or report, from 1."""
    owner = (Photo.draft_id == photo.draft_id, Photo.report_id == photo.report_id)
    before = select(func.count()).select_from(Photo)
    before = before.where(*owner, Photo.question == photo.question, col(Photo.id) <= photo.id)
    return session.exec(before.where(Photo.state != PhotoState.REPEATED)).one()


def _resend(session: Session, photo: Photo) -> str:
    if photo.report_id is None:
        return _("请重新发送这张照片，其他照片不受影响。")
    number = session.get_one(Report, photo.report_id).number
    if photo.step_id is not None:
        return _("{number} 已经提交验收：要补这张照片，请联系验收的人退回，再重新发送。").format(
            number=number
        )
    return _("{number} 已经提交：请发送 /mine 找到它，点“更正”，再重新发送这张照片。").format(number=number)


def _language(session: Session, chat: Chat) -> str:
    theirs = select(Person.language).where(Person.telegram_id == chat.telegram_id)
    return session.exec(theirs).first() or "zh"
