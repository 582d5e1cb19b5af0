"""After a restore administrators hear which stretch of time is lost."""

from datetime import datetime

from sqlmodel import Session

from storage import bots, county, identity, installation, letters
from storage.installation import Gap
from storage.letters import Lane, LetterState
from storage.texts import _, speaking


def step(session: Session, now: datetime) -> dict[str, int]:
    told = sum(_told(session, gap, now) for gap in installation.untold(session))
    return {"told of a gap": told} if told else {}


def _told(session: Session, gap: Gap, now: datetime) -> int:
    """Each administrator, once; as long as there is none the gap waits. How many."""
    readers = [one for bot in bots.known(session) for one in identity.administrators(session, bot.id, now)]
    for person, chat in readers:
        with speaking(person.language):
            payload = {"text": _words(session, gap)}
        letters.say(
            session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=f"gap:{gap.id}:{chat.id}"
        )
    gap.told_at = now if readers else None
    return len(readers)


def _words(session: Session, gap: Gap) -> str:
    zone, undecided = county.zone(session), letters.count(session, LetterState.RESTORED)
    words = _(
        "系统已从备份恢复。{since} 到 {until} 之间的记录没有了：这段时间发过的报告、更正、整改和验收，"
        "请有关人员重新办理，照片也要重发。之后的编号已经跳号，不会和以前的重复。"
    ).format(
        since=f"{gap.since.astimezone(zone):%Y-%m-%d %H:%M}",
        until=f"{gap.until.astimezone(zone):%Y-%m-%d %H:%M}",
    )
    held = _("备份时还没发出的消息有 {count} 条，先不发，由维护人员决定。").format(count=undecided)
    return f"{words}\n{held}" if undecided else words
