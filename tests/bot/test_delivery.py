"""Delivery against the sandbox over real HTTP: lanes, cards, outcomes, doubts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.delivery import UNKNOWN_TRIES, Delivery, pause_after
from bot.outcomes import LaterError, UnknownError
from bot.wire import Wire
from storage import cards, delivering, letters
from storage.cards import Card
from storage.chats import Chat, ChatKind
from storage.files import Files
from storage.letters import Lane, Letter, LetterState
from tests.bot.spine import BOT, NOW, TOKEN, Watch, open_pen
from tests.phone import Phone, Sandbox

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running


@pytest.fixture
def phone(sandbox: Sandbox) -> Iterator[Phone]:
    """Somebody new who has started the bot."""
    one = sandbox.phone("王磊")
    one.says("/start")
    yield one
    sandbox.clear_faults()


@pytest.fixture
async def delivery(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Delivery]:
    wire = Wire(TOKEN, sandbox.api_url, None, lambda _date: None)
    await wire.open()
    with open_pen(tmp_path) as pen:
        made = Delivery(pen, wire, Files(tmp_path / "files"), BOT, Watch())
        yield made
        await made.drain()
    await wire.close()


def chat_of(session: Session, number: int, kind: ChatKind = ChatKind.PRIVATE) -> Chat:
    found = session.exec(select(Chat).where(Chat.telegram_id == number)).first()
    if found is None:
        found = Chat(bot=BOT, telegram_id=number, kind=kind)
        session.add(found)
        session.flush()
    return found


async def write(delivery: Delivery, phone: Phone, *texts: str, lane: Lane = Lane.TALK) -> None:
    def job(session: Session) -> None:
        chat = chat_of(session, phone.id)
        for text in texts:
            letters.say(session, chat, "sendMessage", {"text": text}, now=NOW, lane=lane)

    await delivery.pen(job)


async def show(delivery: Delivery, phone: Phone, text: str, card: int | None = None) -> int:
    def job(session: Session) -> int:
        old = session.get(Card, card) if card else None
        keyboard = {"inline_keyboard": [[{"text": "是", "callback_data": "t:yes"}]]}
        payload = {"text": text, "reply_markup": keyboard}
        return cards.show(session, chat_of(session, phone.id), payload, now=NOW, card=old).id or 0

    return await delivery.pen(job)


async def until(delivery: Delivery, finished: Callable[[Session], bool]) -> None:
    """Step until something is so, with the clock going on."""
    assert isinstance(delivery.now, Watch)
    for _ in range(200):
        await delivery.step()
        await delivery.drain()
        if await delivery.pen(finished):
            return
        delivery.now.pass_(seconds=5)
        delivery.claims._budget = None
    raise AssertionError("never so")


def nothing_waits(session: Session) -> bool:
    waiting = col(Letter.state).in_((LetterState.WAITING, LetterState.SENDING))
    return session.exec(select(Letter.id).where(waiting)).first() is None


def texts(phone: Phone) -> list[str]:
    return [one.get("text", "") for one in phone.screen() if one["from"]["bot"]]


async def state_of(delivery: Delivery) -> list[str]:
    return await delivery.pen(
        lambda session: list(session.exec(select(Letter.state).order_by(col(Letter.id))).all())
    )


async def test_letters_of_a_chat_go_in_order(delivery: Delivery, phone: Phone) -> None:
    await write(delivery, phone, "一", "二", "三", "四", "五")
    await until(delivery, nothing_waits)
    assert texts(phone) == ["一", "二", "三", "四", "五"]


async def test_what_was_claimed_when_the_end_came_is_in_no_doubt(delivery: Delivery, phone: Phone) -> None:
    """A polite end between claiming and sending: nobody is told that it may be there already."""
    await write(delivery, phone, "还没发出")
    step = asyncio.create_task(delivery.step())
    await asyncio.sleep(0)  # the claim is on the pen's queue
    step.cancel()
    await asyncio.wait([step])
    await delivery.drain()
    assert await state_of(delivery) == [LetterState.WAITING]
    assert await delivery.pen(lambda session: delivering.recover(session, BOT)) == 0
    await until(delivery, nothing_waits)
    assert texts(phone) == ["还没发出"]


async def test_an_answer_goes_before_what_was_written_earlier_in_bulk(
    delivery: Delivery, phone: Phone
) -> None:
    await write(delivery, phone, "群发", lane=Lane.BULK)
    await write(delivery, phone, "回答")
    claimed = await delivery.pen(delivery.claims.claim)
    assert [one.payload["text"] for one in claimed] == ["回答", "群发"]


async def test_twelve_changes_of_a_card_are_one_message(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    card = await show(delivery, phone, "照片 1 张")
    for count in range(2, 13):
        await show(delivery, phone, f"照片 {count} 张", card)
    await until(delivery, nothing_waits)
    assert texts(phone) == ["照片 12 张"]
    await show(delivery, phone, "照片 13 张", card)
    await until(delivery, nothing_waits)
    assert texts(phone) == ["照片 13 张"]
    assert phone.screen()[-1]["keyboard"][0][0]["data"] == f"t:yes~{card}"


async def test_a_change_while_the_card_is_on_the_wire_is_not_lost(delivery: Delivery, phone: Phone) -> None:
    card = await show(delivery, phone, "旧")
    claimed = await delivery.pen(delivery.claims.claim)
    await show(delivery, phone, "新", card)
    await delivery._send(claimed[0])
    await until(delivery, nothing_waits)
    assert texts(phone) == ["新"]


@pytest.mark.fault("kill between sending and noting")
async def test_a_crash_before_the_send_was_noted_doubles_at_most_that_card(
    delivery: Delivery, phone: Phone
) -> None:
    await show(delivery, phone, "卡片")
    claimed = await delivery.pen(delivery.claims.claim)
    await delivery.wire.call(claimed[0].method, {**claimed[0].payload, "chat_id": phone.id})
    assert await delivery.pen(lambda session: delivering.recover(session, BOT)) == 1
    await until(delivery, nothing_waits)
    assert texts(phone) == ["卡片", "卡片"]


@pytest.mark.fault("edit that changes nothing")
async def test_an_edit_that_changes_nothing_is_success(delivery: Delivery, phone: Phone) -> None:
    card = await show(delivery, phone, "同样")
    await until(delivery, nothing_waits)
    await show(delivery, phone, "同样", card)
    await until(delivery, nothing_waits)
    assert set(await state_of(delivery)) == {LetterState.SENT}


@pytest.mark.fault("message to edit not found")
async def test_a_card_whose_message_is_gone_is_sent_anew(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    card = await show(delivery, phone, "卡片")
    await until(delivery, nothing_waits)
    sandbox.bot("deleteMessage", chat_id=phone.id, message_id=phone.screen()[-1]["message_id"])
    await show(delivery, phone, "卡片变了", card)
    await until(delivery, nothing_waits)
    assert texts(phone) == ["卡片变了"]


@pytest.mark.fault("reset connection")
async def test_a_repeat_of_a_document_or_summary_is_marked(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    await write(delivery, phone, "周报", lane=Lane.NOTICE)
    sandbox.faults("reset", "sendMessage", count=1, after_effect=True)
    await until(delivery, nothing_waits)
    assert texts(phone) == ["周报", "（重发）周报"]


@pytest.mark.fault("reset connection")
async def test_a_lost_answer_of_a_talk_is_repeated_plainly(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    await write(delivery, phone, "收到")
    sandbox.faults("reset", "sendMessage", count=1)
    await until(delivery, nothing_waits)
    assert texts(phone) == ["收到"]


@pytest.mark.fault("reset connection")
async def test_while_every_answer_is_lost_nothing_is_said_again_and_again_or_put_aside(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    await write(delivery, phone, "收到")
    sandbox.faults("reset", after_effect=True)
    assert isinstance(delivery.now, Watch)
    for _ in range(12):
        await delivery.step()
        await delivery.drain()
        delivery.now.pass_(minutes=6)
        delivery.claims._budget = None
    sandbox.clear_faults()
    await until(delivery, nothing_waits)
    assert await state_of(delivery) == [LetterState.SENT]
    assert texts(phone) == ["收到", "收到"]


@pytest.mark.fault("reset connection")
async def test_what_never_gets_through_though_the_line_is_good_is_put_aside(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    await write(delivery, phone, "一", "二")
    sandbox.faults("reset", "sendMessage", count=5)
    await until(delivery, nothing_waits)
    assert await state_of(delivery) == [LetterState.PARKED, LetterState.SENT]


@pytest.mark.fault("500")
@pytest.mark.parametrize("kind", ["500", "502"])
async def test_a_server_that_is_unwell_is_asked_again(
    delivery: Delivery, phone: Phone, sandbox: Sandbox, kind: str
) -> None:
    await write(delivery, phone, "一", "二")
    sandbox.faults(kind, "sendMessage", count=3)
    await until(delivery, nothing_waits)
    assert texts(phone) == ["一", "二"]


@pytest.mark.fault("429")
async def test_after_a_429_the_chat_rests_as_long_as_telegram_asks(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    await write(delivery, phone, "一")
    sandbox.faults("429", "sendMessage", count=1, retry_after=7)
    await delivery.step()
    await delivery.drain()
    chat = await delivery.pen(lambda session: chat_of(session, phone.id))
    assert chat.not_before is not None
    assert (chat.not_before - NOW).total_seconds() == 7
    await until(delivery, nothing_waits)
    assert texts(phone) == ["一"]


@pytest.mark.fault("bot blocked by the user")
async def test_letters_for_somebody_who_blocked_the_bot_are_held_not_lost(
    delivery: Delivery, phone: Phone
) -> None:
    phone.blocks()
    await write(delivery, phone, "一", "二")
    await until(delivery, nothing_waits)
    assert await state_of(delivery) == [LetterState.HELD, LetterState.HELD]
    await write(delivery, phone, "三")
    phone.blocks(False)
    await delivery.pen(lambda session: letters.release(session, chat_of(session, phone.id).id or 0))
    await until(delivery, nothing_waits)
    assert texts(phone) == ["一", "二", "三"]


@pytest.mark.fault("chat cannot be written to")
@pytest.mark.parametrize(
    "sentence",
    ["Bad Request: chat not found", "Bad Request: not enough rights to send text messages to the chat"],
)
async def test_letters_for_a_chat_that_takes_none_are_held_not_lost(
    delivery: Delivery, phone: Phone, sandbox: Sandbox, sentence: str
) -> None:
    sandbox.faults("400", "sendMessage", description=sentence, count=1)
    await write(delivery, phone, "一", "二")
    await until(delivery, nothing_waits)
    assert await state_of(delivery) == [LetterState.HELD, LetterState.HELD]
    await delivery.pen(lambda session: letters.release(session, chat_of(session, phone.id).id or 0))
    await until(delivery, nothing_waits)
    assert texts(phone) == ["一", "二"]


@pytest.mark.fault("group became a supergroup")
async def test_a_group_that_became_a_supergroup_keeps_its_letters(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    group = sandbox.group("管理组", phone)
    await delivery.pen(lambda session: chat_of(session, group["id"], ChatKind.GROUP).id)
    new = sandbox.upgrade(group["id"])

    def job(session: Session) -> None:
        letters.say(session, chat_of(session, group["id"]), "sendMessage", {"text": "周报"}, now=NOW)

    await delivery.pen(job)
    await until(delivery, nothing_waits)
    assert [one["text"] for one in sandbox.messages(_number(new)) if one.get("text")] == ["周报"]


def _number(answer: Any) -> int:
    return int(answer.get("id") or answer.get("chat") or answer.get("new_id"))


@pytest.mark.fault("letter Telegram never takes")
async def test_a_message_telegram_will_never_take_is_parked_and_the_next_one_goes(
    delivery: Delivery, phone: Phone
) -> None:
    await write(delivery, phone, "长" * 5000, "短")
    await until(delivery, nothing_waits)
    assert await state_of(delivery) == [LetterState.PARKED, LetterState.SENT]
    parked = await delivery.pen(letters.parked)
    assert "too long" in (parked[0].error or "")


@pytest.mark.fault("revoked token")
async def test_a_revoked_token_stops_everything_and_loses_nothing(tmp_path: Path) -> None:
    with Sandbox.start() as sandbox, open_pen(tmp_path) as pen:
        phone = sandbox.phone("王磊")
        phone.says("/start")
        wire = Wire(TOKEN, sandbox.api_url, None, lambda _date: None)
        await wire.open()
        delivery = Delivery(pen, wire, Files(tmp_path / "files"), BOT, Watch())
        await write(delivery, phone, "一")
        sandbox.revoke()
        await delivery.step()
        await delivery.drain()
        assert delivery.down is not None
        assert await state_of(delivery) == [LetterState.WAITING]
        await wire.close()


async def test_photos_and_albums_are_sent_from_the_kept_bytes(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    from tests.drawn import drawn

    shas = [delivery.files.keep(drawn(size=(80 + shade, 60))) for shade in range(3)]
    media = [{"type": "photo", "media": {"$file": sha, "name": "a.jpg"}} for sha in shas]

    def job(session: Session) -> None:
        chat = chat_of(session, phone.id)
        letters.say(
            session,
            chat,
            "sendPhoto",
            {"photo": {"$file": shas[0], "name": "图.jpg"}, "caption": "一"},
            now=NOW,
        )
        letters.say(session, chat, "sendMediaGroup", {"media": media}, now=NOW)
        letters.say(
            session, chat, "sendDocument", {"document": {"$file": shas[1], "name": "台账.jpg"}}, now=NOW
        )

    await delivery.pen(job)
    await until(delivery, nothing_waits)
    shown = [one for one in phone.screen() if one["from"]["bot"]]
    assert sum("photo" in one and one["photo"] is not None for one in shown) == 4
    assert [one["document"]["name"] for one in shown if one.get("document")] == ["台账.jpg"]


async def test_an_answer_to_a_press_is_forgotten_once_it_is_old(delivery: Delivery, phone: Phone) -> None:
    def job(session: Session) -> None:
        letters.say(
            session, chat_of(session, phone.id), "answerCallbackQuery", {"callback_query_id": "1"}, now=NOW
        )

    await delivery.pen(job)
    assert isinstance(delivery.now, Watch)
    delivery.now.pass_(seconds=11)
    await delivery.step()
    assert await state_of(delivery) == []


async def test_an_answer_to_a_press_lets_nothing_overtake_an_album_on_its_way(
    delivery: Delivery, phone: Phone, sandbox: Sandbox
) -> None:
    def job(session: Session) -> None:
        chat = chat_of(session, phone.id)
        letters.say(session, chat, "answerCallbackQuery", {"callback_query_id": "1"}, now=NOW)
        for text in "一二三":
            letters.say(session, chat, "sendMessage", {"text": text}, now=NOW)

    await delivery.pen(job)
    sandbox.faults("slow", "sendMessage", count=1, seconds=0.5)
    running = asyncio.create_task(delivery.run())
    await asyncio.to_thread(phone.hears, "三")
    running.cancel()
    assert texts(phone) == ["一", "二", "三"]


async def test_a_key_exists_once(delivery: Delivery, phone: Phone) -> None:
    def job(session: Session) -> list[int | None]:
        chat = chat_of(session, phone.id)
        return [
            letters.say(session, chat, "sendMessage", {"text": "周报"}, now=NOW, key="weekly:1")
            for _ in range(3)
        ]

    first, *others = await delivery.pen(job)
    assert first is not None
    assert others == [None, None]


async def test_five_hundred_reminders_do_not_hold_up_an_answer(delivery: Delivery, phone: Phone) -> None:
    def remind(session: Session) -> None:
        for number in range(500):
            chat = chat_of(session, 10_000 + number)
            letters.say(session, chat, "sendMessage", {"text": "提醒"}, now=NOW, lane=Lane.BULK)

    await delivery.pen(remind)
    running = asyncio.create_task(delivery.run())
    loop = asyncio.get_running_loop()
    while not await delivery.pen(lambda session: letters.count(session, LetterState.HELD) > 20):
        pass
    started = loop.time()
    await write(delivery, phone, "回答")
    delivery.wake.set()
    await asyncio.to_thread(phone.hears, "回答")
    waited = loop.time() - started
    running.cancel()
    waiting = await delivery.pen(lambda session: letters.count(session, LetterState.WAITING))
    assert waiting > 100, "the broadcast was still going on"
    assert waited < 5, "the answer did not wait for the broadcast"


async def test_a_letter_whose_file_is_gone_ends_parked_and_the_next_one_goes(
    delivery: Delivery, phone: Phone
) -> None:
    def job(session: Session) -> None:
        chat = chat_of(session, phone.id)
        letters.say(session, chat, "sendPhoto", {"photo": {"$file": "0" * 64, "name": "a.jpg"}}, now=NOW)
        letters.say(session, chat, "sendMessage", {"text": "后一条"}, now=NOW)

    await delivery.pen(job)
    await delivery.pen(lambda session: session.exec(update(Letter).values(attempts=UNKNOWN_TRIES)).rowcount)
    await until(delivery, nothing_waits)
    assert await state_of(delivery) == [LetterState.PARKED, LetterState.SENT]
    assert texts(phone) == ["后一条"]


def test_pauses_grow_but_telegrams_own_wish_is_kept() -> None:
    assert pause_after(1, UnknownError("x")).total_seconds() == 2
    assert pause_after(20, UnknownError("x")).total_seconds() == 300
    assert pause_after(1, LaterError(40, "Flood control exceeded", flood=True)).total_seconds() == 40
