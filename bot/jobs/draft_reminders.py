"""Forgotten drafts: a person is told once, by day, of a draft untouched for a day. It never expires."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import county, drafts_left, letters
from storage.calendar import in_quiet_hours
from storage.letters import Lane
from storage.texts import _, speaking


def step(session: Session, now: datetime) -> dict[str, int]:
    rhythm = county.rhythm(session, "")
    if in_quiet_hours(now.astimezone(rhythm.zone), rhythm.quiet_from, rhythm.quiet_until):
        return {}
    left = drafts_left.take(session, now)
    for chat, language, ids in left:
        with speaking(language):
            text = _("您有 {count} 份没交的草稿，内容都还在。发 草稿 接着填，或在里面放弃。").format(
                count=len(ids)
            )
            payload: dict[str, Any] = {"text": text}
            if len(ids) == 1:
                button = {"text": _("继续填写"), "callback_data": f"f:use:{ids[0]}"}
                payload["reply_markup"] = {"inline_keyboard": [[button]]}
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.BULK)
    return {"drafts": len(left)} if left else {}
