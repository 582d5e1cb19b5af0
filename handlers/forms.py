"""Forms on the screen: beginning a draft, drawing its card, putting it aside. One card at a time."""

from dataclasses import dataclass

from handlers import cards
from handlers.pickers import Asked, Rows
from handlers.turn import Keyboard, Turn, link
from storage import drafts, receipts
from storage.cards import Card
from storage.cards import show as show_card
from storage.draft import Draft, DraftState
from storage.drafts import Filling
from storage.identity import Actor
from storage.kinds import KINDS
from storage.people import Role
from storage.refusals import NotYours, Refusal
from storage.texts import _


@dataclass(frozen=True)
class View:
    """How a card is drawn. `edit`: as the list of lines to change; `page` and `many`: as in Asked; `below`:
    at the end of the chat, because somebody wrote there since; `filled`: what the draft holds, where it is known."""

    note: str = ""
    edit: bool = False
    page: int = 0
    many: bool = False
    below: bool = False
    filled: Filling | None = None


def may_report(actor: Actor, kind: str) -> None:
    """Raises Refusal for somebody whose postings have no villages; NotYours when that kind is for those who
    manage a place."""
    if kind in KINDS and KINDS[kind].issued and not actor.regions():
        raise NotYours
    if not actor.has(Role.MEMBER, Role.LEADER) and not actor.regions():
        raise Refusal(_("填报由驻村工作队负责。您可以发送 /query 查询，或发送 /help 看看能做什么。"))


def in_group(turn: Turn, kind: str) -> None:
    """Forms live in private chats: a button leads there."""
    button = link(_("私聊填写"), f"https://t.me/{turn.username}?start={kind}")
    turn.say(_("填报请在和我的私聊里进行，不占用大家的屏幕。"), [[button]])


def begin(turn: Turn, kind: str, **answers: object) -> Draft:
    """A new draft of that kind in this chat; what was open is put aside."""
    actor = turn.person()
    may_report(actor, kind)
    put_aside(turn)
    turn.draft = drafts.start(turn.db, turn.chat, actor, kind, turn.now, answers=dict(answers))
    return turn.draft


def put_aside(turn: Turn) -> None:
    """Keep the draft in focus for later, or drop it when nothing was put into it."""
    draft = turn.draft
    if draft is None or draft.state != DraftState.OPEN:
        return
    if drafts.empty(turn.db, draft):
        drafts.cancel(turn.db, draft, turn.now)
        _remove_card(turn, draft)
    elif draft.card_id is not None:
        turn.show(draft.card_id, *cards.aside(turn, draft))


def draw(turn: Turn, draft: Draft, view: View | None = None) -> None:
    """Show a draft as it is now: question, summary, receipt."""
    view = view or View()
    if draft.state == DraftState.SENT:
        _receipt(turn, draft)
        return
    old = draft.card_id if view.below and _was_sent(turn, draft) else None
    draft.card_id = turn.show(draft.card_id if old is None else None, *screen(turn, draft, view))
    if (
        old is not None
    ):  # after the answer: while the old card goes, which is a call of its own, somebody waits
        turn.remove(old)


def screen(turn: Turn, draft: Draft, view: View) -> tuple[str, Rows]:
    if draft.state == DraftState.CANCELLED:
        return cards.cancelled(turn, draft)
    filled, asks = view.filled or drafts.filling(turn.db, draft), drafts.asks_of(draft)
    if draft.kind == drafts.NOTE:
        return cards.note(turn, draft, filled)
    if view.edit:
        return cards.edit(turn, draft, filled)
    if draft.asking is None or draft.asking not in asks:
        return cards.summary(turn, draft, filled, view.note)
    asked = Asked(turn, draft, draft.asking, asks[draft.asking], filled, view.page, view.many)
    return cards.question(asked, view.note)


def _receipt(turn: Turn, draft: Draft) -> None:
    card = turn.db.get(Card, draft.card_id) if draft.card_id else None
    shown = show_card(turn.db, turn.chat, receipts.payload(turn.db, draft), now=turn.now, card=card)
    draft.card_id = shown.id


def on(turn: Turn, draft: Draft) -> None:
    """The card that was pressed becomes the draft's; another one of it goes."""
    pressed = turn.pressed.id if turn.pressed is not None else None
    if pressed is not None and draft.card_id != pressed:
        _remove_card(turn, draft)
        draft.card_id = pressed


def redraw(turn: Turn, text: str, keyboard: Keyboard) -> None:
    """Show something else on the card that was pressed."""
    turn.show(turn.pressed.id if turn.pressed is not None else None, text, keyboard)


def _was_sent(turn: Turn, draft: Draft) -> bool:
    card = turn.db.get(Card, draft.card_id) if draft.card_id else None
    return card is not None and (card.sent_no > 0 or card.message_id is not None)


def _remove_card(turn: Turn, draft: Draft) -> None:
    if draft.card_id is not None:
        turn.remove(draft.card_id)
        draft.card_id = None
