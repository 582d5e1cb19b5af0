"""The console behind a real server, a county to look at, and people signed in to it."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from starlette.applications import Starlette

from bot.pen import Pen
from bot.web import server
from bot.web.console import COOKIE, Console
from bot.workers import ErrandContext
from storage import chats, console, identity
from storage.db import Store
from storage.files import Files
from storage.people import Person
from storage.sealing import Keyring
from tests import databases
from tests.bot.errands.running import Here
from tests.bot.spine import BOT, Watch
from tests.storage.asking import NOW, County, new_store, settle

BASE = "/office"


@dataclass
class Browser:
    """Somebody's browser. Redirects are not followed unless asked for."""

    http: aiohttp.ClientSession
    url: str
    token: str = ""

    async def get(self, path: str, **more: Any) -> tuple[int, str]:
        async with self.http.get(self.url + path, **self._sent(more)) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **fields: str) -> tuple[int, str]:
        async with self.http.post(self.url + path, data=fields, **self._sent({})) as answer:
            return answer.status, answer.headers.get("location", "") or await answer.text()

    async def bring(self, path: str, file: tuple[str, bytes], **fields: str) -> tuple[int, str]:
        """A form with a file (name, bytes)."""
        form = aiohttp.FormData(fields, quote_fields=False)  # as browsers write names
        form.add_field("file", io.BytesIO(file[1]), filename=file[0])
        async with self.http.post(self.url + path, data=form, **self._sent({})) as answer:
            return answer.status, answer.headers.get("location", "") or await answer.text()

    @property
    def cookies(self) -> dict[str, str]:
        return {COOKIE: self.token} if self.token else {}

    def _sent(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"cookies": self.cookies, "allow_redirects": False} | more


@dataclass
class Office:
    """`clock` is set by the test; `anybody` is a browser without a session."""

    store: Store
    pen: Pen
    county: County
    clock: Watch
    console: Console
    url: str
    http: aiohttp.ClientSession

    @property
    def anybody(self) -> Browser:
        return Browser(self.http, self.url)

    def link(self, name: str) -> str:
        now = self.clock()
        with self.store.writing() as session:
            actor = identity.actor(session, self.county.people[name], now)
            assert actor is not None
            return console.link(session, actor, now)

    def signed_in(self, name: str) -> Browser:
        token = self.link(name)
        with self.store.writing() as session:
            return Browser(self.http, self.url, console.enter(session, token, self.clock()))

    def context(self, errand_id: int) -> ErrandContext:
        """For an errand that needs no network."""
        none: Any = None
        here: Any = Here()
        return ErrandContext(errand_id, BOT, 0, self.pen, none, self.console.files, here, self.clock)

    def chats_with(self, name: str) -> None:
        """That person has written to the bot."""
        with self.store.writing() as session:
            person = session.get_one(Person, self.county.people[name])
            person.telegram_id = person.telegram_id or 1000 + (person.id or 0)
            chats.chat_of(session, BOT, person.telegram_id)

    def mark(self, browser: Browser) -> str:
        with self.store.reading() as session:
            return console.form(console.visitor(session, browser.token, self.clock()))


_made: list[tuple[bytes, Keyring, County]] = []
"""On SQLite the first one is copied: making the tables takes longer than most of these tests."""


def settled(file: Path) -> tuple[Store, County]:
    if _made and databases.kind() == "sqlite":
        content, keyring, county = _made[0]
        file.write_bytes(content)
        return Store(databases.url(file), keyring), replace(county, people=dict(county.people))
    store = new_store(str(file))
    with store.writing() as session:
        county = settle(session)
    if databases.kind() == "sqlite":
        store.close()  # what is in the log beside it goes into the file
        _made.append((file.read_bytes(), store.keyring, replace(county, people=dict(county.people))))
    return store, county


@asynccontextmanager
async def office(folder: Path, address: str = "http://127.0.0.1:8443" + BASE) -> AsyncIterator[Office]:
    store, county = settled(folder / "z.db")
    pen, clock = Pen(store), Watch(NOW)
    pen.start()
    made = Console(pen, Files(folder / "files"), address, BOT, clock)
    listening = server.listen("127.0.0.1", 0)
    serving = asyncio.create_task(server.serve(Starlette(routes=[made.mount]), listening))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}{BASE}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Office(store, pen, county, clock, made, url, http)
    serving.cancel()
    await asyncio.wait([serving])
    await asyncio.to_thread(pen.stop)
    store.close()
