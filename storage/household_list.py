"""Households of a village, called by their heads' names; each screen of names is one journaled reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, or_, select

from storage import journal, names, showing
from storage.db import new_uid, run
from storage.households import Household
from storage.identity import Actor
from storage.personal import clean_card, clean_name
from storage.redact import Secret
from storage.refusals import Refusal
from storage.scope import places
from storage.sealing import keyring, open_text, seal_text
from storage.showing import Channel, Degree, Of
from storage.texts import _


@dataclass(frozen=True)
class Head:
    """A household as it is picked: the head's name, and the end of its card number where it has one."""

    household_id: int
    name: str
    card_tail: str
    category: str | None
    village: str


def heads(
    session: Session, village: str, reader_id: int, reason: str, now: datetime, *, part: str = ""
) -> list[Head]:
    """The households of a village in the order they came, those whose head's name holds `part` when it is
    given. The caller has checked that the village is the reader's. Journaled as one reading."""
    journal.read(session, reader_id, "household.head", f"village:{village}", reason, now)
    return [head for head in _all(session, village) if part in head.name]


def headed(session: Session, actor: Actor, villages: Sequence[str], name: str, now: datetime) -> list[int]:
    """The households of these villages whose head has exactly that name. All are opened to be compared and none is
    shown; finding one is a reading. The caller has checked that the villages are the reader's."""
    found = []
    for village in villages:
        homes = [one.household_id for one in _all(session, village) if one.name == name]
        if homes:
            journal.read(
                session, actor.person_id or None, "household.head", f"village:{village}", "search", now
            )
        found += homes
    return found


_TABLE = SQLModel.metadata.tables["household"].c
_LIVING = (
    columns(_TABLE.id, _TABLE.uid, _TABLE.head, _TABLE.card, _TABLE.category, _TABLE.village)
    .where(_TABLE.village == bindparam("place"), _TABLE.closed.is_(False))
    .order_by(_TABLE.id)
)
_VILLAGE = columns(_TABLE.village).where(_TABLE.id == bindparam("household"))
_HEAD = columns(_TABLE.uid, _TABLE.head).where(_TABLE.id == bindparam("household"))


def _all(session: Session, village: str) -> list[Head]:
    return [_head(session, one) for one in run(session, _LIVING, place=village)]


def search(session: Session, actor: Actor, village: str, words: str, now: datetime) -> list[Head]:
    """Households that somebody looks for by what they typed: part of the head's name inside the village, or
    a whole card, phone or ID number anywhere in their own territory. Journaled as one reading."""
    plain = "".join(words.split())
    if not plain:
        return []
    if any(one.isdigit() for one in plain):
        return by_number(session, actor, plain, now)
    return heads(session, village, actor.person_id, "search", now, part=plain)


def by_number(session: Session, actor: Actor, number: str, now: datetime) -> list[Head]:
    """Households with that card, phone or ID number (or a member's own ID) in the actor's territory."""
    ring, plain = keyring(session), clean_card(number)
    found = session.exec(
        select(Household)
        .where(
            or_(
                col(Household.card_index).in_(ring.indexes("household.card", plain)),
                col(Household.phone_index).in_(ring.indexes("household.phone", plain)),
                col(Household.id_index).in_(ring.indexes("household.id_number", plain)),
            ),
            places(actor, Household.village),
            col(Household.closed).is_(False),
        )
        .order_by(col(Household.id))
    ).all()
    for one in found:
        journal.read(session, actor.person_id or None, "household.head", f"household:{one.id}", "search", now)
    return [_head(session, one) for one in found]


def add(session: Session, village: str, name: str, *, by: int | None, now: datetime) -> Household:
    """A household new to us, of which only the head's name is known. Raises Refusal."""
    head = clean_name(name)
    if head is None:
        raise Refusal(_("请写户主的姓名，1 到 40 个字，例如：李爱民。"))
    uid = new_uid()
    household = Household(uid=uid, village=village, head=seal_text(session, "household.head", uid, head))
    session.add(household)
    session.flush()
    journal.write(session, by, "household.add", f"household:{household.id}", now, village=village)
    return household


def name_of(session: Session, household_id: int) -> str:
    """The head's whole name. Whoever shows it journals the reading, once per screen."""
    ((uid, head),) = run(session, _HEAD, household=household_id)
    return open_text(session, "household.head", uid, head)


def village_of(session: Session, household_id: int) -> str | None:
    """The code of its village; None when there is no such household."""
    code: str | None = run(session, _VILLAGE, household=household_id).scalar()
    return code


def called(session: Session, household_id: int, shown: Degree) -> str:
    """The head's name, as much of it as is shown. In full: as `name_of`."""
    return showing.name(name_of(session, household_id), shown)


def _head(session: Session, one: Any) -> Head:
    # A row of _LIVING, or the object itself.
    card = open_text(session, "household.card", one.uid, one.card) if one.card else ""
    return Head(
        household_id=one.id or 0,
        name=open_text(session, "household.head", one.uid, one.head),
        card_tail=names.tail(card),
        category=one.category,
        village=one.village,
    )


@dataclass(frozen=True)
class Masked:
    """A household as a list outside a private chat shows it."""

    household_id: int
    village: str
    head: str
    card: str
    phone: str
    id_number: str
    category: str
    members: int | None


def masked_list(session: Session, villages: Sequence[str]) -> list[Masked]:
    """All households of these villages, masked."""
    living = select(Household).where(col(Household.village).in_(villages), col(Household.closed).is_(False))
    ordered = living.order_by(Household.village, col(Household.id))
    return [shown(session, one, Channel.FILE) for one in session.exec(ordered)]


def shown(session: Session, one: Household, channel: Channel) -> Masked:
    """A household, as much of it as goes through a channel without a reason."""

    def opened(field: str, box: bytes | None) -> str:
        return open_text(session, f"household.{field}", one.uid, box) if box else ""

    card, number = opened("card", one.card), showing.degree(Of.NUMBER, channel)
    return Masked(
        household_id=one.id or 0,
        village=one.village,
        head=showing.name(opened("head", one.head), showing.degree(Of.HEAD, channel)),
        card="*" * max(0, len(card) - 4) + names.tail(card),
        phone=showing.number(Secret.PHONE, opened("phone", one.phone), number),
        id_number=showing.number(Secret.ID_NUMBER, opened("id_number", one.id_number), number),
        category=one.category or "",
        members=one.members,
    )
