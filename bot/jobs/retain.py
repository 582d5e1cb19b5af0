"""What a county keeps no longer is erased: a few reports a tick, from the hour of reminders on, until nothing is left
for the day. Administrators are told at its beginning; files and words go by errands behind it."""

from datetime import datetime

from sqlmodel import Session

from storage import bots, county, errands, identity, letters, retention, slots
from storage.letters import Lane
from storage.retention import NAMES, Due
from storage.texts import _, speaking

AT_ONCE = 5
"""Reports a tick: some fifty milliseconds in which nobody else can write."""


def step(session: Session, now: datetime) -> dict[str, int]:
    rhythm = county.rhythm(session, "")
    local = now.astimezone(rhythm.zone)
    day = str(local.date())
    if local.time() < rhythm.remind_time or slots.taken(session, "retain", day):
        return {}
    found = ((one, retention.ids_of(session, one, AT_ONCE)) for one in retention.standing(session, now))
    one, ids = next(((one, ids) for one, ids in found if ids), (None, []))
    if one is None:
        return _ended(session, day, now)
    if slots.take(session, "retain.begun", day, now):
        for bot in bots.known(session):
            _tell(session, bot.id, retention.due(session, now), now)
    done = retention.erase(session, one, ids, now)
    if done.files:
        errands.send_on(session, errands.ANY, "erased_files", {"files": sorted(done.files)}, due_at=now)
    return {"reports": done.reports, "photos": done.photos, "people": done.people}


def _ended(session: Session, day: str, now: datetime) -> dict[str, int]:
    """Nothing is left for today: where something was, the words go from between the pages, too."""
    slots.take(session, "retain", day, now)
    if not slots.taken(session, "retain.begun", day):
        return {}
    errands.send_on(session, errands.ANY, "erased_words", {}, due_at=now, key=f"erased_words:{day}")
    return {"swept": 1}


def _tell(session: Session, bot: int, due: list[Due], now: datetime) -> None:
    for person, chat in identity.administrators(session, bot, now):
        with speaking(person.language):
            lines = [_("按保存期限，今天开始删除："), *map(_line, due), _("规定见 zhucun retention list。")]
        key = f"retain:{county.today(session, now)}:{chat.id}"
        text = {"text": "\n".join(lines), "disable_notification": True}
        letters.say(session, chat, "sendMessage", text, now=now, lane=Lane.NOTICE, key=key)


def _line(one: Due) -> str:
    return _("{what}：{day} 以前的 {count} 项（{basis}）").format(
        count=one.count, day=one.before, what=_(NAMES[one.rule.what]), basis=one.rule.basis
    )
