"""Questions that somebody wants answered each Monday or working day, inside the territory they have by then."""

import html
from datetime import datetime
from typing import Any

from sqlmodel import Session

from reports import listing
from storage import cards, county, duties, identity, narrowing, queries, reading, saved, slots
from storage.calendar import is_workday
from storage.chats import Chat
from storage.identity import Actor
from storage.letters import Lane
from storage.reading import Filter
from storage.report import Report
from storage.saved import MONDAY, SavedQuery
from storage.texts import _, speaking

ROWS = 8


def step(session: Session, now: datetime) -> dict[str, int]:
    rhythm = county.rhythm(session, "")
    wanted = list(saved.due(session, rhythm, now))
    chats = duties.private_chats(session, {one.person_id for one, _day in wanted}) if wanted else {}
    told = 0
    for one, day in wanted:
        reader = identity.actor(session, one.person_id, now)
        if (
            reader is None
            or one.person_id not in chats
            or not slots.take(session, "saved", f"{one.id}:{day}", now)
        ):
            continue
        person, chat = chats[one.person_id]
        with speaking(person.language):
            told += _tell(session, one, reader, chat, now, quiet=not is_workday(day, rhythm.extra))
        one.told_at = now
    return {"queries": told} if told else {}


def _tell(
    session: Session, one: SavedQuery, reader: Actor, chat: Chat, now: datetime, *, quiet: bool
) -> bool:
    """Whether there was something to say; a Monday's answer is told also when nothing was found."""
    asked = _asked(session, one, now)
    rows = reading.page(session, reader, asked, limit=ROWS).rows
    if not rows and one.tell != MONDAY:
        return False
    query = queries.keep(session, reader, asked, now)
    count = reading.count_upto(session, reader, asked, listing.MOST)
    answer = listing.answer(session, reader, query, asked, rows, count, now)
    text = f"<b>★ {html.escape(saved.name_of(session, one))}</b>\n{answer}"
    payload: dict[str, Any] = {
        "text": text,
        "parse_mode": "HTML",
        "reply_markup": _buttons(one, query.id, rows),
    }
    cards.show(
        session, chat, payload | ({"disable_notification": True} if quiet else {}), now=now, lane=Lane.NOTICE
    )
    return True


def _asked(session: Session, one: SavedQuery, now: datetime) -> Filter:
    """What it asks for by now; without a period of its own, what came since it was told last."""
    asked = narrowing.again(session, saved.filter_of(session, one), now)
    return asked if asked.since or asked.until else narrowing.since(asked, one.told_at)


def _buttons(one: SavedQuery, query_id: int | None, rows: list[Report]) -> dict[str, Any]:
    """As on the card of a query (handlers/query_card.py): each record, the whole answer, and not to be told."""
    opening = [
        {"text": str(number), "callback_data": f"o:{report.id}:{query_id}"}
        for number, report in enumerate(rows, 1)
    ]
    last = [
        {"text": _("全部和筛选"), "callback_data": f"q:{query_id}:back"},
        {"text": _("设置"), "callback_data": f"q:one:{one.id}"},
    ]
    return {"inline_keyboard": [row for row in (opening[:4], opening[4:], last) if row]}
