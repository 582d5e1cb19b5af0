"""Contact cards as data for other programs: who has which household since when."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from storage import contact_cards, names, picking, showing
from storage.showing import Channel, Of, degree

Record = dict[str, Any]


def records(session: Session, region: str = "") -> Iterator[Record]:
    """Every card of a region's households, those that ended too, in the order in which they were offered. Times are ISO
    in UTC; `household_uid` is that of reports; `person` is the number that stands in steps, `cadre` the name that
    stands in reports. Heads are not told."""
    for card, home in contact_cards.every(session, region):
        yield {
            "household_uid": home.uid,
            "village": home.village,
            "village_name": picking.village_name(session, home.village),
            "category": home.category,
            "closed": home.closed,
            "person": card.person_id,
            "cadre": showing.name(names.full(session, card.person_id), degree(Of.COLLEAGUE, Channel.COMMAND)),
            "offered_at": _iso(card.offered_at),
            "accepted_at": _iso(card.accepted_at),
            "ended_at": _iso(card.ended_at),
        }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
