"""The desk: one transaction per arrival, handlers never wait, refusals are sentences, errors are numbers."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiogram import Router
from aiogram.types import CallbackQuery, Message
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

import handlers
from bot.desk import ATTEMPTS, BATCH, Desk, HandlerWaitedError, drive
from bot.hand import Hand
from bot.pen import Acting, Pen
from handlers.filters import Command, Pressed
from handlers.turn import Turn, button
from storage import arrivals, cards, errands, letters, postings, roster, turns
from storage.arrivals import Arrival, ArrivalState
from storage.cards import Card
from storage.chats import Chat
from storage.letters import Letter, LetterState
from storage.people import Role
from storage.refusals import Refusal
from tests.bot.spine import BOT, NOW, TOKEN, Watch, arrive, open_pen, press_update, text_update

MEMBER, ADMIN = 1001, 1004


def trial_router() -> Router:
    """Handlers that do each thing a handler may or may not do."""
    router = Router(name="trial")

    @router.message(Command("visit"))
    async def card(message: Message, turn: Turn, rest: str) -> None:
        await message.answer("一", reply_markup=None)
        turn.say("卡片", [[button("是", "t:yes")]])

    @router.callback_query(Pressed("t"))
    async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
        turn.redraw(query, f"按了 {rest}")

    @router.callback_query(Pressed("refuse"))
    async def refuse_press(query: CallbackQuery, turn: Turn, rest: str) -> None:
        turn.say("不该留下")
        raise Refusal("这一步已经有人做了。")

    @router.message(Command("mine"))
    async def refuse(message: Message, turn: Turn, rest: str) -> None:
        turn.say("不该留下")
        raise Refusal("请先选村 <b>")

    @router.message(Command("query"))
    async def break_(message: Message, turn: Turn, rest: str) -> None:
        turn.say("不该留下")
        raise ValueError("身份证 120114199001011234")

    @router.message(Command("weekly"))
    async def wait(message: Message, turn: Turn, rest: str) -> None:
        turn.say("不该留下")
        await asyncio.sleep(0)

    @router.message(Command("photo"))
    async def errand(message: Message, turn: Turn, rest: str) -> None:
        errands.send_on(turn.db, turn.bot, "menu", {}, due_at=turn.now)

    @router.message(Command("digest"))
    async def return_(message: Message, turn: Turn, rest: str) -> Any:
        return message.answer("只是返回")

    return router


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(handlers, "routers", lambda: [trial_router()])
    with open_pen(tmp_path) as pen:
        await pen(furnish)
        yield Desk(pen, TOKEN, "zhucun_demo_bot", Watch(), Hand(tmp_path, BOT))


def furnish(session: Session) -> None:
    session.add(Chat(bot=BOT, telegram_id=MEMBER))
    session.add(Chat(bot=BOT, telegram_id=ADMIN))
    person = roster.add_person(session, "周洁", telegram_id=ADMIN, by=None, now=NOW)
    postings.post(session, person.id or 0, Role.ADMIN, by=None, now=NOW)


async def handled(desk: Desk, *updates: dict[str, Any]) -> list[dict[str, Any]]:
    """Let updates arrive and be handled; what was said, oldest first (cards as they are now)."""
    before = await desk.pen(lambda session: session.exec(select(Letter.id)).all())
    await desk.pen(lambda session: arrive(session, *updates))
    while await desk.step():
        pass
    return await desk.pen(lambda session: _said(session, set(before)))


def _said(session: Session, before: set[int | None]) -> list[dict[str, Any]]:
    said = []
    for letter in session.exec(select(Letter).order_by(Letter.id)).all():  # type: ignore[arg-type] # a column
        if letter.id in before:
            continue
        card = session.get(Card, letter.card_id) if letter.card_id else None
        payload = cards.wanted_of(session, card) if card else letters.payload_of(session, letter)
        said.append({"method": letter.method, "chat": letter.chat_id, **(payload or {})})
    return said


def attempts(pen: Pen | Acting) -> list[int]:
    return pen.submit(
        lambda session: list(session.exec(select(Arrival.attempts).order_by(col(Arrival.id))).all())
    ).result()


def states(pen: Pen | Acting) -> list[str]:
    return pen.submit(
        lambda session: list(session.exec(select(Arrival.state).order_by(col(Arrival.id))).all())
    ).result()


async def test_what_a_handler_says_becomes_letters_and_cards_of_one_transaction(desk: Desk) -> None:
    said = await handled(desk, text_update(1, MEMBER, "/visit"))
    assert [one["text"] for one in said] == ["一", "卡片"]
    assert [one["method"] for one in said] == ["sendMessage", "card"]
    assert states(desk.pen) == [ArrivalState.DONE]


@pytest.mark.parametrize("typed", ["/visit", "/visit@zhucun_demo_bot", "走访", "/走访", "走访 王家庄"])
async def test_a_command_is_understood_in_all_its_forms(desk: Desk, typed: str) -> None:
    assert len(await handled(desk, text_update(1, MEMBER, typed))) == 2


async def test_a_command_for_another_bot_is_not_ours(desk: Desk) -> None:
    assert await handled(desk, text_update(1, MEMBER, "/visit@other_bot")) == []


@pytest.mark.fault("redelivered update")
async def test_a_redelivered_update_is_handled_once(desk: Desk) -> None:
    await handled(desk, text_update(1, MEMBER, "/visit"))
    assert await handled(desk, text_update(1, MEMBER, "/visit")) == []


async def test_a_press_redraws_its_card_and_is_always_answered(desk: Desk) -> None:
    await handled(desk, text_update(1, MEMBER, "/visit"))
    card = await desk.pen(lambda session: session.exec(select(Card.id)).one())
    hushed: list[str] = []
    desk.hush = hushed.extend
    await handled(desk, press_update(2, MEMBER, 500, f"t:yes~{card}"))
    assert hushed == ["2"], "an answer without words is no letter"
    shown = await desk.pen(lambda session: cards.wanted_of(session, session.get_one(Card, card)))
    assert shown is not None
    assert shown["text"] == "按了 yes"


@pytest.mark.fault("kill between sending and noting")
async def test_a_press_lets_its_card_adopt_the_message_id(desk: Desk) -> None:
    """The crash between sending a card and noting its id heals here."""
    await handled(desk, text_update(1, MEMBER, "/visit"))
    card = await desk.pen(lambda session: session.exec(select(Card.id)).one())
    await handled(desk, press_update(2, MEMBER, 500, f"t:yes~{card}"))
    assert await desk.pen(lambda session: session.get_one(Card, card).message_id) == 500
    assert await desk.pen(lambda session: len(session.exec(select(Card)).all())) == 1


@pytest.mark.fault("forged button")
async def test_a_forged_mark_adopts_nothing_of_another_chat(desk: Desk) -> None:
    await handled(desk, text_update(1, MEMBER, "/visit"))
    card = await desk.pen(lambda session: session.exec(select(Card.id)).one())
    await handled(desk, press_update(2, ADMIN, 777, f"t:yes~{card}"))
    assert await desk.pen(lambda session: session.get_one(Card, card).message_id) is None


async def test_a_refusal_undoes_the_arrival_and_says_its_sentence_escaped(desk: Desk) -> None:
    said = await handled(desk, text_update(1, MEMBER, "/mine"))
    assert [one["text"] for one in said] == ["请先选村 &lt;b&gt;"]
    assert states(desk.pen) == [ArrivalState.DONE]


async def test_a_refused_press_is_an_alert(desk: Desk) -> None:
    said = await handled(desk, press_update(1, MEMBER, 500, "refuse:x"))
    assert said == [
        {"method": "answerCallbackQuery", "chat": said[0]["chat"], "callback_query_id": "1",
         "text": "这一步已经有人做了。", "show_alert": True}
    ]  # fmt: skip


async def test_a_refused_press_that_waited_long_is_told_in_a_message(desk: Desk) -> None:
    assert isinstance(desk.now, Watch)
    desk.now.pass_(seconds=60)
    hushed: list[str] = []
    desk.hush = hushed.extend
    said = await handled(desk, press_update(1, MEMBER, 500, "refuse:x"))
    assert [one.get("text", "") for one in said] == ["这一步已经有人做了。"]
    assert hushed == ["1"]


@pytest.mark.fault("error of ours")
async def test_an_error_parks_the_arrival_and_leaves_a_number_not_the_content(desk: Desk) -> None:
    said = await handled(desk, text_update(1, MEMBER, "/query"))
    parked = await desk.pen(arrivals.parked)
    assert [one.state for one in parked] == [ArrivalState.PARKED]
    assert "ValueError" in (parked[0].error or "")
    assert "1990" not in (parked[0].error or "")
    to_sender, to_administrator = said
    assert f"A{parked[0].id}" in to_sender["text"]
    assert f"A{parked[0].id}" in to_administrator["text"]
    assert "不该留下" not in json.dumps(said, ensure_ascii=False)


async def test_a_parked_arrival_can_be_retried(desk: Desk) -> None:
    await handled(desk, text_update(1, MEMBER, "/query"))
    parked = await desk.pen(arrivals.parked)
    assert await desk.pen(lambda session: arrivals.retry(session, parked[0].id or 0))
    assert not await desk.pen(lambda session: arrivals.retry(session, 999))
    assert states(desk.pen) == [ArrivalState.WAITING]


@pytest.mark.parametrize("command", ["/weekly", "/digest"])
async def test_a_handler_that_waits_or_returns_a_method_is_an_error(desk: Desk, command: str) -> None:
    said = await handled(desk, text_update(1, MEMBER, command))
    assert states(desk.pen) == [ArrivalState.PARKED]
    assert "不该留下" not in json.dumps(said, ensure_ascii=False)


async def test_one_bad_arrival_does_not_stop_its_neighbours(desk: Desk) -> None:
    await handled(
        desk,
        text_update(1, MEMBER, "/visit"),
        text_update(2, MEMBER, "/query"),
        text_update(3, MEMBER, "/visit"),
    )
    assert states(desk.pen) == [ArrivalState.DONE, ArrivalState.PARKED, ArrivalState.DONE]


@pytest.mark.fault("arrival that ends the process")
async def test_an_arrival_that_keeps_ending_the_process_is_put_aside(desk: Desk) -> None:
    await desk.pen(
        lambda session: arrive(session, text_update(1, MEMBER, "/visit"), text_update(2, MEMBER, "/visit"))
    )
    for attempt in range(ATTEMPTS):
        assert await desk.pen(desk._oldest) == 1, "it may go well the next time"
        desk.hand.take(1)  # and there the process ends
        assert attempts(desk.pen) == [attempt, 0]
    assert await desk.careful_step()
    assert states(desk.pen) == [ArrivalState.PARKED, ArrivalState.DONE]
    assert not await desk.careful_step()
    told = [one.get("text", "") for one in desk.pen.submit(lambda session: _said(session, set())).result()]
    assert sum("编号 A1，管理员会处理，不用重发" in one for one in told) == 1, (
        "its sender waits for an answer"
    )
    assert sum("一条消息没有处理成功：A1" in one for one in told) == 1, "and an administrator knows"


async def test_nobody_is_blamed_who_was_not_in_hand(desk: Desk) -> None:
    """However often the process ends for reasons of its own, whatever waits is handled in the end."""
    await desk.pen(lambda session: arrive(session, text_update(1, MEMBER, "/visit")))
    for _ in range(ATTEMPTS + 1):
        desk.hand.take(77)
        assert await desk.pen(desk._oldest) == 1
    assert attempts(desk.pen) == [0]
    desk.hand.take(77)
    assert await desk.careful_step()
    assert desk.hand.holds() == 0
    assert states(desk.pen) == [ArrivalState.DONE]


@pytest.mark.sqlite_only(reason="the trouble is made by a switch of SQLite's")
async def test_a_database_that_says_no_is_no_arrivals_fault(desk: Desk) -> None:
    def lock(on: str) -> None:
        assert isinstance(desk.pen, Pen)
        with desk.pen.store.pen_session() as session:
            line = session.get_bind()
            assert isinstance(line, Connection)
            line.connection.cursor().execute(f"PRAGMA query_only={on}")

    await desk.pen(lambda session: arrive(session, text_update(1, MEMBER, "/visit")))
    lock("ON")
    for _ in range(ATTEMPTS + 1):
        with pytest.raises(OperationalError):
            await desk.careful_step()
    lock("OFF")
    assert await desk.careful_step()
    assert states(desk.pen) == [ArrivalState.DONE]
    assert attempts(desk.pen) == [0]


async def test_somebody_who_writes_again_gets_what_was_held(desk: Desk) -> None:
    def block(session: Session) -> None:
        chat = session.exec(select(Chat).where(Chat.telegram_id == MEMBER)).one()
        chat.unreachable_since = NOW
        session.flush()
        letters.say(session, chat, "sendMessage", {"text": "早先的"}, now=NOW)

    await desk.pen(block)
    held = await desk.pen(lambda session: letters.count(session, LetterState.HELD))
    await handled(desk, text_update(1, MEMBER, "/visit"))
    assert held == 1
    assert await desk.pen(lambda session: letters.count(session, LetterState.HELD)) == 0


async def test_being_blocked_holds_what_is_written_meanwhile(desk: Desk) -> None:
    blocked = {
        "update_id": 1,
        "my_chat_member": {
            "chat": {"id": MEMBER, "type": "private", "first_name": "李"},
            "from": {"id": MEMBER, "is_bot": False, "first_name": "李"}, "date": 1,
            "old_chat_member": {"user": {"id": BOT, "is_bot": True, "first_name": "b"}, "status": "member"},
            "new_chat_member": {"user": {"id": BOT, "is_bot": True, "first_name": "b"}, "status": "kicked",
                                "until_date": 0},
        },
    }  # fmt: skip
    await handled(desk, blocked)
    chat = await desk.pen(lambda session: session.exec(select(Chat).where(Chat.telegram_id == MEMBER)).one())
    assert chat.unreachable_since == NOW


async def test_an_arrival_that_cannot_be_opened_is_put_aside(desk: Desk) -> None:
    def spoil(session: Session) -> None:
        arrive(session, text_update(1, MEMBER, "/visit"), text_update(2, MEMBER, "/visit"))
        session.get_one(Arrival, 1).body = b"\x01\x00\x01" + bytes(40)

    await desk.pen(spoil)
    while await desk.step():
        pass
    assert states(desk.pen) == [ArrivalState.PARKED, ArrivalState.DONE]


async def test_an_update_of_a_kind_nobody_handles_is_done(desk: Desk) -> None:
    await handled(desk, {"update_id": 1, "poll": {"id": "1"}})
    assert states(desk.pen) == [ArrivalState.DONE]


def test_driving_a_coroutine_gives_its_value_or_says_that_it_waited() -> None:
    async def quick() -> int:
        return 7

    async def slow() -> None:
        await asyncio.sleep(0)

    assert drive(quick()) == 7
    with pytest.raises(HandlerWaitedError):
        drive(slow())


async def test_where_others_want_numbers_a_transaction_ends_with_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = [text_update(number, MEMBER, "/visit") for number in range(1, 4)]
    await desk.pen(lambda session: arrive(session, *three))
    told = iter((False, True))
    monkeypatch.setattr(turns, "crowded", lambda _session: next(told, False))
    assert (await desk.step(), desk.more) == (2, True), "nobody naps while one waits"
    assert (await desk.step(), desk.more) == (1, False)
    assert (await desk.step(), desk.more) == (0, False)


async def test_a_full_batch_may_leave_more(desk: Desk) -> None:
    many = [text_update(number, MEMBER, "/visit") for number in range(1, BATCH + 1)]
    await desk.pen(lambda session: arrive(session, *many))
    assert (await desk.step(), desk.more) == (BATCH, True)
    assert (await desk.step(), desk.more) == (0, False)


async def test_the_workers_hear_of_what_was_left_for_them(desk: Desk) -> None:
    updates = [
        text_update(number, MEMBER, said) for number, said in enumerate(("/visit", "/photo", "/photo"))
    ]
    await desk.pen(lambda session: arrive(session, updates[0]))
    assert (await desk.careful_step(), desk.errands) == (1, False)
    await desk.pen(lambda session: arrive(session, updates[1]))
    assert (await desk.careful_step(), desk.errands) == (1, True)
    await desk.pen(lambda session: arrive(session, updates[2]))
    assert (await desk.step(), desk.errands) == (1, True)
    assert (await desk.step(), desk.errands) == (0, False)
