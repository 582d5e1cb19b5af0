"""From a raw update to the turn that handles it: whose chat, who speaks, which card was pressed.

Works on the raw JSON, before aiogram's objects are built.
"""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from handlers.doors import EVENTS
from handlers.keys import whole
from handlers.turn import Turn
from storage import cards, chats, draft, identity, installation, letters
from storage.arrivals import Waiting
from storage.cards import Card
from storage.chats import Chat, ChatKind
from storage.letters import Lane
from storage.texts import _, speaking

MARK = "~"
"""Delivery ends each button's data with the card's id, so that a press tells which card it was even when the
message's id was never noted."""


def kind_of(body: dict[str, Any]) -> str:
    """What kind of update it is; empty for one that nobody handles."""
    return next((kind for kind in EVENTS if kind in body), "")


def turn_for(session: Session, body: dict[str, Any], bot: int, username: str, now: datetime) -> Turn | None:
    """The turn of an update; None for kinds nobody handles. Reads the same whether called once or again."""
    kind = kind_of(body)
    if not kind:
        return None
    event = body[kind]
    message = event.get("message", event) if kind == "callback_query" else event
    if "chat" not in message:
        return None
    chat = _chat(session, bot, message)
    sender = event.get("from", {})
    if kind == "my_chat_member":
        _membership(session, chat, event["new_chat_member"]["status"], now)
    elif chat.unreachable_since:
        reached(session, chat)
    turn = Turn(
        db=session, now=now, bot=bot, username=username, chat=chat,
        actor=identity.actor_of(session, sender["id"], now) if "id" in sender else None,
        draft=draft.focused(session, chat.id or 0) if chat.private else None,
        telegram_id=sender.get("id", 0), telegram_name=_name(sender),
    )  # fmt: skip
    if kind == "callback_query":
        turn.pressed = _pressed(turn, event)
    return turn


def _chat(session: Session, bot: int, message: dict[str, Any]) -> Chat:
    about = message["chat"]
    topic = message.get("message_thread_id", 0) if message.get("is_topic_message") else 0
    return chats.chat_of(session, bot, about["id"], topic, ChatKind(about["type"]), about.get("title", ""))


def _name(sender: dict[str, Any]) -> str:
    return " ".join(part for part in (sender.get("last_name"), sender.get("first_name")) if part)


def _pressed(turn: Turn, query: dict[str, Any]) -> Card | None:
    """The card that was pressed. Takes the card's mark off the data, and the message's id over."""
    message_id = query["message"]["message_id"]
    if _lost(turn, query["message"]):
        query["data"] = ""  # its numbers are of rows that are lost, and of other ones by now
        card = cards.find(turn.db, turn.chat, message_id)
        if card is not None:
            cards.renew(turn.db, turn.chat, card, turn.now)
        return card
    data, mark, marked = query.get("data", "").rpartition(MARK)
    if mark and (number := whole(marked)):
        query["data"] = data
        card = cards.adopt(turn.db, turn.chat, number, message_id)
        if card is not None:
            return card
    return cards.known(turn.db, turn.chat, message_id)


def _lost(turn: Turn, message: dict[str, Any]) -> bool:
    """Whether the message got its buttons in a time that a restore has lost."""
    shown = message.get("edit_date") or message.get("date") or 0
    return installation.lost(turn.db, datetime.fromtimestamp(shown, UTC))


def _membership(session: Session, chat: Chat, status: str, now: datetime) -> None:
    """The bot was blocked or removed, or let in again."""
    if status in ("kicked", "left"):
        chat.unreachable_since = chat.unreachable_since or now
        letters.hold(session, chat.id or 0)
    elif chat.unreachable_since:
        reached(session, chat)


def reached(session: Session, chat: Chat) -> None:
    """Somebody whose chat could not be reached writes again: what was held goes out."""
    chat.unreachable_since = None
    session.flush()
    letters.release(session, chat.id or 0)


def toast(turn: Turn, query_id: str, text: str = "") -> None:
    """Answer a press; a text is shown as an alert."""
    payload: dict[str, Any] = {"callback_query_id": query_id}
    if text:
        payload |= {"text": text, "show_alert": True}
    turn.answered = True
    letters.say(turn.db, turn.chat, "answerCallbackQuery", payload, now=turn.now)


def tell_administrators(session: Session, arrival: Waiting, place: str, now: datetime) -> None:
    """Administrators hear of a parked arrival, by number, class and place only."""
    for person, chat in identity.administrators(session, arrival.bot, now):
        with speaking(person.language):
            text = _(
                "一条消息没有处理成功：A{number}，{place}。"
                "在服务器上运行 zhucun arrivals list 查看，zhucun arrivals retry 重试。"
            )
        letters.say(
            session, chat, "sendMessage", {"text": text.format(number=arrival.id, place=place)},
            now=now, lane=Lane.NOTICE, key=f"parked:{arrival.bot}:{arrival.update_id}:{chat.id}:{arrival.attempts}",
        )  # fmt: skip
