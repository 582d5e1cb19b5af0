"""What somebody asks for in plain words: 屋顶 漏雨 王家庄 上月. Places, periods, kinds, states, people, teams
and numbers that are known here narrow the list; the rest is looked up as words."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import county, territory
from storage.identity import Actor, Post
from storage.kinds import KINDS
from storage.people import Role
from storage.periods import midnight, period_at
from storage.reading import LIVE, UNFINISHED, Filter, number_end
from storage.refusals import Refusal
from storage.report import ReportState
from storage.search import pieces
from storage.states import STATES
from storage.texts import _

MOST = 20
"""Words of a question; a text of a thousand was meant for something else."""

_NUMBER = re.compile(r"(?:([a-z]{2})-?)?(\d{8})-(\d{1,6})|([a-z]{2})(\d{8})(\d{4})|(\d{4})", re.IGNORECASE)
_BREAKS = re.compile(r"[\s,，、;；。]+")  # not for people: what is matched
_STATES: dict[str, tuple[ReportState, ...]] = {  # not for people: what is matched
    **{label: (state,) for state, label in STATES.items()},
    "未办结": UNFINISHED, "办理中": UNFINISHED, "未完成": UNFINISHED,
    "已撤回": (ReportState.WITHDRAWN,), "撤回": (ReportState.WITHDRAWN,),
    "待整改": (ReportState.ISSUED,), "未整改": (ReportState.ISSUED,),
    "待验收": (ReportState.COMPLETED,), "已验收": (ReportState.ACCEPTED,),
    "已销号": (ReportState.STRUCK_OFF,), "销号": (ReportState.STRUCK_OFF,),
}  # fmt: skip
_SPOKEN = {  # not for people: what is matched
    "photo": ("照片",),
    "hardship": ("困难", "困难户"),
    "rectification": ("整改",),
}
OVERDUE = ("超期", "逾期")  # not for people: what is matched
LATE = tuple(one for one in UNFINISHED if one not in (ReportState.COMPLETED, ReportState.ACCEPTED))
"""States in which a passed deadline is owed: a completed rectification waits for others."""
_MINE = ("我", "我的", "我报的")  # not for people: what is matched
_OUR_TEAM = ("我的队", "我队", "本队", "我们队")  # not for people: what is matched


OWNER = Actor(0, "", "", "zh", None, (Post(Role.ADMIN, None, None, None),), ())
"""Whoever has the machine's command line asks as one who may see everything, and has reported nothing."""


@dataclass(frozen=True)
class _Asker:
    """Whose words they are, and when they are said."""

    session: Session
    actor: Actor
    now: datetime
    zone: ZoneInfo

    @cached_property
    def people(self) -> dict[str, tuple[int, ...]]:
        """Opened at the first word that may be a name, once for all words."""
        return territory.people_by_name(self.session, self.actor)


def understand(session: Session, actor: Actor, text: str, now: datetime) -> Filter:
    """The filter that a text means for this person. Withdrawn reports are left out unless they are asked for;
    a name that several places or people bear means all of them. Signs are no words. Raises Refusal for nothing but
    signs, and for more words than anybody means."""
    asker = _Asker(session, actor, now, county.zone(session))
    parts = list(filter(None, _BREAKS.split(text)))
    if len(parts) > MOST:
        raise Refusal(_("词太多了（{count} 个）。请只留最要紧的几个，最多 {most} 个，再查一次。").format(
            count=len(parts), most=MOST))  # fmt: skip
    asked, words = Filter(), []
    for part in parts:
        asked, rest = _part(asker, asked, part)
        words += [rest] if pieces(rest) else []
    if parts and not words and asked == Filter():
        raise Refusal(_("里面没有能查的字词。请写中文、字母或数字，例如：查询 屋顶 漏雨 上月。"))
    asked = of_households(session, actor, replace(asked, words=" ".join(words)), now)
    return asked if asked.states or asked.number else replace(asked, states=LIVE)


def _part(asker: _Asker, asked: Filter, part: str) -> tuple[Filter, str]:
    """Take what is known from the front of a part, as long as there is something; the rest are words."""
    today = asker.now.astimezone(asker.zone).date()
    while part:
        whole = _whole(asker, asked, part)
        if whole is not None:
            return whole, ""
        period, places = period_at(part, today), territory.places_at(asker.session, asker.actor, part)
        if period is not None and asked.since is None and asked.until is None:
            since, until = midnight(period.first, asker.zone), midnight(period.after, asker.zone)
            asked = replace(asked, since=since, until=until, period=part[: period.said])
            part = part[period.said :]
        elif places is not None:
            asked = replace(asked, places=_narrowed(asked.places, places.codes))
            part = part[places.said :]
        else:
            break
    return asked, part


def _whole(asker: _Asker, asked: Filter, part: str) -> Filter | None:
    """The filter with what the whole part means, when it is one known thing."""
    if (found := _in_state(asked, part, asker.now)) is not None:
        return found
    if part in _MINE:
        return replace(asked, authors=(asker.actor.person_id,))
    if part in _OUR_TEAM and asker.actor.team_id is not None:
        return replace(asked, team_id=asker.actor.team_id)
    if kind := kind_called(part):
        return replace(asked, kind=kind)
    if number := number_in(part):
        return replace(asked, number=number)
    return _somebody(asker, asked, part)


def of_households(session: Session, actor: Actor, asked: Filter, now: datetime) -> Filter:
    """The filter with those of its words that mean households: a head's name in the village that is asked for (else
    in one's own), or an ID, phone or card number in the whole territory. The others are looked up in texts."""
    homes, left = set(asked.households), []
    for word in asked.words.split():
        found = territory.households_called(session, actor, word, asked.places, now)
        homes |= set(found)
        if not found:
            left.append(word)
    return replace(asked, households=tuple(sorted(homes)), words=" ".join(left))


def _in_state(asked: Filter, part: str, now: datetime) -> Filter | None:
    """A state, alone or before a kind: 未办结, 超期整改."""
    for word in (*OVERDUE, *_STATES):
        kind = kind_called(part.removeprefix(word))
        if part == word or (kind and part.startswith(word)):
            late = word in OVERDUE
            found = replace(asked, states=LATE if late else _STATES[word], kind=kind or asked.kind)
            return replace(found, due_before=now) if late else found
    return None


def _somebody(asker: _Asker, asked: Filter, part: str) -> Filter | None:
    if team := territory.team_called(asker.session, asker.actor, part):
        return replace(asked, team_id=team)
    if territory.may_be_name(part) and (people := asker.people.get(part)):
        return replace(asked, authors=people)
    return None


def states_called(word: str) -> tuple[ReportState, ...]:
    """The states that a word means (未办结, withdrawn); none for another word."""
    if word in set(ReportState):
        return (ReportState(word),)
    return _STATES.get(word, ())


def kind_called(word: str) -> str:
    """The name of the kind that a word means (走访, 困难, visit, its title), or ""."""
    plain = word.casefold()
    for kind in KINDS.values():
        if plain in {
            kind.name,
            kind.command,
            kind.title,
            _(kind.title).casefold(),
            *_SPOKEN.get(kind.name, ()),
        }:
            return kind.name
    return ""


def number_in(text: str) -> str:
    """The end of a receipt number that a text is (ZF-20261121-0042, 20261121-0042, 0042), or ""."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return ""
    prefix, day = found[1] or found[4] or "", found[2] or found[5] or ""
    return number_end(prefix, day, found[3] or found[6] or found[7])


def _narrowed(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Two names of places: a village of a town when one lies in the other, else both."""
    inner = tuple(code for code in new if code.startswith(old)) if old else new
    outer = tuple(code for code in old if code.startswith(new))
    return inner or outer or (*old, *new)
