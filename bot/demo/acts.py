"""What the demo's people do besides reporting and taking steps: they pair households, leave, hand over."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlmodel import Session

from bot.demo.county import Here
from bot.demo.lives import ACCEPT_CARDS, GIVE, LEAVE, PAIR, TAKE
from bot.demo.plan import Event
from storage import contact_cards, handovers, roster

Act = Callable[[Session, Here, Event, datetime], None]


def happens(session: Session, here: Here, event: Event) -> bool:
    """Let it happen. False for a report or a step, which are none of these."""
    act = _ACTS.get(event.what)
    if act is not None:
        act(session, here, event, event.at.astimezone(UTC))
    return act is not None


def _pair(session: Session, here: Here, event: Event, now: datetime) -> None:
    member = here.actors[event.answers["member"]].person_id
    for place in event.answers["households"]:
        home = here.households[event.village][place]
        contact_cards.offer(session, here.actors[event.by], home, member, now, quiet=True)


def _accept_cards(session: Session, here: Here, event: Event, now: datetime) -> None:
    contact_cards.accept_all(session, here.actors[event.by], now)


def _leave(session: Session, here: Here, event: Event, now: datetime) -> None:
    roster.end_person(session, here.actors[event.by].person_id, by=None, now=now)


def _give(session: Session, here: Here, event: Event, now: datetime) -> None:
    pack = handovers.of_person(session, here.actors[event.answers["from"]].person_id)
    heir = here.actors[event.answers["to"]].person_id
    handovers.give(session, here.actors[event.by], pack, heir, now)


def _take(session: Session, here: Here, event: Event, now: datetime) -> None:
    pack = handovers.of_person(session, here.actors[event.answers["from"]].person_id)
    handovers.accept(session, here.actors[event.by], pack, now)


_ACTS: dict[str, Act] = {
    PAIR: _pair,
    ACCEPT_CARDS: _accept_cards,
    LEAVE: _leave,
    GIVE: _give,
    TAKE: _take,
}
