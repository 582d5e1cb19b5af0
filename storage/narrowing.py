"""Narrowing a query by buttons: its fields, what may be chosen for each, and the usual questions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import county
from storage.identity import Actor
from storage.kinds import KINDS
from storage.periods import midnight, period_at
from storage.places import canonical
from storage.reading import LIVE, UNFINISHED, Filter
from storage.refusals import Gone
from storage.report import ReportState
from storage.texts import N_
from storage.understanding import LATE

ANY = "-"
"""Chosen for "does not matter"."""
TIMES = (N_("今天"), N_("昨天"), N_("本周"), N_("上周"), N_("本月"), N_("上月"), N_("今年"))
STATES = {
    "open": (N_("未办结"), UNFINISHED),
    "late": (N_("超期"), LATE),
    "issued": (N_("待整改"), (ReportState.ISSUED,)),
    "completed": (N_("待验收"), (ReportState.COMPLETED,)),
    "closed": (N_("已销号"), (ReportState.STRUCK_OFF,)),
    "withdrawn": (N_("已撤回"), (ReportState.WITHDRAWN,)),
}
RECTIFICATION = "rectification"
NEWEST, OLDEST = "new", "old"


def put(session: Session, asked: Filter, field: str, value: str, now: datetime) -> Filter:
    """The filter with one field as chosen. Raises Gone for a choice that does not exist (any more)."""
    setter = _SETTERS.get(field)
    if setter is None:
        raise Gone
    return setter(asked, value, now, county.zone(session))


def _kind(asked: Filter, value: str, _now: datetime, _zone: ZoneInfo) -> Filter:
    if value != ANY and value not in KINDS:
        raise Gone
    return replace(asked, kind="" if value == ANY else value)


def _place(asked: Filter, value: str, _now: datetime, _zone: ZoneInfo) -> Filter:
    try:
        return replace(asked, places=() if value == ANY else (canonical(value),))
    except ValueError:
        raise Gone from None


def _time(asked: Filter, value: str, now: datetime, zone: ZoneInfo) -> Filter:
    if value == ANY:
        return replace(asked, since=None, until=None, period="")
    if value not in map(str, range(len(TIMES))):
        raise Gone
    return sent_in(asked, TIMES[int(value)], now, zone)


def sent_in(asked: Filter, period: str, now: datetime, zone: ZoneInfo) -> Filter:
    """Sent in a period such as 本周, seen from now."""
    found = period_at(period, now.astimezone(zone).date())
    if found is None:
        return asked
    since, until = midnight(found.first, zone), midnight(found.after, zone)
    return replace(asked, since=since, until=until, period=period)


def again(session: Session, asked: Filter, now: datetime) -> Filter:
    """The filter as it would be understood now: 上周 is another week by then."""
    renewed = replace(asked, due_before=now if asked.due_before else None)
    return sent_in(renewed, asked.period, now, county.zone(session)) if asked.period else renewed


def since(asked: Filter, moment: datetime) -> Filter:
    """Sent since then."""
    return replace(asked, since=moment, until=None, period="")


def _state(asked: Filter, value: str, now: datetime, _zone: ZoneInfo) -> Filter:
    if value == ANY:
        return replace(asked, states=LIVE, due_before=None)
    if value not in STATES:
        raise Gone
    return replace(asked, states=STATES[value][1], due_before=now if value == "late" else None)


def _words(asked: Filter, _value: str, _now: datetime, _zone: ZoneInfo) -> Filter:
    return replace(asked, words="", number="", states=asked.states or LIVE)


def _home(asked: Filter, _value: str, _now: datetime, _zone: ZoneInfo) -> Filter:
    return replace(asked, households=())


def _who(asked: Filter, _value: str, _now: datetime, _zone: ZoneInfo) -> Filter:
    return replace(asked, authors=(), team_id=None)


def _sort(asked: Filter, value: str, _now: datetime, _zone: ZoneInfo) -> Filter:
    if value not in (NEWEST, OLDEST):
        raise Gone
    return replace(asked, oldest=value == OLDEST)


_SETTERS: dict[str, Callable[[Filter, str, datetime, ZoneInfo], Filter]] = {
    "kind": _kind, "place": _place, "time": _time, "state": _state, "words": _words, "who": _who,
    "home": _home, "sort": _sort,
}  # fmt: skip


def usual(session: Session, actor: Actor, name: str, now: datetime) -> Filter:
    """The filter of a usual question. Raises Gone for one that this person is not offered."""
    week = sent_in(Filter(states=LIVE), TIMES[2], now, county.zone(session))
    found = {
        "team": replace(week, team_id=actor.team_id),
        "week": week,
        "mine": Filter(states=LIVE, authors=(actor.person_id,)),
        "open": Filter(kind="hardship", states=UNFINISHED),
        "late": Filter(kind=RECTIFICATION, states=LATE, due_before=now),
        "place": Filter(states=LIVE),
    }
    if name not in found or name not in dict(questions(actor)):
        raise Gone
    return found[name]


def questions(actor: Actor) -> list[tuple[str, str]]:
    """The usual questions this person is offered: name and label (message id)."""
    made = [("team", N_("本队本周"))] if actor.team_id is not None else []
    made += [("week", N_("本周全部"))] if actor.regions() else [("mine", N_("我报的"))]
    made += [("open", N_("未办结困难")), ("late", N_("超期整改"))]
    return [*made, ("place", N_("按村…"))] if actor.villages or actor.regions() else made
