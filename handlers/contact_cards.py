"""/cards: the households in one's own charge, whom to visit this week, and pairing for those who lead a team or manage
a place.

Data of the buttons (prefix c): `list:<page>`, `show:<card>`, `yes:<card>`, `all`, `no:<card>`, `visit:<card>`,
`print:<card>`, `end:<card>`, `over:<card>:<reason>`, `pair:<page>`, `homes:<village>:<page>`, `who:<household>`,
`ask:<household>:<person>`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import forms, keys
from handlers.filters import Command, Pressed, Private
from handlers.forms import draw
from handlers.pickers import Rows
from handlers.turn import Button, Turn, escape
from storage import contact_cards, contact_due, county, errands, household_list, names, picking
from storage.clock_rules import NAMES
from storage.contact_cards import LINK, REASONS, ContactCard
from storage.contact_due import Round
from storage.contact_letters import PREFIX
from storage.household_list import Head
from storage.refusals import Gone, NotYours
from storage.texts import _, labelled, language

router = Router(name="contact_cards")

PAGE = 8
T = TypeVar("T")


@router.message(Private(), Command("cards"))
async def cards(message: Message, turn: Turn, rest: str) -> None:
    turn.say(*_list(turn, 0))


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    keys.act(turn, rest, _VERBS)
    if keys.parts(rest)[0] == "print":
        await query.answer(_("正在做，马上就好。"))


def is_link(payload: str) -> bool:
    """Whether a deep link is that of a card's QR."""
    return payload.startswith(LINK)


def open_link(turn: Turn, payload: str) -> None:
    """The QR at a door was scanned: a visit to that household begins."""
    card = contact_cards.at_door(turn.db, turn.person(), payload.removeprefix(LINK))
    _begin_visit(turn, card)


def _key(label: str, verb: str, *ids: object) -> Button:
    return keys.press(label, verb, *ids, prefix=PREFIX)


def _today(turn: Turn) -> date:
    return county.today(turn.db, turn.now)


# the own ones


def _list(turn: Turn, page: int) -> tuple[str, Rows]:
    """Those to be accepted, then the others, the most urgent first."""
    actor = turn.person()
    offered = [one for one in contact_cards.of_person(turn.db, actor.person_id) if one.accepted_at is None]
    rounds = contact_due.rounds(turn.db, actor.person_id)
    found: list[ContactCard | Round] = [*offered, *rounds]
    if found:
        contact_cards.listed(turn.db, actor, turn.now)
    shown = [[_own(turn, one)] for one in _part(found, page)]
    shown += [[_key(_("全部接受（{count}）").format(count=len(offered)), "all")]] if len(offered) > 1 else []
    pairing = [[_key(_("给户结对"), "pair", 0)]] if _villages(turn) else []
    return escape(_said(turn, len(offered), rounds)), [*shown, _turning(len(found), page, "list"), *pairing]


def _said(turn: Turn, offered: int, rounds: Sequence[Round]) -> str:
    if not offered and not rounds:
        return _("您还没有联系户。结对由队长或管理组来办。")
    today = _today(turn)
    now, late = sum(one.this_week(today) for one in rounds), sum(one.late(today) for one in rounds)
    lines = [_("您联系 {count} 户，本周该走访 {now} 户。").format(count=len(rounds), now=now)]
    lines += [_("其中已过期 {late} 户。").format(late=late)] if late else []
    lines += [_("等您接受 {count} 户。").format(count=offered)] if offered else []
    return "".join(lines)


def _own(turn: Turn, one: ContactCard | Round) -> Button:
    if isinstance(one, Round):
        return _key(_line(turn, one), "show", one.card.id)
    return _key(_("待接受：{head}").format(head=_head(turn, one)), "show", one.id)


def _line(turn: Turn, one: Round) -> str:
    today = _today(turn)
    state = _("已过期") if one.late(today) else _("本周") if one.this_week(today) else ""
    day = _("{day} 前").format(day=f"{one.due:%m-%d}")
    return _("｜").join(filter(None, [state, _head(turn, one.card), day]))


def _head(turn: Turn, card: ContactCard) -> str:
    return household_list.name_of(turn.db, card.household_id)


def _part(found: Sequence[T], page: int) -> Sequence[T]:
    return found[page * PAGE : (page + 1) * PAGE]


def _turning(count: int, page: int, *ids: object) -> list[Button]:
    last = (count - 1) // PAGE
    back = [_key("‹", str(ids[0]), *ids[1:], page - 1)] if page else []
    return [*back, *([_key("›", str(ids[0]), *ids[1:], page + 1)] if page < last else [])]


def _page(turn: Turn, ids: list[str]) -> None:
    forms.redraw(turn, *_list(turn, keys.number(ids)))


def _find(turn: Turn, ids: list[str]) -> ContactCard:
    return contact_cards.find(turn.db, turn.person(), keys.number(ids))


def _show(turn: Turn, ids: list[str]) -> None:
    forms.redraw(turn, *_card(turn, _find(turn, ids)))


def _card(turn: Turn, card: ContactCard) -> tuple[str, Rows]:
    """One household: who answers for it, when it is to be visited, and what can be done. Journaled."""
    actor, place = turn.person(), contact_cards.village(turn.db, card)
    contact_cards.opened(turn.db, actor, card, turn.now)
    lines = [
        f"<b>{escape(_head(turn, card))}</b>",
        escape(_("村：{village}").format(village=picking.village_name(turn.db, place))),
        escape(_("联系人：{name}").format(name=names.full(turn.db, card.person_id))),
        *(escape(line) for line in _due(turn, card)),
    ]
    mine = card.person_id == actor.person_id
    answers = [_key(_("接受"), "yes", card.id), _key(_("不接受"), "no", card.id)] if mine else []
    own = answers if card.accepted_at is None else [_key(_("去走访"), "visit", card.id)] if mine else []
    printing = [_key(_("打印联系卡"), "print", card.id)] if card.accepted_at is not None else []
    pairs = contact_cards.may_pair(turn.db, actor, place)
    pairing = (
        [_key(_("换人"), "who", card.household_id), _key(_("结束联系"), "end", card.id)] if pairs else []
    )
    return "\n".join(lines), [[*own, *printing], pairing, [_key(_("‹ 返回列表"), "list", 0)]]


def _due(turn: Turn, card: ContactCard) -> list[str]:
    if card.accepted_at is None:
        return [_("还没有接受。")]
    one = contact_due.round_of(turn.db, card)
    if one is None:
        return []
    last = f"{one.last:%Y-%m-%d}" if one.last else _("还没有")
    return [
        _("上次走访：{day}").format(day=last),
        _("下次走访：{day} 前").format(day=f"{one.due:%Y-%m-%d}"),
        labelled(_(NAMES[one.cadence]), one.rule.words),
    ]


def _yes(turn: Turn, ids: list[str]) -> None:
    card = _find(turn, ids)
    contact_cards.accept(turn.db, turn.person(), card, turn.now)
    forms.redraw(turn, *_card(turn, card))


def _all(turn: Turn, _ids: list[str]) -> None:
    contact_cards.accept_all(turn.db, turn.person(), turn.now)
    forms.redraw(turn, *_list(turn, 0))


def _no(turn: Turn, ids: list[str]) -> None:
    contact_cards.decline(turn.db, turn.person(), _find(turn, ids), turn.now)
    forms.redraw(turn, escape(_("已回复不接受，请您的人会另请一位。")), [])


def _visit(turn: Turn, ids: list[str]) -> None:
    _begin_visit(turn, _find(turn, ids))


def _begin_visit(turn: Turn, card: ContactCard) -> None:
    place = contact_cards.village(turn.db, card)
    draw(turn, forms.begin(turn, "visit", village=place, household=card.household_id))


def _print(turn: Turn, ids: list[str]) -> None:
    """The card with its QR as a file; pressing again within the minute draws nothing twice."""
    card = _find(turn, ids)
    if card.accepted_at is None:
        raise Gone
    key = f"contact:{card.id}:{turn.chat.id}:{turn.now:%Y%m%d%H%M}"
    body = {"card": card.id, "chat": turn.chat.id, "language": language()}
    if errands.send_on(turn.db, turn.bot, "contact_card", body, due_at=turn.now, key=key) is not None:
        contact_cards.printed(turn.db, turn.person(), card, turn.now)


# pairing


def _villages(turn: Turn) -> list[picking.Option]:
    """Where one pairs; of a large territory the first ones."""
    found = picking.villages(turn.db, turn.person())
    return [one for one in found if contact_cards.may_pair(turn.db, turn.person(), str(one.value))]


def _pair(turn: Turn, ids: list[str]) -> None:
    places = _villages(turn)
    if not places:
        raise NotYours
    if len(places) == 1:
        _homes(turn, [str(places[0].value)])
        return
    page = keys.number(ids)
    made = [[_key(one.text, "homes", one.value, 0)] for one in _part(places, page)]
    forms.redraw(turn, escape(_("给哪个村的户结对？")), [*made, _turning(len(places), page, "pair")])


def _homes(turn: Turn, ids: list[str]) -> None:
    """The households of a village with who answers for each; those without anybody first."""
    place, page = ids[0] if ids else "", keys.number(ids, 1)
    if not contact_cards.may_pair(turn.db, turn.person(), place):
        raise NotYours
    heads = household_list.heads(turn.db, place, turn.person().person_id, "pair", turn.now)
    having = contact_cards.of_village(turn.db, place)
    heads.sort(key=lambda one: one.household_id in having)
    made = [[_home(turn, one, having.get(one.household_id))] for one in _part(heads, page)]
    left = sum(one.household_id not in having for one in heads)
    said = _("{village}共 {count} 户，没人联系的 {left} 户。点一户选联系人：").format(
        village=picking.village_name(turn.db, place), count=len(heads), left=left
    )
    forms.redraw(turn, escape(said), [*made, _turning(len(heads), page, "homes", place)])


def _home(turn: Turn, one: Head, card: ContactCard | None) -> Button:
    said = _("{head}：{cadre}").format(head=one.name, cadre=_cadre(turn, card))
    return _key(said, "who", one.household_id)


def _cadre(turn: Turn, card: ContactCard | None) -> str:
    if card is None:
        return _("没人联系")
    who = names.full(turn.db, card.person_id)
    return who if card.accepted_at is not None else _("已请{name}").format(name=who)


def _who(turn: Turn, ids: list[str]) -> None:
    home = keys.number(ids)
    place = household_list.village_of(turn.db, home)
    if place is None:
        raise Gone
    if not contact_cards.may_pair(turn.db, turn.person(), place):
        raise NotYours
    people = contact_cards.cadres(turn.db, turn.person(), place, turn.now)
    made = keys.rows([_key(names.full(turn.db, one), "ask", home, one) for one in people])
    said = _("请谁联系{head}？他接受以后才算；在那之前原来的联系人不变。").format(
        head=household_list.name_of(turn.db, home)
    )
    forms.redraw(turn, escape(said), [*made, [_key(_("‹ 返回"), "homes", place, 0)]])


def _ask(turn: Turn, ids: list[str]) -> None:
    card = contact_cards.offer(turn.db, turn.person(), keys.number(ids), keys.number(ids, 1), turn.now)
    forms.redraw(turn, *_card(turn, card))


def _end(turn: Turn, ids: list[str]) -> None:
    card = _find(turn, ids)
    if not contact_cards.may_pair(turn.db, turn.person(), contact_cards.village(turn.db, card)):
        raise NotYours
    made = [[_key(_(reason), "over", card.id, place)] for place, reason in enumerate(REASONS)]
    forms.redraw(turn, escape(_("为什么结束联系？")), [*made, [_key(_("‹ 返回"), "show", card.id)]])


def _over(turn: Turn, ids: list[str]) -> None:
    card, which = _find(turn, ids), keys.number(ids, 1)
    if which >= len(REASONS):
        raise Gone
    contact_cards.end(turn.db, turn.person(), card, REASONS[which], turn.now)
    forms.redraw(turn, escape(_("已结束联系，已告诉原来的联系人。")), [])


_VERBS: dict[str, Callable[[Turn, list[str]], None]] = {
    "list": _page, "show": _show, "yes": _yes, "all": _all, "no": _no, "visit": _visit, "print": _print, "pair": _pair,
    "homes": _homes, "who": _who, "ask": _ask, "end": _end, "over": _over,
}  # fmt: skip
