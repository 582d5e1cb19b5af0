"""Which reports a command means: words as in the chat, and options that overrule them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.commands.asked import date_of
from bot.errors import fail
from storage import county, teams, understanding
from storage.kinds import KINDS
from storage.reading import LIVE, Filter
from storage.texts import _


class Narrowed(NamedTuple):
    """What the options of a command say, as they were typed; "" says nothing."""

    kind: str
    village: str
    team: str
    since: str
    until: str


def meant(session: Session, words: Sequence[str], given: Narrowed, now: datetime) -> Filter:
    """The filter of words, with the options in the place of what they say otherwise. Raises Refusal."""
    zone = county.zone(session)
    asked = (
        understanding.understand(session, understanding.OWNER, " ".join(words), now)
        if words
        else Filter(states=LIVE)
    )
    said: dict[str, Any] = {
        "kind": kind_of(given.kind),
        "places": (teams.region(session, given.village).code,) if given.village else (),
        "team_id": teams.existing(session, given.team).id if given.team else None,
        "since": day_of(given.since, zone) if given.since else None,
        "until": day_of(given.until, zone) + timedelta(days=1) if given.until else None,
    }
    return replace(asked, **{name: value for name, value in said.items() if value})


def kind_of(word: str) -> str:
    """The kind that a word means, "" for none; ends the command when there is no such."""
    kind = understanding.kind_called(word) if word else ""
    if word and not kind:
        fail(_("没有“{kind}”这种报告，可选：{kinds}。").format(kind=word, kinds=", ".join(KINDS)))
    return kind


def day_of(text: str, zone: ZoneInfo) -> datetime:
    """Midnight of that day in the county's zone."""
    return datetime.combine(date_of(text), time(), zone)
