"""A program is told what happens to reports: signed, masked, in order, again until it has answered."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlmodel import select

from bot.errands.tell_hook import signature
from bot.workers import Workers
from storage import bots, hooks, household_list, journal
from storage.errands import Errand, ErrandState
from storage.hooks import PATIENCE
from storage.letters import Letter
from storage.sealing import open_json
from tests.bot.errands.running import BOT, Running, running
from tests.phone import Sandbox
from tests.storage.asking import NOW, PLACES, add_full

PHONE, HEAD = "13812345678", "李大山"


@dataclass
class Receiver:
    """Another program's server: what came, and with what it answers."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    hold: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.came.append(
            ({name.lower(): value for name, value in request.headers.items()}, await request.read())
        )
        self.arrived.set()
        if self.hold is not None:
            await self.hold.wait()
        return web.Response(
            status=self.answers.pop(0) if self.answers else 204, headers={"location": self.url}
        )

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.came]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made, app = Receiver(), web.Application()
    app.router.add_post("/zhucun", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined] # aiohttp tells it nowhere else
    made.url = f"http://127.0.0.1:{port}/zhucun"
    yield made
    await runner.cleanup()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=NOW.isoformat()) as made:
        yield made


@pytest.fixture
async def here(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(sandbox, tmp_path) as made:
        made.workers.private_hooks = True
        yield made


def subscribe(here: Running, url: str) -> str:
    """The secret of a hook of the first town."""
    with here.store.writing() as session:
        given = (session, "大数据局", url, ["visit"], "", "120114001")
        return hooks.add(*given, private=True, by=None, now=NOW)[1]


def happens(here: Running, number: str) -> None:
    with here.store.writing() as session:
        home = household_list.add(session, PLACES[0], HEAD, by=None, now=NOW)
        answers = {
            "village": PLACES[0],
            "household": home.id,
            "purposes": ["safety"],
            "findings": f"漏雨 {PHONE}",
        }
        add_full(session, "visit", here.county.people["王爱民"], answers, number=number)
        journal.write(session, None, "visit.send", f"report:{number}", NOW)
        journal.seal(session)


async def tick(here: Running) -> None:
    """What the clock does, and the workers after it, whatever their errands wait for."""
    with here.store.writing() as session:
        hooks.wake(session, NOW)
        for one in session.exec(select(Errand).where(Errand.state == ErrandState.WAITING)):
            one.due_at = NOW
    await here.workers.step()
    await here.workers.drain()


def hook(here: Running) -> hooks.Hook:
    with here.store.reading() as session:
        return hooks.all_of(session)[0]


async def test_what_happens_is_told_in_order_signed_and_masked(here: Running, receiver: Receiver) -> None:
    secret = subscribe(here, receiver.url)
    happens(here, "ZF-1")
    happens(here, "ZF-2")
    await tick(here)
    assert [(one["type"], one["report"]["number"]) for one in receiver.told] == [
        ("report.sent", "ZF-1"), ("report.sent", "ZF-2"),
    ]  # fmt: skip
    headers, body = receiver.came[0]
    parts = dict(one.split("=") for one in headers["zhucun-signature"].split(","))
    assert int(parts["t"]) == int(NOW.timestamp())
    assert parts["v1"] == signature(secret, int(parts["t"]), body) != signature("x", int(parts["t"]), body)
    assert headers["zhucun-event"] == receiver.told[0]["id"] != receiver.told[1]["id"]
    said = body.decode()
    assert not [word for word in (PHONE, HEAD, "王爱民", "[#") if word in said]
    assert (receiver.told[0]["report"]["head"], "138****5678" in said) == ("李*山", True)
    await tick(here)
    assert len(receiver.came) == 2
    with here.store.reading() as session:
        assert [one["action"] for one in journal.history(session, "report:ZF-1")] == [
            "visit.send",
            "hook.tell",
        ]


@pytest.mark.fault("hook that does not answer")
async def test_what_is_not_answered_for_is_told_again_with_the_same_id(
    here: Running, receiver: Receiver
) -> None:
    subscribe(here, receiver.url)
    happens(here, "ZF-1")
    happens(here, "ZF-2")
    receiver.answers = [500, 302, 204, 503]
    for _each in range(5):
        await tick(here)
    assert [one["report"]["number"] for one in receiver.told] == ["ZF-1", "ZF-1", "ZF-1", "ZF-2", "ZF-2"]
    assert len({one["id"] for one in receiver.told}) == 2
    assert (hook(here).failures, hook(here).error) == (0, None)
    with here.store.reading() as session:
        assert {one.state for one in session.exec(select(Errand))} == {ErrandState.DONE}


async def test_a_crash_between_telling_and_noting_tells_it_again(here: Running, receiver: Receiver) -> None:
    subscribe(here, receiver.url)
    happens(here, "ZF-1")
    receiver.hold = asyncio.Event()
    with here.store.writing() as session:
        hooks.wake(session, NOW)
    await here.workers.step()
    await receiver.arrived.wait()
    await here.workers.stop()  # the process ends before the answer is here
    receiver.hold.set()
    here.workers = Workers(
        here.workers.pen, here.workers.wire, here.files, BOT, lambda: NOW, private_hooks=True
    )
    await tick(here)
    assert len(receiver.told) == 2
    assert receiver.told[0] == receiver.told[1]
    await tick(here)
    assert len(receiver.told) == 2


@pytest.mark.fault("hook that fails for days")
async def test_after_days_it_is_stopped_and_administrators_hear(here: Running, receiver: Receiver) -> None:
    subscribe(here, receiver.url)
    here.chat(1009, "周正")
    happens(here, "ZF-1")
    receiver.answers = [500, 500]
    await tick(here)
    with here.store.writing() as session:
        bots.remember(session, BOT, "zhucun_demo_bot")
        row = hooks.find(session, 1)
        assert row.failing_since == NOW
        row.failing_since = NOW - PATIENCE
    await tick(here)
    assert hook(here).stopped_at == NOW
    with here.store.reading() as session:
        (letter,) = session.exec(select(Letter))
        text = open_json(session, "letter", letter.uid, letter.payload or b"")["text"]
    assert "大数据局" in text
    assert "zhucun hooks resume 1" in text
    await tick(here)
    assert len(receiver.came) == 2, "nothing more is tried"


@pytest.mark.fault("hook into our own network")
async def test_nothing_is_told_inside_unless_a_setting_allows_it(here: Running, receiver: Receiver) -> None:
    subscribe(here, receiver.url)
    happens(here, "ZF-1")
    here.workers.private_hooks = False
    await tick(here)
    assert receiver.came == []
    assert hook(here).failures == 1


async def test_a_hook_that_was_ended_meanwhile_is_told_nothing(here: Running, receiver: Receiver) -> None:
    subscribe(here, receiver.url)
    happens(here, "ZF-1")
    with here.store.writing() as session:
        hooks.wake(session, NOW)
        hooks.end(session, 1, by=None, now=NOW)
    await tick(here)
    assert receiver.came == []
