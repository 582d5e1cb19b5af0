"""Who owes what, and when they are reminded. Pure rules over the duties that storage reads.

A duty has at most three slots: the first working day, half-way, and the last working day before it is due, at
the region's hour. A slot that is two hours gone is dropped: nobody is reminded of last week, nor at night.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from html import escape

from sqlmodel import Session

from storage import names
from storage.calendar import in_quiet_hours, is_workday
from storage.clock_rules import NAMES
from storage.clocks import reminders
from storage.county import Rhythm
from storage.duties import CORRECT, VISIT, Duty
from storage.kinds.rectification import MEND
from storage.names import spoken
from storage.sweeping import Call
from storage.team_behind import Behind
from storage.texts import N_, _, listed

LATE = timedelta(hours=2)
MOST = 30
"""Overdue cases named in one message."""
_OTHER = "other"


def moments(duty: Duty, rhythm: Rhythm) -> dict[str, datetime]:
    """The slots of a duty in local time. A weekly visit has no "start": on Monday morning nobody is behind."""
    found = {rung.value: at for rung, at in reminders(duty.since, duty.due, rhythm)}
    if duty.what == VISIT:
        found.pop("start", None)
    return found


def slot_of(duty: Duty, now: datetime, rhythm: Rhythm) -> str | None:
    """The slot whose time is now, None when nobody is to be reminded."""
    if not open_now(rhythm, now):
        return None
    due = (slot for slot, moment in moments(duty, rhythm).items() if moment <= now < moment + LATE)
    return next(due, None)


def open_now(rhythm: Rhythm, now: datetime) -> bool:
    """Whether reminders may go out: a working day, within two hours of the reminding time, not at night."""
    local = now.astimezone(rhythm.zone)
    at = datetime.combine(local.date(), rhythm.remind_time, rhythm.zone)
    quiet = in_quiet_hours(local, rhythm.quiet_from, rhythm.quiet_until)
    return at <= local < at + LATE and not quiet and is_workday(local.date(), rhythm.extra)


def text(duties: list[tuple[Duty, Rhythm]], late: Sequence[str] = (), behind: Sequence[str] = ()) -> str:
    """One message to one person about all they owe, what is overdue below them, and who of their team is behind."""
    parts = []
    if duties:
        lines = [f"· {_line(duty, rhythm)}" for duty, rhythm in duties]
        parts.append([_("<b>提醒：还有 {count} 件事要办</b>").format(count=len(lines)), *lines])
    if late:
        head = _("<b>逾期：{count} 件还没有办，请过问</b>").format(count=len(late))
        parts.append([head, *(f"· {line}" for line in late[:MOST]), *_more(len(late) - MOST)])
    if behind:
        head = _("<b>队里 {count} 人还没走访够，他们已收到提醒</b>").format(count=len(behind))
        parts.append([head, *(f"· {line}" for line in behind[:MOST])])
    advice = _advice({duty.what for duty, _rhythm in duties} | ({_OTHER} if late else set()))
    return "\n\n".join([*("\n".join(part) for part in parts), *([advice] if advice else [])])


def _more(count: int) -> list[str]:
    return [_("…… 还有 {count} 件，发 待办 看全部").format(count=count)] if count > 0 else []


def late_line(session: Session, call: Call, rhythm: Rhythm, now: datetime) -> str:
    """One that is overdue: what, where, how long, and whose it is."""
    today, due = (moment.astimezone(rhythm.zone).date() for moment in (now, call.duty.due))
    who = listed(names.full(session, person) for person in call.owing[:3]) or _("还没有人")
    return _("{what} {number}（{place}）：逾期 {days} 天，应由{who}办").format(
        what=_(NAMES[call.duty.what]), number=escape(call.duty.number), place=escape(spoken(call.duty.place)),
        days=(today - due).days, who=escape(who),
    )  # fmt: skip


def behind_lines(session: Session, team: Behind, leader: int) -> list[str]:
    """Who of a leader's team is how far behind, by name: in private chats alone."""
    return [
        _("{name}：要 {wanted} 次，有 {done} 次").format(
            name=escape(names.full(session, duty.people[0])), wanted=duty.wanted, done=duty.done
        )
        for duty in team.without(leader)
    ]


def _line(duty: Duty, rhythm: Rhythm) -> str:
    due = duty.due.astimezone(rhythm.zone).strftime("%m-%d %H:%M")
    place, number = escape(spoken(duty.place)), escape(duty.number)
    if duty.what == VISIT and duty.wanted:
        return _("本周走访：要 {wanted} 次，您有 {done} 次，{due} 截止").format(
            wanted=duty.wanted, done=duty.done, due=due
        )
    if duty.what == VISIT:
        return _("本周走访：队里还没有走访记录，{due} 截止").format(due=due)
    if duty.what == CORRECT:
        return _("{number}（{place}）被退回：请改好再交").format(number=number, place=place)
    return _("{what} {number}（{place}）：请在 {due} 前完成").format(
        what=_(NAMES[duty.what]), number=number, place=place, due=due
    )


def buttons(owed: Iterable[str]) -> list[list[dict[str, str]]]:
    """The way to each thing that is owed, by one tap."""
    ways = (
        (VISIT, N_("报走访"), "f:new:visit"),
        (MEND, N_("去整改"), "r:page:0"),
        (CORRECT, N_("改退回的"), "m:page:0"),
        (_OTHER, N_("看待办"), "r:todo:0"),
    )
    wanted = {_way(what) for what in owed}
    return [[{"text": _(label), "callback_data": data} for what, label, data in ways if what in wanted]]


def _way(what: str) -> str:
    return what if what in (VISIT, MEND, CORRECT) else _OTHER


def _advice(owed: set[str]) -> str:
    said = (
        (VISIT, _("报走访：发 走访")),
        (MEND, _("交整改：发 整改")),
        (CORRECT, _("改退回的：发 我的")),
        (_OTHER, _("要办的事：发 待办")),
    )
    wanted = {_way(what) for what in owed}
    return "　".join(words for what, words in said if what in wanted)
