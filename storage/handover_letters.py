"""What is said about a handover, to private chats; heads of households are masked."""

import html
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from storage import briefs, contact_letters, county, duties, letters, names
from storage.contact_cards import ContactCard
from storage.identity import Actor
from storage.letters import Lane
from storage.report import Report
from storage.texts import N_, _, listed, speaking

if TYPE_CHECKING:
    from storage.handovers import Handover

PREFIX = "v"
MOST = 10
"""Numbers and names listed of each sort."""
ACROSS = 3


def pack(session: Session, handover: "Handover") -> list[str]:
    """What is in it, a line a sort."""
    from storage.handovers import Sort, promises, refs

    cards = [session.get_one(ContactCard, one) for one in refs(session, handover, Sort.CARD)]
    numbers = [session.get_one(Report, one).number for one in refs(session, handover, Sort.REPORT)]
    homes = [contact_letters.home(session, one) for one in cards]
    left = promises(session, handover)
    lines = [_("联系户 {count} 户：{homes}").format(count=len(homes), homes=_some(homes))] if homes else []
    lines += (
        [_("在办的事 {count} 件：{numbers}").format(count=len(numbers), numbers=_some(numbers))]
        if numbers
        else []
    )
    lines += [_("没交代的承诺 {count} 项").format(count=left)] if left else []
    if handover.drafts:
        lines.append(_("没交的草稿 {count} 份（只有本人能看，请他补报）").format(count=handover.drafts))
    return [f"· {line}" for line in lines]


def _some(words: list[str]) -> str:
    return listed(words[:MOST]) + ("……" if len(words) > MOST else "")


def _about(session: Session, handover: "Handover", head: str) -> str:
    due = handover.due_at.astimezone(county.zone(session))
    rest = _("在那之前什么都不变；到 {day} 没有人接收，就归队长。").format(day=f"{due:%m-%d}")
    return "\n".join(
        [f"<b>{html.escape(head)}</b>", *map(html.escape, pack(session, handover)), html.escape(rest)]
    )


def _who(session: Session, handover: "Handover") -> dict[str, str]:
    return {
        "name": names.full(session, handover.person_id),
        "team": briefs.team_name(session, handover.team_id),
    }


def whom(session: Session, handover: "Handover", now: datetime, declined: str = "") -> None:
    """To whoever chooses: what was left, and who may take it."""
    from storage.handovers import deciding

    for person, chat in duties.private_chats(session, deciding(session, handover, now)).values():
        with speaking(person.language):
            text, rows = card(session, handover, now, declined)
        payload = _payload(text, rows)
        _say(session, chat, payload, now, f"handover:{handover.id}:whom:{handover.asked}:{chat.id}")


def card(
    session: Session, handover: "Handover", now: datetime, declined: str = ""
) -> tuple[str, list[list[dict[str, str]]]]:
    """The pack with a button for each who may take it."""
    from storage.handovers import successors

    head = _("{name}（{team}）的任职结束了，请选谁来接手").format(**_who(session, handover))
    if declined:
        head = _("{who}不接收。").format(who=declined) + head
    made = [
        button(names.full(session, one), "give", handover.id, one)
        for one in successors(session, handover, now)
    ]
    return _about(session, handover, head), [made[at : at + ACROSS] for at in range(0, len(made), ACROSS)]


def button(label: str, verb: str, *ids: object) -> dict[str, str]:
    """`v:<verb>:<ids>`."""
    return {"text": _(label), "callback_data": ":".join(map(str, (PREFIX, verb, *ids)))}


def offered(session: Session, handover: "Handover", actor: Actor, now: datetime) -> None:
    for person, chat in duties.private_chats(session, [handover.successor_id or 0]).values():
        with speaking(person.language):
            head = _("{who}请您接手{name}（{team}）留下的事").format(
                who=actor.name, **_who(session, handover)
            )
            rows = [[button(N_("接收"), "yes", handover.id), button(N_("不接收"), "no", handover.id)]]
            payload = _payload(_about(session, handover, head), rows)
        _say(session, chat, payload, now, f"handover:{handover.id}:offer:{handover.asked}:{chat.id}")


def accepted(session: Session, handover: "Handover", actor: Actor, now: datetime) -> None:
    """Whoever chooses hears it; the successor sees it on the card that was pressed."""
    from storage.handovers import deciding

    people = {*deciding(session, handover, now)} - {actor.person_id}
    words = N_("{who}接收了{name}（{team}）留下的事。")
    _tell(session, handover, people, words, now, "accept", who=actor.name)


def lapsed(session: Session, handover: "Handover", now: datetime) -> None:
    """Said aloud to the leader whose it is now, and to the managers."""
    from storage.handovers import managing

    people = [handover.taken_by or 0, *managing(session, handover, now)]
    words = N_("{name}（{team}）留下的事到期没有人接收，现在归{who}：")
    heir = names.full(session, handover.taken_by or 0)
    _tell(session, handover, people, words, now, "lapse", who=heir, listing=True)


def _tell(
    session: Session, handover: "Handover", people: Iterable[int], words: str, now: datetime, why: str, *, who: str,
    listing: bool = False,
) -> None:  # fmt: skip
    for person, chat in duties.private_chats(session, people).values():
        with speaking(person.language):
            head = _(words).format(who=who, **_who(session, handover))
            lines = pack(session, handover) if listing else []
        payload = _payload("\n".join(map(html.escape, [head, *lines])), [])
        _say(session, chat, payload, now, f"handover:{handover.id}:{why}:{chat.id}")


def _payload(text: str, rows: list[list[dict[str, str]]]) -> dict[str, Any]:
    made: dict[str, Any] = {"text": text, "parse_mode": "HTML"}
    return made | ({"reply_markup": {"inline_keyboard": rows}} if rows else {})


def _say(session: Session, chat: Any, payload: dict[str, Any], now: datetime, key: str) -> None:
    letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)
