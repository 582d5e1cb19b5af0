"""What is said about contact cards, to private chats; heads are masked, a letter may be forwarded."""

import html
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from storage import duties, household_list, letters, picking, showing
from storage.identity import Actor
from storage.letters import Lane
from storage.showing import Channel, Of
from storage.texts import N_, _, speaking

if TYPE_CHECKING:
    from storage.contact_cards import ContactCard

PREFIX = "c"
Rows = list[list[dict[str, str]]]


def home(session: Session, card: "ContactCard") -> str:
    """The household as it is told unasked: 李*国（大桃园）."""
    head = household_list.called(session, card.household_id, showing.degree(Of.HEAD, Channel.LETTER))
    place = household_list.village_of(session, card.household_id) or ""
    return _("{head}（{village}）").format(head=head, village=picking.village_name(session, place))


def button(label: str, verb: str, *ids: object) -> dict[str, str]:
    """`c:<verb>:<ids>`; `label` is a message id."""
    return {"text": _(label), "callback_data": ":".join(map(str, (PREFIX, verb, *ids)))}


def offered(session: Session, card: "ContactCard", actor: Actor, now: datetime) -> None:
    words = N_("{name}请您联系 {home}。接受以后由您按期走访；走访记录会自动算上，不用另填。")
    answers = ((N_("接受"), "yes"), (N_("不接受"), "no"))
    _tell(session, [card.person_id], words, now, f"contact:{card.id}:offer", answers, card, name=actor.name)


def offered_together(session: Session, cards: Sequence["ContactCard"], actor: Actor, now: datetime) -> None:
    """Several at once: one message, and a yes to all."""
    for person, chat in duties.private_chats(session, [cards[0].person_id]).values():
        with speaking(person.language):
            text = _(
                "{name}请您联系 {count} 户。接受以后由您按期走访；走访记录会自动算上，不用另填。"
            ).format(name=actor.name, count=len(cards))
            row = [button(N_("全部接受"), "all"), button(N_("看名单"), "list", 0)]
        payload = {"text": text, "reply_markup": {"inline_keyboard": [row]}}
        key = f"contact:{cards[0].id}:together:{chat.id}"
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)


def accepted(
    session: Session, card: "ContactCard", actor: Actor, former: Iterable[int], now: datetime
) -> None:
    words = N_("{name}接受联系 {home}。")
    people = {card.offered_by, *former} - {actor.person_id}
    _tell(session, people, words, now, f"contact:{card.id}:accept", (), card, name=actor.name)


def declined(session: Session, card: "ContactCard", actor: Actor, now: datetime) -> None:
    words = N_("{name}不接受联系 {home}，请另请一位。原来有人联系的，仍由他联系。")
    _tell(session, [card.offered_by], words, now, f"contact:{card.id}:decline", (), card, name=actor.name)


def ended(session: Session, card: "ContactCard", actor: Actor, now: datetime) -> None:
    words = N_("{name}结束了您对 {home} 的联系：{reason}。")
    people = {card.person_id} - {actor.person_id}
    _tell(
        session,
        people,
        words,
        now,
        f"contact:{card.id}:end",
        (),
        card,
        name=actor.name,
        reason=card.reason or "",
    )


def week(session: Session, person_id: int, count: int, late: int, slot: str, now: datetime) -> None:
    """Once a week: how many are to be visited, and the way to who they are."""
    for person, chat in duties.private_chats(session, [person_id]).values():
        with speaking(person.language):
            text = _("本周该走访的联系户：{count} 户").format(count=count)
            text += _("，其中 {late} 户已过期").format(late=late) if late else ""
            rows = [[button(N_("看名单"), "list", 0)]]
        payload = {"text": text, "reply_markup": {"inline_keyboard": rows}}
        letters.say(
            session, chat, "sendMessage", payload, now=now, lane=Lane.BULK, key=f"contact:{person_id}:{slot}"
        )


def _tell(
    session: Session, people: Iterable[int], words: str, now: datetime, key: str,
    answers: tuple[tuple[str, str], ...], card: "ContactCard", **about: str,
) -> None:  # fmt: skip
    for person, chat in duties.private_chats(session, people).values():
        with speaking(person.language):
            told = {name: _(said) for name, said in about.items()} | {"home": home(session, card)}
            payload: dict[str, Any] = {"text": html.escape(_(words).format(**told)), "parse_mode": "HTML"}
            if answers:
                row = [button(label, verb, card.id) for label, verb in answers]
                payload["reply_markup"] = {"inline_keyboard": [row]}
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=f"{key}:{chat.id}")
