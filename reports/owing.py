"""Who owes what, and when they are reminded. Pure rules over the duties that storage reads.

A duty has at most three slots: the first working day, half-way, and the last working day before it is due, at
the region's hour. A slot that is two hours gone is dropped: nobody is reminded of last week, nor at night.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape

from storage.calendar import in_quiet_hours, is_workday, workdays
from storage.county import Rhythm
from storage.duties import CORRECT, MEND, VISIT, Duty
from storage.names import spoken
from storage.texts import N_, _

LATE = timedelta(hours=2)


def moments(duty: Duty, rhythm: Rhythm) -> dict[str, datetime]:
    """The slots of a duty in local time. Two that fall on one day are one. A weekly visit has no "start":
    on Monday morning nobody is behind."""
    since, due = (moment.astimezone(rhythm.zone) for moment in (duty.since, duty.due))
    days = workdays(since.date() + timedelta(days=1), due.date(), rhythm.extra)
    found: dict[str, datetime] = {}
    if days:
        early = [day for day in days if day < due.date()]
        chosen = {"before": early[-1] if early else days[0], "half": days[len(days) // 2], "start": days[0]}
        for slot, day in chosen.items():
            moment = datetime.combine(day, rhythm.remind_time, rhythm.zone)
            if moment < due and moment not in found.values():
                found[slot] = moment
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


def text(duties: list[tuple[Duty, Rhythm]]) -> str:
    """One message to one person about all they owe."""
    lines = [f"· {_line(duty, rhythm)}" for duty, rhythm in duties]
    head = _("<b>提醒：还有 {count} 件事要办</b>").format(count=len(lines))
    return "\n".join([head, *lines, "", _advice({duty.what for duty, _rhythm in duties})])


def _line(duty: Duty, rhythm: Rhythm) -> str:
    due = duty.due.astimezone(rhythm.zone).strftime("%m-%d %H:%M")
    place, number = escape(spoken(duty.place)), escape(duty.number)
    if duty.what == VISIT:
        return _("本周走访：队里还没有走访记录，{due} 截止").format(due=due)
    if duty.what == MEND:
        return _("整改 {number}（{place}）：请在 {due} 前完成").format(number=number, place=place, due=due)
    return _("{number}（{place}）被退回：请改好再交").format(number=number, place=place)


def buttons(owed: Iterable[str]) -> list[list[dict[str, str]]]:
    """The way to each thing that is owed, by one tap."""
    ways = (
        (VISIT, N_("报走访"), "f:new:visit"),
        (MEND, N_("去整改"), "r:page:0"),
        (CORRECT, N_("改退回的"), "m:page:0"),
    )
    wanted = set(owed)
    return [[{"text": _(label), "callback_data": data} for what, label, data in ways if what in wanted]]


def _advice(owed: set[str]) -> str:
    said = (
        (VISIT, _("报走访：发 走访")),
        (MEND, _("交整改：发 整改")),
        (CORRECT, _("改退回的：发 我的")),
    )
    return "　".join(words for what, words in said if what in owed)
