"""Who is told that photos are alike, and what: its sender at once and kindly, those who supervise when it is in a
report. Never as an accusation, and nothing of a report beyond the reader's territory but that there is one."""

import html
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from babel.dates import format_skeleton
from sqlmodel import Session

from storage import county, identity, letters, likeness, picking, rebounds, scope
from storage.chats import Chat
from storage.draft import Draft
from storage.identity import Actor
from storage.letters import Lane
from storage.likeness import Likeness
from storage.photo import Photo
from storage.report import Report
from storage.report_letters import readers, supervisors
from storage.texts import _, language, speaking

MOST = 5
"""Reports named one by one."""


def tell_sender(session: Session, found: Sequence[Likeness], now: datetime) -> None:
    """One letter for all photos of a draft that look like one report's: it answers the first of them."""
    for one in found:
        photo, earlier = session.get_one(Photo, one.photo_id), session.get_one(Photo, one.earlier_id)
        chat = session.get_one(Chat, photo.chat_id)
        _number, sender = identity.of_chat(session, photo.chat_id, now)
        if sender is not None:
            with speaking(sender.language):
                text, button = _to_sender(session, sender, photo, earlier, now)
            if text:
                key = f"like:{photo.draft_id}:{photo.report_id}:{earlier.draft_id}:{earlier.report_id}"
                letters.say(session, chat, "sendMessage", _answer(photo, text, button), now=now, key=key)


def _to_sender(
    session: Session, sender: Actor, photo: Photo, earlier: Photo, now: datetime
) -> tuple[str, dict[str, str] | None]:
    """Nothing where the other one is somebody else's draft, or was taken back."""
    if earlier.draft_id is not None:
        mine = session.get_one(Draft, earlier.draft_id).person_id == sender.person_id
        return (_("这张照片看起来和您另一份草稿里的一张一样。") + _kindly(), None) if mine else ("", None)
    report = likeness.standing(session, earlier)
    if report is None:
        return "", None
    if report.id == photo.report_id:
        return _("这张照片看起来和这份报告里的另一张一样。") + _kindly(), None
    if not scope.may_see(session, sender, report):
        return _("这张照片看起来和以前发过的一张一样。") + _kindly(), None
    where = {"day": _day(session, report, now), "village": picking.village_name(session, report.village)}
    said = _("这张照片看起来和 {day}在{village}的那张一样（{number}）。").format(
        number=report.number, **where
    )
    return said + _kindly(), {"text": _("查看"), "callback_data": f"o:{report.id}"}


def _kindly() -> str:
    return _("如果发错了，换一张就好；没有发错，就不用管。")


def _answer(photo: Photo, text: str, button: dict[str, str] | None) -> dict[str, Any]:
    quoted = {"message_id": photo.message_id, "allow_sending_without_reply": True}
    made: dict[str, Any] = {"text": text, "reply_parameters": quoted}
    return made | {"reply_markup": {"inline_keyboard": [[button]]}} if button else made


def _day(session: Session, report: Report, now: datetime) -> str:
    """The day it was sent, as one says it: with its year when that is another."""
    zone = county.zone(session)
    day = report.sent_at.astimezone(zone).date()
    skeleton = "MMMd" if day.year == now.astimezone(zone).year else "yMMMd"
    return format_skeleton(skeleton, day, locale=language())


def tell_supervisors(session: Session, now: datetime) -> int:
    """A quiet letter for each report whose photos are like another one's, to those who supervise its village. How
    many reports."""
    by_report: dict[int, dict[int, Report]] = {}
    for one, photo, earlier in likeness.untold(session):
        one.told_at = now
        later, other = likeness.standing(session, photo), likeness.standing(session, earlier)
        if later is not None and other is not None and later.id != other.id:
            by_report.setdefault(later.id or 0, {})[other.id or 0] = other
            rebounds.by_photo(session, later, other, now)
    for report_id, others in by_report.items():
        _tell(session, session.get_one(Report, report_id), list(others.values()), now)
    return len(by_report)


def _tell(session: Session, report: Report, others: list[Report], now: datetime) -> None:
    for told in readers(session, supervisors(session, report, now)):
        reader = identity.actor(session, told.person, now)
        if reader is None:
            continue
        with speaking(told.language):
            place = picking.village_name(session, report.village)
            head = _("{number}（{village}）里有照片和别的报告里的一样，请看一看：")
            lines = [head.format(number=report.number, village=place), *_named(session, reader, others, now)]
            button = {"text": _("查看"), "callback_data": f"o:{report.id}"}
        payload: dict[str, Any] = {
            "text": "\n".join(html.escape(line) for line in lines), "parse_mode": "HTML",
            "reply_markup": {"inline_keyboard": [[button]]}, "disable_notification": True,
        }  # fmt: skip
        numbers = ",".join(str(one.id) for one in others)
        key = f"likeness:{report.id}:{numbers}:{told.id}"
        letters.say(session, told, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)


def lines(
    session: Session, reader: Actor, report: Report, photos: Sequence[Photo], now: datetime
) -> list[str]:
    """What a reader of a report is told of its photos: who supervises it, everything; others, only of reports that
    they may see."""
    mine = {photo.id or 0 for photo in photos}
    others: dict[int, Report] = {}
    for one in likeness.of_photos(session, mine):
        for photo_id in (one.photo_id, one.earlier_id):
            other = likeness.standing(session, session.get_one(Photo, photo_id))
            if photo_id not in mine and other is not None and other.id != report.id:
                others[other.id or 0] = other
    seen = list(others.values())
    if not scope.manages(reader, report.village):
        seen = [other for other in seen if scope.may_see(session, reader, other)]
    named = _named(session, reader, seen, now)
    return [_("照片和别的报告里的一样："), *named] if named else []


def _named(session: Session, reader: Actor, others: Sequence[Report], now: datetime) -> list[str]:
    """A line each; of all those out of reach one line together."""
    near = [other for other in others if scope.may_see(session, reader, other)]
    said = [
        _("{day} {village} {number}").format(
            day=_day(session, other, now),
            village=picking.village_name(session, other.village),
            number=other.number,
        )
        for other in near
    ]
    more, far = len(said) - MOST, len(others) - len(near)
    return [
        *said[:MOST],
        *([_("另有 {count} 份报告").format(count=more)] if more > 0 else []),
        *([_("您范围以外的 {count} 份报告").format(count=far)] if far else []),
    ]
