"""Letters claimed in the transaction that writes them, or that notes the one before them as sent."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from bot.delivery import Delivery
from bot.outcomes import UnknownError
from bot.wire import Wire
from storage import letters
from storage.chats import Chat
from storage.files import Files
from storage.letters import Lane, Letter, LetterState
from tests.bot.spine import BOT, NOW, TOKEN, Watch, open_pen

MEMBER, OTHER = 1001, 1002


class Line(Wire):
    """The wire, as far as these tests need one: it notes what is sent, in order."""

    def __init__(self) -> None:
        super().__init__(TOKEN, "http://127.0.0.1:1", None, lambda _date: None)
        self.sent: list[str] = []
        self.lost = 0

    async def call(self, method: str, parameters: object, files: object = None) -> object:
        self.sent.append(parameters["text"])  # type: ignore[index] # of a message
        if self.lost:
            self.lost -= 1
            raise UnknownError("timeout")
        return {"message_id": len(self.sent)}

    async def me(self) -> tuple[int, str]:
        return BOT, "zhucun_demo_bot"


@pytest.fixture
async def line() -> Line:
    return Line()


@pytest.fixture
async def delivery(tmp_path: Path, line: Line) -> AsyncIterator[Delivery]:
    with open_pen(tmp_path) as pen:
        made = Delivery(pen, line, Files(tmp_path / "files"), BOT, Watch(), 3000, together=True)
        await pen(lambda session: session.add_all(Chat(bot=BOT, telegram_id=one) for one in (MEMBER, OTHER)))
        yield made
        await made.drain()


def saying(*words: str, to: int = MEMBER, lane: Lane = Lane.TALK) -> Callable[[Session], int]:
    """A job that writes these letters; how many."""

    def job(session: Session) -> int:
        chat = session.exec(select(Chat).where(Chat.telegram_id == to)).one()
        for one in words:
            letters.say(session, chat, "sendMessage", {"text": one}, now=NOW, lane=lane)
        return len(words)

    return job


def states(delivery: Delivery) -> list[str]:
    return delivery.pen.submit(
        lambda session: list(session.exec(select(Letter.state).order_by(col(Letter.id))).all())
    ).result()


async def settle(delivery: Delivery) -> None:
    """Until nothing is on the wire: what is noted may claim the next."""
    while delivery._tasks:
        await asyncio.wait(delivery._tasks)


async def test_what_is_written_goes_out_with_its_own_commit(delivery: Delivery, line: Line) -> None:
    await delivery.step()
    before = delivery.pen.commits  # type: ignore[union-attr] # a pen
    assert await delivery.after(saying("好的")) == 1
    assert delivery.pen.commits == before + 1  # type: ignore[union-attr] # a pen
    assert states(delivery) == [LetterState.SENDING], (
        "claimed, and that is committed, before it is on the wire"
    )
    assert line.sent == []
    await settle(delivery)
    assert line.sent == ["好的"]
    assert not delivery.wake.is_set(), "nobody has to look for it"


async def test_the_next_of_a_chat_is_claimed_when_the_one_before_is_noted(
    delivery: Delivery, line: Line
) -> None:
    await delivery.step()
    await delivery.after(saying("一", "二", "三"))
    await delivery.after(saying("甲", "乙", to=OTHER))
    await settle(delivery)
    assert [one for one in line.sent if one in "一二三"] == ["一", "二", "三"]
    assert [one for one in line.sent if one in "甲乙"] == ["甲", "乙"]
    assert set(states(delivery)) == {LetterState.SENT}
    assert delivery.claims._busy == {}
    assert delivery.claims.unbegun == {}


async def test_nobody_claims_before_what_was_under_way_is_recovered(delivery: Delivery, line: Line) -> None:
    """Else it would be recovered while it is being sent, and go out twice."""
    await delivery.after(saying("早了"))
    assert states(delivery) == [LetterState.WAITING]
    assert delivery.wake.is_set()
    await delivery.step()
    await settle(delivery)
    assert line.sent == ["早了"]


async def test_where_others_deliver_nothing_is_claimed(tmp_path: Path, line: Line) -> None:
    with open_pen(tmp_path) as pen:
        apart = Delivery(pen, line, Files(tmp_path / "files"), BOT, Watch())
        await pen(lambda session: session.add(Chat(bot=BOT, telegram_id=MEMBER)))
        await apart.step()
        apart.wake.clear()
        await apart.after(saying("别处发"))
        assert states(apart) == [LetterState.WAITING]
        assert apart.wake.is_set()


async def test_a_job_that_fails_claims_nothing(delivery: Delivery, line: Line) -> None:
    def fails(session: Session) -> int:
        saying("不该有")(session)
        raise ValueError("no")

    await delivery.step()
    with pytest.raises(ValueError, match="no"):
        await delivery.after(fails)
    assert states(delivery) == []
    assert delivery.claims._busy == {}


async def test_after_a_commit_that_failed_the_letter_goes_out_once(
    delivery: Delivery, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    await delivery.step()
    await delivery.pen(saying("等着", lane=Lane.NOTICE))
    with monkeypatch.context() as disk:
        disk.setattr("storage.keeping.Keeping.commit", full)
        with pytest.raises(OperationalError):
            await delivery.after(saying("没写成"))
    assert states(delivery) == [LetterState.WAITING]
    assert (delivery.claims._busy, delivery.claims.unbegun, line.sent) == ({}, {}, [])
    assert not delivery.claims.ready, "others do not claim until the delivery itself could"
    await delivery.step()
    await settle(delivery)
    assert line.sent == ["等着"]
    assert delivery.claims.ready


async def test_a_lost_answer_keeps_the_next_one_back(delivery: Delivery, line: Line) -> None:
    await delivery.step()
    line.lost = 1
    await delivery.after(saying("一", "二"))
    await settle(delivery)
    assert line.sent == ["一"]
    assert states(delivery) == [LetterState.WAITING, LetterState.WAITING]
    assert delivery.wake.is_set()
    assert isinstance(delivery.now, Watch)
    delivery.now.time += timedelta(seconds=5)
    await delivery.step()
    await settle(delivery)
    assert line.sent == ["一", "一", "二"]


async def test_what_the_budget_keeps_back_wakes_the_delivery(delivery: Delivery, line: Line) -> None:
    await delivery.step()
    delivery.claims._per_second = 1.0
    delivery.claims._budget = None
    delivery.wake.clear()
    for to in (MEMBER, OTHER):
        await delivery.after(saying("群发", to=to, lane=Lane.BULK))
    await settle(delivery)
    assert states(delivery) == [LetterState.SENT, LetterState.WAITING]
    assert delivery.wake.is_set()
    assert 0 < delivery.claims.wait < 1


async def test_the_end_begins_nothing_new(delivery: Delivery, line: Line) -> None:
    await delivery.step()
    await delivery.after(saying("一", "二", "三"))
    await delivery.drain()
    assert line.sent == ["一"], "what was on the wire; the rest goes out after the next start"
    assert states(delivery) == [LetterState.SENT, LetterState.WAITING, LetterState.WAITING]
