"""The webhook: what Telegram is told, and that 200 means written."""

import asyncio
import io
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from sqlmodel import Session, col, select

from bot.pen import Pen
from bot.web import server
from bot.web.webhook import LARGEST, SECRET, Webhook, secret_of
from storage.arrivals import Arrival
from tests import postgres
from tests.bot.spine import BOT, TOKEN, Watch, open_pen, text_update

pytestmark = pytest.mark.both_databases
HEADERS = {SECRET: secret_of(TOKEN)}


@dataclass
class Posts:
    """Somebody who posts to the webhook, as Telegram does or otherwise."""

    pen: Pen
    session: aiohttp.ClientSession
    url: str
    woken: list[bool] = field(default_factory=list)

    async def __call__(self, body: Any, headers: dict[str, str] = HEADERS) -> int:
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        async with self.session.post(self.url, data=io.BytesIO(data), headers=headers) as answer:
            return answer.status

    async def written(self) -> list[int]:
        return list(
            await self.pen(lambda s: s.exec(select(Arrival.update_id).order_by(col(Arrival.update_id))).all())
        )


@asynccontextmanager
async def posting(pen: Pen) -> AsyncIterator[Posts]:
    listening = server.listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/telegram"
    async with aiohttp.ClientSession() as session:
        made = Posts(pen, session, url)
        hook = Webhook(pen, TOKEN, url, Watch(), lambda: made.woken.append(True))
        serving = asyncio.create_task(server.serve(hook.app, listening))
        try:
            yield made
        finally:
            serving.cancel()
            await asyncio.wait([serving])


@pytest.fixture
async def posts(tmp_path: Path) -> AsyncIterator[Posts]:
    with open_pen(tmp_path) as pen:
        async with posting(pen) as made:
            yield made


async def test_what_was_told_200_is_written_and_only_once(posts: Posts) -> None:
    assert await posts(text_update(7, 1, "走访")) == 200
    assert await posts(text_update(7, 1, "走访")) == 200, "sent again, because our answer was lost"
    assert await posts.written() == [7]
    assert posts.woken == [True, True]


@pytest.mark.fault("forged webhook")
@pytest.mark.parametrize(
    "headers", [{}, {SECRET: ""}, {SECRET: "x" * 64}, {SECRET: "密".encode().decode("latin1")}]
)
async def test_nobody_without_the_secret_is_heard(posts: Posts, headers: dict[str, str]) -> None:
    assert await posts(text_update(7, 1, "走访"), headers) == 401
    assert await posts.written() == []


@pytest.mark.fault("forged webhook")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[1]", 400), (b"{}", 400), (b'{"update_id":"x"}', 400), (b"null", 400),
        (b'{"update_id":7,"message":"' + b"x" * LARGEST + b'"}', 413),
    ],
)  # fmt: skip
async def test_what_is_no_update_is_refused(posts: Posts, body: bytes, status: int) -> None:
    assert await posts(body) == status
    assert await posts.written() == []


async def test_other_addresses_and_methods_are_nothing(posts: Posts) -> None:
    async with posts.session.get(posts.url, headers=HEADERS) as answer:
        assert answer.status == 405
    async with posts.session.post(posts.url + "/more", headers=HEADERS) as answer:
        assert answer.status == 404


async def test_updates_that_arrive_together_are_committed_together(posts: Posts) -> None:
    before = posts.pen.commits
    some = [text_update(number, number, "在") for number in range(200)]
    assert set(await asyncio.gather(*(posts(one) for one in some))) == {200}
    assert await posts.written() == list(range(200))
    assert posts.pen.commits - before < 150


async def test_nobody_is_told_before_the_commit(posts: Posts) -> None:
    """While the pen is held up in a transaction, the answer waits."""
    begun, end = threading.Event(), threading.Event()

    def hold(_: Session) -> None:
        begun.set()
        assert end.wait(60)

    held = posts.pen.submit(hold)
    await asyncio.to_thread(begun.wait)
    waiting = asyncio.create_task(posts(text_update(7, 1, "走访")))
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done
    end.set()
    assert await waiting == 200
    assert held.result(60) is None
    assert await posts.written() == [7]


@pytest.mark.sqlite_only(reason="a full disk is made by a limit of SQLite's")
@pytest.mark.fault("full disk")
async def test_503_while_the_disk_is_full(posts: Posts) -> None:
    def full(session: Session) -> None:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def room(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA max_page_count=100000")

    large = text_update(7, 1, "满" * 9000)
    await posts.pen(full)
    assert await posts(large) == 503
    await posts.pen(room)
    assert await posts(large) == 200
    assert await posts.written() == [7]


@pytest.mark.postgresql_only
@pytest.mark.fault("lost database connection")
async def test_503_when_the_connection_is_lost(posts: Posts, tmp_path: Path) -> None:
    assert await posts(text_update(6, 1, "走访")) == 200
    with postgres.server().look_into(tmp_path / "zhucun.db") as operator:
        operator.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                         "where datname = current_database() and pid <> pg_backend_pid()")  # fmt: skip
    assert await posts(text_update(7, 1, "走访")) == 503
    assert await posts(text_update(7, 1, "走访")) == 200
    assert await posts.written() == [6, 7]


def test_the_secret_is_the_same_in_every_process_and_fits_telegrams_rule() -> None:
    assert secret_of(TOKEN) == secret_of(TOKEN)
    assert secret_of(TOKEN) != secret_of(f"{BOT}:OTHER")
    assert 1 <= len(secret_of(TOKEN)) <= 256
    assert secret_of(TOKEN).isalnum()
