"""What is written on a printed contact card, and the letter that brings it."""

from datetime import datetime

from sqlmodel import Session

from storage import (
    bots,
    briefs,
    contact_cards,
    contact_due,
    file_letters,
    household_list,
    names,
    picking,
    postings,
    showing,
)
from storage.chats import Chat
from storage.clock_rules import Rules
from storage.contact_cards import ContactCard
from storage.households import Household
from storage.showing import Channel, Of
from storage.texts import _


def facts(session: Session, card_id: int, chat_id: int, now: datetime) -> dict[str, str] | None:
    """The words of the card and the link of its QR, by the bot that was asked; None when it is over."""
    card = session.get(ContactCard, card_id)
    if card is None or card.ended_at is not None or card.accepted_at is None:
        return None
    place, home = contact_cards.village(session, card), session.get_one(Household, card.household_id)
    rule = Rules(session).of(contact_due.cadence(session, home), place, now.date())
    bot = bots.username(session, session.get_one(Chat, chat_id).bot)
    cadre = names.full(session, card.person_id)
    return {
        "head": household_list.called(session, card.household_id, showing.degree(Of.HEAD, Channel.DOOR)),
        "village": picking.village_name(session, place),
        "cadre": showing.name(cadre, showing.degree(Of.COLLEAGUE, Channel.DOOR)),
        "team": _team(session, card.person_id, now),
        "cadence": _("每 {length}一次").format(length=rule.words),
        "link": f"https://t.me/{bot}?start={contact_cards.LINK}{card.uid}",
    }


def _team(session: Session, person_id: int, now: datetime) -> str:
    """The team of whoever has it; "" for somebody of the managing group."""
    teams = (briefs.team_name(session, one.team_id) for one in postings.active(session, person_id, now))
    return next(filter(None, teams), "")


def send(session: Session, chat_id: int, sha: str, head: str, errand_id: int, now: datetime) -> None:
    """The picture as a file, once for an errand."""
    name = _("联系服务卡 {head}").format(head=head)
    file_letters.send(session, chat_id, sha, f"{name}.png", now=now, key=f"contact_card:{errand_id}")
