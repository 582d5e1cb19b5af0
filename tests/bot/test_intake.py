"""Intake against the sandbox: written down first, confirmed after."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from bot.connection import client
from bot.intake import Intake, PollError
from bot.pen import Pen
from storage import arrivals
from storage.arrivals import Arrival
from tests.bot.spine import BOT, TOKEN, Watch, open_pen, text_update
from tests.phone import Sandbox


@pytest.fixture
async def pen(tmp_path: Path) -> AsyncIterator[Pen]:
    with open_pen(tmp_path) as made:
        yield made


def intake(pen: Pen, sandbox: Sandbox, woken: list[str]) -> Intake:
    return Intake(pen, TOKEN, sandbox.api_url, None, Watch(), lambda: woken.append("now"))


async def bodies(pen: Pen) -> list[dict[str, Any]]:
    def job(session: Session) -> list[dict[str, Any]]:
        found = session.exec(select(Arrival).order_by(col(Arrival.id))).all()
        return [arrivals.body_of(session, one) for one in found]

    return await pen(job)


async def test_updates_are_written_down_before_they_are_confirmed(pen: Pen) -> None:
    woken: list[str] = []
    with Sandbox.start() as sandbox:
        phone = sandbox.phone("王磊")
        phone.says("一")
        phone.says("二")
        taking = intake(pen, sandbox, woken)
        async with client(None, 45) as line:
            assert await taking.poll(line, wait=0) == 2
            assert sandbox.queue()["pending"] == 2, "the first answer is not confirmed yet"
            assert await taking.poll(line, wait=0) == 0
        assert sandbox.queue()["pending"] == 0
    assert [one["message"]["text"] for one in await bodies(pen)] == ["一", "二"]
    assert woken == ["now"]


@pytest.mark.fault("redelivered update")
async def test_a_restart_takes_unconfirmed_updates_again_and_keeps_each_once(pen: Pen) -> None:
    with Sandbox.start() as sandbox:
        sandbox.phone("王磊").says("一")
        async with client(None, 45) as line:
            await intake(pen, sandbox, []).poll(line, wait=0)
            assert await intake(pen, sandbox, []).poll(line, wait=0) == 0
    assert len(await bodies(pen)) == 1


@pytest.mark.sqlite_only(reason="a full disk is made by a limit of SQLite's")
@pytest.mark.fault("full disk")
async def test_nothing_is_confirmed_when_nothing_could_be_written(pen: Pen) -> None:
    def full(session: Session) -> None:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def room(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA max_page_count=100000")

    with Sandbox.start() as sandbox:
        phone = sandbox.phone("王磊")
        for number in range(40):
            phone.says(f"{number}" * 400)
        taking = intake(pen, sandbox, [])
        await pen(full)
        async with client(None, 45) as line:
            for _ in range(3):
                with pytest.raises(OperationalError):
                    await taking.poll(line, wait=0)
            assert sandbox.queue()["pending"] == 40
            await pen(room)
            await taking.poll(line, wait=0)
            await taking.poll(line, wait=0)
        assert sandbox.queue()["pending"] == 0
    assert len(await bodies(pen)) == 40


async def test_a_lower_number_after_a_quiet_week_is_followed(pen: Pen) -> None:
    """Numbers turn random, even lower: the offset is the last element's, never the largest."""
    taking = Intake(pen, TOKEN, "http://127.0.0.1:1", None, Watch(), lambda: None)
    await taking._keep([text_update(727334708, 7, "一")])
    await taking._keep([text_update(117314199, 7, "二")])
    assert taking._offset == 117314200
    assert len(await bodies(pen)) == 2


@pytest.mark.fault("revoked token")
async def test_a_second_poller_and_a_revoked_token_are_said_plainly(pen: Pen) -> None:
    with Sandbox.start() as sandbox:
        sandbox.revoke()
        taking = intake(pen, sandbox, [])
        async with client(None, 45) as line:
            with pytest.raises(PollError, match="401"):
                await taking.poll(line, wait=0)


@pytest.mark.parametrize(
    ("error", "pauses"),
    [
        (PollError({"error_code": 502}), [1, 2, 4, 5, 5, 5]),
        (ConnectionError(), [1, 2, 4, 5, 5, 5]),
        (PollError({"error_code": 429, "parameters": {"retry_after": 3}}), [3, 3, 4, 5, 5, 5]),
        (PollError({"error_code": 429, "parameters": {"retry_after": 40}}), [40, 40]),
        (PollError({"error_code": 401}), [1, 2, 4, 8, 16, 30]),
        (PollError({"error_code": 409}), [1, 2, 4, 8, 16, 30]),
    ],
)
async def test_whoever_is_unwell_is_soon_asked_again_and_who_refuses_later(
    pen: Pen, monkeypatch: pytest.MonkeyPatch, error: Exception, pauses: list[float]
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == len(pauses):
            raise asyncio.CancelledError

    async def poll(*_: object) -> int:
        raise error

    taking = Intake(pen, TOKEN, "http://127.0.0.1:1", None, Watch(), lambda: None)
    monkeypatch.setattr(taking, "poll", poll)
    monkeypatch.setattr("bot.intake.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await taking.run()
    assert waited == pauses


def at_rest(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("zhucun.db*"))


async def test_what_arrives_is_sealed_at_rest(pen: Pen, tmp_path: Path) -> None:
    secret = "身份证120114199001011234"
    taking = Intake(pen, TOKEN, "http://127.0.0.1:1", None, Watch(), lambda: None)
    await taking._keep([text_update(1, 7, secret)])
    kept = at_rest(tmp_path)
    assert secret.encode() not in kept
    assert b"120114199001011234" not in kept


async def test_the_date_of_each_answer_is_told(pen: Pen) -> None:
    heard: list[datetime] = []
    with Sandbox.start(clock="2026-11-17T10:00+08:00") as sandbox:
        taking = intake(pen, sandbox, [])
        taking.on_date = heard.append
        async with client(None, 45) as line:
            await taking.poll(line, wait=0)
    assert heard[0].astimezone(UTC).date().isoformat() == "2026-11-17"


async def test_handled_arrivals_are_pruned_after_a_week(pen: Pen) -> None:
    watch = Watch()
    taking = Intake(pen, TOKEN, "http://127.0.0.1:1", None, watch, lambda: None)
    await taking._keep([text_update(1, 7, "一"), text_update(2, 7, "二")])
    await pen(lambda session: arrivals.done(session, 1))
    watch.pass_(days=7, seconds=1)
    assert await pen(lambda session: arrivals.prune(session, watch())) == 1
    await taking._keep([text_update(1, 7, "新的一")])
    assert [one["message"]["text"] for one in await bodies(pen)] == ["二", "新的一"]
    assert taking.bot == BOT
