"""Administrators hear when something waits too long or was put aside: once an hour at most for each cause."""

from datetime import datetime

from sqlmodel import Session

from storage import bots, identity, letters, pulse, slots
from storage.letters import Lane
from storage.pulse import Pulse
from storage.texts import _, speaking


def step(session: Session, now: datetime) -> dict[str, int]:
    found = pulse.pulse(session, now)
    causes = [
        cause for cause in found.late if slots.take(session, f"alarm.{cause}", f"{now:%Y-%m-%dT%H}", now)
    ]
    if _fresh(session, found, now):
        causes.append("parked")
    told = sum(_tell(session, bot.id, found, causes, now) for bot in bots.known(session)) if causes else 0
    return {"alarms": told} if told else {}


def _fresh(session: Session, found: Pulse, now: datetime) -> bool:
    """Something was put aside since this was told last, which was not within the hour. Of an arrival the desk tells."""
    newest = f"{found.newest['letters']}:{found.newest['errands']}"
    if newest == "0:0" or slots.taken(session, "alarm.newest", newest):
        return False
    if not slots.take(session, "alarm.parked", f"{now:%Y-%m-%dT%H}", now):
        return False
    return slots.take(session, "alarm.newest", newest, now)


def _tell(session: Session, bot: int, found: Pulse, causes: list[str], now: datetime) -> int:
    people = identity.administrators(session, bot, now)
    for person, chat in people:
        with speaking(person.language):
            lines = [*_lines(found, causes), _("请在服务器上运行 zhucun status 和 zhucun doctor 看看。")]
        letters.say(session, chat, "sendMessage", {"text": "\n".join(lines)}, now=now, lane=Lane.NOTICE)
    return len(people)


def _lines(found: Pulse, causes: list[str]) -> list[str]:
    waits = {
        "arrivals": _("有 {count} 条消息还没处理，最早的等了 {minutes} 分钟。"),
        "letters": _("有 {count} 条消息发不出去，最早的等了 {minutes} 分钟。"),
        "errands": _("有 {count} 件后台任务没做完，最早的晚了 {minutes} 分钟。"),
    }
    lines = [
        waits[cause].format(count=count, minutes=int(age.total_seconds() // 60))
        for cause, (count, age) in found.waiting.items()
        if cause in causes
    ]
    if "parked" in causes:
        parked = found.parked
        text = _("有做不成、放在一边等人处理的：信件 {letters}，后台任务 {errands}。")
        lines.append(text.format(letters=parked["letters"], errands=parked["errands"]))
    return lines
