"""Forgotten drafts: a person is told once, by day, of a draft untouched for a day. It never expires."""

from datetime import datetime

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
    for chat, language, count in left:
        with speaking(language):
            text = _("您有 {count} 份没交的草稿，内容都还在。发 草稿 接着填，或在里面放弃。").format(
                count=count
            )
        letters.say(session, chat, "sendMessage", {"text": text}, now=now, lane=Lane.BULK)
    return {"drafts": len(left)} if left else {}
