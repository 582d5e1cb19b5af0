"""Workers: errands run at least once, trouble waits with growing pauses, own trouble ends put aside."""

import asyncio
import sys
import types
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.outcomes import LaterError, NotSentError
from bot.wire import Wire
from bot.workers import ATTEMPTS, ErrandContext, Workers, pause_after
from storage import errands
from storage.errands import Errand, ErrandState
from storage.files import Files
from tests.bot.spine import BOT, NOW, TOKEN, Watch, open_pen


@pytest.fixture
async def workers(tmp_path: Path) -> AsyncIterator[Workers]:
    wire = Wire(TOKEN, "http://127.0.0.1:1", None, lambda _date: None)
    with open_pen(tmp_path) as pen:
        yield Workers(pen, wire, Files(tmp_path / "files"), BOT, Watch())


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A kind of errand that notes its runs; its body says what goes wrong."""
    runs: list[dict[str, Any]] = []

    async def run(context: ErrandContext, body: dict[str, Any]) -> None:
        runs.append(body)
        if body.get("long"):
            await asyncio.Event().wait()
        if body.get("fails") == "network":
            raise NotSentError("refused")
        if body.get("fails"):
            raise ValueError(body["fails"])
        await context.pen(lambda session: errands.done(session, context.errand_id))

    module = types.ModuleType("bot.errands.trial")
    module.run = run  # type: ignore[attr-defined] # a module made for this test
    monkeypatch.setitem(sys.modules, "bot.errands.trial", module)
    return runs


async def give(workers: Workers, **body: Any) -> None:
    await workers.pen(lambda session: errands.send_on(session, BOT, "trial", body, due_at=NOW))


async def states(workers: Workers) -> list[str]:
    return await workers.pen(lambda session: list(session.exec(select(Errand.state)).all()))


async def turn(workers: Workers) -> None:
    await workers.step()
    await workers.drain()


async def test_an_errand_runs_with_its_sealed_body_and_is_done(workers: Workers, ran: list[Any]) -> None:
    await give(workers, text="李大山家")
    await turn(workers)
    assert ran == [{"text": "李大山家"}]
    assert await states(workers) == [ErrandState.DONE]
    await turn(workers)
    assert len(ran) == 1


async def test_an_errand_not_yet_due_waits(workers: Workers, ran: list[Any]) -> None:
    def later(session: Session) -> None:
        errands.send_on(session, BOT, "trial", {}, due_at=NOW + timedelta(hours=1))

    await workers.pen(later)
    await turn(workers)
    assert ran == []


async def test_trouble_with_the_network_is_waited_out_for_ever(workers: Workers, ran: list[Any]) -> None:
    await give(workers, fails="network")
    assert isinstance(workers.now, Watch)
    for _ in range(ATTEMPTS * 2):
        await turn(workers)
        workers.now.pass_(hours=2)
    assert await states(workers) == [ErrandState.WAITING]
    assert len(ran) == ATTEMPTS * 2


async def test_an_errand_with_trouble_of_its_own_is_put_aside_and_says_only_the_class(
    workers: Workers, ran: list[Any]
) -> None:
    await give(workers, fails="身份证 120114199001011234")
    assert isinstance(workers.now, Watch)
    for _ in range(ATTEMPTS + 2):
        await turn(workers)
        workers.now.pass_(hours=2)
    assert await states(workers) == [ErrandState.PARKED]
    assert len(ran) == ATTEMPTS
    error = await workers.pen(lambda session: session.exec(select(Errand.error)).one())
    assert error == "ValueError"


async def test_what_is_under_way_at_a_polite_end_is_no_failed_attempt(
    workers: Workers, ran: list[Any]
) -> None:
    await give(workers, long=True)
    await workers.step()
    await asyncio.sleep(0)
    await workers.stop()
    assert len(ran) == 1
    left = await workers.pen(lambda session: session.exec(select(Errand)).one())
    assert (left.state, left.attempts) == (ErrandState.WAITING, 0)


async def test_an_errand_with_a_key_is_given_once(workers: Workers) -> None:
    def give_twice(session: Session) -> list[Errand | None]:
        return [errands.send_on(session, BOT, "trial", {}, due_at=NOW, key="photo:1") for _ in range(2)]

    first, second = await workers.pen(give_twice)
    assert first is not None
    assert second is None


def test_pauses_grow_to_an_hour_and_telegrams_wish_is_kept() -> None:
    assert pause_after(0, ValueError()).total_seconds() == 2
    assert pause_after(30, ValueError()).total_seconds() == 3600
    assert pause_after(0, LaterError(9)).total_seconds() == 9


def double(number: int) -> int:
    return number * 2


async def test_heavy_work_runs_in_a_process_of_its_own(workers: Workers) -> None:
    assert await workers.process(double, 21) == 42
    workers.process.close()
