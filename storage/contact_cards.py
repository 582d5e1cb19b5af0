"""Contact cards (联系服务卡): a named cadre answers for a household and visits it by a cadence. Nobody is put down
for a household without saying yes, and whoever has it keeps it until somebody else has said yes."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import contact_letters, household_list, journal, postings
from storage.db import Utc, new_uid
from storage.households import Household
from storage.identity import Actor
from storage.people import Posting, Role, TeamVillage
from storage.places import inside
from storage.refusals import Gone, NotYours, Refusal
from storage.scope import manages, reaches
from storage.texts import N_, _

LINK = "c_"
"""Begins the payload of a card's deep link; the card's uid follows."""
REASONS = (N_("户已搬走"), N_("户已注销"), N_("另有人联系"), N_("结对登记有误"))
"""Why a pairing ends without another one."""


class ContactCard(SQLModel, table=True):
    """Offered, accepted (the person's household from then on), ended. `uid` is what the QR at the door holds."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True)
    household_id: int = Field(foreign_key="household.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    offered_by: int = Field(foreign_key="person.id")
    offered_at: datetime = Field(sa_type=Utc)
    accepted_at: datetime | None = Field(default=None, sa_type=Utc)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    reason: str | None = None


def village(session: Session, card: ContactCard) -> str:
    return household_list.village_of(session, card.household_id) or ""


def may_pair(session: Session, actor: Actor, place: str) -> bool:
    """Leads the team that serves the village, or manages it."""
    led = actor.teams(Role.LEADER)
    return manages(actor, place) or any(session.get(TeamVillage, (team, place)) for team in led)


def find(session: Session, actor: Actor, card_id: int) -> ContactCard:
    """A card that is not over: one's own, or of a village in which one pairs. Raises Gone or NotYours."""
    card = session.get(ContactCard, card_id)
    if card is None or card.ended_at is not None:
        raise Gone
    if card.person_id != actor.person_id and not may_pair(session, actor, village(session, card)):
        raise NotYours
    return card


def at_door(session: Session, actor: Actor, uid: str) -> ContactCard:
    """The card whose QR was scanned, for whoever may report from there. Raises Gone or NotYours."""
    card = session.exec(select(ContactCard).where(ContactCard.uid == uid)).first()
    if card is None:
        raise Gone
    if not reaches(actor, village(session, card)):
        raise NotYours
    return card


def of_person(session: Session, person_id: int) -> list[ContactCard]:
    """Every card of that person that is not over: those to be accepted first."""
    mine = select(ContactCard).where(ContactCard.person_id == person_id, col(ContactCard.ended_at).is_(None))
    return list(session.exec(mine.order_by(col(ContactCard.accepted_at).is_not(None), col(ContactCard.id))))


def of_household(session: Session, household_id: int) -> list[ContactCard]:
    """Every card of a household that is not over, the accepted one first."""
    found = select(ContactCard).where(
        ContactCard.household_id == household_id, col(ContactCard.ended_at).is_(None)
    )
    return list(session.exec(found.order_by(col(ContactCard.accepted_at).is_(None), col(ContactCard.id))))


def of_village(session: Session, place: str) -> dict[int, ContactCard]:
    """By household of a village the first of its cards that are not over, as above."""
    found = (
        select(ContactCard)
        .join(Household)
        .where(Household.village == place, col(ContactCard.ended_at).is_(None))
    )
    ranked = session.exec(found.order_by(col(ContactCard.accepted_at).is_(None), col(ContactCard.id))).all()
    return {card.household_id: card for card in reversed(ranked)}


def every(session: Session, region: str) -> Iterable[tuple[ContactCard, Household]]:
    """Every card of a region's households, those that ended too, in the order in which they were offered."""
    found = select(ContactCard, Household).join(Household).where(inside(Household.village, region))
    return session.exec(found.order_by(col(ContactCard.id)))


def cadres(session: Session, actor: Actor, place: str, now: datetime) -> list[int]:
    """Who may be asked: the people of the teams that serve the village, leaders first, and oneself."""
    teams = session.exec(select(TeamVillage.team_id).where(TeamVillage.village == place)).all()
    posts: list[Posting] = [post for team in teams for post in postings.of_team(session, team, now)]
    ranked = sorted(posts, key=lambda post: post.role != Role.LEADER)
    return list(dict.fromkeys([*(post.person_id for post in ranked), actor.person_id]))


def offer(
    session: Session, actor: Actor, household_id: int, person_id: int, now: datetime, *, quiet: bool = False
) -> ContactCard:
    """Ask somebody to answer for a household; what was offered to others before is taken back. One's own is
    accepted at once. `quiet`: the caller tells of it. Raises Gone, NotYours or Refusal."""
    home = session.get(Household, household_id)
    if home is None or home.closed:
        raise Gone
    if not may_pair(session, actor, home.village):
        raise NotYours
    if person_id not in cadres(session, actor, home.village, now):
        raise Refusal(_("这个人不在这个村的工作队里，请另选一位。"))
    for old in of_household(session, household_id):
        if old.person_id == person_id:
            words = _("已经由他联系这一户了。") if old.accepted_at else _("已经请过他了，正在等他答复。")
            raise Refusal(words)
        if old.accepted_at is None:
            _close(session, old, actor.person_id, now)
    card = ContactCard(
        household_id=household_id, person_id=person_id, offered_by=actor.person_id, offered_at=now
    )
    session.add(card)
    session.flush()
    _note(session, actor.person_id, "offer", card, now)
    if person_id == actor.person_id:
        accept(session, actor, card, now)
    elif not quiet:
        contact_letters.offered(session, card, actor, now)
    return card


def accept(session: Session, actor: Actor, card: ContactCard, now: datetime) -> None:
    """The household is theirs from now on, and no longer that of whoever had it. Raises NotYours, Gone."""
    _check_offer(card, actor)
    former = [one for one in of_household(session, card.household_id) if one.id != card.id]
    for old in former:
        _close(session, old, actor.person_id, now)
    card.accepted_at = now
    session.flush()
    _note(session, actor.person_id, "accept", card, now)
    contact_letters.accepted(session, card, actor, [one.person_id for one in former], now)


def accept_all(session: Session, actor: Actor, now: datetime) -> int:
    """Everything that waits for this person's yes. How many."""
    waiting = [one for one in of_person(session, actor.person_id) if one.accepted_at is None]
    for card in waiting:
        accept(session, actor, card, now)
    return len(waiting)


def decline(session: Session, actor: Actor, card: ContactCard, now: datetime) -> None:
    """Not theirs; whoever asked hears it, and whoever had the household keeps it. Raises NotYours, Gone."""
    _check_offer(card, actor)
    _close(session, card, actor.person_id, now)
    _note(session, actor.person_id, "decline", card, now)
    contact_letters.declined(session, card, actor, now)


def _check_offer(card: ContactCard, actor: Actor) -> None:
    if card.person_id != actor.person_id:
        raise NotYours
    if card.accepted_at is not None or card.ended_at is not None:
        raise Gone


def end(session: Session, actor: Actor, card: ContactCard, reason: str, now: datetime) -> None:
    """End a pairing without another one: by those who pair, with a reason. Raises NotYours."""
    if not may_pair(session, actor, village(session, card)):
        raise NotYours
    _close(session, card, actor.person_id, now, reason)
    _note(session, actor.person_id, "end", card, now)
    contact_letters.ended(session, card, actor, now)


def _close(session: Session, card: ContactCard, by: int, now: datetime, reason: str | None = None) -> None:
    card.ended_at, card.ended_by, card.reason = now, by, reason
    session.flush()


def _note(session: Session, by: int, what: str, card: ContactCard, now: datetime) -> None:
    journal.write(
        session,
        by,
        f"contact.{what}",
        f"household:{card.household_id}",
        now,
        card=card.id,
        person=card.person_id,
    )


def hand_over(session: Session, card_id: int, person_id: int, now: datetime) -> None:
    """One of a pack that was accepted, unless it has ended or somebody else has it since."""
    old = session.get_one(ContactCard, card_id)
    if old.ended_at is not None:
        return
    _close(session, old, person_id, now)
    card = ContactCard(
        household_id=old.household_id,
        person_id=person_id,
        offered_by=person_id,
        offered_at=now,
        accepted_at=now,
    )
    session.add(card)
    session.flush()
    _note(session, person_id, "handover", card, now)


def opened(session: Session, actor: Actor, card: ContactCard, now: datetime) -> None:
    """Somebody is shown the head's name."""
    journal.read(session, actor.person_id, "household.head", f"household:{card.household_id}", "contact", now)


def listed(session: Session, actor: Actor, now: datetime) -> None:
    """Somebody is shown the heads of all their households: one reading."""
    journal.read(session, actor.person_id, "household.head", f"person:{actor.person_id}", "contact", now)


def printed(session: Session, actor: Actor, card: ContactCard, now: datetime) -> None:
    """Somebody has the card drawn: noted, because it shows who is helped."""
    _note(session, actor.person_id, "print", card, now)
